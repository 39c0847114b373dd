"""The days behind `calendar`: the account told day by day is the one that the engine keeps."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.authoring.days import days_of, usual_hours, week_in_words
from aftersales.authoring.reckoning import Reckoned, reckoned, reckoned_between
from aftersales.cli.calendar import drawing
from aftersales.cli.calendar.drawing import Sheet
from aftersales.cli.calendar.telling import MOST_ROWS, rows
from aftersales.definitions import Catalog
from aftersales.domain.calendar import HOUR, Calendar, Plan, Week, day_number
from aftersales.domain.duration import Duration

DAILY = ((9 * HOUR, 17 * HOUR),)
NIGHT = ((22 * HOUR, 30 * HOUR),)
OFFICE: Week = (DAILY, DAILY, DAILY, DAILY, DAILY, (), ())
NIGHTLY: Week = (NIGHT, NIGHT, NIGHT, NIGHT, NIGHT, (), ())


def _days(first: date, *numbers: int) -> list[int]:
    return [day_number(first) + number for number in numbers]


FROZEN = Calendar.built(
    Plan(
        name="frozen",
        zone="Europe/Berlin",
        week=OFFICE,
        frozen=dict.fromkeys(_days(date(2026, 10, 22), 0, 1, 2, 3, 4), "the festival"),
        closed=dict.fromkeys(_days(date(2026, 10, 28), 0), "stocktaking"),
        special=dict.fromkeys(_days(date(2026, 10, 30), 0), (((9 * HOUR, 12 * HOUR),), "half day"))
        | dict.fromkeys(_days(date(2026, 10, 31), 0), (DAILY, "the sale")),
        cut_off=15 * HOUR,
    )
)
NIGHTS = Calendar.built(
    Plan(name="nights", zone="America/New_York", week=NIGHTLY, known_until=None)
)


@cache
def calendars() -> tuple[Calendar, ...]:
    return (FROZEN, NIGHTS, *Catalog.load().calendars.values())


INSTANTS = st.integers(0, 60 * 24 * 700).map(
    lambda minutes: datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DURATIONS = st.builds(
    lambda number, unit: Duration.parse(f"{number} {unit}"),
    st.integers(0, 40),
    st.sampled_from(["business days", "business hours", "days", "hours", "minutes"]),
)
PAUSES = st.lists(st.integers(0, 60 * 24 * 20), max_size=4).map(sorted)


def _pauses(start: datetime, minutes: list[int]) -> list[tuple[datetime, datetime]]:
    at = [start + timedelta(minutes=one) for one in minutes]
    return list(zip(at[::2], at[1::2], strict=False))


def _numbered(told: tuple[Reckoned, ...]) -> list[str]:
    return [one.day.date.isoformat() for one in told if one.number is not None]


@settings(max_examples=300)
@given(st.integers(0, 100), INSTANTS, DURATIONS, PAUSES)
def test_the_days_told_are_those_that_the_engine_counted(
    which: int, start: datetime, duration: Duration, minutes: list[int]
) -> None:
    calendar = calendars()[which % len(calendars())]
    pauses = _pauses(start, minutes)
    due = calendar.due(start, duration, pauses=pauses)
    told = reckoned(calendar, due, duration, pauses=pauses)
    assert told[-1].day.date == due.business_date or not duration.unit.is_business
    if str(duration.unit) == "business days" and duration.amount:
        counted = due.why["counted"]
        assert _numbered(told) == counted[: duration.amount]
        skipped = [one.day.date.isoformat() for one in told if not one.day.opens]
        assert skipped == [day for day, _ in due.why["skipped"]]
        assert [one.number for one in told if one.number] == list(range(1, duration.amount + 1))
    if str(duration.unit) == "business hours":
        used = [[o.day.date.isoformat(), o.used_seconds] for o in told if o.used_seconds]
        assert used == due.why["used"]
    if str(duration.unit) == "days":
        assert len(_numbered(told)) == duration.amount
    if str(duration.unit) in ("hours", "minutes"):
        span = {"hours": 3600, "minutes": 60}[str(duration.unit)] * duration.amount
        assert sum(one.used_seconds or 0 for one in told) == span


@settings(max_examples=200)
@given(st.integers(0, 100), INSTANTS, INSTANTS)
def test_what_lies_between_is_the_sum_of_its_days(
    which: int, one: datetime, other: datetime
) -> None:
    calendar = calendars()[which % len(calendars())]
    start, end = sorted((one, other))
    told = reckoned_between(calendar, start, end)
    seconds = calendar.elapsed_open_seconds(start, end)
    days = calendar.business_date(start), calendar.business_date(end)
    assert sum(each.used_seconds or 0 for each in told) == seconds
    assert len(_numbered(told)) == calendar.business_days_between(*days)
    assert len(rows(told)) <= MOST_ROWS + 1


@given(st.integers(0, 100), st.integers(1, 12), st.integers(2015, 2036))
def test_the_open_time_of_a_month_is_the_sum_of_its_days(which: int, month: int, year: int) -> None:
    calendar = calendars()[which % len(calendars())]
    days = days_of(calendar, date(year, month, 1), date(year, month, 28))
    assert all(bool(day.closed) is not bool(day.opens) for day in days)
    for day in days:
        told = sum(int((end - begin).total_seconds()) for begin, end in day.opens)
        assert told == day.open_seconds
        assert all(calendar.is_open(begin) for begin, _ in day.opens)


def _october() -> Sheet:
    days = days_of(FROZEN, date(2026, 10, 1), date(2026, 10, 31))
    return Sheet.of(days, usual_hours(days), date(2026, 10, 20))


def test_each_sort_of_day_has_its_mark() -> None:
    sheet = _october()
    marks = {day.date.day: sheet.marks(day) for day in sheet.days if sheet.marks(day)}
    frozen = dict.fromkeys((22, 23, 24, 26), "#")
    assert marks == {**frozen, 25: "#^", 28: "*", 30: "~", 31: "+"}
    told = [(marks, dates, words) for marks, dates, words in drawing.remarks(sheet)]
    assert told == [
        ("#", "Thu 22 Oct to Sat 24 Oct", "frozen: the festival"),
        (
            "#^",
            "Sun 25 Oct",
            "frozen: the festival; the clocks go back from 03:00 to 02:00",
        ),
        ("#", "Mon 26 Oct", "frozen: the festival"),
        ("*", "Wed 28 Oct", "stocktaking"),
        ("~", "Fri 30 Oct", "half day: 09:00-12:00"),
        ("+", "Sat 31 Oct", "the sale: 09:00-17:00"),
    ]


def test_a_month_begins_on_its_weekday_and_marks_today() -> None:
    head, *weeks = ["".join(text for text, _ in line) for line in drawing.month(_october())]
    assert head.split() == list(drawing.WEEKDAYS)
    assert weeks[0].index("1") == weeks[1].index("8")
    assert head.index("Thu") <= weeks[0].index("1") < head.index("Fri")
    assert ">20" in weeks[3]
    numbers = "".join(weeks).translate(str.maketrans("()#^*~+>", "        ")).split()
    assert numbers == [str(number) for number in range(1, 32)]


def test_a_year_has_the_same_marks_in_its_small_months() -> None:
    days = days_of(FROZEN, date(2026, 1, 1), date(2026, 12, 31))
    lines = drawing.year(Sheet.of(days, usual_hours(days), None))
    text = "\n".join("".join(part for part, _ in line) for line in lines)
    assert all(mark in text for mark in ("22#", "28*", "30~", "31+"))
    assert [name for name in drawing.MONTHS if name in text] == list(drawing.MONTHS)
    assert max(len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize(
    ("usual", "words"),
    [
        (["9-17"] * 5 + ["", ""], "Mon-Fri 9-17"),
        (["9-17"] * 4 + ["", "", "9-17"], "Sun-Thu 9-17"),
        (["9-17"] * 7, "Mon-Sun 9-17"),
        (["9-17"] * 4 + ["9-15", "", ""], "Mon-Thu 9-17, Fri 9-15"),
        (["", "9-17", "", "9-17", "9-17", "", ""], "Tue 9-17, Thu-Fri 9-17"),
    ],
)
def test_a_week_in_words_begins_where_people_begin_it(usual: list[str], words: str) -> None:
    assert week_in_words(usual) == words


def test_a_frozen_day_is_neither_open_time_nor_a_date_that_counts() -> None:
    start = datetime(2026, 10, 21, 8, 0, tzinfo=UTC)
    for text, last in [("2 days", 28), ("30 hours", 27), ("3 business days", 30)]:
        duration = Duration.parse(text)
        due = FROZEN.due(start, duration)
        told = reckoned(FROZEN, due, duration)
        assert told[-1].day.date == date(2026, 10, last), text
        festival = [one for one in told if one.day.frozen]
        assert len(festival) == 5
        assert all(one.number is None and not one.used_seconds for one in festival)
        assert {one.why for one in festival} == {("frozen: the festival",)}, text
