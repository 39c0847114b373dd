"""P4: what comes out is a function of the events and their times, not of the ticks."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.order_desk import OrderDesk
from tests.properties.pairs import Pair, Request, pairs
from tests.properties.played import Played, ticks_of
from tests.properties.scripts import EXAMPLES, Script, schedules, scripts

from aftersales.store import Store

MOST_MINUTES = 60 * 24 * 90


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
