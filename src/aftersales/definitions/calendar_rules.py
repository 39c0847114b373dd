"""Rules by which whole days repeat: an RRULE of RFC 5545, for days without hours.

Not dateutil's, for that looks for the next day of a rule until the year 9999: a rule that never
comes takes it seconds. Here nothing is looked at after the last year asked for, and all is counted.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aftersales.domain.errors import ValueUnreadable

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MAX_STEPS = 1_000_000
"""So many days are looked at or closed for one feed, all its rules together."""
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FARTHEST = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
# The hours of a rule say nothing of whole days: RFC 5545, 3.3.10.
_OF_HOURS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_WITH_DAYS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYDAY")
_KNOWN = frozenset({*_WITH_DAYS, *_FARTHEST, *_OF_HOURS})


@dataclass(slots=True)
class Steps:
    """How many days may still be looked at for a feed."""

    left: int = MAX_STEPS

    def take(self, number: int) -> None:
        """ValueUnreadable if so many days are too many."""
        self.left -= number
        if self.left < 0:
            help = "export fewer years, or single days instead of rules"
            raise ValueUnreadable(f"the feed leads over more than {MAX_STEPS:,} days", help=help)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as read. Its periods are days, weeks, months or years, numbered without a gap."""

    frequency: str
    interval: int
    count: int | None
    until: date | None
    week_start: int
    months: frozenset[int]
    month_days: frozenset[int]
    year_days: frozenset[int]
    weeks: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    """Weekdays with which of them is meant: 0 for each, -1 for the last of the period."""
    positions: frozenset[int]

    @classmethod
    def read(cls, parts: Mapping[str, Sequence[Any]], start: date, until: date | None) -> "Rule":
        """The rule of an event that begins on `start`. ValueError if it cannot be read.

        `parts` are as icalendar has read them, `until` is the day of UNTIL.
        """
        if unknown := {name.upper() for name in parts} - _KNOWN:
            raise ValueError(f"unknown parts {sorted(unknown)}")
        frequency = str(parts["FREQ"][0]).upper()
        far = {name: _numbers(parts, name, far, below=-far) for name, far in _FARTHEST.items()}
        months = _numbers(parts, "BYMONTH", 12)
        weekdays = frozenset(map(_weekday, parts.get("BYDAY", ())))
        month_days = far["BYMONTHDAY"]
        if not (month_days or weekdays or far["BYYEARDAY"]):
            # What the rule leaves open is as on its first day.
            if frequency == "WEEKLY" or far["BYWEEKNO"]:
                weekdays = frozenset({(0, start.weekday())})
            elif frequency in ("MONTHLY", "YEARLY"):
                month_days = frozenset({start.day})
                months = months or frozenset({start.month} if frequency == "YEARLY" else ())
        return cls(
            frequency=frequency,
            interval=_number(parts, "INTERVAL") or 1,
            count=_number(parts, "COUNT"),
            until=until,
            week_start=_weekday(parts["WKST"][0])[1] if "WKST" in parts else 0,
            months=months,
            month_days=month_days,
            year_days=far["BYYEARDAY"],
            weeks=far["BYWEEKNO"],
            weekdays=weekdays,
            positions=far["BYSETPOS"],
        )

    def days(self, start: date, first: date, last: date, steps: Steps) -> Iterator[date]:
        """The days from `first` to `last` on which an event that begins on `start` comes again."""
        end = last if self.until is None else min(last, self.until)
        if end < start:
            return
        come = 0
        for period in self._periods(start, first, end):
            for day in self._of_period(period, steps):
                if day > end or come == self.count:
                    return
                come += day >= start
                if day >= max(start, first):
                    yield day

    def _periods(self, start: date, first: date, end: date) -> range:
        """The numbers of the periods that count; those before `first` only where days count."""
        begin = self._number_of(start)
        ahead = self._number_of(max(first, start)) - begin
        if self.count is None:
            begin += -(-ahead // self.interval) * self.interval
        return range(begin, self._number_of(end) + 1, self.interval)

    def _number_of(self, day: date) -> int:
        match self.frequency:
            case "DAILY":
                return day.toordinal()
            case "WEEKLY":
                return (day.toordinal() - 1 - self.week_start) // 7
            case "MONTHLY":
                return day.year * 12 + day.month - 1
            case _:
                return day.year

    def _of_period(self, period: int, steps: Steps) -> list[date]:
        looked_at = self._looked_at(period)
        steps.take(len(looked_at) + 1)
        found = [day for day in looked_at if self._fits(day)]
        if not self.positions:
            return found
        places = {at - 1 if at > 0 else len(found) + at for at in self.positions}
        return [day for i, day in enumerate(found) if i in places]

    def _looked_at(self, period: int) -> list[date]:
        """The days of a period, save those that the months and their days leave out anyway."""
        match self.frequency:
            case "DAILY":
                return [date.fromordinal(period)]
            case "WEEKLY":
                first = period * 7 + 1 + self.week_start
                return [date.fromordinal(day) for day in range(max(first, 1), first + 7)]
            case "MONTHLY":
                return self._in_month(*divmod(period, 12))
        months = sorted(self.months) or range(1, 13)
        return [day for month in months for day in self._in_month(period, month - 1)]

    def _in_month(self, year: int, month: int) -> list[date]:
        length = monthrange(year, month + 1)[1]
        days = {day if day > 0 else length + 1 + day for day in self.month_days}
        counted = sorted(days.intersection(range(1, length + 1))) if days else range(1, length + 1)
        return [date(year, month + 1, day) for day in counted]

    def _fits(self, day: date) -> bool:
        return (
            (not self.months or day.month in self.months)
            and (not self.weekdays or self._is_named(day))
            and (not self.month_days or _is_among(day.day, _month_length(day), self.month_days))
            and (not self.year_days or _is_among(*_in_year(day), self.year_days))
            and (not self.weeks or _is_among(*self._week_of(day), self.weeks))
        )

    def _is_named(self, day: date) -> bool:
        weekday = day.weekday()
        if (0, weekday) in self.weekdays:
            return True
        if self.frequency in ("DAILY", "WEEKLY"):
            return any(weekday == named for _, named in self.weekdays)
        is_of_month = self.frequency == "MONTHLY" or bool(self.months)
        number, length = (day.day, _month_length(day)) if is_of_month else _in_year(day)
        nth, nth_last = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
        return not self.weekdays.isdisjoint({(nth, weekday), (nth_last, weekday)})

    def _week_of(self, day: date) -> tuple[int, int]:
        """The number of a day's week, and how many the year of that week has."""
        # A week belongs to the year in which its fourth day lies: RFC 5545, 3.3.10.
        fourth = day + timedelta(days=3 - (day.weekday() - self.week_start) % 7)
        number, length = _in_year(fourth)
        return (number - 1) // 7 + 1, (number - 1) // 7 + 1 + (length - number) // 7


def _is_among(number: int, length: int, asked: frozenset[int]) -> bool:
    """Whether a day is asked for, counted from the begin, or as -1, -2 ... from the end."""
    return number in asked or number - length - 1 in asked


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _in_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 365 + isleap(day.year)


def _number(parts: Mapping[str, Sequence[Any]], name: str) -> int | None:
    found = [int(value) for value in parts.get(name, ())]
    if len(found) > 1 or any(number < 1 for number in found):
        raise ValueError(name)
    return found[0] if found else None


def _numbers(
    parts: Mapping[str, Sequence[Any]], name: str, most: int, *, below: int = 1
) -> frozenset[int]:
    found = frozenset(int(value) for value in parts.get(name, ()))
    if any(number == 0 or not below <= number <= most for number in found):
        raise ValueError(name)
    return found


def _weekday(written: Any) -> tuple[int, int]:
    """`-1MO` is the last Monday."""
    text = str(written).upper()
    return int(text[:-2] or 0), _WEEKDAYS.index(text[-2:])
