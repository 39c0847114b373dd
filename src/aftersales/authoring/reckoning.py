"""A due date, or a stretch of time, told day by day: what counted, and what did not and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aftersales.authoring.days import Day, cut_off_of, days_of
from aftersales.domain.calendar import DAY, Calendar, DueDate, date_of, day_number, local
from aftersales.domain.calendar.instants import from_micros
from aftersales.domain.duration import Duration, Unit

MOST_DAYS = 1000
"""So many days are told one by one; who asks for more wants the date, not the days."""

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One day of a count."""

    day: Day
    number: int | None
    """The n-th day counted, from 1; None if it is not counted, or hours are."""
    used_seconds: int | None
    """How much of the time counted passed on this day; None if days are counted."""
    why: tuple[str, ...]
    """Why it does not count, or what is not as on other days."""


def reckoned(
    calendar: Calendar,
    due: DueDate,
    duration: Duration,
    *,
    pauses: Sequence[Interval] = (),
    zone: str | None = None,
) -> tuple[Reckoned, ...]:
    """The days from that of the start to the due one, at most MOST_DAYS of them.

    `zone` is whose dates calendar days are, where not the calendar's. `pauses` do not overlap.
    """
    start = due.run.start
    match duration.unit:
        case Unit.BUSINESS_HOURS:
            told = _used_by_day(calendar, start, due.at, pauses)
        case Unit.BUSINESS_DAYS:
            told = _business_days(calendar, due, pauses)
        case Unit.DAYS:
            told = _dates(calendar, due, local(start, zone or calendar.zone).date())
        case _:
            told = _elapsed_by_day(calendar, start, due.at, pauses)
    return _with_the_end(tuple(told), due, zone or calendar.zone)


def reckoned_between(calendar: Calendar, start: datetime, end: datetime) -> tuple[Reckoned, ...]:
    """The days between two instants, the earlier first: open time used and business days passed."""
    own, last = calendar.business_date(start), calendar.business_date(end)
    number = 0
    told = []
    for day in _days(calendar, own, last):
        is_counted = bool(day.opens) and day.date > own
        number += is_counted
        used = sum(_unpaused(hours, (start, end), ()) for hours in day.opens)
        why = (*_not_as_usual(day), *_clocks(day)) if day.opens else _why_closed(day)
        if day.date == own:
            why = ("the day of the start is not one of the days", *why)
        told.append(Reckoned(day, number if is_counted else None, used, why))
    return tuple(told)


def _with_the_end(told: tuple[Reckoned, ...], due: DueDate, zone: str) -> tuple[Reckoned, ...]:
    """The last day says until when; if there were too many days, the last told is not the last."""
    *before, last = told
    if len(told) == MOST_DAYS:
        return told
    wall = local(due.at, zone)
    at = "24:00" if (wall.hour, wall.minute) == (0, 0) and before else f"{wall:%H:%M}"
    return (*before, replace(last, why=(*last.why, f"due {at}")))


def _days(calendar: Calendar, first: date, last: date) -> tuple[Day, ...]:
    return days_of(calendar, first, min(last, first + timedelta(days=MOST_DAYS - 1)))


def _business_days(
    calendar: Calendar, due: DueDate, pauses: Sequence[Interval]
) -> Iterator[Reckoned]:
    own = calendar.business_date(due.run.start)
    received, planned = date_of(due.run.start_day), date_of(due.run.due_day)
    has_days = not due.run.duration.startswith("0 ")
    number = 0
    for day in _days(calendar, own, due.business_date):
        is_counted = has_days and bool(day.opens) and received < day.date <= planned
        number += is_counted
        why = (
            _not_as_usual(day)
            if is_counted
            else _why_here(day, own, received, cut_off_of(calendar))
        )
        if day.date > planned and day.opens:
            why = ("made up for the pause", *_not_as_usual(day))
        why = (*why, *_paused_on(day, pauses, due.run.start))
        yield Reckoned(day, number if is_counted else None, None, why)


