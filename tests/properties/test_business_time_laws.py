"""The laws of business time, over zones with and without clock changes, breaks and nights.

Not laws, and so not here: that adding nothing changes nothing (it finds open time), that days add
up from a closed day with nought of them, and any law of days on instants.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.domain.calendar import HOUR, Calendar, Hours, Plan, Week, day_number, weekday
from aftersales.domain.duration import Duration, Unit

ZONES = (
    "UTC",
    "America/New_York",
    "Australia/Lord_Howe",  # changes by half an hour
    "America/Santiago",  # skips midnight
    "America/Havana",  # repeats midnight
    "Africa/Casablanca",  # changes twice round Ramadan
    "Asia/Kolkata",
)
SHAPES: dict[str, tuple[Hours, tuple[int, ...]]] = {
    "office": (((9 * HOUR, 17 * HOUR),), (0, 1, 2, 3, 4)),
    "lunch": (((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)), (6, 0, 1, 2, 3)),
    "night": (((22 * HOUR, 30 * HOUR),), (0, 1, 2, 3, 4)),
    "early": (((0, 2 * HOUR + HOUR // 2), (3 * HOUR, 6 * HOUR)), (0, 1, 2, 3, 4, 5, 6)),
    "always": (((0, 24 * HOUR),), (0, 1, 2, 3, 4, 5, 6)),
    "Sundays": (((10 * HOUR, 11 * HOUR),), (6,)),
}
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
HOLIDAYS = tuple(day_number(date(2026, 1, 1)) + step for step in range(0, 500, 9))


def week_of(shape: str) -> Week:
    hours, days = SHAPES[shape]
    mon, tue, wed, thu, fri, sat, sun = (hours if i in days else () for i in range(7))
    return (mon, tue, wed, thu, fri, sat, sun)


@cache
def plan(zone: str, shape: str, every: int, cut_off: int | None = None) -> Plan:
    closed = dict.fromkeys(HOLIDAYS[::every], "holiday") if every else {}
    return Plan(
        name=shape, zone=zone, week=week_of(shape), closed=closed, cut_off=cut_off, known_until=2030
    )


built = cache(Calendar.built)

plans = st.builds(
    plan, st.sampled_from(ZONES), st.sampled_from(sorted(SHAPES)), st.sampled_from([0, 1, 2])
)
calendars = plans.map(built)
seconds = st.integers(0, int((UNTIL - FROM).total_seconds()))
instants = seconds.map(lambda after: FROM + timedelta(seconds=after))
# Clock changes are rare among instants: half of all examples are drawn around one.
CHANGES = [datetime(2026, m, d, tzinfo=UTC) for m, d in ((2, 15), (3, 8), (3, 22), (4, 4), (9, 6))]
CHANGES += [datetime(2026, m, d, tzinfo=UTC) for m, d in ((10, 3), (11, 1))]
near_changes = st.builds(
    lambda change, after: change + timedelta(minutes=after),
    st.sampled_from(CHANGES),
    st.integers(-1500, 3000),
)
starts = st.one_of(instants, near_changes)
hours = st.integers(1, 120)
days = st.integers(1, 60)
local_dates = st.integers(0, 500).map(lambda after: date(2026, 1, 1) + timedelta(days=after))
laws = settings(max_examples=300, deadline=None)


def business_hours(amount: int) -> Duration:
    return Duration(amount, Unit.BUSINESS_HOURS)


def business_days(amount: int) -> Duration:
    return Duration(amount, Unit.BUSINESS_DAYS)


def add(calendar: Calendar, at: datetime, amount: int) -> datetime:
    return calendar.instant(at, business_hours(amount))


def add_days(calendar: Calendar, day: date, amount: int) -> date:
    """On business dates: the instant has no part in it, the date is passed on."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return calendar.due(noon, business_days(amount), start_date=day).business_date


@laws
@given(calendars, starts, st.integers(0, 60), hours)
def test_hours_add_up(calendar: Calendar, t: datetime, a: int, b: int) -> None:
    assert add(calendar, add(calendar, t, a), b) == add(calendar, t, a + b)


@laws
@given(calendars, starts, starts, hours)
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar, t: datetime, u: datetime, d: int
) -> None:
    early, late = sorted((t, u))
    assert add(calendar, early, d) <= add(calendar, late, d)


