"""The laws of business hours and of elapsed hours."""

from datetime import timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.calendar_shapes import (
    ALL_SHAPES,
    FROZEN,
    JOINT,
    SHAPES,
    Ground,
    Scene,
    business_hours,
    ground_of,
    less_open,
    open_seconds,
    scenes,
    with_half_days,
)

from aftersales.domain.calendar import Calendar, day_number
from aftersales.domain.duration import Duration, Unit

NOTHING, TICK = timedelta(0), timedelta(microseconds=1)
amounts, some = open_seconds(0), open_seconds(1)


@given(scenes(ALL_SHAPES), amounts, some)
def test_hours_add_up(scene: Scene, a: timedelta, b: timedelta) -> None:
    ground, t, _ = scene
    add = ground.calendar.add_open
    assert add(add(t, a), b) == add(t, a + b)


@given(scenes(ALL_SHAPES), amounts)
def test_a_later_start_is_never_due_earlier(scene: Scene, d: timedelta) -> None:
    ground, t, u = scene
    assert ground.calendar.add_open(t, d) <= ground.calendar.add_open(u, d)


@given(scenes(ALL_SHAPES), amounts, some | st.just(TICK))
def test_more_open_time_is_due_later(scene: Scene, d: timedelta, more: timedelta) -> None:
    ground, t, _ = scene
    assert ground.calendar.add_open(t, d) < ground.calendar.add_open(t, d + more)


@given(scenes(ALL_SHAPES), some)
def test_exactly_so_much_open_time_has_passed(scene: Scene, d: timedelta) -> None:
    calendar, t = scene[0].calendar, scene[1]
    due = calendar.add_open(t, d)
    assert calendar.elapsed_open_seconds(t, due) == d.total_seconds()
    assert calendar.elapsed_open_seconds(due, t) == -d.total_seconds()


@given(scenes(ALL_SHAPES), amounts)
def test_it_is_due_by_then_if_and_only_if_enough_has_passed(scene: Scene, d: timedelta) -> None:
    calendar, t, u = scene[0].calendar, scene[1], scene[2]
    passed = timedelta(seconds=calendar.elapsed_open_seconds(t, u))
    if d:
        assert (calendar.add_open(t, d) <= u) == (d <= passed)
    if passed:  # and on the very edge, which a drawn amount seldom meets
        assert calendar.add_open(t, passed) <= u < calendar.add_open(t, passed + timedelta(hours=1))


@given(scenes(ALL_SHAPES), amounts)
def test_a_due_instant_is_open_or_a_closing(scene: Scene, d: timedelta) -> None:
    calendar, t = scene[0].calendar, scene[1]
    due = calendar.add_open(t, d)
    assert calendar.is_open(due - TICK) if d else calendar.is_open(due)
    assert due >= t + d


@given(scenes(ALL_SHAPES))
def test_nothing_at_all_ends_at_the_first_open_instant(scene: Scene) -> None:
    calendar, t = scene[0].calendar, scene[1]
    first = calendar.add_open(t, NOTHING)
    assert (first == t) == calendar.is_open(t)
    assert calendar.elapsed_open_seconds(t, first) == 0
    assert calendar.is_open(first)


@given(scenes(ALL_SHAPES), st.integers(1, 120))
def test_a_buffer_is_the_latest_start_that_still_reaches(scene: Scene, d: int) -> None:
    calendar, end = scene[0].calendar, scene[2]
    latest = calendar.back(end, business_hours(d))
    assert calendar.instant(latest, business_hours(d)) <= end
    assert calendar.instant(latest + TICK, business_hours(d)) > end


@given(scenes(ALL_SHAPES), st.integers(0, 120))
def test_the_three_ways_to_ask_for_business_hours_agree(scene: Scene, d: int) -> None:
    calendar, t = scene[0].calendar, scene[1]
    due = calendar.due(t, business_hours(d))
    assert due.at == calendar.instant(t, business_hours(d))
    assert due.at == calendar.add_open(t, timedelta(hours=d))
    used = sum(seconds for _, seconds in due.why["used"])
    # Starts with a fraction leave one on each of two days; long lists of days are cut.
    assert d * 3600 - used in range(3) or len(due.why["used"]) >= 59


@given(scenes(tuple(SHAPES)), some)
def test_closing_more_time_never_makes_anything_due_earlier(scene: Scene, d: timedelta) -> None:
    ground, t, _ = scene
    assert ground.calendar.add_open(t, d) <= less_open(ground).add_open(t, d)
    assert ground.calendar.add_open(t, d) <= with_half_days(ground).add_open(t, d)


@given(scenes(ALL_SHAPES), st.integers(0, 900), st.integers(0, 900), st.sampled_from(["h", "m"]))
def test_elapsed_hours_add_up_and_are_as_long_as_they_are(
    scene: Scene, a: int, b: int, letter: str
) -> None:
    calendar, t, u = scene[0].calendar, scene[1], scene[2]
    unit = Unit.HOURS if letter == "h" else Unit.MINUTES
    span = timedelta(hours=a) if letter == "h" else timedelta(minutes=a)
    one, both = Duration(a, unit), Duration(a + b, unit)
    assert calendar.instant(t, one) <= calendar.instant(u, one)
    if b:
        assert calendar.instant(calendar.instant(t, one), Duration(b, unit)) == calendar.instant(
            t, both
        )
    if scene[0].plan.frozen:
        assert calendar.instant(t, one) >= t + span
    else:
        assert calendar.instant(t, one) == t + span
    assert calendar.instant(calendar.back(u, one), one) <= u


@given(scenes(FROZEN))
def test_no_clock_runs_on_a_frozen_day(scene: Scene) -> None:
    ground, t, _ = scene
    calendar, plan = ground.calendar, ground.plan
    begin = calendar.due(t, Duration(0, Unit.DAYS)).at  # the midnight that ends the day
    day = day_number(calendar.business_date(begin))
    if day in plan.frozen:
        assert not calendar.is_open(begin)
        assert calendar.elapsed_open_seconds(begin, begin + timedelta(hours=22)) == 0
        later = begin + timedelta(hours=22)
        assert calendar.instant(begin, Duration(9, Unit.HOURS)) == calendar.instant(
            later, Duration(9, Unit.HOURS)
        )


@cache
def joined(ground: Ground, every: int) -> tuple[list[Calendar], Calendar, Calendar, Calendar]:
    """Two calendars, they together, the same the other way round, and the first with itself."""
    shapes = JOINT[ground.calendar.name]
    one, other = (ground_of(ground.zone, shape, every).calendar for shape in shapes)
    pairs = ([one, other], [other, one], [one, one])
    both, turned, alone = (Calendar.joint("together", pair) for pair in pairs)
    return [one, other], both, turned, alone


@given(scenes(tuple(JOINT)), st.sampled_from([0, 1]), amounts)
def test_together_is_when_each_is_open_whoever_is_named_first(
    scene: Scene, every: int, d: timedelta
) -> None:
    ground, t, u = scene
    parts, joint, turned, alone = joined(ground, every)
    assert joint.is_open(t) == all(part.is_open(t) for part in parts)
    assert joint.add_open(t, d) == turned.add_open(t, d) >= max(p.add_open(t, d) for p in parts)
    between = joint.elapsed_open_seconds(t, u)
    assert between == turned.elapsed_open_seconds(t, u)
    assert between <= min(part.elapsed_open_seconds(t, u) for part in parts)
    assert alone.add_open(t, d) == parts[0].add_open(t, d)
    assert alone.business_date(t) == parts[0].business_date(t)
