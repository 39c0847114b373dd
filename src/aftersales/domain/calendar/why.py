"""Why a due date is what it is: which days counted, which did not, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aftersales.domain.calendar.almanac import Horizon, iso_date
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.clock import SECOND, date_of
from aftersales.domain.calendar.counting import Count
from aftersales.domain.calendar.instants import from_micros, iso
from aftersales.domain.calendar.table import Table
from aftersales.domain.duration import Duration, Unit

MOST_DAYS_TOLD = 60


@dataclass(frozen=True, slots=True)
class DueDate:
    """When something is due (in UTC), and why.

    `why` is plain data for storing. Always there: start, due, start_date, due_date, calendar, zone,
    duration, due_at (the kind, or None), counted (dates), used (date and open seconds of each, for
    business hours), skipped (date and reason of each), horizon, provisional, notes; and percent
    for a part of a deadline.
    """

    at: datetime
    why: Mapping[str, Any]
    business_date: date
    """What a deadline that follows this one takes as its `start_date`."""


def explained(
    content: Content, count: Count, duration: Duration, percent: int | None = None
) -> DueDate:
    """The counted due date with its reasons, each day by name as far as that helps."""
    table, almanac, unit = content.table, content.almanac, duration.unit
    open_days = table.open_days_between(count.start_day, count.due_day)
    used = _used(table, count) if unit is Unit.BUSINESS_HOURS else []
    counted = {
        Unit.BUSINESS_HOURS: [day for day, _ in used],
        Unit.BUSINESS_DAYS: list(open_days[:MOST_DAYS_TOLD]),
    }.get(unit, [])
    skipped = _skipped(table, count) if unit.is_business else []
    horizon, year = _horizon(content, count)
    notes = _received(count)
    notes += [f"{iso_date(day)}: {almanac.marked[day]}" for day in counted if day in almanac.marked]
    notes += _horizon_note(horizon, year)
    if "assumed" in content.sources and count.is_by_calendar:
        notes.append(f"assumed: {content.sources['assumed']}")
    if unit.is_business and len(open_days) > MOST_DAYS_TOLD:
        notes.append(f"only the first {MOST_DAYS_TOLD} days are listed")
    why: dict[str, Any] = {
        "start": iso(from_micros(count.begun)),
        "start_date": iso_date(count.start_day),
        "due": iso(from_micros(count.at)),
        "due_date": iso_date(count.due_day),
        "calendar": content.name,
        "zone": content.zone,
        "duration": str(duration),
        "due_at": count.due_at,
        "counted": [iso_date(day) for day in counted],
        "used": [[iso_date(day), seconds] for day, seconds in used],
        "skipped": [[iso_date(day), almanac.why_closed(day)] for day in skipped],
        "horizon": horizon,
        "provisional": horizon != "published",
        "notes": notes,
    }
    if percent is not None:
        why["percent"] = percent
    return DueDate(from_micros(count.at), why, date_of(count.due_day))


def _skipped(table: Table, count: Count) -> list[int]:
    """The closed days from the start's to the last; the first of them only."""
    last = min(count.due_day, count.own_day + 3 * MOST_DAYS_TOLD)
    is_open = set(table.open_days_between(count.own_day - 1, last))
    days = range(count.own_day, last + 1)
    return [day for day in days if day not in is_open][:MOST_DAYS_TOLD]


def _used(table: Table, count: Count) -> list[tuple[int, int]]:
    """The business dates and the open seconds used on each."""
    used = []
    for day in table.open_days_between(count.start_day - 1, count.due_day)[:MOST_DAYS_TOLD]:
        spent = sum(
            max(min(closes, count.at) - max(opens, count.begun), 0)
            for opens, closes in table.hours_of(day)
        )
        if spent:
            used.append((day, spent // SECOND))
    return used


def _received(count: Count) -> list[str]:
    if count.start_day == count.own_day:
        return []
    day = iso_date(count.start_day)
    return [f"after the cut-off or on a closed day: counts as received on {day}"]


def _horizon(content: Content, count: Count) -> tuple[Horizon, int]:
    if not count.is_by_calendar:
        return "published", 0
    return content.almanac.horizon(count.start_day, count.due_day)


def _horizon_note(horizon: Horizon, year: int) -> list[str]:
    if horizon == "predicted":
        return [f"provisional: the holidays of {year} are predicted, not yet published"]
    if horizon == "unknown":
        return [f"provisional: the holidays of {year} are not known; the plain week was used"]
    return []
