"""Public holidays of countries, read whole and then frozen. Home of holidays."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import metadata

import holidays

from aftersales.definitions.notes import did_you_mean, ticked
from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR, date_of, day_number
from aftersales.domain.errors import ValueUnreadable

OPEN_CATEGORIES = ("half_day", "workday")
"""Days that these categories of the package list are not closed."""
_NEEDS_SUBDIVISION = {
    # Without one only the days common to all parts count: Easter Monday is not among them.
    "GB": "`subdivision: ENG` for England and Wales, or `SCT`, `NIR`",
}
_PUBLISHED_WITH_MAKE_UP_DAYS = ("CN",)


@dataclass(frozen=True, slots=True)
class Holidays:
    """The closed days of one place with their names, and the weekend days that are worked."""

    closed: tuple[tuple[int, str], ...]
    make_up_days: tuple[int, ...]
    last_year: int
    source: str

    def is_published(self, year: int, country: str) -> bool:
        """Whether the package can know the year; China's only with its make-up days."""
        if country in _PUBLISHED_WITH_MAKE_UP_DAYS:
            return any(date_of(day).year == year for day in self.make_up_days)
        return year <= self.last_year


@lru_cache(maxsize=64)
def holidays_of(
    country: str, subdivision: str | None = None, categories: tuple[str, ...] = ()
) -> Holidays:
    """All holidays of the years of a table. ValueUnreadable if there is no such place."""
    _check_place(country, subdivision)
    entity = getattr(holidays, country)
    _check_categories(country, categories, entity.supported_categories)
    # The names would follow the locale of the process unless a language is given.
    languages = entity.supported_languages
    language = "en_US" if "en_US" in languages else entity.default_language
    read = holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=range(FIRST_YEAR, LAST_YEAR + 1),
        expand=False,
        language=language,
        categories=categories or None,
    )
    worked: set[date] = getattr(read, "weekend_workdays", set())
    in_range = [day for day in worked if FIRST_YEAR <= day.year <= LAST_YEAR]
    where = country if subdivision is None else f"{country}-{subdivision}"
    return Holidays(
        closed=tuple(sorted((day_number(day), name) for day, name in read.items())),
        make_up_days=tuple(sorted(map(day_number, in_range))),
        last_year=min(entity.end_year, LAST_YEAR),
        source=f"holidays {metadata.version('holidays')}, {where}",
    )


@lru_cache(maxsize=1)
def _places() -> dict[str, list[str]]:
    known = holidays.list_supported_countries(include_aliases=True)
    return {country: parts for country, parts in known.items() if len(country) == 2}


def _check_place(country: str, subdivision: str | None) -> None:
    places = _places()
    if country not in places:
        help = did_you_mean(country.upper(), places) or "two capital letters, such as `US` or `DE`"
        raise ValueUnreadable(f"no holidays are known of a country `{country}`", help=help)
    if subdivision is None:
        if country in _NEEDS_SUBDIVISION:
            message = f"the holidays of `{country}` differ by subdivision"
            raise ValueUnreadable(message, help=f"add {_NEEDS_SUBDIVISION[country]}")
    elif subdivision not in places[country]:
        known = places[country]
        help = did_you_mean(subdivision, known) or f"known are {ticked(known)}"
        raise ValueUnreadable(f"`{subdivision}` is not a subdivision of `{country}`", help=help)


def _check_categories(country: str, asked: tuple[str, ...], known: tuple[str, ...]) -> None:
    closing = [name for name in known if name not in OPEN_CATEGORIES]
    for name in asked:
        if name in OPEN_CATEGORIES:
            message = f"days of the category `{name}` are not closed"
            raise ValueUnreadable(message, help="give such days their hours in `special_days`")
        if name not in closing:
            help = did_you_mean(name, closing) or f"known are {ticked(closing)}"
            raise ValueUnreadable(f"`{country}` has no holidays of a category `{name}`", help=help)
