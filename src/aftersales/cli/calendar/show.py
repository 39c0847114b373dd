"""`aftersales calendar show`: all calendars, or a month or a year of one."""

import re
import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import click

from aftersales.cli.calendar import asked
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put_json, put_table

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.domain.calendar import Calendar


@click.command("show")
@click.argument("name", required=False)
@click.option("--month", metavar="YYYY-MM", help="The month, as `2026-10`; else this month.")
@click.option("--year", metavar="YYYY", help="A whole year, as `2026`.")
@json_option
@settings_options
def command(
    chosen: "Settings", name: str | None, month: str | None, year: str | None, as_json: bool
) -> None:
    """The calendars, one line each; with NAME a month of that one, or a year."""
    if name is None:
        if month or year:
            message = "say of which calendar: `aftersales calendar show NAME --month 2026-10`"
            raise click.BadParameter(message, param_hint="NAME")
        _put_all(asked.calendars(chosen), as_json=as_json)
        return
    from aftersales.cli.calendar.sheet import as_data, page, period
    from aftersales.cli.calendar.styled import put_lines

    calendar = asked.calendar(chosen, name)
    today = calendar.business_date(asked.now())
    shown = period(*_asked_for(month, year, today))
    if as_json:
        put_json(as_data(calendar, shown))
    else:
        put_lines(page(calendar, shown, today=today if sys.stdout.isatty() else None))


def _put_all(calendars: "Mapping[str, Calendar]", *, as_json: bool) -> None:
    from aftersales.cli.calendar.sheet import COLUMNS, overview, overview_data

    this_year = asked.now().year
    if as_json:
        put_json([overview_data(calendar, this_year) for calendar in calendars.values()])
    else:
        put_table(COLUMNS, [overview(calendar, this_year) for calendar in calendars.values()])


def _asked_for(month: str | None, year: str | None, today: date) -> tuple[int, int | None]:
    """The year and the month; no month means the whole year."""
    if month is not None and year is not None:
        raise click.BadParameter("give `--month` or `--year`, not both", param_hint="--month")
    if year is not None:
        return _year(year, "--year", year), None
    if month is None:
        return today.year, today.month
    found = re.fullmatch(r"(\d{4})-(\d\d)", month, re.ASCII)
    if not found or not 1 <= int(found[2]) <= 12:
        message = f"`{month}` is not a month; write it like `2026-10`"
        raise click.BadParameter(message, param_hint="--month")
    return _year(found[1], "--month", month), int(found[2])


def _year(text: str, flag: str, written: str) -> int:
    if (
        not re.fullmatch(r"\d{4}", text, re.ASCII)
        or not asked.YEARS[0] <= int(text) <= asked.YEARS[1]
    ):
        message = f"`{written}` is not a year from {asked.YEARS[0]} to {asked.YEARS[1]}"
        raise click.BadParameter(message, param_hint=flag)
    return int(text)
