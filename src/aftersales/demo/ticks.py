"""When cron runs the tick: every so often, but never while nothing of ours runs."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from aftersales.demo.script import Script

Often = Literal["hourly", "daily", "end"]
OFTEN: tuple[Often, ...] = get_args(Often)

_BETWEEN = {"hourly": timedelta(hours=1), "daily": timedelta(days=1)}


def ticks(script: Script, often: Often) -> list[datetime]:
    """The instants of all ticks of the script's days; `end` is one, at the end."""
    if often == "end":
        return [script.ends_at]
    return ticks_every(script, _BETWEEN[often])


def ticks_every(script: Script, between: timedelta) -> list[datetime]:
    """A tick every `between`, the outage left out, and one at the end."""
    count = (script.ends_at - script.begins_at) // between
    planned = (script.begins_at + number * between for number in range(1, count + 1))
    running = {at for at in planned if at not in script.outage}
    return sorted(running | {script.ends_at})
