"""A run taken over by a newer calendar: time used stays used, the rest is counted by the new one.

Taking over never makes anything due before the instant at which it happens; a calendar that has
not changed moves nothing.
"""

from dataclasses import replace

from aftersales.domain.calendar import elapsing
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.counting import (
    Count,
    business_hours,
    elapsed_hours,
    ending,
    ending_of_date,
)
from aftersales.domain.calendar.elapsing import Stops
from aftersales.domain.calendar.pausing import ended, paused
from aftersales.domain.calendar.table import Table
from aftersales.domain.duration import Unit


def taken_over(new: Content, old: Content, count: Count, pauses: Stops, at: int) -> Count:
    """The count from `at` on. A pause that still runs is given as one that ends at `at`."""
    due = paused(old, count, pauses)
    now = max(at, count.begun)
    if due.at <= now:
        return replace(due, begun=now, at=now)
    match due.unit:
        case Unit.BUSINESS_DAYS if due.due_at is not None:
            return _days_on(new.table, old.table, due, now)
        case Unit.BUSINESS_HOURS | Unit.BUSINESS_DAYS:
            rest = business_hours(new.table, now, old.table.elapsed(now, due.at))
            return replace(rest, unit=due.unit)
        case Unit.DAYS if due.due_at is not None:
            return _dates_on(new, old, due, now)
        case unit:
            return elapsed_hours(new, now, elapsing.elapsed(now, due.at, old.freezes), unit)


def _days_on(new: Table, old: Table, due: Count, now: int) -> Count:
    assert due.due_at is not None
    base = max(due.start_day, _last_used_day(old, now))
    rest = old.count(base, due.due_day)
    if due.start_day > old.business_day(now):
        # Received on a later day, after a cut-off: on one on which the newer calendar is open.
        base = new.nth_day(base, 0)
    day = new.nth_day(base, rest)
    while (end := ending(new, day, due.due_at, due.wall)) <= now:
        day = new.nth_day(day, 1)
    return replace(due, begun=now, at=end, own_day=base, start_day=base, due_day=day)


def _last_used_day(table: Table, now: int) -> int:
    """The last date of which nothing is left: today once it has closed, else yesterday."""
    today = table.business_day(now)
    closing = table.closing_of(today)
    return today if closing is not None and closing <= now else today - 1


def _dates_on(new: Content, old: Content, due: Count, now: int) -> Count:
    assert due.due_at is not None
    before, after = due.clock or old.table.clock, due.clock or new.table.clock
    if due.at != ending_of_date(old.table, before, due.due_day, due.due_at, due.wall):
        # It was paused, and ends in the middle of a day: what is left is time that elapses.
        at = elapsing.add(now, elapsing.elapsed(now, due.at, old.freezes), new.freezes)
        again = ended(new, due, at)
        return replace(again, begun=now, start_day=min(due.start_day, again.due_day))
    base = max(due.start_day, before.day(now) - 1)
    rest = elapsing.dates_between(base, due.due_day, old.almanac.frozen)
    day = elapsing.nth_date(base, rest, new.almanac.frozen)
    follows = due.if_closed == "following"
    while True:
        day = new.table.nth_day(day, 0) if follows else day
        end = ending_of_date(new.table, after, day, due.due_at, due.wall)
        if end > now:
            return replace(due, begun=now, at=end, own_day=base, start_day=base, due_day=day)
        day = elapsing.nth_date(day, 1, new.almanac.frozen)
