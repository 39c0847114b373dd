"""Public holidays of countries, read whole and then frozen. Home of holidays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from holidays import version
from holidays.registry import COUNTRIES

from aftersales.domain.calendar import FIRST_YEAR, LAST_YEAR, date_of, day_number
from aftersales.domain.conditions import did_you_mean, ticked
from aftersales.domain.errors import ValueUnreadable

OPEN_CATEGORIES = ("half_day", "workday")
"""Days that these categories of the package list are not closed."""
_NEEDS_SUBDIVISION = {
    # Without one only the days common to all parts count: Easter Monday is not among them.
    "GB": "`subdivision: ENG` for England and Wales, or `SCT`, `NIR`",
    "UK": "`subdivision: ENG` for England and Wales, or `SCT`, `NIR`",
}
_NEEDS_CATEGORIES = {
    # General holidays by law that the package lists as optional: Good Friday is one of them.
    "HK": "`{country: HK, categories: [public, optional]}`",
}
_PARTS_OF_GB = (
    dict.fromkeys(("EN", "ENG", "ENGLAND"), "ENG")
    | dict.fromkeys(("WLS", "WALES"), "WLS")
    | dict.fromkeys(("SCT", "SCOTLAND"), "SCT")
    | dict.fromkeys(("NIR", "NORTHERN IRELAND"), "NIR")
)
_PUBLISHED_WITH_MAKE_UP_DAYS = ("CN",)
_LAST_YEARS = {
    # Its Hindu holidays are listed from 2001 to 2035; the package warns of later years.
    "IN": 2035,
}


@dataclass(frozen=True, slots=True)
class Holidays:
    """The closed days of one place with their names, and the weekend days that are worked."""

    closed: tuple[tuple[int, str], ...]
    make_up_days: tuple[int, ...]
    last_year: int
    source: str
    estimated_years: frozenset[int] = frozenset()
    """Years of which the package says that it only estimates some days."""

    def is_published(self, year: int, country: str) -> bool:
        """Whether the year can be known: not estimated; China's only with its make-up days."""
        if country in _PUBLISHED_WITH_MAKE_UP_DAYS:
            return any(date_of(day).year == year for day in self.make_up_days)
        return year <= self.last_year and year not in self.estimated_years


@lru_cache(maxsize=64)
def holidays_of(
    country: str,
    subdivision: str | None = None,
    categories: tuple[str, ...] = (),
    first_year: int = FIRST_YEAR,
    last_year: int = LAST_YEAR,
) -> Holidays:
    """All holidays of these years. ValueUnreadable if there is no such place or category."""
    _check_place(country, subdivision)
    entity = getattr(holidays, country)
    _check_categories(country, categories, entity.supported_categories)
    # The names would follow the locale of the process unless a language is given.
    languages = entity.supported_languages
    last_year = min(last_year, entity.end_year, _LAST_YEARS.get(country, last_year))
    language = "en_US" if "en_US" in languages else entity.default_language
    read = holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=range(max(first_year, entity.start_year), last_year + 1),
        expand=False,
        language=language,
        categories=categories or None,
    )
    worked: set[date] = getattr(read, "weekend_workdays", set())
    in_range = [day for day in worked if first_year <= day.year <= last_year]
    where = country if subdivision is None else f"{country}-{subdivision}"
    is_estimated = _estimates(getattr(entity, "estimated_label", None)).search
    return Holidays(
        closed=tuple(sorted((day_number(day), name) for day, name in read.items())),
        make_up_days=tuple(sorted(map(day_number, in_range))),
        last_year=last_year,
        source=f"holidays {version.__version__}, {where}",
        estimated_years=frozenset(day.year for day, name in read.items() if is_estimated(name)),
    )


def _estimates(label: str | None) -> re.Pattern[str]:
    """Finds the mark of an estimated day in a name, in English or in the country's language."""
    own = re.sub(r"%s|[\s()（）]", "", label or "")
    return re.compile("|".join(["estimated", *([re.escape(own)] if own else [])]))


@lru_cache(maxsize=1)
def _places() -> dict[str, list[str]]:
    known = holidays.list_supported_countries(include_aliases=True)
    return {country: parts for country, parts in known.items() if len(country) == 2}


def _check_place(country: str, subdivision: str | None) -> None:
    places = _places()
    if country not in places:
        help = _country_help(country, places)
        raise ValueUnreadable(f"no holidays are known of a country `{country}`", help=help)
    if subdivision is None:
        if country in _NEEDS_SUBDIVISION:
            message = f"the holidays of `{country}` differ by subdivision"
            raise ValueUnreadable(message, help=f"add {_NEEDS_SUBDIVISION[country]}")
        return
    # Also by its name, or by other letters: `KDH` and `Kedah` are the package's `02`.
    named = getattr(holidays, country).subdivisions_aliases
    if subdivision not in places[country] and subdivision not in named:
        known = [*places[country], *named]
        help = did_you_mean(subdivision, known) or f"known are {ticked(known)}"
        if not known:
            help = f"remove it: `{country}` has none"
        raise ValueUnreadable(f"`{subdivision}` is not a subdivision of `{country}`", help=help)


def _country_help(written: str, places: Mapping[str, Sequence[str]]) -> str:
    """What to write instead: a country by its name or its part, else a near one."""
    word = written.strip().upper()
    country, dash, part = word.partition("-")
    if dash and country in places and part in places[country]:
        return f"write `{{country: {country}, subdivision: {part}}}`"
    if word in _PARTS_OF_GB:
        return f"write `{{country: GB, subdivision: {_PARTS_OF_GB[word]}}}`"
    named = _by_name().get(word.replace(" ", "_"))
    if named in places:
        return f"write `{named}`"
    near = did_you_mean(word, places) if len(word) == 2 else ""
    return near or "two capital letters, such as `US` or `DE`"


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """The two letters of each country by its English name and by its three letters."""
    found: dict[str, str] = {}
    for name, (_, *codes) in COUNTRIES.items():
        found |= dict.fromkeys((name.upper(), *codes[1:]), codes[0])
    return found


def _check_categories(country: str, asked: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not asked and country in _NEEDS_CATEGORIES:
        message = f"the public holidays of `{country}` alone lack Good Friday, among others"
        raise ValueUnreadable(message, help=f"say which count: {_NEEDS_CATEGORIES[country]}")
    closing = [name for name in known if name not in OPEN_CATEGORIES]
    for name in asked:
        if name in OPEN_CATEGORIES:
            message = f"days of the category `{name}` are not closed"
            raise ValueUnreadable(message, help="give such days their hours in `special_days`")
        if name not in closing:
            help = did_you_mean(name, closing) or f"known are {ticked(closing)}"
            raise ValueUnreadable(f"`{country}` has no holidays of a category `{name}`", help=help)
