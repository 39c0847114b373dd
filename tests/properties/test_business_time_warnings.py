"""The laws of warnings, and of deadlines that a newer calendar takes over."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.calendar_shapes import (
    ALL_SHAPES,
    SHAPES,
    Pauses,
    Scene,
    business_hours,
    durations,
    less_open,
    paused_scenes,
    scenes,
    with_half_days,
)

from aftersales.domain.calendar import DueKind, IfClosed
from aftersales.domain.duration import Duration, Unit

KINDS: list[DueKind | None] = [None, "close", "midnight", "same_time"]
kinds, percents = st.sampled_from(KINDS), st.integers(0, 100)
IF_CLOSED: list[IfClosed] = ["keep", "following"]
zones = st.sampled_from([None, "Asia/Tokyo", "America/Los_Angeles", "Australia/Lord_Howe"])
Paused = tuple[Scene, Pauses]


@given(paused_scenes(ALL_SHAPES), durations(), kinds, percents, percents)
def test_no_warning_comes_after_the_due_instant_and_a_greater_part_never_earlier(
    paused: Paused, duration: Duration, kind: DueKind | None, one: int, other: int
) -> None:
    (ground, t, _), pauses = paused
    part, resumed = ground.calendar.part, ground.calendar.resumed
    few, many = (part(t, duration, p, due_at=kind) for p in sorted((one, other)))
    due = ground.calendar.due(t, duration, due_at=kind)
    assert t <= few.at <= many.at <= due.at
    assert (
        resumed(few.run, pauses).at <= resumed(many.run, pauses).at <= resumed(due.run, pauses).at
    )


@given(paused_scenes(ALL_SHAPES), durations(), kinds, percents)
def test_a_pause_never_makes_a_warning_earlier(
    paused: Paused, duration: Duration, kind: DueKind | None, percent: int
) -> None:
    (ground, t, _), pauses = paused
    usual = ground.calendar.part(t, duration, percent, due_at=kind)
    late = ground.calendar.part(t, duration, percent, due_at=kind, pauses=pauses)
    assert usual.at <= late.at
    assert late == ground.calendar.resumed(usual.run, pauses)


@given(scenes(ALL_SHAPES), st.integers(1, 90), percents)
def test_a_warning_of_hours_comes_when_that_part_is_used(scene: Scene, d: int, p: int) -> None:
    calendar, t = scene[0].calendar, scene[1]
    warned = calendar.part(t, business_hours(d), p)
    assert calendar.elapsed_open_seconds(t, warned.at) == d * 36 * p
    assert calendar.part(t, business_hours(d), 100).at == calendar.instant(t, business_hours(d))


@given(scenes(ALL_SHAPES), st.integers(1, 30), kinds, percents)
def test_a_warning_of_days_comes_when_that_part_of_their_open_time_is_used(
    scene: Scene, n: int, kind: DueKind | None, p: int
) -> None:
    calendar, t = scene[0].calendar, scene[1].replace(microsecond=0)
    duration = Duration(n, Unit.BUSINESS_DAYS)
    budget = calendar.elapsed_open_seconds(t, calendar.instant(t, duration, due_at=kind))
    warned = calendar.part(t, duration, p, due_at=kind)
    assert calendar.elapsed_open_seconds(t, warned.at) == budget * p // 100


@given(paused_scenes(ALL_SHAPES), durations(), kinds, st.sampled_from(IF_CLOSED), zones)
def test_an_unchanged_calendar_moves_nothing_when_it_takes_over(
    paused: Paused,
    duration: Duration,
    kind: DueKind | None,
    if_closed: IfClosed,
    zone: str | None,
) -> None:
    (ground, t, at), pauses = paused
    calendar = ground.calendar
    due = calendar.due(t, duration, due_at=kind, if_closed=if_closed, zone=zone)
    before = [(begin, min(end, at)) for begin, end in pauses if begin <= at]
    after = [(max(begin, at), end) for begin, end in pauses if end > at]
    on_the_way = calendar.resumed(due.run, before)
    run = calendar.taken_over(due.run, before=calendar, at=at, pauses=before)
    assert (run.start, run.planned) == (at, max(on_the_way.at, at))
    assert calendar.resumed(run).at == run.planned
    # What is paused later is paused as it would have been, had nobody taken over.
    if on_the_way.at > at:
        assert calendar.resumed(run, after).at == calendar.resumed(due.run, pauses).at


@given(paused_scenes(tuple(SHAPES)), durations(), kinds)
def test_nothing_that_is_taken_over_is_due_before_that(
    paused: Paused, duration: Duration, kind: DueKind | None
) -> None:
    (ground, t, at), pauses = paused
    over = [(begin, min(end, at)) for begin, end in pauses if begin <= at]
    for new in (less_open(ground), with_half_days(ground)):
        for one, other in ((ground.calendar, new), (new, ground.calendar)):
            due = one.due(t, duration, due_at=kind, pauses=over)
            run = other.taken_over(due.run, before=one, at=at, pauses=over)
            assert run.planned >= at
            assert other.resumed(run).at == run.planned
            assert due.at > at or run.planned == at


@given(scenes(tuple(SHAPES)), st.integers(1, 90))
def test_hours_used_stay_used_and_the_rest_is_counted_by_the_newer_calendar(
    scene: Scene, d: int
) -> None:
    ground, t, at = scene
    t, at = t.replace(microsecond=0), at.replace(microsecond=0)
    new, used = less_open(ground), ground.calendar.elapsed_open_seconds(t, at)
    due = ground.calendar.due(t, business_hours(d))
    run = new.taken_over(due.run, before=ground.calendar, at=at)
    if used < d * 3600:
        assert new.elapsed_open_seconds(at, run.planned) == d * 3600 - used
        assert run.planned >= due.at
        assert run.planned == new.add_open(at, timedelta(hours=d) - timedelta(seconds=used))


@given(scenes(tuple(SHAPES)), durations((Unit.BUSINESS_DAYS,)), kinds)
def test_closing_more_never_moves_a_day_deadline_to_an_earlier_date(
    scene: Scene, duration: Duration, kind: DueKind | None
) -> None:
    ground, t, at = scene
    due = ground.calendar.due(t, duration, due_at=kind)
    if due.at > at:
        moved = less_open(ground).resumed(
            less_open(ground).taken_over(due.run, before=ground.calendar, at=at)
        )
        assert moved.business_date >= due.business_date
