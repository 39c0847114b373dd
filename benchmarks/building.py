"""Building calendars from `holidays` with nothing kept from before."""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from aftersales.definitions.calendar_holidays import holidays_of
from aftersales.domain.calendar import HOUR, Calendar, Plan
from aftersales.domain.calendar.clock import clock_of

YEARS = range(2017, 2027)
_NINE_TO_FIVE = ((9 * HOUR, 17 * HOUR),)
_WEEK = (_NINE_TO_FIVE,) * 5 + ((),) * 2


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a part of one, and its zone."""

    country: str
    zone: str
    subdivision: str | None = None


UNITED_STATES = Place("US", "America/New_York")
DESKS = (
    UNITED_STATES,
    Place("GB", "Europe/London", "ENG"),
    Place("DE", "Europe/Berlin"),
    Place("CN", "Asia/Shanghai"),
    Place("SA", "Asia/Riyadh"),
    Place("MY", "Asia/Kuala_Lumpur", "KDH"),
)

Listed = list[tuple[date, str]]


def listed(place: Place) -> Listed:
    """The holidays of the years in order: what any user of `holidays` pays for them."""
    found = holidays.country_holidays(place.country, subdiv=place.subdivision, years=YEARS)
    return sorted(found.items())


def built_fresh(place: Place) -> Calendar:
    """The whole calendar with its digest; the caches of holidays and zones are emptied first."""
    holidays_of.cache_clear()
    clock_of.cache_clear()
    first, last = YEARS[0], YEARS[-1]
    found = holidays_of(place.country, place.subdivision, first_year=first, last_year=last)
    plan = Plan(
        name="built",
        zone=place.zone,
        week=_WEEK,
        closed=dict(found.closed),
        known_until=last,
        first_year=first,
        last_year=last,
    )
    return Calendar.built(plan)


def agrees(calendar: Calendar, found: Listed) -> bool:
    """Whether just those weekdays are closed that `holidays` lists."""
    free = {day for day, _ in found}
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return all(
        (calendar.business_day(day, 0) == day) == (day.weekday() < 5 and day not in free)
        for day in days
    )
