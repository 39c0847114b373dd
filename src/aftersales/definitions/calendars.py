"""`calendars/1`: the opening hours, holidays and single days of each desk and platform."""

import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from aftersales.definitions.calendar_holidays import Holidays, holidays_of
from aftersales.definitions.calendar_hours import hours_in, parse_time, read_dates, read_week
from aftersales.definitions.notes import Keys, Notes, did_you_mean, ticked
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.domain.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    Calendar,
    Hours,
    Plan,
    Week,
    date_of,
    weekday,
    zone_of,
)
from aftersales.domain.errors import ValueUnreadable


def read_calendars(root: Mapping, notes: Notes) -> dict[str, Calendar]:
    """The calendars of a `calendars/1` file by name; those with errors are left out."""
    keys = Keys(root, notes, what="a calendars file")
    keys.text("aftersales", required=True)
    keys.text("about")
    found = {}
    for name, node in keys.pairs("calendars", required=True):
        calendar = read_calendar(name.text, node, notes)
        if calendar is not None:
            found[name.text] = calendar
    keys.done()
    return found


def read_calendar(name: str, node: Node, notes: Notes) -> Calendar | None:
    """One calendar, or None with the problems that keep it from being built."""
    problems_before = len(notes.problems)
    keys = Keys(node, notes, what="a calendar")
    for word in ("about", "because", "source", "read_on"):
        keys.text(word)
    zone = _zone(keys, notes)
    week = _week(keys, notes)
    days = _Days()
    known_until = _read_holidays(keys, days, notes)
    cut_off = _cut_off(keys, notes)
    days.read(keys, week, notes)
    if assumed := keys.text("assumed"):
        days.sources["assumed"] = assumed
    keys.done()
    if zone is None or week is None or len(notes.problems) > problems_before:
        return None
    plan = Plan(
        name=name,
        zone=zone,
        week=week,
        closed=days.closed,
        special=days.special,
        cut_off=cut_off,
        known_until=known_until,
        predicted_until=days.predicted_until,
        sources={"zone": zone_source(), **days.sources},
    )
    return _built(plan) if _is_possible(plan, days, node, notes) else None


@lru_cache(maxsize=64)
def _built(plan: Plan) -> Calendar:
    return Calendar.built(plan)


@lru_cache(maxsize=1)
def zone_source() -> str:
    """Where zones come from on this machine, with the version if it is told."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "UTC").exists():
            told = folder / "tzdata.zi"
            first = told.read_text().partition("\n")[0] if told.exists() else ""
            return f"tzdata of the system {first.removeprefix('# version ')}".strip()
    return f"tzdata {metadata.version('tzdata')}"


@dataclass
class _Days:
    """The single days of a calendar while they are read: the author's word stands first."""

    closed: dict[int, str] = field(default_factory=dict)
    special: dict[int, tuple[Hours, str]] = field(default_factory=dict)
    make_up_days: tuple[int, ...] = ()
    predicted_until: int = LAST_YEAR
    sources: dict[str, str] = field(default_factory=dict)
    written: dict[int, Scalar] = field(default_factory=dict)

    def read(self, keys: Keys, week: Week | None, notes: Notes) -> None:
        """Read `closed`, `extra_days` and `special_days`, in any order."""
        extra_node = keys.node("extra_hours")
        extra_hours = hours_in(extra_node, notes) if extra_node else _usual(week)
        for day in self.make_up_days:
            self._open(day, _hours_on(week, day) or extra_hours, "make-up working day")
        for day, _, reason in self._dates(keys, "closed", notes):
            self.special.pop(day, None)
            self.closed[day] = reason or "closed"
        for day, _, reason in self._dates(keys, "extra_days", notes):
            self._open(day, _hours_on(week, day) or extra_hours, reason or "extra working day")
        for day, node, _ in self._dates(keys, "special_days", notes):
            hours = hours_in(node, notes) if node is not None else None
            if node is None:
                help = "write it like `2026-12-24: 09:00-12:00`"
                notes.error("T310", self.written[day], "a special day needs its hours", help)
            self._open(day, hours, "own hours")

    def _open(self, day: int, hours: Hours | None, reason: str) -> None:
        self.closed.pop(day, None)
        if hours:
            self.special[day] = (hours, reason)

    def _dates(self, keys: Keys, name: str, notes: Notes) -> Iterator[tuple[int, Node | None, str]]:
        node = keys.node(name)
        for written, days, value in read_dates(node, notes) if node is not None else ():
            reason = value.text if isinstance(value, Scalar) else ""
            for day in days:
                if not FIRST_YEAR <= date_of(day).year <= LAST_YEAR:
                    help = f"give dates from {FIRST_YEAR} to {LAST_YEAR}"
                    notes.error("T309", written, f"`{written.text}` is outside the table", help)
                    break
                if day in self.written:
                    line = self.written[day].place.line
                    message = f"`{written.text}` is said twice"
                    notes.error("T310", written, message, f"see line {line}; keep one")
                    break
                self.written[day] = written
                yield day, value, reason


