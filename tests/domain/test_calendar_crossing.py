"""Nothing beside the calendar and the instant changes an answer: no copy, process or locale."""

import copy
import hashlib
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
import pytest

from aftersales.definitions import load_calendars
from aftersales.domain.calendar import HOUR, Calendar, DueDate, DueKind, Plan, day_number
from aftersales.domain.duration import Duration
from aftersales.domain.errors import ValueUnreadable

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "policies" / "calendars.yaml"
DURATIONS = [
    Duration.parse(text)
    for text in ("9 business hours", "3 business days", "10 days", "30 hours", "90 minutes")
]
KINDS: list[DueKind | None] = [None, "close", "midnight", "same_time"]
FIRST = datetime(2026, 1, 3, 4, 5, 6, tzinfo=UTC)
STARTS = [FIRST + timedelta(hours=step) for step in range(0, 9000, 613)]
HOURS = ((9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))


@cache
def shipped() -> Mapping[str, Calendar]:
    return load_calendars(SHIPPED)


@cache
def odd() -> Calendar:
    """A calendar of every kind of day, in a zone with clock changes."""
    return Calendar.built(
        Plan(
            name="odd",
            zone="Europe/Berlin",
            week=(HOURS, HOURS, HOURS, HOURS, HOURS, (), ((22 * HOUR, 28 * HOUR),)),
            closed={day_number(date(2026, 5, 1)): "Tag der Arbeit"},
            special={day_number(date(2026, 5, 2)): (HOURS, "make-up day")},
            frozen=dict.fromkeys(range(20500, 20510), "Frühlingsfest"),
            cut_off=14 * HOUR,
            known_until=2026,
        )
    )


def joint() -> Calendar:
    return Calendar.joint("both", [odd(), shipped()["desk_cn"]])


def answers(calendar: Calendar) -> list[Any]:
    """Some three hundred answers with their reasons, as plain data."""
    told: list[Any] = [calendar.digest]
    for number, start in enumerate(STARTS):
        pause = (start + timedelta(hours=2), start + timedelta(hours=31))
        kind = KINDS[number % len(KINDS)]
        for duration in DURATIONS:
            for pauses in ((), (pause,)):
                due = calendar.due(start, duration, due_at=kind, pauses=pauses)
                told.append([due.at.isoformat(), due.business_date.isoformat(), dict(due.why)])
            told.append(calendar.back(start, duration).isoformat())
            told.append(calendar.part(start, duration, 70).at.isoformat())
        told.append(calendar.describe_until(FIRST, start))
        told.append(calendar.elapsed_open_seconds(FIRST, start))
    return told


def digest_of(calendars: Mapping[str, Calendar]) -> str:
    """One text for all answers of these calendars."""
    told = json.dumps({name: answers(calendars[name]) for name in sorted(calendars)})
    return hashlib.sha256(told.encode()).hexdigest()


def all_told() -> str:
    """One text for all answers of the shipped calendars and of an odd one."""
    return digest_of({**shipped(), "odd": odd(), "both": joint()})


COPIES: list[Callable[[Calendar], Calendar]] = [
    copy.copy,
    copy.deepcopy,
    lambda calendar: pickle.loads(pickle.dumps(calendar)),
    lambda calendar: Calendar.from_canonical(json.loads(json.dumps(calendar.to_canonical()))),
]


@pytest.mark.parametrize("again", COPIES, ids=["copy", "deepcopy", "pickle", "canonical"])
@pytest.mark.parametrize(
    "of", [odd, joint, lambda: shipped()["desk_cn"]], ids=["odd", "both", "cn"]
)
def test_a_copied_calendar_gives_the_same_answers(
    of: Callable[[], Calendar], again: Callable[[Calendar], Calendar]
) -> None:
    calendar = of()
    copied = again(calendar)
    assert copied == calendar
    assert hash(copied) == hash(calendar)
    assert answers(copied) == answers(calendar)


def test_a_calendar_that_is_sent_to_another_process_gives_the_same_answers_there() -> None:
    calendars = [odd(), joint(), shipped()["desk_cn"]]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(answers, calendars) == [answers(calendar) for calendar in calendars]


