"""P4: what comes out is a function of the events and their times, not of the ticks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.order_desk import OrderDesk
from tests.properties.pairs import Pair, Request, pairs
from tests.properties.played import Flaky, Played, ticks_of
from tests.properties.scripts import EXAMPLES, START, Script, schedules, scripts

from aftersales.store import Store

MOST_MINUTES = 60 * 24 * 90
extra_ticks = st.lists(st.integers(0, MOST_MINUTES), min_size=1, max_size=4)


@EXAMPLES
@given(script=scripts(), often=schedules(), seldom=schedules())
def test_any_two_schedules_of_ticks_give_the_same_result(
    store: Store,
    shops: Iterator[str],
    script: Script,
    often: tuple[timedelta, ...],
    seldom: tuple[timedelta, ...],
) -> None:
    one, other = (Played(store, next(shops), is_told=False) for _ in range(2))
    one.play(script, ticks_of(script, often, most=12))
    other.play(script, ticks_of(script, seldom, most=3))
    assert one.outcome() == other.outcome()


@settings(parent=EXAMPLES, max_examples=EXAMPLES.max_examples // 2)
@given(pair=pairs(most_steps=12), keeps=st.integers(0, 2**16))
def test_any_ticks_give_the_same_result_for_two_cases_of_one_order(
    store: Store, shops: Iterator[str], pair: Pair, keeps: int
) -> None:
    """All ticks against some of them: one case's timers must not depend on the other's."""
    desks = [OrderDesk(store, next(shops), pair, is_told=False, handles=False) for _ in range(2)]
    desks[0].live(pair.steps)
    random = Random(keeps)
    for request in desks[0].asked:
        if request.sort != "tick" or random.random() < 0.3:
            desks[1].ask(request)
    for desk in desks:
        desk.ask(Request(MOST_MINUTES, "tick"))
        desk.answers = [answer for answer in desk.answers if not answer.startswith("tick")]
    assert desks[0].outcome() == desks[1].outcome()


@EXAMPLES
@given(script=scripts(), extra=extra_ticks, seed=st.integers(0, 9))
def test_ticks_besides_those_on_time_change_nothing(
    store: Store, shops: Iterator[str], script: Script, extra: list[int], seed: int
) -> None:
    """On time: whenever something was put, and a moment after anything is due.

    Others, at any instant, at the due instants themselves, and each of them twice, find nothing
    to do. Here waits for the customer start when he was told, and the receiver is often down.
    """
    on_time = _played_on_time(store, next(shops), script, seed)
    minutes_too = tuple(START + timedelta(minutes=minutes) for minutes in extra)
    assert _played_on_time(store, next(shops), script, seed, minutes_too) == on_time


def _played_on_time(
    store: Store, shop: str, script: Script, seed: int, extra: tuple[datetime, ...] = ()
) -> tuple[str, list[str]]:
    """What came of it, and when each message was handed over."""
    flaky = Flaky(seed, lambda: played.now)
    played = Played(store, shop, is_told=True, message=flaky)
    played.play_on_time(script, extra)
    return played.outcome(), sorted(str(at) for at in flaky.told_at.values())
