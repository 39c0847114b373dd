"""The open time of one calendar as a table of intervals: sums and searches by bisection.

All numbers are microseconds since 1970 in UTC, or days since 1970. A row is one open interval and
the business date it belongs to. Outside the days of the table the plain week goes on for ever.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate, compress, count, cycle
from operator import ne, sub

from aftersales.domain.calendar.clock import DAY, Clock, day_number, weekday
from aftersales.domain.calendar.elapsing import Stops
from aftersales.domain.errors import ValueUnreadable

Hours = tuple[tuple[int, int], ...]
"""Open intervals of one day, in microseconds after its 00:00; they may run past 24:00."""
Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
"""The hours of Monday to Sunday."""
Row = tuple[int, int, int]
"""Opens, closes, business date."""

_WEEK_MICROS = 7 * DAY
_EARLIEST, _LATEST = day_number(date(1900, 1, 1)), day_number(date(2201, 1, 1))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Table:
    """Open intervals in order, with prefix sums. Build one with `built` or `of_rows`."""

    clock: Clock
    week: Week
    first_day: int
    last_day: int
    begins: int
    ends: int
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    days: tuple[int, ...]
    used: tuple[int, ...]
    """Open time before each row; one more at the end: all of it."""
    open_days: tuple[int, ...]
    first_rows: tuple[int, ...]
    """The first row of each open day; one more at the end: the number of rows."""
    parts: tuple["Table", ...] = ()
    """Of a joint table, those that are all open when it is."""

    @classmethod
    def joint(cls, parts: tuple["Table", ...]) -> "Table":
        """Open where all parts are; clock and business dates are the first part's."""
        first = parts[0]
        return cls.of_rows(
            _common(parts),
            clock=first.clock,
            week=first.week,
            first_day=max(part.first_day for part in parts),
            last_day=min(part.last_day for part in parts),
            parts=parts,
        )

    @classmethod
    def built(
        cls,
        clock: Clock,
        week: Week,
        dated: Mapping[int, Hours],
        first_day: int,
        last_day: int,
        shut: Stops = (),
    ) -> "Table":
        """The table of these days; `dated` replaces the week's hours on single days.

        In `shut` nothing is open, not even the end of a night.
        """
        rows = _rows(clock, week, dated, first_day, last_day)
        rows = [row for whole in rows for row in _cut(whole, shut)] if shut else rows
        return cls.of_rows(rows, clock=clock, week=week, first_day=first_day, last_day=last_day)

    @classmethod
    def of_rows(
        cls,
        rows: Iterable[Row],
        *,
        clock: Clock,
        week: Week,
        first_day: int,
        last_day: int,
        parts: tuple["Table", ...] = (),
    ) -> "Table":
        """The table that has these rows, in the order of their opening."""
        listed = list(rows)
        opens, closes, days = zip(*listed, strict=True) if listed else ((), (), ())
        is_another_day = map(ne, days[1:], days)
        first_rows = (0, *compress(count(1), is_another_day)) if days else ()
        return cls(
            clock=clock,
            week=week,
            first_day=first_day,
            last_day=last_day,
            # A night shift of the day before the first is not in the table.
            begins=clock.due((first_day + 1) * DAY),
            ends=clock.due((last_day + 1) * DAY),
            opens=opens,
            closes=closes,
            days=days,
            used=tuple(accumulate(map(sub, closes, opens), initial=0)),
            open_days=tuple(map(days.__getitem__, first_rows)),
            first_rows=(*first_rows, len(days)),
            parts=parts,
        )

    def covering(self, at: int) -> "Table":
        """This table, or a longer one whose days hold the instant."""
        if self.begins <= at < self.ends:
            return self
        _check_near(at // DAY)
        before = (self.begins - at) // _WEEK_MICROS + 2 if at < self.begins else 0
        after = (at - self.ends) // _WEEK_MICROS + 2 if at >= self.ends else 0
        return self.longer(before, after)

    def covering_day(self, day: int) -> "Table":
        """This table, or a longer one that holds the day and its neighbours."""
        if self.first_day < day < self.last_day:
            return self
        _check_near(day)
        before = (self.first_day - day) // 7 + 2 if day <= self.first_day else 0
        return self.longer(before, (day - self.last_day) // 7 + 2 if day >= self.last_day else 0)

    def _weeks_of(self, open_micros: int) -> int:
        """About how many weeks have so much open time, rounded up."""
        weeks = (self.last_day - self.first_day) // 7
        return open_micros * weeks // self.used[-1] + 1

    def longer(self, weeks_before: int, weeks_after: int) -> "Table":
        """This table with at least so many plain weeks more at each end."""
        return _longer(self, _rounded(weeks_before), _rounded(weeks_after))

    def open_before(self, at: int) -> int:
        """Open time from the start of the table to an instant that it covers."""
        i = bisect_right(self.opens, at) - 1
        if i < 0:
            return 0
        return self.used[i] + min(at, self.closes[i]) - self.opens[i]

    def first_open(self, at: int) -> int:
        """The first open instant at or after a covered one."""
        i = bisect_right(self.opens, at) - 1
        if i >= 0 and at < self.closes[i]:
            return at
        if i + 1 < len(self.opens):
            return self.opens[i + 1]
        return self.longer(0, 2).first_open(at)

    def add(self, at: int, open_micros: int) -> int:
        """The earliest instant with exactly so much open time since `at`; 0 finds open time."""
        table = self.covering(at)
        if not open_micros:
            return table.first_open(at)
        target = table.open_before(at) + open_micros
        missing = target - table.used[-1]
        if missing > 0:
            return table.longer(0, table._weeks_of(missing)).add(at, open_micros)
        i = bisect_left(table.used, target) - 1
        return table.opens[i] + target - table.used[i]

    def back(self, at: int, open_micros: int) -> int:
        """The latest instant from which adding `open_micros` does not pass `at`."""
        if not open_micros:
            return at
        table = self.covering(at)
        target = table.open_before(at) - open_micros
        if target < 0:
            return table.longer(table._weeks_of(-target), 0).back(at, open_micros)
        i = bisect_right(table.used, target) - 1
        return table.opens[i] + target - table.used[i]

    def elapsed(self, start: int, end: int) -> int:
        """Open time between two instants; negative if the second is the earlier."""
        table = self.covering(start).covering(end)
        return table.open_before(end) - table.open_before(start)

    def last_open(self, at: int) -> tuple[int, int]:
        """The latest instant up to `at` that is open or a closing, and its business date."""
        table = self.covering(at)
        i = bisect_right(table.opens, at) - 1
        if i < 0:
            return table.longer(2, 0).last_open(at)
        return min(at, table.closes[i]), table.days[i]

    def business_day(self, at: int) -> int:
        """The date whose interval holds the instant, else its local date."""
        table = self.covering(at)
        i = bisect_right(table.opens, at) - 1
        return table.days[i] if i >= 0 and at < table.closes[i] else self.clock.day(at)

    def nth_day(self, day: int, number: int) -> int:
        """The n-th open day after `day`; 0 is that day if open, else the next open day."""
        table = self.covering_day(day)
        i = _place(table.open_days, day, number)
        missing = i + 1 - len(table.open_days)
        if missing > 0:
            weeks = (table.last_day - table.first_day) // 7
            return table.longer(0, missing * weeks // len(table.open_days) + 1).nth_day(day, number)
        return table.open_days[i]

    def nth_day_before(self, day: int, number: int) -> int:
        """The n-th open day before an open day."""
        table = self.covering_day(day)
        i = bisect_left(table.open_days, day) - number
        return table.open_days[i] if i >= 0 else table.longer(number, 0).nth_day_before(day, number)

    def count(self, day: int, until: int) -> int:
        """Open days after `day` up to and with `until`; negative if that is the earlier."""
        table = self.covering_day(day).covering_day(until)
        return bisect_right(table.open_days, until) - bisect_right(table.open_days, day)

    def closing_of(self, day: int) -> int | None:
        """The end of the last open interval of a day, or None if it is closed."""
        table = self.covering_day(day)
        i = bisect_right(table.open_days, day)
        return table.closes[table.first_rows[i] - 1] if table.open_days[i - 1] == day else None

    def hours_of(self, day: int) -> list[tuple[int, int]]:
        """The open intervals that belong to a day, in UTC; empty if it is closed."""
        table = self.covering_day(day)
        i = bisect_left(table.open_days, day)
        if i == len(table.open_days) or table.open_days[i] != day:
            return []
        rows = slice(table.first_rows[i], table.first_rows[i + 1])
        return list(zip(table.opens[rows], table.closes[rows], strict=True))

    def open_days_between(self, day: int, until: int) -> tuple[int, ...]:
        """Open days after `day` up to and with `until`."""
        table = self.covering_day(day).covering_day(until)
        begin = bisect_right(table.open_days, day)
        return table.open_days[begin : bisect_right(table.open_days, until)]


def _place(open_days: tuple[int, ...], day: int, number: int) -> int:
    if number:
        return bisect_right(open_days, day) - 1 + number
    return bisect_left(open_days, day)


def _cut(row: Row, shut: Stops) -> Iterator[Row]:
    """What is left of a row outside these stretches."""
    opens, closes, day = row
    for begin, end in shut:
        if opens < begin < closes:
            yield opens, begin, day
        if begin < closes and opens < end:
            opens = end
    if opens < closes:
        yield opens, closes, day


def _check_near(day: int) -> None:
    """ValueUnreadable for a date so far off that nobody means it: its table would be endless."""
    if not _EARLIEST <= day <= _LATEST:
        message = "the date is too far off to be counted"
        raise ValueUnreadable(message, help="give one from 1900 to 2200")


def _rounded(weeks: int) -> int:
    """At least a year, and powers of two, so that few different tables are ever made."""
    return 0 if weeks <= 0 else max(64, 1 << (weeks - 1).bit_length())


@lru_cache(maxsize=8)
def _longer(table: Table, weeks_before: int, weeks_after: int) -> Table:
    _check_near(table.first_day - 7 * weeks_before)
    _check_near(table.last_day + 7 * weeks_after)
    if table.parts:
        return Table.joint(tuple(part.longer(weeks_before, weeks_after) for part in table.parts))
    first_day = table.first_day - 7 * weeks_before
    last_day = table.last_day + 7 * weeks_after
    own = zip(table.opens, table.closes, table.days, strict=True)
    rows = [
        *_rows(table.clock, table.week, {}, first_day, table.first_day - 1),
        *own,
        *_rows(table.clock, table.week, {}, table.last_day + 1, last_day),
    ]
    return Table.of_rows(
        rows, clock=table.clock, week=table.week, first_day=first_day, last_day=last_day
    )


def _common(parts: Iterable[Table]) -> list[Row]:
    """What the rows of all parts have in common, with the days of the first part's."""
    first, *others = parts
    rows = list(zip(first.opens, first.closes, first.days, strict=True))
    for other in others:
        rows = [
            (max(opens, other.opens[i]), min(closes, other.closes[i]), day)
            for opens, closes, day in rows
            for i in range(bisect_right(other.closes, opens), bisect_left(other.opens, closes))
        ]
    return rows


def _rows(
    clock: Clock, week: Week, dated: Mapping[int, Hours], first_day: int, last_day: int
) -> list[Row]:
    """The rows of these days. A repeated hour never brings an earlier business date back."""
    pieces: list[Row] = []
    is_changed = False
    reach = max((hours[-1][1] for hours in (*week, *dated.values()) if hours), default=DAY)
    for days, offset in clock.stretches(first_day, last_day, reach):
        if not days:
            continue
        if offset is not None:
            monday_first = weekday(days[0])
            plain = cycle(week[monday_first:] + week[:monday_first])
            midnights = count(days[0] * DAY - offset, DAY)
            pieces += [
                (midnight + begin, midnight + end, day)
                for day, midnight, hours in zip(days, midnights, plain, strict=False)
                for begin, end in dated.get(day, hours)
            ]
            continue
        for day in days:
            for begin, end in dated.get(day, week[weekday(day)]):
                found = clock.pieces(begin + day * DAY, end + day * DAY)
                pieces.extend((opens, closes, day) for opens, closes in found)
                is_changed = True
    if not is_changed:
        return pieces
    pieces.sort()
    opens, closes, own = zip(*pieces, strict=True)
    return list(zip(opens, closes, accumulate(own, max), strict=True))