@laws
@given(calendars, starts, st.integers(0, 100), hours)
def test_more_hours_are_due_later(calendar: Calendar, t: datetime, d: int, more: int) -> None:
    assert add(calendar, t, d) < add(calendar, t, d + more)


@laws
@given(calendars, starts, hours)
def test_exactly_so_much_open_time_has_passed(calendar: Calendar, t: datetime, d: int) -> None:
    assert calendar.elapsed_open_seconds(t, add(calendar, t, d)) == d * 3600


@laws
@given(calendars, starts, starts, hours)
def test_it_is_due_by_then_if_and_only_if_enough_has_passed(
    calendar: Calendar, t: datetime, u: datetime, d: int
) -> None:
    assert (add(calendar, t, d) <= u) == (d * 3600 <= calendar.elapsed_open_seconds(t, u))


@laws
@given(calendars, starts, st.integers(0, 120))
def test_a_due_instant_is_open_or_a_closing(calendar: Calendar, t: datetime, d: int) -> None:
    due = add(calendar, t, d)
    before = due - timedelta(microseconds=1)
    assert calendar.is_open(due) or calendar.is_open(before)
    assert due >= t


@laws
@given(calendars, starts, hours)
def test_a_buffer_is_the_latest_start_that_still_reaches(
    calendar: Calendar, end: datetime, d: int
) -> None:
    latest = calendar.back(end, business_hours(d))
    assert add(calendar, latest, d) <= end
    assert add(calendar, latest + timedelta(seconds=1), d) > end


@laws
@given(calendars, starts, st.integers(1, 40))
def test_a_buffer_of_business_days_still_reaches(calendar: Calendar, end: datetime, n: int) -> None:
    latest = calendar.back(end, business_days(n))
    # A closing lies in no interval: the date it belongs to is passed on, as between deadlines.
    own_date = calendar.business_date(latest - timedelta(microseconds=1))
    due = calendar.due(latest, business_days(n), due_at="same_time", start_date=own_date)
    assert latest <= due.at <= end


