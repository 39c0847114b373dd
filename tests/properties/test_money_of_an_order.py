"""P11: whatever happens to the cases of an order, no more goes back than was paid."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from tests.properties.edited import edited
from tests.properties.order_desk import OrderDesk
from tests.properties.pairs import Pair, pairs
from tests.properties.scripts import EXAMPLES, START, instant

from aftersales.definitions import Catalog
from aftersales.desk import Answer, done
from aftersales.domain.case import Actor, Effect
from aftersales.domain.errors import EventRefused
from aftersales.domain.money import Money
from aftersales.store import Store
from aftersales.testing import desk_for_tests

seen: Counter[str] = Counter()
LOW = Money.parse("5 USD")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The shipped definitions with a cap of goodwill that is soon reached."""
    folder, cap = tmp_path_factory.mktemp("definitions"), r"goodwill: at most 150 USD"
    where = "policies/compensation/*.yaml"
    return edited(folder, where=where, pattern=cap, by=f"goodwill: at most {LOW}")


@settings(parent=EXAMPLES, max_examples=EXAMPLES.max_examples // 2)
@given(pair=pairs())
def test_no_limit_of_an_order_is_passed_at_any_moment(
    store: Store, shops: Iterator[str], catalog: Catalog, pair: Pair
) -> None:
    """Not what was paid, nor a hold, nor the second person's limit, nor the customer's cap."""
    desk = OrderDesk(store, next(shops), pair, catalog=catalog, most_goodwill=LOW)
    desk.live(pair.steps)
    desk.check()
    seen.update(examples=1, granted=desk.granted, sent=len(desk.sent))


def test_and_money_was_moved_indeed() -> None:
    """The test above must have had something to watch."""
    assert seen["granted"] > seen["examples"] / 2, seen
    assert seen["sent"] > seen["examples"] / 4, seen


def test_a_refund_that_may_have_been_paid_is_not_free_again_when_a_dispute_comes(
    tmp_path: Path,
) -> None:
    """The receiver took it and did not answer; then the hold came before the next attempt."""
    shop = desk_for_tests(tmp_path, at=START)
    received: list[Effect] = []

    @shop.desk.on("refund")
    def refund(effect: Effect) -> Answer:
        received.append(effect)
        if len(received) == 1:
            raise TimeoutError("paid, but the answer was lost")
        return done()

    shop.desk.record_order("o1", paid=Money.parse("40 USD"))
    usual = {"affected_value": "40 USD", "platform": "own_shop", "country": "US"}
    facts = {**usual, "severity": "major", "evidence": "photo", "in_stock": "no"}
    case = shop.desk.open_case("damaged", order_id="o1", customer_id="c1", facts=facts)
    shop.desk.submit(case.id, "propose", by=Actor.agent("ann"))
    chosen = {"option": "full_refund"}
    shop.desk.submit(case.id, "accept", by=Actor.customer("c1"), facts=chosen)
    shop.tick()
    dispute = {"dispute_reason": "other", "dispute_stage": "chargeback"}
    taken = {"outside_refund": "40 USD", "platform_request_at": instant(START)}
    facts = {**usual, **dispute, **taken, "payment_provider": "stripe"}
    chargeback = shop.desk.open_case("chargeback", order_id="o1", facts=facts)
    shop.desk.submit(chargeback.id, "won", by=Actor.bank("b"))
    shop.tick()
    assert shop.desk.get_case(case.id).needs_person
    with pytest.raises(EventRefused) as refused:
        shop.desk.submit(case.id, "propose", by=Actor.agent("ann"))
    assert refused.value.code == "nothing_to_offer"
    assert len(received) == 1
    shop.desk.settle(received[0].key, done("found at the bank"))
    assert shop.desk.get_case(case.id).case.version > case.version
    assert shop.desk.doctor() == []
