"""The calendar: when something is due, how much open time has passed, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, get_args

from aftersales.domain.calendar.canonical import Content, digest_of, packed, unpacked
from aftersales.domain.calendar.clock import (
    HOUR,
    SECOND,
    Clock,
    clock_of,
    date_of,
    day_number,
)
from aftersales.domain.calendar.counting import (
    AS_USUAL,
    Count,
    Terms,
    counted,
    counted_back,
    part_of,
)
from aftersales.domain.calendar.instants import MICROSECOND, from_micros, micros
from aftersales.domain.calendar.joining import joined
from aftersales.domain.calendar.moving import taken_over
from aftersales.domain.calendar.pausing import Pauses, read_pauses
from aftersales.domain.calendar.plan import Plan, content_of
from aftersales.domain.calendar.quick import Quick
from aftersales.domain.calendar.run import DueKind, IfClosed, Run
from aftersales.domain.calendar.spoken import distance
from aftersales.domain.calendar.table import Table
from aftersales.domain.calendar.why import DueDate, Told, count_of, explained, run_of
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.errors import ValueUnreadable

_BUSINESS_HOURS, _BUSINESS_DAYS = Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The business time of one desk or platform. Immutable, shared by threads, equal by digest.

    Instants given must have a zone (else ValueUnreadable); those answered are in UTC.
    """

    content: Content
    digest: str
    _quick: Quick = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_quick", Quick(self.content.table))

    @classmethod
    def built(cls, plan: Plan) -> "Calendar":
        """The calendar of a plan. ValueUnreadable if it has no open time or an overlap."""
        return cls._of(content_of(plan))

    @classmethod
    def joint(
        cls, name: str, parts: Sequence["Calendar"], sources: Mapping[str, str] | None = None
    ) -> "Calendar":
        """The calendar that is open where all parts are: dates and zone are the first part's.

        ValueUnreadable if they are never open together.
        """
        return cls._of(joined(name, [part.content for part in parts], sources or {}))

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
        duration: Duration | str,
        *,
        due_at: DueKind | None = None,
        if_closed: IfClosed = "keep",
        start_date: date | None = None,
        zone: str | None = None,
        pauses: Pauses = (),
    ) -> DueDate:
        """When `duration` from `start` ends, and why. A text is read as in `2 business days`.

        `due_at` is the moment of the last day: by default `close` for business days and `midnight`
        for days; hours and minutes have none. `if_closed="following"` moves a last calendar day
        that is closed to the next open day. `start_date` is the `business_date` of the deadline
        that this one follows; by default it is that of `start`. `zone` says by whose clock calendar
        days are counted, by default this calendar's. Time in `pauses` does not count.
        """
        duration = Duration.parse(duration) if isinstance(duration, str) else duration
        terms = self._terms(due_at, if_closed, start_date, zone)
        count = counted(self.content, micros(start), duration, terms)
        return self._told(count, Told(str(duration), zone=zone or ""), pauses)

    def part(
        self,
        start: datetime,
        duration: Duration,
        percent: int,
        *,
        due_at: DueKind | None = None,
        if_closed: IfClosed = "keep",
        start_date: date | None = None,
        zone: str | None = None,
        pauses: Pauses = (),
    ) -> DueDate:
        """When so many percent of the time until the due instant are used; never after it.

        Business hours and business days are used up in open time, the others as they elapse.
        """
        if not 0 <= percent <= 100:
            raise ValueUnreadable(f"{percent}% is no part of a deadline", help="from 0% to 100%")
        terms = self._terms(due_at, if_closed, start_date, zone)
        whole = counted(self.content, micros(start), duration, terms)
        count = part_of(self.content, whole, percent)
        return self._told(count, Told(str(duration), percent, zone or ""), pauses)

    def resumed(self, run: Run, pauses: Pauses = ()) -> DueDate:
        """When a run ends with these pauses, and why."""
        told = Told(run.duration, run.percent, run.zone, run.taken_over_at)
        return self._told(self._count_of(run), told, pauses)

    def taken_over(self, run: Run, *, before: "Calendar", at: datetime, pauses: Pauses = ()) -> Run:
        """The run as this newer calendar goes on with it from `at`.

        The time that `before` counted until then stays used, the rest is counted by this calendar.
        It is never due before `at`. A pause that still runs is given as one that ends at `at`.
        """
        count = before._count_of(run)
        count = taken_over(self.content, before.content, count, read_pauses(pauses), micros(at))
        told = Told(run.duration, run.percent, run.zone, taken_over_at=from_micros(count.begun))
        return run_of(count, told)

    def instant(
        self, start: datetime, duration: Duration, *, due_at: DueKind | None = None
    ) -> datetime:
        """`due(...).at` alone, several times as fast."""
        if duration.unit is _BUSINESS_HOURS:
            return self._quick.add_open(start, duration.amount * HOUR)
        if duration.unit is _BUSINESS_DAYS and due_at is None and self.content.cut_off is None:
            closing = self._quick.closing_after(start, duration.amount)
            if closing is not None:
                return closing
        terms = AS_USUAL if due_at is None else Terms(due_at)
        return from_micros(counted(self.content, micros(start), duration, terms).at)

    def add_open(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which so much open time has passed; nought finds open time."""
        if amount < timedelta():
            raise ValueUnreadable("open time is added forwards", help="use `back` to go backwards")
        return self._quick.add_open(start, amount // MICROSECOND)

    def business_day(self, day: date, number: int) -> date:
        """The n-th open day after `day`; with 0 that day if it is open, else the next open one."""
        return self._quick.business_day(day, number)

    def back(self, at: datetime, duration: Duration) -> datetime:
        """From when on `duration` does not pass `at`: a deadline less its buffer.

        Of hours the latest such instant. Days go back to the same wall time, business days to the
        latest of it that is open or a closing.
        """
        return from_micros(counted_back(self.content, micros(at), duration))

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

    def _terms(
        self,
        due_at: DueKind | None,
        if_closed: IfClosed,
        start_date: date | None,
        zone: str | None,
    ) -> Terms:
        _one_of("due_at", due_at, (None, *get_args(DueKind)))
        _one_of("if_closed", if_closed, get_args(IfClosed))
        return Terms(
            due_at,
            if_closed,
            None if start_date is None else day_number(start_date),
            self._clock_of(zone) if zone and zone != self.zone else None,
        )

    def _count_of(self, run: Run) -> Count:
        is_own = run.zone in ("", self.zone)
        return count_of(self.content, run, None if is_own else self._clock_of(run.zone))

    def _clock_of(self, zone: str) -> Clock:
        first, last = date_of(self._table.first_day).year, date_of(self._table.last_day).year
        return clock_of(zone, first, last)

    def _told(self, count: Count, told: Told, pauses: Pauses) -> DueDate:
        return explained(self.content, self.digest, count, told, read_pauses(pauses))


def _one_of(name: str, given: str | None, known: tuple[str | None, ...]) -> None:
    if given not in known:
        words = ", ".join(f"`{word}`" for word in known if word)
        raise ValueUnreadable(f"`{given}` is no {name}", help=f"one of {words}")
