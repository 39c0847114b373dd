"""P13: what arrives twice acts once, and gets the same answer."""

from collections.abc import Iterator
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.order_desk import OrderDesk
from tests.properties.pairs import Pair, pairs
from tests.properties.scripts import EXAMPLES

from aftersales.store import Store


@settings(parent=EXAMPLES, max_examples=EXAMPLES.max_examples // 2)
@given(pair=pairs(most_steps=10), seed=st.integers(0, 2**20))
def test_what_is_delivered_again_at_any_later_time_acts_once(
    store: Store, shops: Iterator[str], pair: Pair, seed: int
) -> None:
    """Openings, events, outcomes and orders: at once, and again when much has happened since."""
    once, twice = (OrderDesk(store, next(shops), pair) for _ in range(2))
    once.live(pair.steps)
    random = Random(seed)
    for request in once.asked:
        twice.ask(request)
        asked = [n for n, r in enumerate(twice.asked) if r.sort != "tick"]
        heard = [number for number in asked if not twice.was_refused(number)]
        for number in {heard[-1], random.choice(heard)} if heard else ():
            twice.ask_again(number)
    assert twice.broken == []
    assert twice.outcome() == once.outcome()
    assert sorted(_ends(twice.sent)) == sorted(_ends(once.sent))


def _ends(keys: dict[str, object]) -> list[str]:
    return [key.split("/", 2)[2] for key in keys]
