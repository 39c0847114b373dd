"""P4: with waits that start when told, ticks besides those on time change nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.played import Flaky, Played
from tests.properties.scripts import EXAMPLES, START, Script, scripts

from aftersales.store import Store

MOST_MINUTES = 60 * 24 * 90
extra_ticks = st.lists(st.integers(0, MOST_MINUTES), min_size=1, max_size=4)


@settings(parent=EXAMPLES, max_examples=EXAMPLES.max_examples // 2)
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
