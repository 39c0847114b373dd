"""What a calendar is built from: a week, and the days that differ from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, pairwise

from aftersales.domain.calendar.almanac import Almanac
from aftersales.domain.calendar.canonical import Content, freezes_of
from aftersales.domain.calendar.clock import DAY, clock_of, day_number, weekday
from aftersales.domain.calendar.table import Hours, Table, Week
from aftersales.domain.errors import ValueUnreadable

FIRST_YEAR = 2015
LAST_YEAR = 2036
"""The years a table is built for, unless a plan says others. Outside them the plain week is used,
and said to be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The definition of a calendar: days are numbers since 1970, hours as in a `Week`."""

    name: str
    zone: str
    week: Week
    earlier_weeks: tuple[tuple[int, Week], ...] = ()
    """Weeks that held before `week`: each with the last day on which it did, in order."""
    closed: Mapping[int, str] = field(default_factory=dict)
    """Days without hours, with the reason; a day with hours of its own is not closed."""
    special: Mapping[int, tuple[Hours, str]] = field(default_factory=dict)
    """Days with hours of their own, with the reason."""
    frozen: Mapping[int, str] = field(default_factory=dict)
    """Days on which no clock runs, with the reason: neither open time nor hours nor dates."""
    cut_off: int | None = None
    """Microseconds after 00:00: what comes later, or on a closed day, is received the next day."""
    known_until: int | None = None
    predicted_until: int = LAST_YEAR
    sources: Mapping[str, str] = field(default_factory=dict)
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR

    def __hash__(self) -> int:
        return hash((self.name, self.zone, self.week, *sorted(self.closed), *sorted(self.special)))

    @property
    def days(self) -> range:
        """All dates of the table."""
        return range(_first_of(self.first_year), _first_of(self.last_year + 1))

    def week_of(self, day: int) -> Week:
        """The week that holds on a date."""
        return next((week for last, week in self.earlier_weeks if day <= last), self.week)

    def hours(self, day: int) -> Hours:
        """The open intervals of one date."""
        if day in self.frozen:
            return ()
        if day in self.special:
            return self.special[day][0]
        return () if day in self.closed else self.week_of(day)[weekday(day)]

    def collisions(self) -> Iterator[int]:
        """Dates whose hours run into each other or into those of the next day."""
        for day in self._days_to_compare():
            following = ((begin + DAY, end + DAY) for begin, end in self.hours(day + 1))
            hours = sorted((*self.hours(day), *following))
            if any(end > begin for (_, end), (begin, _) in pairwise(hours)):
                yield day

    def _days_to_compare(self) -> list[int]:
        changes = [last + 1 for last, _ in self.earlier_weeks]
        return sorted({near for day in (*self.special, *changes) for near in (day - 1, day)})


def week_collides(week: Week) -> bool:
    """Whether hours of a plain week run into each other, or a night into the next morning."""
    flat = sorted((begin + i * DAY, end + i * DAY) for i in range(7) for begin, end in week[i])
    if not flat:
        return False
    flat.append((flat[0][0] + 7 * DAY, flat[0][1] + 7 * DAY))
    return any(end > begin for (_, end), (begin, _) in pairwise(flat))


def content_of(plan: Plan) -> Content:
    """The plan built into a table. ValueUnreadable if it has no open time or an overlap."""
    weeks = (*(week for _, week in plan.earlier_weeks), plan.week)
    if not all(any(week) for week in weeks):
        raise ValueUnreadable(f"`{plan.name}` is never open", help="give it hours")
    if any(map(week_collides, weeks)) or any(True for _ in plan.collisions()):
        raise ValueUnreadable(f"hours of `{plan.name}` overlap", help="part them")
    clock = clock_of(plan.zone, plan.first_year, plan.last_year)
    shut = freezes_of(clock, plan.frozen)
    table = Table.built(clock, plan.week, _dated(plan), plan.days[0], plan.days[-1], shut)
    if not table.opens:
        raise ValueUnreadable(f"`{plan.name}` is never open", help="close fewer days")
    almanac = Almanac(
        closed={d: why for d, why in plan.closed.items() if plan.week_of(d)[weekday(d)]},
        marked={d: why for d, (_, why) in plan.special.items() if d not in plan.frozen},
        known_until=plan.known_until,
        predicted_until=min(plan.predicted_until, plan.last_year),
        first_year=plan.first_year,
        frozen=dict(sorted(plan.frozen.items())),
    )
    return Content(plan.name, plan.zone, table, almanac, plan.cut_off, plan.sources)


def _dated(plan: Plan) -> dict[int, Hours]:
    """The hours of the dates that do not have those of the plain week."""
    earlier = [range(plan.days[0], last + 1) for last, _ in plan.earlier_weeks[-1:]]
    days = {*chain(*earlier), *plan.closed, *plan.special, *plan.frozen}
    return {day: plan.hours(day) for day in days}


def _first_of(year: int) -> int:
    return day_number(date(year, 1, 1))
