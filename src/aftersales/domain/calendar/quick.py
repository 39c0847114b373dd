"""The hot path: from instant to instant and from date to date, nothing in between.

The same answers as the counting of a `Table`, which it falls back on outside its days. Written out
in single functions, since each further call would cost a tenth of the whole.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime
from itertools import accumulate
from operator import sub

from aftersales.domain.calendar.clock import DAY, EPOCH_DAY, SECOND
from aftersales.domain.calendar.instants import EPOCH, from_micros, micros
from aftersales.domain.calendar.table import Table
from aftersales.domain.errors import ValueUnreadable

_minus = datetime.__sub__  # the plain one: pendulum's would build an interval
_at = datetime.fromtimestamp


class Quick:
    """Open time and open days of one table, laid out for looking up. Immutable once built."""

    __slots__ = (
        "_closes",
        "_dates",
        "_first",
        "_first_ordinal",
        "_first_rows",
        "_opens",
        "_ranks",
        "_shifts",
        "_table",
        "_used",
    )

    def __init__(self, table: Table) -> None:
        self._table = table
        self._opens, self._closes, self._used = table.opens, table.closes, table.used
        self._shifts = tuple(map(sub, table.opens, table.used))
        self._first = bisect_left(table.opens, table.begins)
        self._first_rows = table.first_rows
        ordinals = map(EPOCH_DAY.__add__, table.open_days)
        self._dates = (date.min, *map(date.fromordinal, ordinals))  # the first open day is 1
        self._first_ordinal = table.first_day + EPOCH_DAY
        is_open = bytearray(table.last_day - table.first_day + 1)
        for day in table.open_days:
            is_open[day - table.first_day] = 1
        self._ranks = tuple(accumulate(is_open))  # open days up to and with each day

    def add_open(self, start: datetime, open_micros: int) -> datetime:
        """The earliest instant with so much open time since `start`; 0 finds open time.

        ValueUnreadable if `start` has no zone.
        """
        if start.tzinfo is None or open_micros <= 0:
            return from_micros(self._table.add(micros(start), open_micros))
        since = _minus(start, EPOCH)
        at = since.days * DAY + since.seconds * SECOND + since.microseconds
        i = bisect_right(self._opens, at) - 1
        closes = self._closes[i]
        target = (at if at < closes else closes) - self._shifts[i] + open_micros
        used = self._used
        if i < self._first or target > used[-1]:
            return from_micros(self._table.add(at, open_micros))
        # A float holds the microseconds of these years exactly, and is the shortest way.
        return _at((self._shifts[bisect_left(used, target, i) - 1] + target) / SECOND, UTC)

    def closing_after(self, start: datetime, number: int) -> datetime | None:
        """The closing of the n-th open day after that of `start`, or None beyond the table.

        ValueUnreadable if `start` has no zone.
        """
        at, table = micros(start), self._table
        i = bisect_right(self._opens, at) - 1
        own = table.days[i] if at < self._closes[i] else table.clock.day(at)
        try:
            last = self._first_rows[self._ranks[own - table.first_day] + number] - 1
        except IndexError:
            return None
        if i < self._first or number <= 0:
            return None
        return _at(self._closes[last] / SECOND, UTC)

    def business_day(self, day: date, number: int) -> date:
        """The n-th open day after `day`; 0 is that day if open, else the next open day.

        ValueUnreadable if `number` is negative.
        """
        at = day.toordinal() - self._first_ordinal
        if number > 0 < at:
            try:
                return self._dates[self._ranks[at] + number]
            except IndexError:
                pass  # beyond the table
        if number < 0:
            raise ValueUnreadable("open days are counted forwards", help="from 0")
        found = self._table.nth_day(day.toordinal() - EPOCH_DAY, number)
        return date.fromordinal(found + EPOCH_DAY)
