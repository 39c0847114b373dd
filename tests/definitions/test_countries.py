"""Every country is built, and what was checked by hand agrees: weekends, make-up days, horizons."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import holidays
import pytest
import yaml

from aftersales.definitions.calendar_holidays import holidays_of
from aftersales.definitions.calendar_weekends import weekends_of
from aftersales.domain.calendar import (
    HOUR,
    LAST_YEAR,
    Calendar,
    Hours,
    Plan,
    Week,
    date_of,
    day_number,
    parse_instant,
)
from aftersales.domain.duration import Duration

FIRST, LAST = 2015, 2035
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
IS_FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"  # `make laws`: every country
NEEDS_A_PART = {"GB": "ENG"}
NEEDS_CATEGORIES = {"HK": ("public", "optional")}
COUNTRIES = sorted(holidays.list_supported_countries(include_aliases=False))
QUICK = ("AE", "CN", "DE", "GB", "HK", "HU", "IN", "LY", "MY", "NP", "RU", "SA", "TW", "US", "VN")
OFFICE: Hours = ((9 * HOUR, 17 * HOUR),)
ASKED = parse_instant("2026-02-12 10:00", "UTC")


@dataclass(frozen=True)
class Checked:
    """One line of the list: a place and what was read about it."""

    name: str
    weekends: Mapping[str, str]
    sources: tuple[str, ...]
    make_up_days: Mapping[str, list[str]] = field(default_factory=dict)
    closed: Mapping[str, list[str]] = field(default_factory=dict)
    ours: Mapping[str, list[str]] = field(default_factory=dict)
    published: Mapping[str, str] = field(default_factory=dict)
    estimated_from: int | None = None
    note: str = ""

    @property
    def place(self) -> tuple[str, str | None]:
        country, _, part = self.name.partition("-")
        return country, part or None


def _read() -> Iterator[Checked]:
    file = Path(__file__).with_name("countries.yaml")
    listed = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)
    assert listed["read_on"] == "2026-11-22"
    for name, line in listed["places"].items():
        known: dict[str, Any] = {**line, "name": name}
        first = known.get("estimated_from")
        known["estimated_from"] = None if first is None else int(first)
        known["sources"] = (known.pop("source"), *known.pop("sources", {}).values())
        yield Checked(**known)


CHECKED = list(_read())


def week_without(free: frozenset[int]) -> Week:
    mon, tue, wed, thu, fri, sat, sun = (() if day in free else OFFICE for day in range(7))
    return mon, tue, wed, thu, fri, sat, sun


def calendar_of(country: str, part: str | None) -> Calendar:
    """The calendar of a place as its desks work: nine to five on what is no weekend."""
    known = holidays_of(country, part, NEEDS_CATEGORIES.get(country, ()))
    spans = weekends_of(country, part, FIRST, LAST_YEAR)
    week = week_without(spans[-1][1])
    plan = Plan(
        name=country,
        zone="UTC",
        week=week,
        earlier_weeks=tuple((last, week_without(free)) for last, free in spans[:-1]),
        closed=dict(known.closed),
        special=dict.fromkeys(known.make_up_days, (OFFICE, "worked")),
    )
    return Calendar.built(plan)


def weekend_on(checked: Checked, day: date) -> set[str]:
    """The free weekdays that a calendar goes by on a date."""
    spans = weekends_of(*checked.place, FIRST, LAST)
    number = day_number(day)
    free = next((free for last, free in spans if number <= last), spans[-1][1])
    return {WEEKDAYS[weekday] for weekday in free}


def dates(days: Mapping[str, list[str]]) -> Iterator[tuple[int, set[date]]]:
    for year, written in days.items():
        yield int(year), {date.fromisoformat(f"{year}-{day}") for day in written}


each = pytest.mark.parametrize("checked", CHECKED, ids=lambda checked: checked.name)


@pytest.mark.parametrize("country", COUNTRIES if IS_FULL else QUICK)
def test_a_country_is_built_and_answers(country: str) -> None:
    calendar = calendar_of(country, NEEDS_A_PART.get(country))
    due = calendar.due(ASKED, Duration.parse("10 business days"))
    assert due.business_date > date(2026, 2, 22)
    assert calendar.business_days_between(date(2026, 2, 12), due.business_date) == 10
    for year in (FIRST, LAST):
        worked = calendar.business_days_between(date(year, 1, 1), date(year, 12, 31))
        assert 220 <= worked <= 312, f"{country} works {worked} days in {year}"


def test_the_countries_are_those_of_the_package() -> None:
    assert len(COUNTRIES) >= 250
    assert set(QUICK) < set(COUNTRIES)


def test_each_line_says_where_it_was_read() -> None:
    assert len(CHECKED) >= 40
    for checked in CHECKED:
        assert all(source.startswith("http") for source in checked.sources), checked.name
        assert set(checked.ours) <= set(checked.make_up_days)
        differs = bool(checked.ours)
        assert checked.note or not differs, f"{checked.name} differs without a reason"


@each
def test_the_weekend_is_the_one_that_was_read(checked: Checked) -> None:
    free = ""
    for year in range(FIRST, LAST + 1):
        free = checked.weekends.get(str(year), free)
        for day in (date(year, 1, 1), date(year, 12, 31)):
            expected = set(free.split())
            assert weekend_on(checked, day) == expected, f"{checked.name} on {day}"


@each
def test_no_line_disagrees_about_make_up_days_and_days_off(checked: Checked) -> None:
    known = holidays_of(*checked.place)
    worked = {date_of(day) for day in known.make_up_days}
    closed = {date_of(day) for day, _ in known.closed}
    for year, expected in dates({**checked.make_up_days, **checked.ours}):
        assert {day for day in worked if day.year == year} == expected
    for _, expected in dates(checked.closed):
        assert expected <= closed


@each
def test_make_up_days_are_worked_and_days_off_are_not(checked: Checked) -> None:
    calendar = calendar_of(*checked.place)
    for _, expected in dates({**checked.make_up_days, **checked.ours}):
        assert all(calendar.business_day(day, 0) == day for day in expected)
    for _, expected in dates(checked.closed):
        assert all(calendar.business_day(day, 0) > day for day in expected)


@each
def test_a_year_counts_as_published_as_it_should(checked: Checked) -> None:
    country, part = checked.place
    known = holidays_of(country, part)
    for year, answer in checked.published.items():
        assert known.is_published(int(year), country) is (answer == "yes")
    certain = {year for year in range(FIRST, LAST + 1) if known.is_published(year, country)}
    if checked.estimated_from is not None:
        assert max(certain, default=FIRST - 1) + 1 == checked.estimated_from
    elif not checked.published:
        assert certain == set(range(FIRST, LAST + 1))
