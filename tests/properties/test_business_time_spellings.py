"""The same instant, however its zone is spelled, gives the same answer; a copied calendar too."""

import copy
import json
import pickle
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import pendulum
from hypothesis import given
from hypothesis import strategies as st
from tests.properties.calendar_shapes import (
    ALL_SHAPES,
    ZONES,
    Ground,
    Pauses,
    Scene,
    durations,
    ground_of,
    paused_scenes,
    scenes,
)

from aftersales.domain.calendar import Calendar, DueKind
from aftersales.domain.duration import Duration

KINDS: list[DueKind | None] = [None, "close", "midnight", "same_time"]
kinds = st.sampled_from(KINDS)
OFFSETS = [timedelta(minutes=minutes) for minutes in (-720, -1, 0, 345, 840)]
spellings: st.SearchStrategy[tzinfo] = st.one_of(
    st.sampled_from(list(ZONES)).map(ZoneInfo),
    st.sampled_from(list(ZONES)).map(pendulum.timezone),
    st.sampled_from(OFFSETS).map(timezone),
)


@given(paused_scenes(ALL_SHAPES), spellings, st.booleans(), durations(), kinds)
def test_the_same_instant_under_any_spelling_of_its_zone_gives_the_same_answer(
    paused: tuple[Scene, Pauses],
    zone: tzinfo,
    is_pendulum: bool,
    duration: Duration,
    kind: DueKind | None,
) -> None:
    (ground, t, u), pauses = paused

    def spelled(at: datetime) -> datetime:
        other = at.astimezone(zone)
        return pendulum.instance(other) if is_pendulum else other

    calendar, respelled = ground.calendar, [(spelled(begin), spelled(end)) for begin, end in pauses]
    due = calendar.due(t, duration, due_at=kind, pauses=pauses)
    assert calendar.due(spelled(t), duration, due_at=kind, pauses=respelled) == due
    assert calendar.part(spelled(t), duration, 70) == calendar.part(t, duration, 70)
    assert calendar.instant(spelled(t), duration) == calendar.instant(t, duration)
    assert calendar.back(spelled(t), duration) == calendar.back(t, duration)
    assert calendar.business_date(spelled(t)) == calendar.business_date(t)
    assert calendar.is_open(spelled(t)) == calendar.is_open(t)
    assert calendar.describe_until(spelled(t), spelled(u)) == calendar.describe_until(t, u)
    between = calendar.elapsed_open_seconds(spelled(t), spelled(u))
    assert between == calendar.elapsed_open_seconds(t, u)


@cache
def copies_of(ground: Ground) -> list[Calendar]:
    calendar = ground.calendar
    stored = json.loads(json.dumps(calendar.to_canonical()))
    sent = pickle.loads(pickle.dumps(calendar))
    return [Calendar.from_canonical(stored), sent, copy.copy(calendar), copy.deepcopy(calendar)]


zone_names = st.sampled_from(["Africa/Cairo", "Europe/Berlin", "Pacific/Apia"])


@given(scenes(), zone_names, st.sampled_from(ALL_SHAPES), durations(), kinds)
def test_a_stored_or_copied_calendar_gives_the_same_answer(
    scene: Scene, zone: str, shape: str, duration: Duration, kind: DueKind | None
) -> None:
    ground = ground_of(zone, shape, 1)
    after = scene[1] - scene[0].first
    t, u = ground.first + after, ground.first + after + (scene[2] - scene[1])
    calendar = ground.calendar
    due = calendar.due(t, duration, due_at=kind, pauses=[(t, t + timedelta(hours=30))])
    for copied in copies_of(ground):
        assert (copied, copied.digest) == (calendar, calendar.digest)
        paused = [(t, t + timedelta(hours=30))]
        assert copied.due(t, duration, due_at=kind, pauses=paused) == due
        assert copied.back(u, duration) == calendar.back(u, duration)
        assert copied.elapsed_open_seconds(t, u) == calendar.elapsed_open_seconds(t, u)
