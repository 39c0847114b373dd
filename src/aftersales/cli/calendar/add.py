"""`aftersales calendar add`: when something is due, and day by day why."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from aftersales.cli.calendar import asked
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json

if TYPE_CHECKING:
    from datetime import datetime

    from aftersales.cli.calendar.asked import Pauses
    from aftersales.config import Settings
    from aftersales.domain.calendar import Calendar, DueDate
    from aftersales.domain.duration import Duration


@click.command("add")
@click.argument("duration", nargs=-1, required=True)
@click.option("--from", "start", metavar="INSTANT", help="As `2026-10-01 09:00`; else now.")
@click.option("--calendar", "name", metavar="NAME", help="By which calendar; else `desk`.")
@click.option(
    "--due-at",
    type=click.Choice(["close", "midnight", "same_time"]),
    help="When on the last day: `close` for business days, `midnight` for days if not given.",
)
@click.option(
    "--if-closed",
    type=click.Choice(["keep", "following"]),
    help="Whether a last calendar day that is closed is moved to the next open one.",
)
@click.option("--pause", "paused", multiple=True, metavar="'A to B'", help="May be repeated.")
@click.option("--customer-zone", metavar="ZONE", help="Whose clock counts calendar days.")
@click.option("--explain", is_flag=True, help="Day by day: what counts, what does not, and why.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    duration: tuple[str, ...],
    start: str | None,
    name: str | None,
    paused: tuple[str, ...],
    explain: bool,
    as_json: bool,
    **terms: Any,
) -> None:
    """When DURATION is over: `2 business days`, `8 business hours`, `24 hours`, `30 days`."""
    from aftersales.cli.calendar.answer import Answer  # here: help needs no calendar

    length = _duration(" ".join(duration))
    _check_fitting(length, terms)
    calendar = asked.calendar(chosen, name)
    now = asked.now()
    begun = now if start is None else asked.at(start, "--from", calendar)
    pauses = asked.pauses(paused, calendar)
    due = _due(calendar, begun, length, terms, pauses)
    asked.check_known(calendar, due.why["horizon"], begun, due.at)
    answer = Answer(
        calendar=calendar,
        due=due,
        length=length,
        now=now,
        pauses=pauses,
        reading="now" if start is None else asked.reading(start, begun, calendar.zone),
        customer_zone=terms["customer_zone"],
    )
    if as_json:
        put_json(answer.data())
        return
    for line in answer.page(speak_in=chosen.zone, explain=explain):
        put(line)


def _duration(text: str) -> "Duration":
    from aftersales.domain.duration import Duration  # here: see command
    from aftersales.domain.errors import ValueUnreadable

    try:
        return Duration.parse(text)
    except ValueUnreadable as error:
        raise click.BadParameter(f"{error}; {error.help}", param_hint="DURATION") from None


def _check_fitting(length: "Duration", terms: Mapping[str, str | None]) -> None:
    """That no option is given which says nothing about such a duration."""
    unit = str(length.unit)
    for option, units in (
        ("due_at", ("days", "business days")),
        ("if_closed", ("days",)),
        ("customer_zone", ("days",)),
    ):
        if terms[option] is not None and unit not in units:
            flag = "--" + option.replace("_", "-")
            message = f"it is for {' and '.join(units)}, not for {unit}; leave it out"
            raise click.BadParameter(message, param_hint=flag)


def _due(
    calendar: "Calendar",
    start: "datetime",
    length: "Duration",
    terms: Mapping[str, Any],
    pauses: "Pauses",
) -> "DueDate":
    return calendar.due(
        start,
        length,
        due_at=terms["due_at"],
        if_closed=terms["if_closed"] or "keep",
        zone=terms["customer_zone"],
        pauses=pauses,
    )
