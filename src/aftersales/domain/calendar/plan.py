"""What a calendar is built from: a week, and the days that differ from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from aftersales.domain.calendar.almanac import Almanac
from aftersales.domain.calendar.canonical import Content
from aftersales.domain.calendar.clock import DAY, clock_of, day_number, weekday
from aftersales.domain.calendar.table import Hours, Table, Week
from aftersales.domain.errors import ValueUnreadable

FIRST_YEAR = 2019
LAST_YEAR = 2036
"""The years a table is built for. Outside them the plain week is used, and said to be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The definition of a calendar: days are numbers since 1970, hours as in a `Week`."""

    name: str
    zone: str
    week: Week
    closed: Mapping[int, str] = field(default_factory=dict)
    """Days without hours, with the reason; a day with hours of its own is not closed."""
    special: Mapping[int, tuple[Hours, str]] = field(default_factory=dict)
    """Days with hours of their own, with the reason."""
    cut_off: int | None = None
    """Microseconds after 00:00: what comes later, or on a closed day, is received the next day."""
    known_until: int | None = None
    predicted_until: int = LAST_YEAR
    sources: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.name, self.zone, self.week, *sorted(self.closed), *sorted(self.special)))

    def hours(self, day: int) -> Hours:
        """The open intervals of one date."""
        if day in self.special:
            return self.special[day][0]
        return () if day in self.closed else self.week[weekday(day)]

    def collisions(self) -> Iterator[int]:
        """Dates whose hours run into each other or into those of the next day."""
        for day in self._days_to_compare():
            following = ((begin + DAY, end + DAY) for begin, end in self.hours(day + 1))
            hours = sorted((*self.hours(day), *following))
            if any(end > begin for (_, end), (begin, _) in pairwise(hours)):
                yield day

    def _days_to_compare(self) -> list[int]:
        return sorted({near for day in self.special for near in (day - 1, day)})


def week_collides(week: Week) -> bool:
    """Whether hours of a plain week run into each other, or a night into the next morning."""
    flat = sorted((begin + i * DAY, end + i * DAY) for i in range(7) for begin, end in week[i])
    if not flat:
        return False
    flat.append((flat[0][0] + 7 * DAY, flat[0][1] + 7 * DAY))
    return any(end > begin for (_, end), (begin, _) in pairwise(flat))


def content_of(plan: Plan) -> Content:
    """The plan built into a table. ValueUnreadable if it has no open time or an overlap."""
    if not any(plan.week):
        raise ValueUnreadable(f"`{plan.name}` is never open", help="give it hours")
    if week_collides(plan.week) or any(True for _ in plan.collisions()):
        raise ValueUnreadable(f"hours of `{plan.name}` overlap", help="part them")
    dated: dict[int, Hours] = dict.fromkeys(plan.closed, ())
    dated |= {day: hours for day, (hours, _) in plan.special.items()}
    table = Table.built(
        clock_of(plan.zone, FIRST_YEAR, LAST_YEAR),
        plan.week,
        dated,
        first_day=_first_of(FIRST_YEAR),
        last_day=_first_of(LAST_YEAR + 1) - 1,
    )
    almanac = Almanac(
        closed={d: why for d, why in plan.closed.items() if plan.week[weekday(d)]},
        marked={day: why for day, (_, why) in plan.special.items()},
        known_until=plan.known_until,
        predicted_until=min(plan.predicted_until, LAST_YEAR),
        first_year=FIRST_YEAR,
    )
    return Content(plan.name, plan.zone, table, almanac, plan.cut_off, plan.sources)


def _first_of(year: int) -> int:
    return day_number(date(year, 1, 1))