def _why_here(day: Day, own: date, received: date, cut_off: str) -> tuple[str, ...]:
    """Why a day is not among those counted."""
    if day.date == received == own and day.opens:
        return ("the day of the start does not count", *_not_as_usual(day))
    if day.date == received and day.opens:
        return ("received: the day itself does not count", *_not_as_usual(day))
    if day.date == own and day.opens:
        return (f"after the cut-off of {cut_off}: received on the next open day",)
    if day.opens:
        return ("the first open day", *_not_as_usual(day))
    if day.date == own:
        start = "the start" if own == received else "received on the next open day"
        return (*_why_closed(day), start)
    return _why_closed(day)


def _dates(calendar: Calendar, due: DueDate, own: date) -> Iterator[Reckoned]:
    planned = date_of(due.run.due_day)
    number = 0
    amount = int(due.run.duration.partition(" ")[0] or 0)
    for day in _days(calendar, own, max(due.business_date, planned)):
        is_counted = day.date > own and not day.frozen and number < amount
        number += is_counted
        if day.date == own:
            why: tuple[str, ...] = ("the day of the start does not count",)
        elif day.frozen or is_counted:
            why = (f"frozen: {day.frozen}",) if day.frozen else ()
        elif day.opens or due.run.if_closed == "keep":
            why = ("the next open day",) if day.date <= planned else ("made up for the pause",)
        else:
            why = (*_why_closed(day), "it does not end on a closed day")
        yield Reckoned(day, number if is_counted else None, None, why)


def _used_by_day(
    calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Interval]
) -> Iterator[Reckoned]:
    last = calendar.business_date(end - timedelta(microseconds=1)) if end > start else None
    first = calendar.business_date(start)
    for day in _days(calendar, first, max(first, last or first)):
        used = sum(_unpaused((begin, stop), (start, end), pauses) for begin, stop in day.opens)
        why = (*_not_as_usual(day), *_clocks(day)) if day.opens else _why_closed(day)
        if day.opens and start >= day.opens[-1][1]:
            why = ("the start is after closing",)
        yield Reckoned(day, None, used, (*why, *_paused_on(day, pauses, start)))


def _elapsed_by_day(
    calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Interval]
) -> Iterator[Reckoned]:
    last = end - timedelta(microseconds=1) if end > start else end
    zone = calendar.zone
    for day in _days(calendar, local(start, zone).date(), local(last, zone).date()):
        whole = _whole_date(calendar, day.date)
        used = 0 if day.frozen else _unpaused(whole, (start, end), pauses)
        why = (f"frozen: {day.frozen}",) if day.frozen else _clocks(day)
        if any(_overlap(whole, pause) for pause in pauses):
            why = (*why, "paused for a time")
        yield Reckoned(day, None, used, why)


def _whole_date(calendar: Calendar, day: date) -> Interval:
    clock, number = calendar.content.table.clock, day_number(day)
    return from_micros(clock.due(number * DAY)), from_micros(clock.due((number + 1) * DAY))


def _not_as_usual(day: Day) -> tuple[str, ...]:
    """What is told of an open day that is not like others of its weekday."""
    return (f"{day.remark}: {day.hours}",) if day.remark else ()


def _clocks(day: Day) -> tuple[str, ...]:
    return (str(day.clocks),) if day.clocks else ()


def _why_closed(day: Day) -> tuple[str, ...]:
    return (f"frozen: {day.frozen}" if day.frozen else day.closed,)


def _paused_on(day: Day, pauses: Sequence[Interval], start: datetime) -> tuple[str, ...]:
    """What of a day's open time was paused after the start."""
    seconds = sum(
        _overlap((max(begin, start), end), pause) for begin, end in day.opens for pause in pauses
    )
    return (f"paused: {hours_in_words(seconds)} does not count",) if seconds else ()


def hours_in_words(seconds: int) -> str:
    """`6:05 h`: hours and minutes, seconds only where there are some."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "") + " h"


def _unpaused(hours: Interval, counted: Interval, pauses: Sequence[Interval]) -> int:
    """Seconds of `hours` within the stretch counted that no pause takes away."""
    begin, end = max(hours[0], counted[0]), min(hours[1], counted[1])
    return _overlap(hours, counted) - sum(_overlap((begin, end), pause) for pause in pauses)


def _overlap(one: Interval, other: Interval) -> int:
    """Whole seconds that two intervals have in common."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(common // timedelta(seconds=1), 0)
