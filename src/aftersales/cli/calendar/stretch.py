"""The answer of `calendar between`: what lies between two instants."""

from dataclasses import dataclass
from datetime import datetime

from aftersales.authoring.reckoning import Reckoned, reckoned_between
from aftersales.cli.calendar.telling import as_data, assumed, many, rows, versions, when
from aftersales.domain.calendar import Calendar, Horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Two instants of a calendar; the second may be the earlier. `readings` as in `reading`."""

    calendar: Calendar
    start: datetime
    end: datetime
    horizon: Horizon
    readings: tuple[str, ...] = ()

    @property
    def open_seconds(self) -> int:
        """Open time between them; negative if the second is the earlier."""
        return self.calendar.elapsed_open_seconds(self.start, self.end)

    @property
    def business_days(self) -> int:
        """Open days after the day of the first up to and with that of the second."""
        days = self.calendar.business_date(self.start), self.calendar.business_date(self.end)
        return self.calendar.business_days_between(*days)

    def page(self, *, explain: bool) -> list[str]:
        """The page, line by line."""
        is_back = self.end < self.start
        minus = "minus " if is_back else ""
        page = [
            f"{minus}{_in_words(abs(self.open_seconds))} of open time",
            f"{minus}{many(abs(self.business_days), 'business day')}",
        ]
        page += ["B is earlier than A: counted backwards"] if is_back else []
        page += self._uncertain()
        return [*page, "", *self._explained()] if explain else page

    def data(self) -> dict[str, object]:
        """The same for a machine, with each day from the earlier to the later."""
        return {
            "start": self.start,
            "end": self.end,
            "open_seconds": self.open_seconds,
            "business_days": self.business_days,
            "calendar": self.calendar.name,
            "zone": self.calendar.zone,
            "read": list(self.readings),
            "horizon": self.horizon,
            "provisional": self.horizon != "published",
            "versions": {"calendar": self.calendar.digest[:12], **self.calendar.content.sources},
            "days": as_data(self._days()),
        }

    def _days(self) -> tuple[Reckoned, ...]:
        return reckoned_between(self.calendar, *sorted((self.start, self.end)))

    def _explained(self) -> list[str]:
        zone = self.calendar.zone
        earlier, later = sorted((self.start, self.end))
        page = [f"from {when(earlier, zone)} to {when(later, zone)}", *self.readings]
        return [*page, *rows(self._days()), versions(self.calendar)]

    def _uncertain(self) -> list[str]:
        said = assumed(self.calendar)
        if self.horizon == "predicted":
            year = max(self.calendar.business_date(at).year for at in (self.start, self.end))
            said.append(f"provisional: the holidays of {year} are predicted, not yet published")
        return said


def _in_words(seconds: int) -> str:
    """`11 hours 20 minutes`; seconds only where there are some."""
    minutes, rest = divmod(seconds, 60)
    told = [(minutes // 60, "hour"), (minutes % 60, "minute"), (rest, "second")]
    return " ".join(many(number, unit) for number, unit in told if number) or "0 hours"
