"""The laws of business days: on dates, where they hold, and what follows for instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.calendar_shapes import (
    ALL_SHAPES,
    SHAPES,
    USUAL,
    WITH_CUT_OFF,
    Scene,
    business_days,
    less_open,
    scenes,
    with_half_days,
    without_cut_off,
)

from aftersales.domain.calendar import Calendar, DueKind, IfClosed, date_of, day_number
from aftersales.domain.duration import Duration, Unit

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
KINDS: list[DueKind | None] = [None, "close", "midnight", "same_time"]
few, days, kinds = st.integers(0, 30), st.integers(1, 60), st.sampled_from(KINDS)


def dates_of(scene: Scene) -> tuple[Calendar, date, date]:
    """The calendar and the business dates of the two starts."""
    calendar = scene[0].calendar
    return calendar, calendar.business_date(scene[1]), calendar.business_date(scene[2])


@given(scenes(ALL_SHAPES), few)
def test_the_short_way_to_a_closing_leads_to_the_same(scene: Scene, n: int) -> None:
    ground, *starts = scene
    for start in (*starts, ground.first, ground.first + timedelta(days=ground.days + 200)):
        due = ground.calendar.due(start, business_days(n))
        assert ground.calendar.instant(start, business_days(n)) == due.at


@given(scenes(ALL_SHAPES), days, days)
def test_days_add_up_on_dates(scene: Scene, a: int, b: int) -> None:
    calendar, x, _ = dates_of(scene)
    assert calendar.business_day(calendar.business_day(x, a), b) == calendar.business_day(x, a + b)


@given(scenes(USUAL), days, days, kinds)
def test_chained_deadlines_add_up_because_the_date_is_passed_on(
    scene: Scene, a: int, b: int, kind: DueKind | None
) -> None:
    calendar, t = scene[0].calendar, scene[1]
    first = calendar.due(t, business_days(a), due_at=kind)
    then = calendar.due(first.at, business_days(b), due_at=kind, start_date=first.business_date)
    whole = calendar.due(t, business_days(a + b), due_at=kind)
    assert then.business_date == whole.business_date
    if kind != "same_time":
        assert then.at == whole.at


@given(scenes(ALL_SHAPES), few)
def test_a_later_date_never_counts_to_an_earlier_one(scene: Scene, n: int) -> None:
    calendar, x, y = dates_of(scene)
    assert x <= y
    assert calendar.business_day(x, n) <= calendar.business_day(y, n)


@given(scenes(ALL_SHAPES), days, days)
def test_more_days_end_on_a_later_date(scene: Scene, n: int, more: int) -> None:
    calendar, x, _ = dates_of(scene)
    assert x <= calendar.business_day(x, 0) <= calendar.business_day(x, n)
    assert calendar.business_day(x, n) < calendar.business_day(x, n + more)


@given(scenes(ALL_SHAPES), days)
def test_the_days_between_are_those_that_were_added(scene: Scene, n: int) -> None:
    calendar, x, y = dates_of(scene)
    end = calendar.business_day(x, n)
    assert calendar.business_days_between(x, end) == n
    assert calendar.business_days_between(end, x) == -n
    counted = calendar.business_days_between(x, y)
    if counted:
        assert calendar.business_day(x, counted) <= y < calendar.business_day(x, counted + 1)


@given(scenes(USUAL), few)
def test_the_date_of_a_due_instant_is_counted_from_the_date_of_its_start(
    scene: Scene, n: int
) -> None:
    calendar, t = scene[0].calendar, scene[1]
    due = calendar.due(t, business_days(n))
    assert due.business_date == calendar.business_day(calendar.business_date(t), n)
    noon = datetime.combine(due.business_date, time(12), tzinfo=ZoneInfo(calendar.zone))
    passed_on = calendar.due(noon, business_days(n), start_date=calendar.business_date(t))
    assert passed_on.business_date == due.business_date


@given(scenes(tuple(SHAPES)), few)
def test_closing_a_whole_day_never_makes_the_date_earlier(scene: Scene, n: int) -> None:
    calendar, x, _ = dates_of(scene)
    assert calendar.business_day(x, n) <= less_open(scene[0]).business_day(x, n)


@given(scenes(tuple(SHAPES)), few)
def test_a_half_day_is_a_business_day_that_closes_earlier(scene: Scene, n: int) -> None:
    calendar, x, _ = dates_of(scene)
    halved = with_half_days(scene[0])
    assert halved.business_day(x, n) == calendar.business_day(x, n)
    usual, half = (one.due(scene[1], business_days(n), start_date=x) for one in (calendar, halved))
    assert (half.business_date, half.at <= usual.at) == (usual.business_date, True)


@given(scenes(WITH_CUT_OFF), few, few)
def test_days_after_a_cut_off_add_up_too(scene: Scene, a: int, b: int) -> None:
    calendar, t = scene[0].calendar, scene[1]
    first = calendar.due(t, business_days(a))
    then = calendar.due(first.at, business_days(b), start_date=first.business_date)
    assert then.business_date == calendar.due(t, business_days(a + b)).business_date


@given(scenes(WITH_CUT_OFF), few, kinds)
def test_a_cut_off_never_makes_anything_earlier(scene: Scene, n: int, kind: DueKind | None) -> None:
    calendar, t = scene[0].calendar, scene[1]
    due = calendar.due(t, business_days(n), due_at=kind)
    without = without_cut_off(scene[0]).due(t, business_days(n), due_at=kind)
    assert due.business_date >= without.business_date
    assert due.at >= without.at
    assert due.business_date <= without_cut_off(scene[0]).business_day(without.business_date, 1)


@given(scenes(WITH_CUT_OFF), few)
def test_a_later_start_never_ends_earlier_with_a_cut_off(scene: Scene, n: int) -> None:
    calendar, t, u = scene[0].calendar, scene[1], scene[2]
    early, late = calendar.due(t, business_days(n)), calendar.due(u, business_days(n))
    assert early.business_date <= late.business_date
    assert early.at <= late.at


@given(scenes(ALL_SHAPES), few, kinds)
def test_a_day_ends_at_its_closing_its_midnight_or_the_time_of_the_start(
    scene: Scene, n: int, kind: DueKind | None
) -> None:
    calendar, t = scene[0].calendar, scene[1]
    due = calendar.due(t, business_days(n), due_at=kind)
    assert due.at == calendar.instant(t, business_days(n), due_at=kind) >= t
    if due.at == t:
        return
    closing = calendar.due(t, business_days(n), due_at="close").at
    if kind == "midnight":
        assert _is_midnight_after(due.at, due.business_date, calendar.zone)
    elif kind == "same_time":
        assert calendar.is_open(due.at) or calendar.is_open(due.at - TICK)
        assert due.at <= max(closing, t)
    else:
        assert not calendar.is_open(due.at) or calendar.business_date(due.at) > due.business_date
        assert calendar.is_open(due.at - TICK)
        assert calendar.business_date(due.at - TICK) == due.business_date


def _is_midnight_after(at: datetime, day: date, zone: str) -> bool:
    """The later of two midnights; where there is none, the end of the gap."""
    wall = datetime.combine(day + DAY, time(), tzinfo=ZoneInfo(zone))
    shown = at.astimezone(ZoneInfo(zone))
    if (at - TICK).astimezone(ZoneInfo(zone)).date() <= day < shown.date():
        return not shown.fold and wall.replace(fold=1).astimezone(UTC) <= at
    return shown == wall.replace(fold=1)


@given(scenes(ALL_SHAPES), st.integers(0, 90), kinds, st.sampled_from(["keep", "following"]))
def test_calendar_days_are_dates_on_the_wall(
    scene: Scene, n: int, kind: DueKind | None, if_closed: IfClosed
) -> None:
    ground, t, u = scene
    calendar, duration = ground.calendar, Duration(n, Unit.DAYS)
    due, later = (calendar.due(at, duration, due_at=kind, if_closed=if_closed) for at in (t, u))
    start = t.astimezone(ZoneInfo(calendar.zone)).date()
    assert t <= due.at
    assert due.business_date <= later.business_date
    frozen = sum(1 for day in ground.plan.frozen if start < date_of(day) <= due.business_date)
    if if_closed == "keep":
        assert due.business_date == start + (n + frozen) * DAY
    else:
        assert due.business_date >= start + (n + frozen) * DAY
        assert due.business_date == calendar.business_day(due.business_date, 0)
    if kind != "same_time":
        assert due.at <= later.at


@given(scenes(USUAL), st.integers(1, 40))
def test_a_buffer_of_days_still_reaches(scene: Scene, n: int) -> None:
    ground, _, end = scene
    latest = ground.calendar.back(end, business_days(n))
    assert latest <= end
    assert ground.calendar.due(latest, business_days(n), due_at="same_time").at <= end


@given(scenes(ALL_SHAPES), st.integers(1, 90))
def test_a_buffer_of_calendar_days_still_reaches(scene: Scene, n: int) -> None:
    ground, _, end = scene
    duration = Duration(n, Unit.DAYS)
    latest = ground.calendar.back(end, duration)
    assert latest <= end
    assert ground.calendar.due(latest, duration, due_at="same_time").at <= end


@given(scenes(USUAL), days)
def test_every_day_from_start_to_due_is_told_as_counted_or_skipped(scene: Scene, n: int) -> None:
    ground, t, _ = scene
    due = ground.calendar.due(t, business_days(n))
    start = ground.calendar.business_date(t)
    counted = [date.fromisoformat(day) for day in due.why["counted"]]
    skipped = [date.fromisoformat(day) for day, _ in due.why["skipped"]]
    assert (len(counted), sorted({*counted, *skipped})) == (n, sorted([*counted, *skipped]))
    last = max(skipped) if len(skipped) == 60 else due.business_date
    passed = {start + step * DAY for step in range(1, (last - start).days + 1)}
    assert passed <= {*counted, *skipped}
    if len(ground.plans) == 1:
        assert all(ground.plan.hours(day_number(day)) for day in counted)
