"""Rules of whole days: the same days as dateutil finds, and never a search without an end."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # comes with icalendar
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import vRecur

from aftersales.definitions.calendar_rules import MAX_STEPS, Rule, Steps
from aftersales.domain.errors import ValueUnreadable

FIRST, LAST = date(2024, 1, 1), date(2029, 12, 31)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def ours(
    rule: str, start: date, until: date | None = None, steps: Steps | None = None
) -> list[date]:
    read = Rule.read(vRecur.from_ical(rule), start, until)
    return list(read.days(start, FIRST, LAST, steps or Steps()))


def by_dateutil(rule: str, start: date) -> list[date]:
    first, last = datetime.combine(FIRST, time()), datetime.combine(LAST, time())
    found = rrulestr(rule, dtstart=datetime.combine(start, time())).between(first, last, inc=True)
    return [at.date() for at in found]


def some(least: int, most: int, *, from_the_end: bool = False) -> st.SearchStrategy[str]:
    numbers = st.integers(least, most)
    both = st.one_of(numbers, numbers.map(lambda n: -n)) if from_the_end else numbers
    return st.lists(both, min_size=1, max_size=4, unique=True).map(lambda n: ",".join(map(str, n)))


PLAIN_DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True)
NTH_DAYS = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(WEEKDAYS)),
    min_size=1,
    max_size=3,
    unique=True,
).map(lambda days: [f"{number}{day}" for number, day in days])


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that come within a few years: dateutil searches for others until the year 9999."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency, "INTERVAL": str(draw(st.integers(1, 3)))}
    if draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(WEEKDAYS))
    if draw(st.booleans()):
        parts["COUNT"] = str(draw(st.integers(1, 60)))
    if draw(st.booleans()):
        parts["BYMONTH"] = draw(some(1, 12))
    sort = draw(st.sampled_from(["", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"]))
    if sort == "BYDAY":
        has_order = frequency in ("MONTHLY", "YEARLY") and draw(st.booleans())
        parts["BYDAY"] = ",".join(draw(NTH_DAYS if has_order else PLAIN_DAYS))
        if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
            parts["BYSETPOS"] = draw(some(1, 3, from_the_end=True))
    elif sort == "BYMONTHDAY":
        parts["BYMONTHDAY"] = draw(some(1, 28, from_the_end=True))
    elif frequency == "YEARLY" and sort == "BYYEARDAY":
        parts.pop("BYMONTH", None)
        parts["BYYEARDAY"] = draw(some(1, 365, from_the_end=True))
    elif frequency == "YEARLY" and sort == "BYWEEKNO":
        parts.pop("BYMONTH", None)
        # Not -52, nor -53: of the week that begins in December dateutil forgets these.
        parts["BYWEEKNO"] = draw(some(1, 51, from_the_end=True))
        parts["BYDAY"] = ",".join(draw(PLAIN_DAYS))
    return ";".join(f"{name}={value}" for name, value in parts.items())


@given(rules(), st.dates(date(2019, 1, 1), date(2025, 12, 28)))
@example("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", date(1990, 11, 22))
@example("FREQ=YEARLY", date(2020, 2, 29))
@example("FREQ=YEARLY;BYDAY=20MO", date(1997, 5, 19))
@example("FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU;WKST=SU", date(2020, 1, 1))
@example("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", date(2019, 3, 1))
@example("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", date(2019, 9, 2))
@example("FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=5", date(2019, 1, 31))
@example("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", date(2024, 8, 5))
@example("FREQ=DAILY;INTERVAL=10;COUNT=5", date(2024, 9, 2))
def test_a_rule_gives_the_days_that_dateutil_finds(rule: str, start: date) -> None:
    assert ours(rule, start) == by_dateutil(rule, start)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=YEARLY;BYWEEKNO=20", ["2024-05-14", "2025-05-13", "2026-05-12"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=1MO,SU", ["2024-05-05", "2024-05-06", "2024-05-12"]),
        ("FREQ=YEARLY;BYHOUR=9,10", ["2024-01-02", "2025-01-02", "2026-01-02"]),
    ],
)
def test_where_dateutil_departs_from_the_standard_we_do_not(rule: str, days: list[str]) -> None:
    tuesday = date(2024, 1, 2)
    assert [day.isoformat() for day in ours(f"{rule};COUNT=3", tuesday)] == days


def test_the_day_of_the_end_is_the_last_on_which_a_rule_may_come() -> None:
    start = date(2026, 1, 5)
    assert ours("FREQ=DAILY", start, date(2026, 1, 7)) == [start + timedelta(i) for i in range(3)]
    assert ours("FREQ=DAILY", start, date(2026, 1, 4)) == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=4",
        "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
        "FREQ=YEARLY;BYWEEKNO=30;BYMONTH=1",
    ],
)
def test_a_rule_that_never_comes_is_looked_for_until_the_last_year_only(rule: str) -> None:
    steps = Steps()
    assert ours(rule, date(2024, 1, 1), steps=steps) == []
    assert MAX_STEPS - steps.left < 5_000


def test_a_rule_that_began_long_ago_is_looked_at_from_the_first_year_only() -> None:
    steps = Steps()
    assert len(ours("FREQ=YEARLY", date(1, 3, 1), steps=steps)) == 6
    assert MAX_STEPS - steps.left < 20


def test_more_days_than_anybody_writes_are_refused() -> None:
    with pytest.raises(ValueUnreadable, match="1,000,000 days") as refused:
        ours("FREQ=DAILY;COUNT=900000;BYDAY=MO,TU", date(1, 1, 1))
    assert "fewer years" in refused.value.help


@pytest.mark.parametrize(
    "part",
    [
        "BYMONTH=13",
        "BYMONTH=0",
        "BYMONTHDAY=32",
        "BYYEARDAY=-367",
        "BYWEEKNO=54",
        "BYSETPOS=0",
        "COUNT=0",
        "COUNT=1,2",
        "INTERVAL=-1",
        "RSCALE=HEBREW",
        "BYEASTER=1",
    ],
)
def test_a_rule_with_a_part_that_means_nothing_cannot_be_read(part: str) -> None:
    with pytest.raises(ValueError, match=part.partition("=")[0]):
        Rule.read(vRecur.from_ical(f"FREQ=YEARLY;{part}"), date(2026, 1, 1), None)
