"""What is known of single days beside their hours: reasons, remarks, and how far we know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aftersales.domain.calendar.clock import date_of, weekday

Horizon = Literal["published", "predicted", "unknown"]

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Almanac:
    """The named days of a calendar, and its horizon."""

    closed: Mapping[int, str]
    """Why a day is closed although its weekday is open: the holiday's name."""
    marked: Mapping[int, str]
    """Why a day is open although its weekday is closed, or has hours of its own."""
    known_until: int | None
    """The last year whose holidays are published; None if there are none to know."""
    predicted_until: int
    first_year: int
    frozen: Mapping[int, str] = field(default_factory=dict)
    """Why on a day no clock of this calendar runs, in the order of days."""

    def why_closed(self, day: int) -> str:
        """The holiday's name, else the weekday's."""
        return self.frozen.get(day) or self.closed.get(day) or _WEEKDAYS[weekday(day)]

    def horizon(self, first_day: int, last_day: int) -> tuple[Horizon, int]:
        """How well the days from one to another are known, and the year that says so."""
        first, last = date_of(first_day).year, date_of(last_day).year
        if first < self.first_year:
            return "unknown", first
        if last > self.predicted_until:
            return "unknown", last
        is_known = self.known_until is None or last <= self.known_until
        return ("published" if is_known else "predicted"), last


def iso_date(day: int) -> str:
    """`2026-03-02`."""
    return date_of(day).isoformat()
