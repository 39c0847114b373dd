"""The answer of `calendar add`: a due date, spoken, and how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from aftersales.authoring.reckoning import Reckoned, hours_in_words, reckoned
from aftersales.cli.calendar.asked import Pauses
from aftersales.cli.calendar.drawing import day_name
from aftersales.cli.calendar.telling import as_data, rows, versions, when
from aftersales.domain.calendar import Calendar, DueDate, day_number, from_iso, iso, local, zone_of
from aftersales.domain.duration import Duration, Unit

_UNTIL = {
    "close": ", until the close of the last",
    "midnight": ", until 24:00 of the last",
    "same_time": ", until the same time of the last",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A due date with all that it was asked with. `reading` tells how the start was read."""

    calendar: Calendar
    due: DueDate
    length: Duration
    now: datetime
    pauses: Pauses
    reading: str
    customer_zone: str | None

    @property
    def zone(self) -> str:
        """The zone to speak in: the customer's where his days were counted."""
        return self.customer_zone or self.calendar.zone

    def page(self, *, speak_in: str | None, explain: bool) -> list[str]:
        """The page, line by line."""
        distance = self.calendar.describe_until(self.now, self.due.at)
        page = [when(self.due.at, self.zone)]
        others = dict.fromkeys(zone for zone in (self.calendar.zone, speak_in) if zone)
        page += [when(self.due.at, zone) for zone in others if zone != self.zone]
        page += [f"{iso(self.due.at)}, {distance}", *self._uncertain()]
        return [*page, "", *self._explained()] if explain else page

    def data(self) -> dict[str, object]:
        """The same for a machine, with each day."""
        return {
            "due_at": self.due.at,
            "due_date": self.due.business_date,
            "spoken": when(self.due.at, self.zone),
            "until": self.calendar.describe_until(self.now, self.due.at),
            "read": self.reading,
            "why": self.due.why,
            "days": as_data(self._days()),
        }

    def _days(self) -> tuple[Reckoned, ...]:
        return reckoned(
            self.calendar, self.due, self.length, pauses=self.pauses, zone=self.customer_zone
        )

    def _explained(self) -> list[str]:
        start = self.due.run.start
        ends = _UNTIL.get(self.due.run.due_at or "", "")
        page = [f"{self.length}{ends}", f"from {when(start, self.zone)}{self._why_that_start()}"]
        page += rows(self._days())
        page += [*self._clocks_at_the_end(), *self._paused()]
        return [*page, *self._known(), versions(self.calendar)]

    def _why_that_start(self) -> str:
        said = [self.reading] if self.reading else []
        is_open = self.calendar.is_open(self.due.run.start)
        if self.length.unit is Unit.BUSINESS_HOURS and not is_open:
            said.append("closed then: hours count from the next opening")
        own = self.calendar.business_date(self.due.run.start)
        if self.length.unit.is_business and own != local(self.due.run.start, self.zone).date():
            said.append(f"in the hours that began on {day_name(own)}")
        return f", {'; '.join(said)}" if said else ""

    def _clocks_at_the_end(self) -> list[str]:
        """That the same time of day was skipped, or is there twice, on the day it is due."""
        run = self.due.run
        if run.due_at != "same_time" or self.due.why.get("pauses"):
            return []
        meant, due = local(run.start, self.zone).time(), local(self.due.at, self.zone)
        written = datetime.combine(due.date(), meant)
        told = zone_of(self.zone)
        offsets = {written.replace(tzinfo=told, fold=fold).utcoffset() for fold in (0, 1)}
        if len(offsets) == 1:
            return []
        if due.time() == meant:
            return [f"the clocks show {meant:%H:%M} twice that day: the second is meant"]
        return [f"the clocks skip {meant:%H:%M} that day: it is due at {due:%H:%M}"]

    def _paused(self) -> list[str]:
        lines = []
        for begin, end, seconds in self.due.why.get("pauses", ()):
            sort = "open time" if self.length.unit.is_business else "time"
            span = " to ".join(_short(when(from_iso(at), self.zone)) for at in (begin, end))
            lines.append(f"paused {span}: {hours_in_words(seconds)} of {sort}")
        if lines:
            lines.append(f"without a pause: {_short(when(self.due.run.planned, self.zone))}")
        return lines

    def _uncertain(self) -> list[str]:
        """What the date rests on that is no fact: told with every answer."""
        notes = map(str, self.due.why["notes"])
        return [note for note in notes if note.startswith(("provisional", "assumed"))]

    def _known(self) -> list[str]:
        """How well the holidays of the years touched are known, if they have a part in it."""
        run, why = self.due.run, self.due.why
        has_part = (
            self.length.unit.is_business or run.due_at == "close" or run.if_closed == "following"
        )
        content = self.calendar.content
        is_told = content.almanac.known_until is not None and "holidays" in content.sources
        if not (has_part and is_told):
            return []
        first, last = (int(why[day][:4]) for day in ("start_date", "due_date"))
        known = groupby(range(first, last + 1), self._known_of_year)
        told = (f"of {_span(list(years))}: {horizon}" for horizon, years in known)
        return [f"holidays {', '.join(told)}"]

    def _known_of_year(self, year: int) -> str:
        day = day_number(date(year, 1, 1))
        return self.calendar.content.almanac.horizon(day, day)[0]


def _span(years: Sequence[int]) -> str:
    """`2026`, `2026 and 2027`, `2026 to 2028`."""
    first, last = years[0], years[-1]
    if first == last:
        return str(first)
    return f"{first} {'and' if last == first + 1 else 'to'} {last}"


def _short(spoken: str) -> str:
    """Without the zone, which stands above."""
    return spoken.partition(" (")[0]
