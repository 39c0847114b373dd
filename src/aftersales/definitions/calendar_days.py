"""The single days of a calendar: closed, worked, with own hours, or frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aftersales.definitions.calendar_dates import Dates, Span
from aftersales.definitions.calendar_hours import Weeks, hours_in
from aftersales.definitions.calendar_sources import Source, closed_days
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Scalar
from aftersales.domain.calendar import Hours, date_of

_WORK_THEN = "to work on it all the same, give it hours in `special_days`"


@dataclass
class Days:
    """The single days of a calendar while they are read: the author's word stands first."""

    closed: dict[int, str] = field(default_factory=dict)
    special: dict[int, tuple[Hours, str]] = field(default_factory=dict)
    frozen: dict[int, str] = field(default_factory=dict)
    dates: Dates = field(default_factory=Dates)
    make_up_days: tuple[int, ...] = ()

    @classmethod
    def of(cls, sources: Sequence[Source]) -> "Days":
        """The days that the holidays close, and the weekend days that are worked for them."""
        closed = closed_days(sources)
        worked = {day for source in sources for day in source.make_up_days}
        return cls(closed=closed, make_up_days=tuple(sorted(worked.difference(closed))))

    @property
    def written(self) -> Mapping[int, Scalar]:
        """Where a day is written."""
        return self.dates.yearly | self.dates.written

    def read(self, keys: Keys, weeks: Weeks | None, notes: Notes) -> None:
        """Read `closed`, `extra_days`, `special_days` and `frozen`, in any order."""
        problems_before = len(notes.problems)
        extra_node = keys.node("extra_hours")
        extra_hours = hours_in(extra_node, notes) if extra_node else _usual(weeks)
        closed, extra, special = (
            list(self.dates.read(keys.node(name), notes))
            for name in ("closed", "extra_days", "special_days")
        )
        # A date with its year stands before one of every year: it is read after it.
        closed, special = (sorted(s, key=lambda s: not s.is_yearly) for s in (closed, special))
        extra = self._dated_only(extra, notes)
        if weeks is not None and len(notes.problems) == problems_before:
            self._prove(closed, extra, weeks, notes)
        for day in self.make_up_days:
            self._open(day, (weeks.on(day) if weeks else ()) or extra_hours, "make-up working day")
        for span in closed:
            for day in span.days:
                self.special.pop(day, None)
                self.closed[day] = span.reason(notes, otherwise="closed")
        for span in extra:
            for day in span.days:
                self._open(day, extra_hours, span.reason(notes, otherwise="extra working day"))
        for span in special:
            self._own_hours(span, weeks, notes)
        # A freeze may fall on days that are closed, or special, anyway.
        for span in Dates().read(keys.node("frozen"), notes):
            reason = span.reason(notes, otherwise="frozen")
            self.frozen.update(dict.fromkeys(span.days, reason))

    @staticmethod
    def _dated_only(spans: Sequence[Span], notes: Notes) -> list[Span]:
        for span in spans:
            if span.is_yearly:
                help = "write it with its year: it falls on another weekday each year"
                message = f"`{span.written.text}` cannot be an extra day of every year"
                notes.error("T309", span.written, message, help)
        return [span for span in spans if not span.is_yearly]

    def _open(self, day: int, hours: Hours | None, reason: str) -> None:
        self.closed.pop(day, None)
        if hours:
            self.special[day] = (hours, reason)

    def _own_hours(self, span: Span, weeks: Weeks | None, notes: Notes) -> None:
        if span.said is None:
            help = "write it like `2026-12-24: 09:00-12:00`"
            notes.error("T310", span.written, "a special day needs its hours", help)
            return
        if_closed = f"write it under `closed`: `{{{span.written.text}: why}}`"
        hours = hours_in(span.said, notes, if_closed=if_closed)
        for day in span.days:
            # Of each year: nobody means to work on the Sundays among them, or on a holiday.
            if not span.is_yearly or (weeks is not None and not self._why_closed(day, weeks)):
                self._open(day, hours, "own hours")

    def _prove(
        self, closed: Sequence[Span], extra: Sequence[Span], weeks: Weeks, notes: Notes
    ) -> None:
        """That each day that is written changes something, against what the holidays say."""
        for span in closed:
            if all(self._why_closed(day, weeks) for day in span.days):
                why = self._why_closed(span.days[0], weeks)
                message = f"`{span.written.text}` is closed anyway: {why}"
                notes.warning("T316", span.written, message, "remove it, or correct the date")
        for span in extra:
            for day in span.days:
                self._prove_extra(day, span, weeks, notes)

    def _prove_extra(self, day: int, span: Span, weeks: Weeks, notes: Notes) -> None:
        on = date_of(day).isoformat()
        if day in self.closed:
            message = f"{on} cannot be an extra day: it is a holiday, {self.closed[day]}"
            notes.error("T308", span.written, message, f"{_WORK_THEN}: `{on}: 09:00-17:00`")
        elif day in self.make_up_days:
            message = f"{on} is worked anyway: it is a make-up day of the holidays"
            notes.warning("T316", span.written, message, "remove it")
        elif weeks.on(day):
            message = f"{on} cannot be an extra day: it is open anyway"
            help = f"remove it, or correct the date; other hours are `special_days: {{{on}: ...}}`"
            notes.error("T308", span.written, message, help)

    def _why_closed(self, day: int, weeks: Weeks) -> str:
        if day in self.closed:
            return self.closed[day]
        is_worked = weeks.on(day) or day in self.make_up_days
        return "" if is_worked else "its weekday has no hours"


def _usual(weeks: Weeks | None) -> Hours | None:
    """The hours of the first day of the week that has any: those of an extra working day."""
    return next((hours for hours in weeks.week if hours), None) if weeks else None
