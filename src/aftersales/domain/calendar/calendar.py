"""The calendar: when something is due, how much open time has passed, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aftersales.domain.calendar.canonical import Content, digest_of, packed, unpacked
from aftersales.domain.calendar.clock import SECOND, date_of, day_number
from aftersales.domain.calendar.counting import Count, DueKind, IfClosed, counted, counted_back
from aftersales.domain.calendar.instants import from_micros, micros
from aftersales.domain.calendar.plan import Plan, content_of
from aftersales.domain.calendar.spoken import distance
from aftersales.domain.calendar.table import Table
from aftersales.domain.calendar.why import DueDate, explained
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The business time of one desk or platform. Immutable, shared by threads, equal by digest.

    Instants given must have a zone (else ValueUnreadable); those answered are in UTC.
    """

    content: Content
    digest: str

    @classmethod
    def built(cls, plan: Plan) -> "Calendar":
        """The calendar of a plan. ValueUnreadable if it has no open time or an overlap."""
        return cls._of(content_of(plan))

    @classmethod
    def from_canonical(cls, data: Mapping[str, Any]) -> "Calendar":
        """The calendar that `to_canonical` wrote; needs neither holidays nor zone data."""
        return cls._of(unpacked(data))

    @classmethod
    def _of(cls, content: Content) -> "Calendar":
        return cls(content, digest_of(packed(content)))

    def to_canonical(self) -> dict[str, Any]:
        """All of it as plain data of integers and texts: what a rulebook pins."""
        return packed(self.content)

    @property
    def name(self) -> str:
        """What the author calls it."""
        return self.content.name

    @property
    def zone(self) -> str:
        """Its IANA zone."""
        return self.content.zone

    @property
    def _table(self) -> Table:
        return self.content.table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Calendar({self.name!r}, {self.zone!r}, {self.digest[:12]})"

    def due(
        self,
        start: datetime,
        duration: Duration,
        *,
        due_at: DueKind | None = None,
        if_closed: IfClosed = "keep",
        start_date: date | None = None,
    ) -> DueDate:
        """When `duration` from `start` ends, and why.

        `due_at` is the moment of the last day: by default `close` for business days and `midnight`
        for days; hours and minutes have none. `if_closed="following"` moves a last calendar day
        that is closed to the next open day. `start_date` is the `business_date` of the deadline
        that this one follows; by default it is that of `start`.
        """
        count = self._count(start, duration, due_at, if_closed, start_date)
        return explained(self.content, count, duration)

    def instant(
        self, start: datetime, duration: Duration, *, due_at: DueKind | None = None
    ) -> datetime:
        """`due(...).at` alone, several times as fast."""
        return from_micros(self._count(start, duration, due_at).at)

    def part(
        self,
        start: datetime,
        duration: Duration,
        percent: int,
        *,
        due_at: DueKind | None = None,
        start_date: date | None = None,
    ) -> DueDate:
        """When so many percent of the time until the due instant are used; never after it.

        Business hours and business days are used up in open time, the others as they elapse.
        """
        if not 0 <= percent <= 100:
            raise ValueUnreadable(f"{percent}% is no part of a deadline", help="from 0% to 100%")
        whole = self._count(start, duration, due_at, "keep", start_date)
        begun, table = whole.begun, self._table
        if duration.unit.is_business:
            budget = table.elapsed(begun, whole.at)
            at = min(table.add(begun, budget * percent // 100), whole.at)
        else:
            at = begun + (whole.at - begun) * percent // 100
        day = max(table.business_day(at - 1), whole.own_day) if at > begun else whole.own_day
        warned = Count(begun, at, whole.own_day, min(whole.start_day, day), day)
        return explained(self.content, warned, duration, percent)

    def back(self, at: datetime, duration: Duration) -> datetime:
        """The latest instant from which `duration` does not pass `at`: a deadline less its buffer.

        Days go back to the same wall time, business days to the same within open time.
        """
        return from_micros(counted_back(self._table, micros(at), duration))

    def elapsed_open_seconds(self, start: datetime, end: datetime) -> int:
        """Whole open seconds between two instants; negative if `end` is the earlier."""
        elapsed = self._table.elapsed(micros(start), micros(end))
        return elapsed // SECOND if elapsed >= 0 else -(-elapsed // SECOND)

    def business_days_between(self, start: date, end: date) -> int:
        """Open days after `start` up to and with `end`; negative if `end` is the earlier."""
        return self._table.count(day_number(start), day_number(end))

    def business_date(self, at: datetime) -> date:
        """The day whose opening hours hold the instant, else its local date."""
        return date_of(self._table.business_day(micros(at)))

    def is_open(self, at: datetime) -> bool:
        """Whether the instant lies in open time."""
        return self._table.add(micros(at), 0) == micros(at)

    def describe_until(self, now: datetime, at: datetime) -> str:
        """How far off `at` is, for people: `in 2 business days`, `in 3 hours`, `2 days ago`."""
        return distance(self._table, micros(now), micros(at))

    def _count(
        self,
        start: datetime,
        duration: Duration,
        due_at: DueKind | None,
        if_closed: IfClosed = "keep",
        start_date: date | None = None,
    ) -> Count:
        return counted(
            self._table,
            micros(start),
            duration,
            due_at=due_at,
            if_closed=if_closed,
            own_day=None if start_date is None else day_number(start_date),
            cut_off=self.content.cut_off,
        )