def _zone(keys: Keys, notes: Notes) -> str | None:
    scalar = keys.scalar("zone", required=True)
    if scalar is None:
        return None
    try:
        zone_of(scalar.text)
    except ValueUnreadable as slip:
        help = did_you_mean(scalar.text, zoneinfo.available_timezones()) or slip.help
        notes.error("T301", scalar, str(slip), help)
        return None
    return scalar.text


def _week(keys: Keys, notes: Notes) -> Week | None:
    node = keys.node("hours", required=True)
    if isinstance(node, Mapping):
        return read_week(node, notes)
    if node is not None:
        help = "write it like `{mon-fri: 09:00-17:00}`"
        notes.error("T302", node, "hours are given by the days of the week", help)
    return None


def _cut_off(keys: Keys, notes: Notes) -> int | None:
    scalar = keys.scalar("cut_off")
    if scalar is None:
        return None
    try:
        return parse_time(scalar.text)
    except ValueUnreadable as slip:
        notes.unreadable("T312", scalar, slip)
        return None


def _usual(week: Week | None) -> Hours | None:
    """The hours of the first day of the week that has any: those of an extra working day."""
    return next((hours for hours in week if hours), None) if week else None


def _hours_on(week: Week | None, day: int) -> Hours:
    return week[weekday(day)] if week else ()


def _read_holidays(keys: Keys, days: _Days, notes: Notes) -> int | None:
    """Fill in the holidays, and answer until which year they are published."""
    node = keys.node("holidays")
    year = keys.scalar("known_until", required=node is not None)
    if node is None:
        if year is not None:
            help = "remove it, or name the country: `holidays: US`"
            notes.error("T311", year, "`known_until` without `holidays` says nothing", help)
        return None
    asked = _Asked.read(node, notes)
    if asked is None:
        return None
    for day, name in asked.closed(notes):
        days.closed[day] = name
    days.make_up_days = asked.found.make_up_days if asked.has_make_up_days else ()
    days.predicted_until = asked.found.last_year
    days.sources["holidays"] = asked.found.source
    return _known_until(year, asked, notes) if year is not None else None


def _known_until(scalar: Scalar, asked: "_Asked", notes: Notes) -> int | None:
    text = scalar.text
    if not (text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        help = f"the last year whose holidays are published, {FIRST_YEAR} to {LAST_YEAR}"
        notes.error("T311", scalar, f"`{text}` is not such a year", help)
        return None
    if not asked.found.is_published(int(text), asked.country):
        message = f"the holidays of `{asked.country}` in {text} are not published yet"
        help = f"name an earlier year; known here: {asked.found.source}"
        notes.error("T311", scalar, message, help)
        return None
    return int(text)


@dataclass
class _Asked:
    """`holidays: US`, or `{country, subdivision, categories, make_up_days, except}`."""

    country: str
    found: Holidays
    has_make_up_days: bool = True
    worked: tuple[Scalar, ...] = ()

    @classmethod
    def read(cls, node: Node, notes: Notes) -> "_Asked | None":
        """What was asked for, or None with a problem at the word that is wrong."""
        if isinstance(node, Scalar):
            return cls._found(node, None, (), notes)
        keys = Keys(node, notes, what="`holidays`")
        country = keys.scalar("country", required=True)
        subdivision = keys.scalar("subdivision")
        categories = keys.scalars("categories")
        has_make_up_days = keys.yes_no("make_up_days", default=True)
        worked = keys.scalars("except")
        keys.done()
        asked = cls._found(country, subdivision, categories, notes) if country else None
        if asked is not None:
            asked.has_make_up_days, asked.worked = has_make_up_days, worked
        return asked

    @classmethod
    def _found(
        cls,
        country: Scalar,
        subdivision: Scalar | None,
        categories: tuple[Scalar, ...],
        notes: Notes,
    ) -> "_Asked | None":
        part = subdivision.text if subdivision else None
        try:
            names = tuple(scalar.text for scalar in categories)
            return cls(country.text, holidays_of(country.text, part, names))
        except ValueUnreadable as slip:
            told = [*categories, *([subdivision] if subdivision else []), country]
            at = next((s for s in told if f"`{s.text}`" in str(slip)), country)
            notes.unreadable("T306", at, slip)
            return None

    def closed(self, notes: Notes) -> list[tuple[int, str]]:
        """The closed days, without those that are worked here."""
        names = {part for _, name in self.found.closed for part in _parts(name)}
        for scalar in self.worked:
            if scalar.text not in names:
                help = did_you_mean(scalar.text, names) or f"known are {ticked(sorted(names))}"
                notes.error("T307", scalar, f"there is no holiday `{scalar.text}`", help)
        worked = {scalar.text for scalar in self.worked}
        return [(day, name) for day, name in self.found.closed if _parts(name) - worked]


def _parts(name: str) -> set[str]:
    """The holidays that fall on one day, which the package joins to one name."""
    return {part.removesuffix(" (observed)") for part in name.split("; ")}


def _is_possible(plan: Plan, days: _Days, node: Node, notes: Notes) -> bool:
    """Whether no day's hours run into the next; else a problem where that day is written."""
    for day in plan.collisions():
        where = days.written.get(day) or days.written.get(day + 1) or node
        message = f"the hours of {date_of(day)} run into others"
        notes.error("T310", where, message, "a night may run only until the next hours begin")
        return False
    return True
