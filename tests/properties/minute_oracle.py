"""Business time counted the slow way, minute by minute, apart from the code it checks.

Nothing is shared with the engine but the numbers of a plan: no table, no bisection, no clock of
its own. Each minute is asked what the wall clock shows then, and whether that lies inside the
hours of its date; each day is asked whether it has such a minute. Instants are full minutes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import count
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
Pauses = Sequence[tuple[datetime, datetime]]
Hours = Sequence[tuple[int, int]]
"""Open intervals of a date in minutes after its 00:00; they may run past 24:00."""


@dataclass(frozen=True, eq=False)
class Oracle:
    """One or several parties with their zones and hours; open time is when all of them are open."""

    zones: tuple[str, ...]
    hours: tuple[Callable[[date], Hours], ...]
    cut_off: int | None = None
    """Minutes after 00:00."""

    def add(self, start: datetime, minutes: int, pauses: Pauses = ()) -> datetime:
        """The earliest instant with so many open, unpaused minutes since the start."""
        at = start
        while minutes > 0:
            minutes -= self.counts(at, pauses)
            at += MINUTE
        return at

    def next_open(self, start: datetime) -> datetime:
        """The first open minute from the start on."""
        return next(at for at in _minutes_from(start) if self.owners(at))

    def elapsed(self, start: datetime, end: datetime, pauses: Pauses = ()) -> int:
        """The open, unpaused minutes between two instants."""
        return sum(self.counts(at, pauses) for at in _minutes_from(start, end))

    def counts(self, at: datetime, pauses: Pauses = ()) -> bool:
        """Whether the minute is open and nothing pauses it."""
        return not any(begin <= at < end for begin, end in pauses) and bool(self.owners(at))

    def owners(self, at: datetime) -> list[date]:
        """The date of the first party whose hours hold the minute; empty if any is closed."""
        found = [
            _owners(hours, at, zone) for zone, hours in zip(self.zones, self.hours, strict=True)
        ]
        return found[0] if all(found) else []

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zones[0])

    def business_date(self, at: datetime) -> date:
        """The date whose hours hold the minute, else the date on the wall."""
        return next(iter(self.owners(at)), at.astimezone(self._zone).date())

    def is_open_day(self, day: date) -> bool:
        """Whether any minute belongs to the date."""
        return bool(self.minutes_of(day))

    def minutes_of(self, day: date) -> tuple[datetime, ...]:
        """The minutes that belong to a date."""
        return _minutes_of(self, day)

    def nth_day(self, day: date, number: int) -> date:
        """The n-th open day after a date; 0 is the date itself if open, else the next open day."""
        if number == 0 and self.is_open_day(day):
            return day
        left = max(number, 1)
        while left:
            day += DAY
            left -= self.is_open_day(day)
        return day

    def business_days(self, start: datetime, number: int) -> date:
        """The date so many business days after the start, by the cut-off if there is one."""
        own = self.business_date(start)
        if self.cut_off is None:
            return self.nth_day(own, number)
        if not self.is_open_day(own) or start > self.instant(own, self.cut_off):
            own = self.nth_day(own + DAY, 0)
        return self.nth_day(own, number)

    def closing(self, day: date) -> datetime:
        """The end of the last minute that belongs to a date."""
        return self.minutes_of(day)[-1] + MINUTE

    def instant(self, day: date, minutes: int) -> datetime:
        """When the wall shows so many minutes after 00:00: the later time, or after the gap."""
        wall = datetime.combine(day, time(), tzinfo=self._zone) + timedelta(minutes=minutes)
        for fold in (1, 0):
            at = wall.replace(fold=fold).astimezone(UTC)
            if at.astimezone(self._zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
                return at
        return wall.replace(fold=0).astimezone(UTC)


def _owners(hours: Callable[[date], Hours], at: datetime, zone: str) -> list[date]:
    """The dates whose hours hold what the wall shows: the day before until past its 24:00."""
    wall = at.astimezone(_zone_of(zone))
    today, minute = wall.date(), wall.hour * 60 + wall.minute
    return [
        day
        for day, shown in ((today - DAY, minute + 1440), (today, minute))
        for begin, end in hours(day)
        if begin <= shown < end
    ]


@lru_cache
def _zone_of(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


@lru_cache(maxsize=4096)
def _minutes_of(oracle: Oracle, day: date) -> tuple[datetime, ...]:
    if not oracle.hours[0](day):
        return ()
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    around = _minutes_from(noon - 36 * 60 * MINUTE, noon + 60 * 60 * MINUTE)
    return tuple(at for at in around if day in oracle.owners(at))


def _minutes_from(start: datetime, end: datetime | None = None) -> Iterator[datetime]:
    for step in count():
        at = start + step * MINUTE
        if end is not None and at >= end:
            return
        yield at
