"""The whole demo: a folder made anew, forty days played in it, and what they came to."""

import shutil
from pathlib import Path

from aftersales.definitions import Catalog
from aftersales.demo.outside import attach
from aftersales.demo.play import play
from aftersales.demo.report import report
from aftersales.demo.script import shipped_script
from aftersales.demo.show import Screen
from aftersales.demo.stories import story
from aftersales.demo.ticks import Often, ticks
from aftersales.desk import Desk
from aftersales.domain.errors import AftersalesError
from aftersales.store import Store
from aftersales.testing import FrozenClock

DATABASE, OUTBOX, CONFIG = "aftersales.db", "outbox", "aftersales.toml"
MADE_HERE = "# Made by `aftersales demo`, which makes this folder anew each time."


class FolderTaken(AftersalesError):
    """The folder holds something else than a demo."""


def run(
    folder: Path,
    often: Often = "hourly",
    *,
    command: str = "aftersales",
    screen: Screen | None = None,
) -> int:
    """Play the demo in `folder`, show what happened, and give 0; 1 if an invariant was broken.

    `command` is how the user calls the command line. FolderTaken rather than touch what is not
    a demo's.
    """
    screen = screen or Screen()
    _made_anew(folder)
    script = shipped_script()
    store = Store(f"sqlite:///{folder / DATABASE}")
    store.migrate()
    clock = FrozenClock(script.begins_at)
    # With one tick in forty days no customer is told of anything in time to answer it.
    is_told = often != "end"
    desk = Desk(store=store, catalog=Catalog.load(), clock=clock, waits_start_when_told=is_told)
    attach(desk, folder / OUTBOX)
    screen.say(
        f"{len(script.orders)} invented orders, {script.days} days, a tick {_PLAINLY[often]}, "
        "two days of outage"
    )
    with screen.progress(script) as show:
        play(desk, clock, script, ticks(script, often), show)
    screen.report(report(desk))
    for order_id in script.told:
        screen.story(story(desk, order_id))
    broken = desk.doctor()
    screen.say()
    for finding in broken:
        screen.say(str(finding))
    if not broken:
        screen.say("Every invariant holds: no money moved twice, no timer fired twice or was lost.")
    screen.say(f"Database: {folder / DATABASE}   Messages, alerts, remedies: {folder / OUTBOX}/")
    screen.next_steps(_next(desk, folder, command))
    return 1 if any(finding.severity == "error" for finding in broken) else 0


_PLAINLY = {"hourly": "every hour", "daily": "every day", "end": "only at the end"}


def _made_anew(folder: Path) -> None:
    config = folder / CONFIG
    if folder.exists() and any(folder.iterdir()):
        if not config.is_file() or not config.read_text(encoding="utf-8").startswith(MADE_HERE):
            raise FolderTaken(f"`{folder}` holds something else; name an empty or a new folder")
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / OUTBOX, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    settings = f'database = "sqlite:///{DATABASE}"\ndeliver_to = "{OUTBOX}"\n'
    config.write_text(f"{MADE_HERE}\n{settings}", encoding="utf-8")


def _next(desk: Desk, folder: Path, command: str) -> list[tuple[str, str]]:
    offered = next((v for v in desk.find_cases(is_open=True) if v.offer is not None), None)
    one = offered or desk.find_cases(limit=1)[0]
    id = one.id[-8:]
    return [
        (f"export AFTERSALES_CONFIG={folder / CONFIG}", "for the commands below"),
        (f"{command} case list --open", "what is still open, the most urgent first"),
        (f"{command} case show {id}", "where one stands, and what can be done"),
        (f"{command} case explain {id}", "why this due date, why this offer"),
        (f"{command} case history {id}", "what happened to it"),
        (f"{command} tick", "the shop goes on: what came due since then"),
        (f"{command} doctor", "every invariant, checked"),
    ]
