"""From a start and a duration to the due instant: the rules, on integers.

Business days: the day of the start never counts. With a cut-off, a start after it or on a closed
day is received on the next open day. The moment of the last day is its closing, its midnight, or
the wall time of the start.
"""

from dataclasses import dataclass, replace

from aftersales.domain.calendar import elapsing
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.clock import DAY, HOUR, SECOND, Clock
from aftersales.domain.calendar.run import DueKind, IfClosed
from aftersales.domain.calendar.table import Table
from aftersales.domain.duration import Duration, Unit

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
    unit: Unit
    due_at: DueKind | None = None
    if_closed: IfClosed = "keep"
    is_by_calendar: bool = True
    """Whether opening hours, holidays or frozen days have a part in it."""
    wall: int = 0
    """The time of day of the start, after 00:00 of its date: what `same_time` keeps."""
    clock: Clock | None = None
    """Whose dates and midnights make up calendar days, where not the calendar's."""
    slack: int = 0
    """Time before `at` that is not owed, since a paused day was ended whole."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a duration is counted, where it is not as usual."""

    due_at: DueKind | None = None
    if_closed: IfClosed = "keep"
    own_day: int | None = None
    """The date passed on by the deadline before."""
    clock: Clock | None = None
    """Whose dates and midnights make up calendar days, where not the calendar's."""


AS_USUAL = Terms()


def counted(content: Content, begun: int, duration: Duration, terms: Terms = AS_USUAL) -> Count:
    """When the duration ends."""
    match duration.unit:
        case Unit.BUSINESS_DAYS:
            return _business_days(content, begun, duration.amount, terms)
        case Unit.DAYS:
            return _days(content, begun, duration.amount, terms)
        case Unit.BUSINESS_HOURS:
            return business_hours(content.table, begun, duration.amount * HOUR)
        case unit:
            return elapsed_hours(content, begun, duration.amount * _MICROS[unit], unit)


def business_hours(table: Table, begun: int, open_micros: int) -> Count:
    """When so much open time is used up."""
    at = table.add(begun, open_micros)
    day = table.business_day(begun)
    # A closing does not lie in its own interval: the instant before it does.
    due_day = table.business_day(at - 1) if at > begun else day
    return Count(begun, at, day, day, due_day, Unit.BUSINESS_HOURS)


def elapsed_hours(content: Content, begun: int, span: int, unit: Unit = Unit.HOURS) -> Count:
    """When so much time has elapsed; a frozen clock stands still."""
    clock = content.table.clock
    at = elapsing.add(begun, span, content.freezes)
    day = clock.day(begun)
    return Count(begun, at, day, day, clock.day(at), unit, is_by_calendar=bool(at - begun - span))


def _business_days(content: Content, begun: int, number: int, terms: Terms) -> Count:
    table, cut_off = content.table, content.cut_off
    own = table.business_day(begun) if terms.own_day is None else terms.own_day
    received = own
    if cut_off is not None:
        received = table.nth_day(own, 0)
        is_passed_on = terms.own_day is not None
        # A date that was passed on is no arrival: the cut-off is for what arrives.
        if received == own and not is_passed_on and begun > table.clock.due(own * DAY + cut_off):
            received = table.nth_day(own, 1)
    due_day = table.nth_day(received, number)
    kind = terms.due_at or "close"
    wall = table.clock.wall(begun) - own * DAY
    # Nought days from after the closing: a due instant is never before its start.
    at = max(ending(table, due_day, kind, wall), begun)
    return Count(begun, at, own, received, due_day, Unit.BUSINESS_DAYS, kind, wall=wall)


def ending(table: Table, day: int, kind: DueKind, wall: int) -> int:
    """The moment of an open day; `wall` is the time after its 00:00 where that stays the same."""
    if kind == "same_time":
        return clamped(table, day, table.clock.due(day * DAY + wall))
    closing = table.closing_of(day) if kind == "close" else None
    return table.clock.due((day + 1) * DAY) if closing is None else closing


