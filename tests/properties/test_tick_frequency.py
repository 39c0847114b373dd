"""P4: what comes out is a function of the events and their times, not of the ticks."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.properties.scripts import Played, Script, schedules, scripts

from aftersales.store import Store

shops = (f"shop-{number}" for number in itertools.count())
EXAMPLES = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("p4") / "cases.db"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    yield store
    store.close()


@EXAMPLES
@given(script=scripts(), often=schedules(), seldom=schedules())
def test_any_two_schedules_of_ticks_give_the_same_result(
    store: Store, script: Script, often: tuple[timedelta, ...], seldom: tuple[timedelta, ...]
) -> None:
    one, other = (Played(store, next(shops), is_told=False) for _ in range(2))
    one.play(script, often, most_ticks=25)
    other.play(script, seldom, most_ticks=3)
    assert one.outcome() == other.outcome()
