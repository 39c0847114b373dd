"""`aftersales calendar between`: open time and business days between two instants."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.calendar import asked
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json

if TYPE_CHECKING:
    from datetime import datetime

    from aftersales.config import Settings
    from aftersales.domain.calendar import Calendar, Horizon


@click.command("between")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--calendar", "name", metavar="NAME", help="By which calendar; else `desk`.")
@click.option("--explain", is_flag=True, help="Day by day: what was open, and what not and why.")
@json_option
@settings_options
def command(
    chosen: "Settings", first: str, second: str, name: str | None, explain: bool, as_json: bool
) -> None:
    """How much open time, and how many business days, lie between A and B."""
    from aftersales.cli.calendar.stretch import Stretch  # here: help needs no calendar

    calendar = asked.calendar(chosen, name)
    start, end = asked.at(first, "A", calendar), asked.at(second, "B", calendar)
    earlier, later = sorted((start, end))
    horizon = _horizon(calendar, earlier, later)
    asked.check_known(calendar, horizon, earlier, later)
    readings = (
        asked.reading(first, start, calendar.zone),
        asked.reading(second, end, calendar.zone),
    )
    stretch = Stretch(
        calendar=calendar,
        start=start,
        end=end,
        horizon=horizon,
        readings=tuple(filter(None, readings)),
    )
    if as_json:
        put_json(stretch.data())
        return
    for line in stretch.page(explain=explain):
        put(line)


def _horizon(calendar: "Calendar", earlier: "datetime", later: "datetime") -> "Horizon":
    from aftersales.domain.calendar import day_number  # here: see command

    days = [day_number(calendar.business_date(at)) for at in (earlier, later)]
    return calendar.content.almanac.horizon(*days)[0]
