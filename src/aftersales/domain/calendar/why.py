"""Why a due date is what it is: which days counted, which did not, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aftersales.domain.calendar import elapsing
from aftersales.domain.calendar.almanac import Horizon, iso_date
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.clock import SECOND, Clock, date_of
from aftersales.domain.calendar.counting import Count
from aftersales.domain.calendar.elapsing import Stops
from aftersales.domain.calendar.instants import from_micros, iso, micros
from aftersales.domain.calendar.pausing import paused
from aftersales.domain.calendar.run import Run
from aftersales.domain.calendar.table import Table
from aftersales.domain.duration import Unit

MOST_DAYS_TOLD = 60


@dataclass(frozen=True, slots=True)
class DueDate:
    """When something is due (in UTC), and why.

    `why` is plain data for storing. Always there: start, due, start_date, due_date, calendar, zone,
    duration, due_at (the kind, or None), counted (dates), used (date and open seconds of each, for
    business hours), skipped (date and reason of each), horizon, provisional, versions (of the
    calendar, and of its holidays and zones where it has them), notes. Where it applies: percent
    of a part of a deadline; pauses (begin, end, and the seconds that did not count for it) with
    planned, the due instant without them; taken_over_at, since when this calendar counts.
    """

    at: datetime
    why: Mapping[str, Any]
    business_date: date
    """What a deadline that follows this one takes as its `start_date`."""
    run: Run
    """What was counted, to be counted on with pauses or by a newer calendar."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a count beside the count itself."""

    duration: str
    percent: int | None = None
    zone: str = ""
    taken_over_at: datetime | None = None


def run_of(count: Count, told: Told) -> Run:
    """The count, before its pauses, as a value for storing; `count_of` is its inverse."""
    return Run(
        start=from_micros(count.begun),
        planned=from_micros(count.at),
        unit=str(count.unit),
        due_at=count.due_at,
        start_day=count.start_day,
        due_day=count.due_day,
        if_closed=count.if_closed,
        wall_micros=count.wall,
        zone=told.zone,
        percent=told.percent,
        duration=told.duration,
        slack_micros=count.slack,
        taken_over_at=told.taken_over_at,
    )


def count_of(content: Content, run: Run, clock: Clock | None = None) -> Count:
    """The count that `run_of` stored. `clock` is that of the run's own zone."""
    begun, unit = micros(run.start), Unit(run.unit)
    own_day = content.table.business_day(begun) if unit.is_business else run.start_day
    return Count(
        begun=begun,
        at=micros(run.planned),
        own_day=min(own_day, run.start_day),
        start_day=run.start_day,
        due_day=run.due_day,
        unit=unit,
        due_at=run.due_at,
        if_closed=run.if_closed,
        is_by_calendar=unit.is_business
        or run.due_at == "close"
        or run.if_closed == "following"
        or any(run.start_day < day <= run.due_day for day in content.almanac.frozen),
        wall=run.wall_micros,
        clock=clock,
        slack=run.slack_micros,
    )


def explained(content: Content, digest: str, planned: Count, told: Told, pauses: Stops) -> DueDate:
    """The counted due date with its reasons, each day by name as far as that helps."""
    count = paused(content, planned, pauses)
    almanac, unit = content.almanac, count.unit
    used = _used(content.table, count, pauses) if unit is Unit.BUSINESS_HOURS else []
    counted = {
        Unit.BUSINESS_HOURS: [day for day, _ in used],
        Unit.BUSINESS_DAYS: _open_days(content.table, count)[:MOST_DAYS_TOLD],
    }.get(unit, [])
    horizon, year = _horizon(content, count)
    why: dict[str, Any] = {
        "start": iso(from_micros(count.begun)),
        "start_date": iso_date(count.start_day),
        "due": iso(from_micros(count.at)),
        "due_date": iso_date(count.due_day),
        "calendar": content.name,
        "zone": told.zone or content.zone,
        "duration": told.duration,
        "due_at": count.due_at,
        "counted": [iso_date(day) for day in counted],
        "used": [[iso_date(day), seconds] for day, seconds in used],
        "skipped": [[iso_date(day), almanac.why_closed(day)] for day in _skipped(content, count)],
        "horizon": horizon,
        "provisional": horizon != "published",
        "versions": _versions(content, digest),
        "notes": _notes(content, count, counted) + _horizon_note(content, horizon, year),
    }
    if told.percent is not None:
        why["percent"] = told.percent
    if told.taken_over_at is not None:
        why["taken_over_at"] = iso(told.taken_over_at)
    if pauses:
        why["planned"] = iso(from_micros(planned.at))
        why["pauses"] = _pauses(content, count, pauses)
    at = from_micros(count.at)
    return DueDate(at, why, date_of(count.due_day), run_of(planned, told))


