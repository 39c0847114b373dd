"""Distances in time as people say them."""

from aftersales.domain.calendar.clock import DAY, HOUR, SECOND
from aftersales.domain.calendar.table import Table

_MINUTE = 60 * SECOND
_FAR = 60  # days; beyond, nobody thinks in business days


def distance(table: Table, now: int, at: int) -> str:
    """`in 2 business days`, `in 3 hours`, `2 days ago`, `now`."""
    gap = abs(at - now)
    if gap < _MINUTE:
        return "now"
    amount = _ahead(table, now, at) if at > now else _plain(gap, _days(table, at, now))
    return f"in {amount}" if at > now else f"{amount} ago"


def _ahead(table: Table, now: int, at: int) -> str:
    gap, days = at - now, _days(table, now, at - 1)
    if gap < DAY // 2 or days == 0 or days > _FAR:
        return _plain(gap, days)
    # The end of a day is the next day's first instant: what counts is the day that ends.
    business = table.count(table.business_day(now), table.business_day(at - 1))
    return _many(business, "business day") if business else _plain(gap, days)


def _plain(gap: int, days: int) -> str:
    if gap < HOUR:
        return _many(gap // _MINUTE, "minute")
    if gap < DAY // 2 or days == 0:
        return _many(gap // HOUR, "hour")
    return _many(days, "day")


def _days(table: Table, earlier: int, later: int) -> int:
    return table.clock.day(later) - table.clock.day(earlier)


def _many(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