SURROUNDINGS = [
    {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
    {"TZ": "America/Havana", "PYTHONHASHSEED": "99", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr:zh"},
    {"TZ": ":/nowhere", "PYTHONHASHSEED": "0", "LC_ALL": "C", "LANGUAGE": "", "PYTHONUTF8": "0"},
]
TELL = """
import contextlib, locale
with contextlib.suppress(locale.Error):
    locale.setlocale(locale.LC_ALL, "")
from tests.domain.test_calendar_crossing import all_told
print(all_told())
"""


def test_no_zone_locale_or_hash_seed_of_the_process_changes_an_answer_or_a_digest() -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TELL],
            cwd=ROOT,
            env={**os.environ, **surroundings},
            stdout=subprocess.PIPE,
            text=True,
        )
        for surroundings in SURROUNDINGS
    ]
    here = all_told()
    assert [process.communicate()[0].strip() for process in running] == [here] * len(SURROUNDINGS)


def test_a_due_date_and_its_run_can_be_pickled_and_are_resumed_as_before() -> None:
    for start in STARTS:
        for duration in DURATIONS:
            due = odd().due(start, duration)
            sent: DueDate = pickle.loads(pickle.dumps(due))
            assert sent == due
            assert odd().resumed(sent.run) == odd().resumed(due.run) == due
            assert json.loads(json.dumps(due.why)) == due.why


BERLIN = ZoneInfo("Europe/Berlin")
REPEATED = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize("at", REPEATED, ids=["first", "second"])
def test_each_of_two_repeated_hours_is_itself_under_any_spelling(at: datetime) -> None:
    fold = REPEATED.index(at)
    spellings = [
        at.astimezone(BERLIN),
        datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold),
        datetime(2026, 10, 25, 2, 30, tzinfo=pendulum.timezone("Europe/Berlin"), fold=fold),
        pendulum.instance(at),
        pendulum.instance(at).in_timezone("Europe/Berlin"),
        at.astimezone(timezone(timedelta(hours=5, minutes=45))),
        datetime.fromisoformat(at.astimezone(BERLIN).isoformat()),
    ]
    for duration in DURATIONS:
        dues = [odd().due(spelled, duration) for spelled in spellings]
        assert dues == [odd().due(at, duration)] * len(spellings)


def test_what_is_handed_out_is_in_utc_and_of_the_standard_library() -> None:
    """A pickled pendulum instant forgets which of two repeated hours it is."""
    start = pendulum.instance(REPEATED[1]).in_timezone("Europe/Berlin")
    due = odd().due(start, DURATIONS[4])
    handed = [due.at, due.run.start, due.run.planned, odd().back(start, DURATIONS[2])]
    handed += [odd().instant(start, DURATIONS[0]), odd().add_open(start, timedelta(hours=1))]
    for at in handed:
        assert type(at) is datetime
        assert at.tzinfo is UTC
        assert pickle.loads(pickle.dumps(at)) == at
    assert type(due.business_date) is date


NAIVE, AWARE = datetime(2026, 3, 2, 9), FIRST  # noqa: DTZ001
DUE = Duration.parse("2 business days")
DOORS: dict[str, Callable[[], object]] = {
    "due": lambda: odd().due(NAIVE, DUE),
    "due, of days": lambda: odd().due(NAIVE, DURATIONS[2], zone="Asia/Tokyo"),
    "due, a pause": lambda: odd().due(AWARE, DUE, pauses=[(AWARE, NAIVE)]),
    "part": lambda: odd().part(NAIVE, DUE, 50),
    "part, a pause": lambda: odd().part(AWARE, DUE, 50, pauses=[(NAIVE, AWARE)]),
    "instant": lambda: odd().instant(NAIVE, DUE),
    "add_open": lambda: odd().add_open(NAIVE, timedelta(hours=1)),
    "back": lambda: odd().back(NAIVE, DUE),
    "elapsed from": lambda: odd().elapsed_open_seconds(NAIVE, AWARE),
    "elapsed to": lambda: odd().elapsed_open_seconds(AWARE, NAIVE),
    "business_date": lambda: odd().business_date(NAIVE),
    "is_open": lambda: odd().is_open(NAIVE),
    "describe now": lambda: odd().describe_until(NAIVE, AWARE),
    "describe at": lambda: odd().describe_until(AWARE, NAIVE),
    "resumed": lambda: odd().resumed(odd().due(AWARE, DUE).run, [(NAIVE, AWARE)]),
    "taken_over": lambda: odd().taken_over(odd().due(AWARE, DUE).run, before=odd(), at=NAIVE),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_naive_instant_is_refused_at_every_door(door: str) -> None:
    with pytest.raises(ValueUnreadable, match="has no zone"):
        DOORS[door]()
