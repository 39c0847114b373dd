"""From a start and a duration to the due instant: the rules, on integers.

Business days: the day of the start never counts. With a cut-off, a start after it or on a closed
day is received on the next open day. The moment of the last day is its closing, its midnight, or
the wall time of the start.
"""

from dataclasses import dataclass
from typing import Literal

from aftersales.domain.calendar.clock import DAY, HOUR, SECOND
from aftersales.domain.calendar.table import Table
from aftersales.domain.duration import Duration, Unit

DueKind = Literal["close", "midnight", "same_time"]
IfClosed = Literal["keep", "following"]

_MICROS = {Unit.MINUTES: 60 * SECOND, Unit.HOURS: HOUR}


@dataclass(frozen=True, slots=True)
class Count:
    """A due instant, and the days it was counted from and to. Microseconds and day numbers."""

    begun: int
    at: int
    own_day: int
    """The date of the start."""
    start_day: int
    """The date counted from: later than `own_day` where a cut-off moved it."""
    due_day: int
    due_at: DueKind | None = None
    is_by_calendar: bool = True
    """Whether opening hours or holidays have a part in it."""


def counted(
    table: Table,
    begun: int,
    duration: Duration,
    *,
    due_at: DueKind | None = None,
    if_closed: IfClosed = "keep",
    own_day: int | None = None,
    cut_off: int | None = None,
) -> Count:
    """When the duration ends. `own_day` is the date passed on by the deadline before, if any."""
    match duration.unit:
        case Unit.BUSINESS_DAYS:
            return _business_days(table, begun, duration.amount, due_at, own_day, cut_off)
        case Unit.DAYS:
            return _days(table, begun, duration.amount, due_at, if_closed, own_day)
        case Unit.BUSINESS_HOURS:
            return _business_hours(table, begun, duration.amount * HOUR)
        case unit:
            at = begun + duration.amount * _MICROS[unit]
            day = table.clock.day(begun)
            return Count(begun, at, day, day, table.clock.day(at), is_by_calendar=False)


def _business_hours(table: Table, begun: int, open_micros: int) -> Count:
    at = table.add(begun, open_micros)
    day = table.business_day(begun)
    # A closing does not lie in its own interval: the instant before it does.
    due_day = table.business_day(at - 1) if at > begun else day
    return Count(begun, at, day, day, due_day)


def _business_days(
    table: Table,
    begun: int,
    number: int,
    due_at: DueKind | None,
    own_day: int | None,
    cut_off: int | None,
) -> Count:
    own = table.business_day(begun) if own_day is None else own_day
    received = own
    if cut_off is not None:
        received = table.nth_day(own, 0)
        # A date that was passed on is no arrival: the cut-off is for what arrives.
        if received == own and own_day is None and begun > table.clock.due(own * DAY + cut_off):
            received = table.nth_day(own, 1)
    due_day = table.nth_day(received, number)
    kind = due_at or "close"
    if kind == "same_time":
        wall = due_day * DAY + table.clock.wall(begun) - own * DAY
        at = clamped(table, due_day, table.clock.due(wall))
    else:
        at = _end_of(table, due_day, kind)
    # Nought days from after the closing: a due instant is never before its start.
    return Count(begun, max(at, begun), own, received, due_day, kind)


def _days(
    table: Table,
    begun: int,
    number: int,
    due_at: DueKind | None,
    if_closed: IfClosed,
    own_day: int | None,
) -> Count:
    own = table.clock.day(begun) if own_day is None else own_day
    day = own + number
    if if_closed == "following":
        day = table.nth_day(day, 0)
    kind = due_at or "midnight"
    if kind == "same_time":
        # Calendar days count whether open or not, so this wall time is not moved into open time.
        at = table.clock.due(day * DAY + table.clock.wall(begun) - own * DAY)
    else:
        at = _end_of(table, day, kind)
    is_by_calendar = kind == "close" or if_closed == "following"
    return Count(begun, max(at, begun), own, own, day, kind, is_by_calendar)


def _end_of(table: Table, day: int, kind: DueKind) -> int:
    """The closing of a day, or its midnight; a closed day has only the latter."""
    closing = table.closing_of(day) if kind == "close" else None
    return table.clock.due((day + 1) * DAY) if closing is None else closing


def clamped(table: Table, day: int, at: int) -> int:
    """The instant moved into the opening hours of an open day; out of a break to its end."""
    hours = table.hours_of(day)
    for opens, closes in hours:
        if at <= closes:
            return max(at, opens)
    return hours[-1][1]


def counted_back(table: Table, end: int, duration: Duration) -> int:
    """The latest instant from which the duration does not pass `end`.

    Days keep the wall time, business days keep it within open time.
    """
    amount = duration.amount
    if amount == 0:
        return end
    match duration.unit:
        case Unit.BUSINESS_HOURS:
            return table.back(end, amount * HOUR)
        case Unit.BUSINESS_DAYS:
            return _business_days_back(table, end, amount)
        case Unit.DAYS:
            return table.clock.due(table.clock.wall(end) - amount * DAY)
        case unit:
            return end - amount * _MICROS[unit]


def _business_days_back(table: Table, end: int, number: int) -> int:
    last_open, day = table.last_open(end)
    target = table.nth_day_before(day, number)
    wall = table.clock.wall(last_open) + (target - day) * DAY
    return min(clamped(table, target, table.clock.due(wall)), end)
