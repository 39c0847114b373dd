"""Pauses: a second counts if it is open and not paused.

Business time is paused in open seconds. A paused day deadline is not turned into hours for good:
what is left in open seconds says on which day it ends, and there it ends as days do. Elapsed hours
and calendar days are paused in elapsed seconds. A pause never makes anything due earlier.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from aftersales.domain.calendar import elapsing
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.counting import Count, ending, ending_of_date
from aftersales.domain.calendar.elapsing import Stops
from aftersales.domain.calendar.instants import from_micros, iso, micros
from aftersales.domain.calendar.table import Table
from aftersales.domain.errors import ValueUnreadable

Pauses = Sequence[tuple[datetime, datetime]]


def read_pauses(pauses: Pauses) -> Stops:
    """The pauses as intervals. ValueUnreadable if one has no end or a wrong one, or two overlap."""
    read = sorted((micros(begin), micros(end)) for begin, end in pauses)
    for begin, end in read:
        if end < begin:
            told = iso(from_micros(begin))
            help = "give each pause from its begin to its end"
            raise ValueUnreadable(f"the pause of {told} ends before it begins", help=help)
    for (_, end), (begin, _) in pairwise(read):
        if begin < end:
            told = iso(from_micros(begin))
            raise ValueUnreadable(f"two pauses overlap at {told}", help="make them one")
    return elapsing.merged(read)


def paused(content: Content, count: Count, pauses: Stops) -> Count:
    """The count as these pauses leave it: its due instant is the same or later."""
    if not pauses or count.at <= count.begun:
        return count
    if count.unit.is_business:
        return _paused_open_time(content.table, count, pauses)
    return _paused_elapsed_time(content, count, pauses)


def _paused_open_time(table: Table, count: Count, pauses: Stops) -> Count:
    budget = table.elapsed(count.begun, count.at) - count.slack
    if budget <= 0:
        return count
    at = _add_unpaused(table, count.begun, budget, pauses)
    if at <= count.at:
        # What was to spare at its end is spent by the pause, though it still ends there.
        return replace(count, slack=table.elapsed(at, count.at))
    day = table.business_day(at - 1)
    if count.due_at is None:
        return replace(count, at=at, due_day=day)
    while (end := ending(table, day, count.due_at, count.wall)) < at:
        day = table.nth_day(day, 1)
    return replace(count, at=end, due_day=day, slack=table.elapsed(at, end))


def _add_unpaused(table: Table, at: int, budget: int, pauses: Stops) -> int:
    """The earliest instant with so much open time since `at` that was not paused."""
    for begin, end in pauses:
        if end <= at:
            continue
        spent = table.elapsed(at, max(begin, at))
        if spent >= budget:
            break
        budget, at = budget - spent, end
    return table.add(at, budget)


def _paused_elapsed_time(content: Content, count: Count, pauses: Stops) -> Count:
    budget = elapsing.elapsed(count.begun, count.at, content.freezes) - count.slack
    stops = elapsing.merged(content.freezes, pauses)
    if budget <= 0:
        return count
    at = elapsing.add(count.begun, budget, stops)
    if at <= count.at:
        return replace(count, slack=elapsing.elapsed(at, count.at, content.freezes))
    return ended(content, count, at)


def ended(content: Content, count: Count, at: int) -> Count:
    """The count if it ends at an instant of its own: on an open day, where it is to follow one."""
    clock = count.clock or content.table.clock
    day = clock.day(at - 1)
    if count.if_closed == "keep" or count.due_at is None:
        return replace(count, at=at, due_day=day, slack=0)
    day = content.table.nth_day(day, 0)
    while (end := ending_of_date(content.table, clock, day, count.due_at, count.wall)) < at:
        day = content.table.nth_day(day, 1)
    slack = elapsing.elapsed(at, end, content.freezes)
    return replace(count, at=end, due_day=day, slack=slack)
