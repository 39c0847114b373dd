"""A run taken over by a newer calendar: time used stays used, the rest is counted by the new one.

Taking over never makes anything due before the instant at which it happens; a calendar that has
not changed moves nothing.
"""

from dataclasses import replace

from aftersales.domain.calendar import elapsing
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.clock import DAY, Clock
from aftersales.domain.calendar.counting import (
    Count,
    business_hours,
    elapsed_hours,
    ending,
    ending_of_date,
)
from aftersales.domain.calendar.elapsing import Stops
from aftersales.domain.calendar.pausing import paused
from aftersales.domain.duration import Unit


def taken_over(
    new: Content,
    old: Content,
    count: Count,
    pauses: Stops,
    at: int,
    *,
    clock: Clock | None = None,
) -> Count:
    """The count from `at` on. `clock` is that of the customer's zone, where it was counted by it.

    A pause that still runs is given as one that ends at `at`.
    """
    due = paused(old, count, pauses)
    now = max(at, count.begun)
    if due.at <= now:
        return replace(due, begun=now, at=now)
    is_of_a_day = due.due_at is not None and (due.at == count.at or due.unit.is_business)
    match due.unit:
        case Unit.BUSINESS_DAYS if is_of_a_day:
            return _days_on(new, old, due, now)
        case Unit.BUSINESS_HOURS | Unit.BUSINESS_DAYS:
            rest = business_hours(new.table, now, old.table.elapsed(now, due.at))
            return replace(rest, unit=due.unit)
        case Unit.DAYS if is_of_a_day:
            return _dates_on(new, old, due, now, clock)
        case unit:
            return elapsed_hours(new, now, elapsing.elapsed(now, due.at, old.freezes), unit)


def _days_on(new: Content, old: Content, due: Count, now: int) -> Count:
    assert due.due_at is not None
    base = max(due.start_day, old.table.business_day(now) - 1)
    day = new.table.nth_day(base, old.table.count(base, due.due_day))
    wall = old.table.clock.wall(due.at) - due.due_day * DAY
    while (end := ending(new.table, day, due.due_at, wall)) <= now:
        day = new.table.nth_day(day, 1)
    return replace(due, begun=now, at=end, own_day=base, start_day=base, due_day=day)


def _dates_on(new: Content, old: Content, due: Count, now: int, clock: Clock | None) -> Count:
    assert due.due_at is not None
    before, after = clock or old.table.clock, clock or new.table.clock
    base = max(due.start_day, before.day(now) - 1)
    rest = elapsing.dates_between(base, due.due_day, old.almanac.frozen)
    day = elapsing.nth_date(base, rest, new.almanac.frozen)
    if due.if_closed == "following":
        day = new.table.nth_day(day, 0)
    wall = before.wall(due.at) - due.due_day * DAY
    at = ending_of_date(new.table, after, day, due.due_at, wall)
    at = at if at > now else ending_of_date(new.table, after, day + 1, due.due_at, wall)
    return replace(due, begun=now, at=at, own_day=base, start_day=base, due_day=day)
