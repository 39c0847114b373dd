"""`aftersales calendar preview`: which due dates a changed calendar moves; asked for, it moves."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from aftersales.cli.case import words
from aftersales.cli.case.find import short
from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import actor, json_option, settings_options
from aftersales.cli.output import aligned, put, put_json, say
from aftersales.config import desk_from
from aftersales.domain.errors import StoreNotReady

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import CaseMoved, Desk, DueMoved, Preview, Publication
    from aftersales.domain.calendar import Calendar

    Row = tuple["CaseMoved", "DueMoved"]


@click.command("preview")
@click.argument("file", metavar="NEW.yaml", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--apply", "is_applied", is_flag=True, help="Move them; each case is logged.")
@click.option("--why", help="Why, for the history of each case moved; else the file's name.")
@click.option("--as", "acting", metavar="ROLE:ID", help="Who moves them; the system if not given.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    file: Path,
    is_applied: bool,
    why: str | None,
    acting: str | None,
    as_json: bool,
) -> int:
    """Show which open cases' due dates the calendars of NEW.yaml would move, and why.

    NEW.yaml may be a file of the folder that was edited. Nothing moves without --apply. Time used
    stays used; no case is made late by it.
    """
    from aftersales.cli.calendar.newer import newer_calendars  # here: help reads no calendars

    if not file.is_file():
        raise NotFound(f"there is no file `{file}`")
    by = actor(acting)
    try:
        desk = desk_from(chosen)
    except StoreNotReady:
        newer_calendars(file, chosen.folder)  # what is wrong with the file itself is told first
        raise
    in_force = desk.publications.in_force()
    with _others(desk, in_force, chosen) as folder:
        calendars = newer_calendars(file, folder)
    if is_applied:
        reason = why or f"calendars of {file.name}"
        found = desk.move_calendars(calendars, by=by, why=reason, progress=_progress)
    else:
        found = desk.preview_calendars(calendars, progress=_progress)
    _progress(None)
    if as_json:
        put_json(found)
    else:
        for line in page(found, now=desk.now(), zone=chosen.zone):
            put(line)
        _say_what_next(found, file)
    if is_applied:
        where = f"in publication {in_force.number}" if in_force else _where(chosen)
        _warn_of_new_cases(where, desk.catalog.calendars, calendars, file)
    return Exit.REFUSED if found.is_applied and found.refused else Exit.DONE


@contextmanager
def _others(
    desk: "Desk", in_force: "Publication | None", chosen: "Settings"
) -> Iterator[Path | None]:
    """A folder with the calendars that bind new cases: those published, if anything is."""
    if in_force is None:
        yield chosen.folder
        return
    with TemporaryDirectory(prefix="aftersales-") as made:
        desk.publications.contents(in_force.number).write_to(Path(made))
        yield Path(made)


def page(found: "Preview", *, now: datetime, zone: str | None = None) -> list[str]:
    """The page, line by line: dates by calendar and by reason, then the counts.

    Dates are spoken in the calendar's zone, or in `zone`; without the year, if it is that of `now`.
    """
    rows = [(case, due) for case in found.cases for due in _shown(case)]
    lines = []
    for (name, own_zone), group in groupby(sorted(rows, key=_order), key=_calendar_of):
        spoken = zone or own_zone
        lines += [f"{name} ({spoken})", *_by_reason(list(group), spoken, now), ""]
    refused = [[f"  {short(case.case_id)}", case.refused] for case in found.cases if case.refused]
    lines += ["Cannot be moved", *aligned(refused), ""] if refused else []
    return [*lines, counts(found)]


def counts(found: "Preview") -> str:
    """One line: how many cases were looked at, and what becomes of them."""
    parts = [
        (found.moved, "moved" if found.is_applied else "would move"),
        (found.paused, "paused, to end at another time"),
        (found.confirmed, "confirmed"),
        (found.kept, "on the newer version with the same dates"),
        (found.refused, "cannot be moved"),
        (found.untouched, "untouched"),
    ]
    told = " · ".join(f"{count} {what}" for count, what in parts if count)
    plural = "" if found.looked_at == 1 else "s"
    return f"{found.looked_at} open case{plural}{': ' * bool(told)}{told}"


def _shown(case: "CaseMoved") -> "list[DueMoved]":
    """The deadlines; the warnings, which go with them, only where nothing else changes."""
    deadlines = [due for due in case.dues if "/warning-" not in due.timer_id]
    return deadlines or list(case.dues)


def _order(row: "Row") -> tuple[str, str, tuple[str, ...], datetime, str]:
    case, due = row
    at = due.before or due.after
    assert at is not None
    return due.calendar, due.zone, _reason_of(row), at, case.case_id


def _calendar_of(row: "Row") -> tuple[str, str]:
    return row[1].calendar, row[1].zone


def _reason_of(row: "Row") -> tuple[str, ...]:
    due = row[1]
    return due.why if due.before != due.after else ("no longer provisional",)


def _by_reason(rows: "list[Row]", zone: str, now: datetime) -> Iterator[str]:
    for why, group in groupby(rows, key=_reason_of):
        yield from (f"  {reason}" for reason in why)
        yield from aligned([_cells(case, due, zone, now) for case, due in group])


def _cells(case: "CaseMoved", due: "DueMoved", zone: str, now: datetime) -> list[str]:
    dates = [_spoken(at, zone, now) for at in (due.before, due.after)]
    moved = dates[0] if due.before == due.after else " -> ".join(dates)
    moved = f"paused; if resumed now {moved}" if due.is_paused else moved
    notes = ["provisional"] if due.is_provisional else []
    notes += ["something is due first"] if case.is_overdue else []
    told = f"  ({'; '.join(notes)})" if notes else ""
    return [f"    {short(case.case_id)}", case.kind, due.name, moved + told]


def _spoken(at: datetime | None, zone: str, now: datetime) -> str:
    if at is None:
        return "none"
    return words.when(at, zone).removesuffix(f" ({zone})").replace(f" {now.year},", ",")


def _say_what_next(found: "Preview", file: Path) -> None:
    if found.not_named:
        say(f"not in {file.name}, and left as they are: {', '.join(found.not_named)}")
    is_any = found.moved or found.paused or found.confirmed or found.kept
    if not found.is_applied and is_any:
        command = f'aftersales calendar preview {file} --apply --why "..."'
        say(f"nothing was moved; to move them: {command}")


def _where(chosen: "Settings") -> str:
    return f"in `{chosen.folder}`" if chosen.folder else "in the shipped definitions"


def _warn_of_new_cases(
    where: str, known: "Mapping[str, Calendar]", moved: "Mapping[str, Calendar]", file: Path
) -> None:
    """Warn that new cases are counted otherwise, where what binds them differs from the file."""
    old = [f"`{name}`" for name, new in moved.items() if name in known and known[name] != new]
    if old:
        say(
            f"warning: new cases still get {', '.join(old)} as it stands {where}, "
            f"which differs from {file.name}; change it there too"
        )


def _progress(looked_at: int | None) -> None:
    """How far it is, on a terminal only; None wipes it away."""
    if sys.stderr.isatty():
        told = "" if looked_at is None else f"looked at {looked_at} open cases"
        click.echo(f"\r{told:<40}\r", nl=False, err=True)
