"""`aftersales tick`: one bounded pass, made for cron."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings

_COUNTS = ("fired", "delivered", "failed", "parked", "unhandled")


@click.command("tick")
@click.option("--limit", type=click.IntRange(min=1), default=1000, show_default=True,
              help="At most so many timers, and so many effects.")  # fmt: skip
@click.option("--until-idle", is_flag=True, help="Make passes until nothing is left.")
@json_option
@settings_options
def command(chosen: "Settings", limit: int, until_idle: bool, as_json: bool) -> int:
    """Fire the timers that are due, deliver the effects that wait, and end.

    Safe to run any number of times, and at once on several machines.
    """
    report = desk_from(chosen).tick(limit=limit, until_idle=until_idle)
    counts = {name: int(getattr(report, name)) for name in _COUNTS}
    if as_json:
        put_json(counts | {"errors": report.errors, "has_more": bool(report.has_more)})
    else:
        put(" · ".join(f"{name} {count}" for name, count in counts.items()))
        if report.has_more:
            say("more is due: run it again, or use --until-idle")
        if counts["unhandled"]:
            say("effects without a handler wait: see handlers in docs/reference/cli.md")
    for error in report.errors:
        say(f"failed: {error}")
    return Exit.PARKED if counts["failed"] or counts["parked"] else Exit.DONE