@laws
@given(calendars, starts, st.integers(0, 3000))
def test_open_time_is_what_the_wall_clock_shows(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    """Counted again minute by minute, each by its own wall reading."""
    table, zone = plan_of(calendar), ZoneInfo(calendar.zone)
    first = start.replace(second=0)
    open_minutes = 0
    for step in range(minutes):
        wall = (first + timedelta(minutes=step)).astimezone(zone)
        of_day = (wall.hour * 60 + wall.minute) * (HOUR // 60)
        today = day_number(wall.date())
        open_minutes += any(
            begin <= of_day + shift * 24 * HOUR < end
            for shift in (0, 1)
            for begin, end in table.hours(today - shift)
        )
    end = first + timedelta(minutes=minutes)
    assert calendar.elapsed_open_seconds(first, end) == open_minutes * 60


def plan_of(calendar: Calendar) -> Plan:
    """The plan that a calendar of these tests was built from."""
    candidates = (plan(calendar.zone, calendar.name, every) for every in (0, 1, 2))
    return next(candidate for candidate in candidates if built(candidate) == calendar)


@laws
@given(plans, st.integers(1, 2), starts, hours, days)
def test_closing_more_never_makes_anything_due_earlier(
    usual: Plan, every: int, t: datetime, d: int, n: int
) -> None:
    less_open = plan(usual.zone, usual.name, every)
    extra = dict.fromkeys(HOLIDAYS[1::3], "closed too")
    one, other = built(usual), built(replace(usual, closed={**usual.closed, **extra}))
    assert add(one, t, d) <= add(other, t, d)
    day = one.business_date(t)
    assert add_days(one, day, n) <= add_days(other, day, n)
    never_closed = built(plan(usual.zone, usual.name, 0))
    assert add(never_closed, t, d) <= add(built(less_open), t, d)


@laws
@given(calendars, local_dates, days, days)
def test_days_add_up_on_dates(calendar: Calendar, x: date, a: int, b: int) -> None:
    assert add_days(calendar, add_days(calendar, x, a), b) == add_days(calendar, x, a + b)


@laws
@given(calendars, local_dates, local_dates, st.integers(0, 60))
def test_a_later_date_never_counts_to_an_earlier_one(
    calendar: Calendar, x: date, y: date, n: int
) -> None:
    early, late = sorted((x, y))
    assert add_days(calendar, early, n) <= add_days(calendar, late, n)
    assert add_days(calendar, x, n + 1) < add_days(calendar, x, n + 2)


@laws
@given(calendars, local_dates, days)
def test_the_days_between_are_those_that_were_added(calendar: Calendar, x: date, n: int) -> None:
    assert calendar.business_days_between(x, add_days(calendar, x, n)) == n


with_cut_off = st.builds(
    plan,
    st.sampled_from(ZONES[:4]),
    st.sampled_from(["office", "lunch", "night", "Sundays"]),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([10 * HOUR, 14 * HOUR, 23 * HOUR]),
)


@laws
@given(with_cut_off, starts, st.integers(0, 30), st.integers(0, 30))
def test_days_after_a_cut_off_add_up_too(cut: Plan, t: datetime, a: int, b: int) -> None:
    calendar = built(cut)
    first = calendar.due(t, business_days(a))
    then = calendar.due(first.at, business_days(b), start_date=first.business_date)
    assert then.business_date == calendar.due(t, business_days(a + b)).business_date


@laws
@given(with_cut_off, starts, starts, st.integers(0, 30))
def test_a_cut_off_never_makes_it_earlier_nor_turns_the_order_round(
    cut: Plan, t: datetime, u: datetime, n: int
) -> None:
    calendar, without = built(cut), built(plan(cut.zone, cut.name, _every(cut)))
    early, late = sorted((t, u))
    due = calendar.due(early, business_days(n)).business_date
    assert due >= without.due(early, business_days(n)).business_date
    assert due <= calendar.due(late, business_days(n)).business_date


def _every(cut: Plan) -> int:
    return 0 if not cut.closed else 1 if len(cut.closed) == len(HOLIDAYS) else 2


@laws
@given(calendars, starts, st.sampled_from(ZONES), st.sampled_from(list(Unit)), st.integers(0, 40))
def test_the_same_instant_under_any_zone_gives_the_same_answer(
    calendar: Calendar, t: datetime, zone: str, unit: Unit, amount: int
) -> None:
    duration, spelled = Duration(amount, unit), t.astimezone(ZoneInfo(zone))
    assert calendar.due(spelled, duration) == calendar.due(t, duration)
    assert calendar.back(spelled, duration) == calendar.back(t, duration)
    assert calendar.business_date(spelled) == calendar.business_date(t)


@laws
@given(
    calendars,
    starts,
    st.sampled_from(list(Unit)),
    st.integers(0, 40),
    st.sampled_from([None, "close", "midnight", "same_time"]),
    st.tuples(st.integers(0, 100), st.integers(0, 100)),
)
def test_no_due_date_is_before_its_start_and_no_warning_after_it(
    calendar: Calendar, t: datetime, unit: Unit, amount: int, kind: str, percents: tuple[int, int]
) -> None:
    duration = Duration(amount, unit)
    due = calendar.due(t, duration, due_at=kind)  # type: ignore[arg-type]
    few, many = (
        calendar.part(t, duration, percent, due_at=kind)  # type: ignore[arg-type]
        for percent in sorted(percents)
    )
    assert t <= few.at <= many.at <= due.at
    assert due.at == calendar.instant(t, duration, due_at=kind)  # type: ignore[arg-type]


@laws
@given(calendars, starts, days)
def test_every_day_from_start_to_due_is_told_as_counted_or_skipped(
    calendar: Calendar, t: datetime, n: int
) -> None:
    due = calendar.due(t, business_days(n))
    start = calendar.business_date(t)
    counted = {date.fromisoformat(day) for day in due.why["counted"]}
    skipped = {date.fromisoformat(day) for day, _ in due.why["skipped"]}
    assert len(counted) == n
    assert not counted & skipped
    told = max(skipped) if len(skipped) == 60 else due.business_date
    passed = (told - start).days
    for day in (start + timedelta(days=step) for step in range(1, passed + 1)):
        assert day in counted or day in skipped
    for day in skipped:
        is_closed_weekday = not week_of(calendar.name)[weekday(day_number(day))]
        assert is_closed_weekday or day_number(day) in HOLIDAYS
