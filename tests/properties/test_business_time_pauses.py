"""The laws of pauses: a second counts if it is open and not paused."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.calendar_shapes import (
    ALL_SHAPES,
    Pauses,
    Scene,
    business_days,
    business_hours,
    durations,
    paused_scenes,
    scenes,
)

from aftersales.domain.calendar import Calendar, DueKind, IfClosed
from aftersales.domain.duration import Duration, Unit

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
KINDS: list[DueKind | None] = [None, "close", "midnight", "same_time"]
BUSINESS = (Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS)
kinds = st.sampled_from(KINDS)
IF_CLOSED: list[IfClosed] = ["keep", "following"]
zones = st.sampled_from([None, "Asia/Tokyo", "America/Los_Angeles", "Australia/Lord_Howe"])
Paused = tuple[Scene, Pauses]


@given(paused_scenes(ALL_SHAPES), durations(), kinds)
def test_pausing_and_resuming_at_once_changes_nothing(
    paused: Paused, duration: Duration, kind: DueKind | None
) -> None:
    (ground, t, _), pauses = paused
    usual = ground.calendar.due(t, duration, due_at=kind)
    at_once = [(begin, begin) for begin, _ in pauses]
    assert ground.calendar.resumed(usual.run, at_once) == usual
    assert ground.calendar.due(t, duration, due_at=kind, pauses=at_once) == usual


@given(scenes(ALL_SHAPES), durations(BUSINESS), kinds)
def test_a_pause_in_closed_time_changes_nothing(
    scene: Scene, duration: Duration, kind: DueKind | None
) -> None:
    calendar, t, u = scene[0].calendar, scene[1], scene[2]
    closing = calendar.due(u, business_days(0)).at
    closed = [(at, calendar.add_open(at, timedelta())) for at in (closing, closing + DAY)]
    usual = calendar.due(t, duration, due_at=kind)
    for begin, end in closed:
        assert calendar.elapsed_open_seconds(begin, end) == 0
        assert calendar.due(t, duration, due_at=kind, pauses=[(begin, end)]).at == usual.at


@given(paused_scenes(ALL_SHAPES), st.integers(1, 90))
def test_on_resuming_hours_go_on_with_what_is_left(paused: Paused, d: int) -> None:
    (ground, t, _), pauses = paused
    calendar, duration = ground.calendar, business_hours(d)
    left, at = timedelta(hours=d), t
    for begin, end in pauses:
        used = timedelta(seconds=calendar.elapsed_open_seconds(at, begin))
        if used >= left:
            break
        # What is used may have a fraction of a second, which the whole seconds do not tell.
        left, at = left - used, calendar.back(end, business_hours(0))
    expected = calendar.add_open(at, left)
    assert abs(calendar.due(t, duration, pauses=pauses).at - expected) <= timedelta(seconds=4)


@given(paused_scenes(ALL_SHAPES), st.integers(1, 90))
def test_exactly_the_budget_is_open_and_not_paused(paused: Paused, d: int) -> None:
    (ground, t, _), pauses = paused
    calendar = ground.calendar
    t, pauses = t.replace(microsecond=0), [_whole(pause) for pause in pauses]
    due = calendar.due(t, business_hours(d), pauses=pauses).at
    spent = calendar.elapsed_open_seconds(t, due)
    for begin, end in pauses:
        spent -= calendar.elapsed_open_seconds(min(begin, due), min(end, due))
    assert spent == d * 3600
    assert not any(begin < due <= end for begin, end in pauses)


def _whole(pause: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return pause[0].replace(microsecond=0), pause[1].replace(microsecond=0)


@given(paused_scenes(ALL_SHAPES), durations(), kinds, st.sampled_from(IF_CLOSED), zones)
def test_a_pause_never_makes_anything_due_earlier(
    paused: Paused,
    duration: Duration,
    kind: DueKind | None,
    if_closed: IfClosed,
    zone: str | None,
) -> None:
    (ground, t, _), pauses = paused
    usual = ground.calendar.due(t, duration, due_at=kind, if_closed=if_closed, zone=zone)
    dues = [ground.calendar.resumed(usual.run, pauses[:n]) for n in range(len(pauses) + 1)]
    assert [due.at for due in dues] == sorted(due.at for due in dues)
    assert dues[0].at == usual.at
    assert all(due.run == usual.run for due in dues)


@given(paused_scenes(ALL_SHAPES), durations(), kinds, st.integers(1, 5000), st.data())
def test_a_longer_pause_never_makes_anything_due_earlier(
    paused: Paused, duration: Duration, kind: DueKind | None, minutes: int, data: st.DataObject
) -> None:
    (ground, t, _), pauses = paused
    calendar = ground.calendar
    if pauses:
        begin, end = pauses[-1]
        longer = [*pauses[:-1], (begin, end + timedelta(minutes=minutes))]
        if_closed, zone = data.draw(st.sampled_from(IF_CLOSED)), data.draw(zones)
        usual = calendar.due(t, duration, due_at=kind, if_closed=if_closed, zone=zone)
        one, other = calendar.resumed(usual.run, pauses), calendar.resumed(usual.run, longer)
        assert one.at <= other.at


@given(paused_scenes(ALL_SHAPES), durations(), kinds)
def test_a_pause_cut_in_two_is_the_same_pause(
    paused: Paused, duration: Duration, kind: DueKind | None
) -> None:
    (ground, t, _), pauses = paused
    calendar = ground.calendar
    cut = [part for begin, end in pauses for part in _halves(begin, end)]
    one = calendar.due(t, duration, due_at=kind, pauses=pauses)
    other = calendar.due(t, duration, due_at=kind, pauses=cut)
    assert (one.at, one.business_date) == (other.at, other.business_date)


def _halves(begin: datetime, end: datetime) -> Pauses:
    middle = begin + (end - begin) / 3
    return [(begin, middle), (middle, end)]


@given(paused_scenes(ALL_SHAPES), durations(), kinds)
def test_a_pause_that_begins_when_it_was_due_changes_nothing(
    paused: Paused, duration: Duration, kind: DueKind | None
) -> None:
    (ground, t, _), pauses = paused
    usual = ground.calendar.due(t, duration, due_at=kind)
    after = [(begin + (usual.at - t), end + (usual.at - t)) for begin, end in pauses]
    assert ground.calendar.resumed(usual.run, after).at == usual.at


@given(paused_scenes(ALL_SHAPES), durations((Unit.HOURS, Unit.MINUTES)))
def test_elapsed_time_is_paused_in_elapsed_time(paused: Paused, duration: Duration) -> None:
    (ground, t, _), pauses = paused
    due = ground.calendar.due(t, duration, pauses=pauses)
    expected = due.run.planned
    for begin, end in pauses:
        if begin < expected:
            expected += end - begin
    if ground.plan.frozen:
        assert due.at <= ground.calendar.instant(expected, Duration(24 * 60, Unit.HOURS))
    else:
        assert due.at == expected


@given(paused_scenes(ALL_SHAPES), st.integers(1, 25), kinds)
def test_a_paused_day_deadline_ends_as_days_do(
    paused: Paused, n: int, kind: DueKind | None
) -> None:
    (ground, t, _), pauses = paused
    calendar = ground.calendar
    usual = calendar.due(t, business_days(n), due_at=kind)
    due = calendar.resumed(usual.run, pauses)
    passed = calendar.business_days_between(usual.business_date, due.business_date)
    assert calendar.business_day(usual.business_date, passed) == due.business_date
    if kind == "same_time":  # the time it would have been due at, within the hours of that day
        assert calendar.is_open(due.at) or calendar.is_open(due.at - TICK)
    else:
        noted = calendar.due(t, business_days(n + passed), due_at=kind)
        assert (noted.at, noted.business_date) == (due.at, due.business_date)


@given(paused_scenes(ALL_SHAPES), durations(), kinds)
def test_what_is_resumed_from_a_stored_run_is_what_would_have_been_counted(
    paused: Paused, duration: Duration, kind: DueKind | None
) -> None:
    (ground, t, _), pauses = paused
    counted = ground.calendar.due(t, duration, due_at=kind, pauses=pauses)
    assert ground.calendar.resumed(counted.run, pauses) == counted
    again = Calendar.from_canonical(ground.calendar.to_canonical()) if not pauses else None
    assert again is None or again.resumed(counted.run, pauses) == counted
