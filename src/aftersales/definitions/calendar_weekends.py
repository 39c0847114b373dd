"""Which days of the week are the weekend of a place, and since when. Home of holidays."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import holidays

from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR, day_number

Weekends = tuple[tuple[int, frozenset[int]], ...]
"""The last day on which each weekend held, as a day number, and its weekdays: Monday is 0."""

_WEEK = timedelta(days=7)
_EVER = date.max
_FRIDAY, _SATURDAY, _SUNDAY = frozenset({4}), frozenset({5}), frozenset({6})
_FRIDAY_SATURDAY, _SATURDAY_SUNDAY = _FRIDAY | _SATURDAY, _SATURDAY | _SUNDAY
_OURS: dict[str, tuple[tuple[date, frozenset[int]], ...]] = {
    # Where the package knows no weekend and would say Saturday and Sunday, or another one.
    # A wire of the country's press on the days free at Eid: http://afghannews.af/
    "AF": ((_EVER, _FRIDAY),),
    # https://publicholidays.africa/djibouti/
    "DJ": ((_EVER, _FRIDAY),),
    # Saturday is a working day of offices: Unicode CLDR, supplemental weekData, India.
    "IN": ((_EVER, _SUNDAY),),
    # https://www.thenationalnews.com/mena/2021/12/07/when-is-the-weekend-in-the-arab-world
    # and Unicode CLDR, supplemental weekData, Libya.
    "LY": ((_EVER, _FRIDAY_SATURDAY),),
    # Since 1 October 2014:
    # https://www.qppstudio.net/public-holidays-news/2014/mauritania-reverts-to-saturday-sunday-weekends-008111.htm
    "MR": ((date(2014, 9, 30), _FRIDAY_SATURDAY), (_EVER, _SATURDAY_SUNDAY)),
    # Sundays were free from 15 May to 5 June 2022 on trial:
    # https://www.spotlightnepal.com/2022/05/15/nepals-banks-government-offices-and-education-institutions-to-go-two-day-weekly-off-from-today/
    # https://www.fiscalnepal.com/2022/06/06/9235/govt-steps-back-from-two-days-holiday-in-a-week-decision/
    "NP": (
        (date(2022, 5, 14), _SATURDAY),
        (date(2022, 6, 5), _SATURDAY_SUNDAY),
        (_EVER, _SATURDAY),
    ),
    # Government offices: https://bnews.ps/index.php/en/node/12845
    "PS": ((_EVER, _FRIDAY_SATURDAY),),
    # https://www.trtafrika.com/english/article/e22b16537522/amp
    "SO": ((_EVER, _FRIDAY),),
}


@lru_cache(maxsize=128)
def weekends_of(
    country: str,
    subdivision: str | None = None,
    first_year: int = FIRST_YEAR,
    last_year: int = LAST_YEAR,
) -> Weekends:
    """The weekends of these years in order of time; the last one holds until the end of them.

    From `holidays`, which knows when a weekend moved, save for a few countries it does not know.
    The place is one that `holidays_of` has read: it refuses those that are not known.
    """
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    held = _ours(country, first, last) or _theirs(country, subdivision, first, last)
    return tuple((day_number(until), weekend) for until, weekend in held)


def _ours(country: str, first: date, last: date) -> list[tuple[date, frozenset[int]]]:
    told = [(min(until, last), days) for until, days in _OURS.get(country, ()) if until >= first]
    return [*told[:1], *(after for before, after in pairwise(told) if before[0] < last)]


def _theirs(
    country: str, subdivision: str | None, first: date, last: date
) -> list[tuple[date, frozenset[int]]]:
    # Without years: no holidays are computed, for the weekend does not rest on them.
    place = holidays.country_holidays(country, subdiv=subdivision, years=(), expand=False)

    def weekend(day: date) -> frozenset[int]:
        week = (day + timedelta(days=i) for i in range(7))
        return frozenset(each.weekday() for each in week if place.is_weekend(each))

    held = []
    for before, after in pairwise(_looked_at(first, last)):
        if weekend(after) != weekend(before):
            end = before
            while weekend(end + _WEEK) == weekend(before):
                end += _WEEK
            held.append((_last_of(end, weekend(before), weekend(after), place), weekend(before)))
    return [*held, (last, weekend(last))]


def _looked_at(first: date, last: date) -> Iterator[date]:
    """The days at which the weekend is compared: once in a year, for it moves seldom."""
    yield from (date(year, 6, 1) for year in range(first.year, last.year + 1))
    yield last


def _last_of(
    end: date, old: frozenset[int], new: frozenset[int], place: holidays.HolidayBase
) -> date:
    """The last day of the old weekend: of those that tell no difference, the end of a month."""
    days = [end + timedelta(days=i) for i in range(14)]
    is_free = [place.is_weekend(day) for day in days]
    fits = [
        day
        for i, day in enumerate(days[:-1])
        if all(is_free[k] == (days[k].weekday() in (old if k <= i else new)) for k in range(14))
    ]
    return next((day for day in fits if (day + timedelta(days=1)).day == 1), fits[0])