def _versions(content: Content, digest: str) -> dict[str, str]:
    return {"calendar": digest[:12]} | {
        what: text for what, text in content.sources.items() if what != "assumed"
    }


def _open_days(table: Table, count: Count) -> list[int]:
    return list(table.open_days_between(count.start_day, count.due_day))


def _notes(content: Content, count: Count, counted: list[int]) -> list[str]:
    marked = content.almanac.marked
    notes = []
    if count.start_day > count.own_day:
        day = iso_date(count.start_day)
        notes.append(f"after the cut-off or on a closed day: counts as received on {day}")
    notes += [f"{iso_date(day)}: {marked[day]}" for day in counted if day in marked]
    if "assumed" in content.sources and count.is_by_calendar:
        notes.append(f"assumed: {content.sources['assumed']}")
    if count.unit.is_business and len(_open_days(content.table, count)) > MOST_DAYS_TOLD:
        notes.append(f"only the first {MOST_DAYS_TOLD} days are listed")
    return notes


def _skipped(content: Content, count: Count) -> list[int]:
    """The days from the start's to the last that did not count; the first of them only."""
    last = min(count.due_day, count.own_day + 3 * MOST_DAYS_TOLD)
    days = range(count.own_day, last + 1)
    if not count.unit.is_business:
        return [day for day in days if day in content.almanac.frozen][:MOST_DAYS_TOLD]
    is_open = set(content.table.open_days_between(count.own_day - 1, last))
    return [day for day in days if day not in is_open][:MOST_DAYS_TOLD]


def _used(table: Table, count: Count, pauses: Stops) -> list[tuple[int, int]]:
    """The business dates and the open seconds used on each."""
    used = []
    for day in table.open_days_between(count.start_day - 1, count.due_day)[:MOST_DAYS_TOLD]:
        spent = sum(
            elapsing.elapsed(begin, end, pauses)
            for opens, closes in table.hours_of(day)
            if (begin := max(opens, count.begun)) < (end := min(closes, count.at))
        )
        if spent:
            used.append((day, spent // SECOND))
    return used


def _pauses(content: Content, count: Count, pauses: Stops) -> list[list[str | int]]:
    """Each pause before the due instant, with the seconds in which time would have run."""
    told: list[list[str | int]] = []
    for begin, end in pauses:
        first, last = max(begin, count.begun), min(end, count.at)
        if first >= last:
            continue
        if count.unit.is_business:
            lost = content.table.elapsed(first, last)
        else:
            lost = elapsing.elapsed(first, last, content.freezes)
        told.append([iso(from_micros(begin)), iso(from_micros(end)), lost // SECOND])
    return told


def _horizon(content: Content, count: Count) -> tuple[Horizon, int]:
    if not (count.is_by_calendar or _only_freezes(content)):
        return "published", 0
    return content.almanac.horizon(count.start_day, count.due_day)


def _only_freezes(content: Content) -> bool:
    """Whether what is announced year by year is frozen days alone: those stop every clock."""
    almanac = content.almanac
    has_years = almanac.known_until is not None
    return has_years and bool(almanac.frozen) and "holidays" not in content.sources


def _horizon_note(content: Content, horizon: Horizon, year: int) -> list[str]:
    if horizon != "published" and _only_freezes(content):
        return [f"provisional: the frozen days of {year} are not known yet"]
    if horizon == "predicted":
        return [f"provisional: the holidays of {year} are predicted, not yet published"]
    if horizon == "unknown":
        used = "only the week and the days written down were used"
        return [f"provisional: the holidays of {year} are not known; {used}"]
    return []
