"""Four threads asking at once get the same answers, from a calendar and while it is first built."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from types import ModuleType
from typing import TypeVar

import pytest

from aftersales.definitions import text
from aftersales.definitions.calendars import read_calendars
from aftersales.definitions.notes import Notes
from aftersales.domain.calendar import Calendar, parse_instant
from aftersales.domain.duration import Duration

THREADS = 4
TRIALS = 300
BUILDS = TRIALS if os.environ.get("HYPOTHESIS_PROFILE") == "full" else 40  # `make laws`: all
PLACES = {
    "AE": "Asia/Dubai",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "HU": "Europe/Budapest",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "NZ": "Pacific/Auckland",
    "SA": "Asia/Riyadh",
    "TW": "Asia/Taipei",
    "US": "America/New_York",
}
DURATIONS = ("45 minutes", "3 business hours", "1 business day", "20 business days", "30 days")
STARTS = tuple(
    parse_instant(at, "UTC")
    for at in ("2026-02-13 07:30", "2026-03-28 23:00", "2026-09-30 09:00", "2026-12-24 16:59")
)
Answers = tuple[str, ...]
T = TypeVar("T")


def read(country: str) -> Calendar:
    """A calendar by the way that authors take."""
    written = (
        f"aftersales: calendars/1\ncalendars:\n  c: {{zone: {PLACES[country]}, "
        f"hours: {{mon-fri: 09:00-17:00}}, holidays: {country}, known_until: 2026}}\n"
    )
    node, _ = text.read(written, "calendars.yaml")
    notes = Notes()
    assert isinstance(node, text.Mapping)
    found = read_calendars(node, notes)
    assert "c" in found, notes.problems
    return found["c"]


def answers(calendar: Calendar) -> Answers:
    """What is asked of a calendar in one go, in words that show any difference."""
    said = [calendar.digest]
    for start in STARTS:
        for duration in DURATIONS:
            due = calendar.due(start, Duration.parse(duration))
            said.append(f"{due.at} {due.business_date} {sorted(due.why.items(), key=str)}")
        said.append(f"{calendar.is_open(start)} {calendar.elapsed_open_seconds(STARTS[0], start)}")
    return tuple(said)


def read_and_ask(country: str) -> Answers:
    """The answers of a calendar that is read for them."""
    return answers(read(country))


def caches() -> Iterator[Callable[[], None]]:
    """The means to empty every cache on the way from a file to an answer."""
    ours = ("aftersales.definitions", "aftersales.domain.calendar")
    modules: list[ModuleType] = [m for name, m in sys.modules.items() if name.startswith(ours)]
    for module in modules:
        for thing in vars(module).values():
            clear = getattr(thing, "cache_clear", None)
            if clear is not None:
                yield clear


def together(pool: ThreadPoolExecutor, do: Callable[[], T]) -> list[T]:
    """What each thread gets that does it at the same time as the others."""
    barrier = Barrier(THREADS)

    def started() -> T:
        barrier.wait(timeout=30)
        return do()

    return [asked.result() for asked in [pool.submit(started) for _ in range(THREADS)]]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that change places a hundred times as often as they would."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-5)
    with ThreadPoolExecutor(THREADS) as threads:
        yield threads
    sys.setswitchinterval(usual)


@pytest.fixture(scope="module")
def expected() -> dict[str, Answers]:
    return {country: answers(read(country)) for country in PLACES}


def test_caches_are_found_to_be_emptied() -> None:
    assert len(list(caches())) >= 4


def test_threads_that_build_a_calendar_for_the_first_time_get_the_same_answers(
    pool: ThreadPoolExecutor, expected: dict[str, Answers]
) -> None:
    countries = list(PLACES)
    for trial in range(BUILDS):
        country = countries[trial % len(countries)]
        for clear in caches():
            clear()
        got = together(pool, partial(read_and_ask, country))
        assert got == [expected[country]] * THREADS, f"{country} in trial {trial}"


def test_threads_that_ask_one_calendar_get_the_same_answers(
    pool: ThreadPoolExecutor, expected: dict[str, Answers]
) -> None:
    calendars = {country: read(country) for country in PLACES}
    for trial in range(TRIALS):
        country = list(PLACES)[trial % len(PLACES)]
        got = together(pool, partial(answers, calendars[country]))
        assert got == [expected[country]] * THREADS, f"{country} in trial {trial}"
