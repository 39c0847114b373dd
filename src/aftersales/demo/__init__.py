"""Floor 6. Forty simulated days of an invented shop, on a real desk."""

from aftersales.demo.outside import attach
from aftersales.demo.play import Played, ScriptBroken, play
from aftersales.demo.run import FolderTaken, run
from aftersales.demo.script import Outage, Script, ScriptUnreadable, read_script, shipped_script
from aftersales.demo.ticks import OFTEN, Often, ticks, ticks_every

__all__ = [
    "OFTEN",
    "FolderTaken",
    "Often",
    "Outage",
    "Played",
    "Script",
    "ScriptBroken",
    "ScriptUnreadable",
    "attach",
    "play",
    "read_script",
    "run",
    "shipped_script",
    "ticks",
    "ticks_every",
]
