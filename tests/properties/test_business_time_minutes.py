"""Every answer again, counted minute by minute by an oracle that shares nothing with the code."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.calendar_shapes import (
    ALL_SHAPES,
    MINUTE,
    WITH_CUT_OFF,
    Ground,
    Pauses,
    business_days,
    business_hours,
    minute_scenes,
)
from tests.properties.minute_oracle import Oracle

from aftersales.domain.calendar import DueKind, Plan, day_number

# Minutes are many: a third of the cases of the other laws, over eight of them.
minute_by_minute = settings(max_examples=max(settings().max_examples // 3, 50))
KINDS: list[DueKind] = ["close", "midnight", "same_time"]
kinds = st.sampled_from(KINDS)
MINUTE_SPAN = timedelta(minutes=1)
MinuteScene = tuple[Ground, datetime]
scenes = minute_scenes(ALL_SHAPES)


@cache
def oracle_of(ground: Ground) -> Oracle:
    """The oracle of the same zones, hours and cut-off."""
    cut_off = ground.plan.cut_off if len(ground.plans) == 1 else None
    return Oracle(
        zones=tuple(plan.zone for plan in ground.plans),
        hours=tuple(_hours_of(plan) for plan in ground.plans),
        cut_off=None if cut_off is None else cut_off // MINUTE,
    )


def _hours_of(plan: Plan) -> Callable[[date], Sequence[tuple[int, int]]]:
    @cache
    def hours(day: date) -> Sequence[tuple[int, int]]:
        return [(begin // MINUTE, end // MINUTE) for begin, end in plan.hours(day_number(day))]

    return hours


def few_hours(ground: Ground) -> int:
    """At most a day's worth of hours, and less where there are few in a week."""
    open_minutes = sum(e - b for hours in ground.plan.week for b, e in hours) // MINUTE
    return max(1, min(24, 2 * open_minutes // 60))


@minute_by_minute
@given(scenes, st.integers(0, 6 * 24 * 60))
def test_open_time_between_two_instants(scene: MinuteScene, minutes: int) -> None:
    ground, start = scene
    end = start + timedelta(minutes=minutes)
    counted = oracle_of(ground).elapsed(start, end)
    assert ground.calendar.elapsed_open_seconds(start, end) == counted * 60


@minute_by_minute
@given(scenes, st.integers(0, 24))
def test_business_hours(scene: MinuteScene, hours: int) -> None:
    ground, start = scene
    hours, oracle = min(hours, few_hours(ground)), oracle_of(ground)
    due = ground.calendar.due(start, business_hours(hours))
    assert due.at == (oracle.add(start, hours * 60) if hours else oracle.next_open(start))
    if due.at > start:
        assert due.business_date == oracle.business_date(due.at - MINUTE_SPAN)


@minute_by_minute
@given(scenes, st.integers(1, 24 * 60))
def test_open_time_in_minutes(scene: MinuteScene, minutes: int) -> None:
    ground, start = scene
    minutes = min(minutes, 60 * few_hours(ground))
    added = ground.calendar.add_open(start, timedelta(minutes=minutes))
    assert added == oracle_of(ground).add(start, minutes)


@st.composite
def minute_pauses(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Up to three pauses in minutes after the start, as waits and lengths."""
    return draw(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 4000)), max_size=3))


def pauses_of(start: datetime, steps: list[tuple[int, int]]) -> Pauses:
    pauses, at = [], start
    for wait, length in steps:
        begin = at + timedelta(minutes=wait)
        at = begin + timedelta(minutes=length)
        pauses.append((begin, at))
    return pauses


@minute_by_minute
@given(scenes, st.integers(1, 24), minute_pauses())
def test_business_hours_with_pauses(
    scene: MinuteScene, hours: int, steps: list[tuple[int, int]]
) -> None:
    ground, start = scene
    hours, pauses = min(hours, few_hours(ground)), pauses_of(start, steps)
    due = ground.calendar.due(start, business_hours(hours), pauses=pauses)
    assert due.at == oracle_of(ground).add(start, hours * 60, pauses)


@minute_by_minute
@given(scenes, st.integers(1, 24), st.integers(0, 20), minute_pauses())
def test_warnings_of_business_hours(
    scene: MinuteScene, hours: int, twentieths: int, steps: list[tuple[int, int]]
) -> None:
    ground, start = scene
    hours, pauses = min(hours, few_hours(ground)), pauses_of(start, steps)
    warned = ground.calendar.part(start, business_hours(hours), twentieths * 5, pauses=pauses)
    if twentieths:
        assert warned.at == oracle_of(ground).add(start, hours * 3 * twentieths, pauses)
    elif not pauses:
        assert warned.at == oracle_of(ground).next_open(start)


@minute_by_minute
@given(scenes, st.integers(0, 8), kinds)
def test_business_days_and_where_they_end(scene: MinuteScene, n: int, kind: DueKind) -> None:
    ground, start = scene
    oracle = oracle_of(ground)
    n = min(n, sum(1 for hours in ground.plan.week if hours))
    due = ground.calendar.due(start, business_days(n), due_at=kind)
    day = oracle.business_days(start, n)
    assert due.business_date == day
    if kind == "close":
        assert due.at == max(oracle.closing(day), start)
    elif kind == "midnight":
        assert due.at == max(oracle.instant(day, 24 * 60), start)


@minute_by_minute
@given(minute_scenes(WITH_CUT_OFF), st.integers(0, 4))
def test_business_days_from_about_the_cut_off(scene: MinuteScene, n: int) -> None:
    ground, start = scene
    due = ground.calendar.due(start, business_days(n))
    assert due.business_date == oracle_of(ground).business_days(start, n)


@minute_by_minute
@given(scenes, st.integers(1, 6), kinds, minute_pauses(), st.integers(0, 20))
def test_business_days_with_pauses_and_their_warnings(
    scene: MinuteScene, n: int, kind: DueKind, steps: list[tuple[int, int]], twentieths: int
) -> None:
    ground, start = scene
    oracle, pauses = oracle_of(ground), pauses_of(start, steps)
    n = min(n, sum(1 for hours in ground.plan.week if hours))
    usual = ground.calendar.due(start, business_days(n), due_at=kind)
    budget = oracle.elapsed(start, usual.at)
    due = ground.calendar.due(start, business_days(n), due_at=kind, pauses=pauses)
    spent = oracle.add(start, budget, pauses)
    if spent <= usual.at:
        assert due.at == usual.at
    elif kind == "close":
        assert due.at == oracle.closing(oracle.business_date(spent - MINUTE_SPAN))
    else:
        assert spent <= due.at
    used = budget * 60 * twentieths * 5 // 100
    warned = ground.calendar.part(start, business_days(n), twentieths * 5, due_at=kind)
    if used and used % 60 == 0:
        assert warned.at == oracle.add(start, used // 60)