def _days(content: Content, begun: int, number: int, terms: Terms) -> Count:
    table, frozen = content.table, content.almanac.frozen
    clock = terms.clock or table.clock
    own = clock.day(begun) if terms.own_day is None else terms.own_day
    day = elapsing.nth_date(own, number, frozen)
    if terms.if_closed == "following":
        day = table.nth_day(day, 0)
    kind = terms.due_at or "midnight"
    wall = clock.wall(begun) - own * DAY
    return Count(
        begun,
        max(ending_of_date(table, clock, day, kind, wall), begun),
        own,
        own,
        day,
        Unit.DAYS,
        kind,
        terms.if_closed,
        is_by_calendar=kind == "close" or terms.if_closed == "following" or day != own + number,
        wall=wall,
        clock=terms.clock,
    )


def ending_of_date(table: Table, clock: Clock, day: int, kind: DueKind, wall: int) -> int:
    """The moment of a calendar day, which may be closed."""
    if kind == "same_time":
        # Calendar days count whether open or not, so this wall time is not moved into open time.
        return clock.due(day * DAY + wall)
    closing = table.closing_of(day) if kind == "close" else None
    return clock.due((day + 1) * DAY) if closing is None else closing


def clamped(table: Table, day: int, at: int) -> int:
    """The instant moved into the opening hours of an open day; out of a break to its end."""
    hours = table.hours_of(day)
    for opens, closes in hours:
        if at <= closes:
            return max(at, opens)
    return hours[-1][1]


def part_of(content: Content, whole: Count, percent: int) -> Count:
    """When so many percent of a counted duration are used; never after its end."""
    table, begun = content.table, whole.begun
    if whole.unit.is_business:
        budget = table.elapsed(begun, whole.at)
        at = min(table.add(begun, budget * percent // 100), whole.at)
    else:
        budget = elapsing.elapsed(begun, whole.at, content.freezes)
        at = min(elapsing.add(begun, budget * percent // 100, content.freezes), whole.at)
    day = max(table.business_day(at - 1), whole.own_day) if at > begun else whole.own_day
    start_day = min(whole.start_day, day)
    return replace(whole, at=at, start_day=start_day, due_day=day, due_at=None, if_closed="keep")


def counted_back(content: Content, end: int, duration: Duration) -> int:
    """The latest instant from which the duration does not pass `end`.

    Days keep the wall time, business days keep it within open time.
    """
    table, amount = content.table, duration.amount
    if amount == 0:
        return end
    match duration.unit:
        case Unit.BUSINESS_HOURS:
            return table.back(end, amount * HOUR)
        case Unit.BUSINESS_DAYS:
            return _business_days_back(table, end, amount)
        case Unit.DAYS:
            return _days_back(content, end, amount)
        case unit:
            return elapsing.back(end, amount * _MICROS[unit], content.freezes)


def _days_back(content: Content, end: int, number: int) -> int:
    clock, frozen = content.table.clock, content.almanac.frozen
    wall = clock.wall(end)
    day = found = wall // DAY
    while elapsing.dates_between(found, day, frozen) < number:
        found -= 1
    at = clock.due(wall - (day - found) * DAY)
    # A repeated or skipped wall time may lead too far by what the clock changed.
    ahead = elapsing.nth_date(clock.day(at), number, frozen) - clock.day(at)
    return at - max(clock.due(clock.wall(at) + ahead * DAY) - end, 0)


def _business_days_back(table: Table, end: int, number: int) -> int:
    last_open, day = table.last_open(end)
    target = table.nth_day_before(day, number)
    wall = table.clock.wall(last_open) + (target - day) * DAY
    at = min(table.last_open(table.clock.due(wall))[0], end)
    while (late := _same_time_after(table, at, number) - end) > 0:
        # A closing is not in its own interval, and a wall time may be repeated.
        just_before = _same_time_after(table, at - 1, number)
        at = at - 1 if just_before <= end else table.last_open(at - min(late, DAY))[0]
    return at


def _same_time_after(table: Table, at: int, number: int) -> int:
    own = table.business_day(at)
    wall = table.clock.wall(at) - own * DAY
    return ending(table, table.nth_day(own, number), "same_time", wall)
