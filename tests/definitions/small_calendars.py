"""Ways to read small calendars, and to see when they are open."""

from datetime import date, timedelta

from aftersales.definitions import text
from aftersales.definitions.calendars import read_calendars
from aftersales.definitions.notes import Notes
from aftersales.domain.calendar import Calendar, parse_instant
from aftersales.domain.problem import Problem


def read(written: str, today: date | None = None) -> tuple[dict[str, Calendar], list[Problem]]:
    node, problems = text.read(written, "calendars.yaml")
    assert isinstance(node, text.Mapping), problems
    notes = Notes()
    return read_calendars(node, notes, today=today), notes.problems


def one(line: str, today: date | None = None) -> tuple[dict[str, Calendar], list[Problem]]:
    """A file whose third line is `  x: {zone: ..., <line>}`."""
    return read(f"aftersales: calendars/1\ncalendars:\n  x: {{{line}}}\n", today)


def hours_on(calendar: Calendar, day: str) -> list[int]:
    """The first and the last open hour of a local day, if it has any."""
    midnight = parse_instant(f"{day} 00:00", calendar.zone)
    hours = [h for h in range(24) if calendar.is_open(midnight + timedelta(hours=h, minutes=30))]
    return [hours[0], hours[-1] + 1] if hours else []
