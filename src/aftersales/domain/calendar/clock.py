"""The wall clock of one zone, in integers: what it shows at an instant, and the way back.

Instants and wall readings are microseconds since 1970, days are numbers since 1970. A clock
carries all changes of its years, so a stored calendar needs no zone data of the machine.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from aftersales.domain.calendar.instants import from_micros, zone_of

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
EPOCH_DAY = date(1970, 1, 1).toordinal()
"""The ordinal of 1 January 1970, from which days are counted."""
_FOR_EVER = 10**20
_DAY_SECONDS = DAY // SECOND
_STEP = 5 * _DAY_SECONDS
"""Seconds between two looks at a zone: no zone changes twice within so few days (tested)."""
_QUARTER_SECONDS = 900  # nearly all changes lie on one

OffsetAt = Callable[[int], timedelta]


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return day.toordinal() - EPOCH_DAY


def date_of(day: int) -> date:
    """The date that is `day` days after 1 January 1970."""
    return date.fromordinal(day + EPOCH_DAY)


def weekday(day: int) -> int:
    """Monday is 0."""
    return (day + 3) % 7


@dataclass(frozen=True, slots=True)
class Clock:
    """The offsets of a zone from UTC: `offsets[i]` holds from `since[i]` until the next.

    The first also holds before, the last also after.
    """

    since: tuple[int, ...]
    offsets: tuple[int, ...]

    def wall(self, at: int) -> int:
        """What the wall clock shows at an instant."""
        return at + self.offsets[max(bisect_right(self.since, at) - 1, 0)]

    def day(self, at: int) -> int:
        """The local date of an instant."""
        return self.wall(at) // DAY

    def due(self, wall: int) -> int:
        """The instant of a wall reading: the later if repeated, forward by the gap if skipped."""
        found = after_gap = None
        for begin, end, offset in self._stretches_near(wall, wall):
            at = wall - offset
            if at >= end:
                after_gap = at
            elif at >= begin:
                found = at
        at_last = found if found is not None else after_gap
        assert at_last is not None
        return at_last

    def pieces(self, wall_from: int, wall_to: int) -> list[tuple[int, int]]:
        """The instants whose wall reading lies in `[wall_from, wall_to)`, as intervals."""
        pieces: list[tuple[int, int]] = []
        for begin, end, offset in self._stretches_near(wall_from, wall_to):
            opens, closes = max(wall_from - offset, begin), min(wall_to - offset, end)
            if opens >= closes:
                continue
            if pieces and pieces[-1][1] == opens:
                opens = pieces.pop()[0]
            pieces.append((opens, closes))
        return pieces

    def stretches(
        self, first_day: int, last_day: int, reach: int
    ) -> Iterator[tuple[range, int | None]]:
        """The days in order, as spans that have one offset, or None where a change is near.

        `reach` is how far after its 00:00 a day's hours may run.
        """
        day, last = first_day, len(self.offsets) - 1
        for i, offset in enumerate(self.offsets):
            # Wall readings between both offsets of a change are skipped or repeated.
            begins = self.since[i] + max(offset, self.offsets[i - 1]) if i else -_FOR_EVER
            ends = self.since[i + 1] + min(offset, self.offsets[i + 1]) if i < last else _FOR_EVER
            first = min(max(-(-begins // DAY), day), last_day + 1)
            until = min(max((ends - reach) // DAY + 1, first), last_day + 1)
            yield range(day, first), None
            yield range(first, until), offset
            day = until

    def _stretches_near(self, wall_from: int, wall_to: int) -> list[tuple[int, int, int]]:
        """Begin, end and offset of each stretch that may hold these readings (within a day)."""
        first = max(bisect_right(self.since, wall_from - DAY) - 1, 0)
        last = max(bisect_right(self.since, wall_to + DAY), first + 1)
        ends = (*self.since[first + 1 : last], *self.since[last : last + 1], _FOR_EVER)
        stretches = []
        for i in range(first, last):
            begin = self.since[i] if i else -_FOR_EVER
            stretches.append((begin, ends[i - first], self.offsets[i]))
        return stretches


@lru_cache(maxsize=64)
def clock_of(zone: str, first_year: int, last_year: int) -> Clock:
    """The clock of an IANA zone over some years. ValueUnreadable if there is no such zone."""
    known = zone_of(zone)

    def offset_at(at: int) -> timedelta:
        return datetime.fromtimestamp(at, known).utcoffset() or timedelta()

    begun = (date(first_year, 1, 1).toordinal() - EPOCH_DAY - 3) * _DAY_SECONDS
    until = (date(last_year + 1, 1, 1).toordinal() - EPOCH_DAY + 3) * _DAY_SECONDS
    offset = offset_at(begun)
    changes = [(begun * SECOND, offset)]
    for at in range(begun + _STEP, until + _STEP, _STEP):
        if (found := offset_at(at)) != offset:
            changes.append((_change_between(at - _STEP, at, offset_at) * SECOND, found))
            offset = found
    return Clock(
        tuple(since for since, _ in changes),
        tuple(offset // timedelta(microseconds=1) for _, offset in changes),
    )


def day_begins(day: date, zone: str) -> datetime:
    """The first instant of a local date: its midnight, or the end of the gap that swallowed it.

    Of a date that the zone skipped, the first instant of the next. ValueUnreadable if there is no
    such zone.
    """
    clock, number = clock_of(zone, day.year, day.year), day_number(day)
    while not (pieces := clock.pieces(number * DAY, (number + 1) * DAY)):
        number += 1
    return from_micros(pieces[0][0])


def _change_between(low: int, high: int, offset_at: OffsetAt) -> int:
    """The first second of the new offset, by bisection: in quarters of an hour, if they hold it."""
    before, quarter = offset_at(low), _QUARTER_SECONDS
    while high - low > 1:
        step = quarter if high - low > quarter else 1
        middle = low + (high - low) // (2 * step) * step
        low, high = (middle, high) if offset_at(middle) == before else (low, middle)
        if high - low == quarter and offset_at(high - 1) == before:
            return high
    return high
