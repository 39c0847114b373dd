"""One matter is paid once: whoever paid, however late it is told, whatever was tried."""

from datetime import timedelta
from typing import Any

import pytest
from small_shop import (
    ANN,
    BANK,
    CUSTOMER,
    MARKET,
    accepted_option,
    account,
    effects,
    ledger,
    money,
    offered,
    opened,
    refusal,
)

from aftersales.desk import accepted, done, failed
from aftersales.domain.case import Actor
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests


def minor(shop: ShopForTests) -> tuple[int, ...]:
    """Paid, reserved, confirmed, external of the order, in cents."""
    found = account(shop.desk)
    return tuple(m.minor for m in (found.paid, found.reserved, found.confirmed, found.external))


def test_nothing_more_is_granted_while_an_earlier_grant_is_open(shop: ShopForTests) -> None:
    shop.recorder.answer = lambda effect: accepted(effect.key)
    case = accepted_option(shop, "half")
    shop.wait(timedelta(hours=241))  # nobody told how it ended; back to the agents
    offer = shop.desk.submit(case.id, "propose", by=ANN).offer
    assert offer is not None
    refused = refusal(
        lambda: shop.desk.submit(case.id, "accept", by=CUSTOMER, facts={"option": "half"})
    )
    assert refused.code == "under_way"
    assert minor(shop) == (10000, 2000, 0, 0)
    assert "not known yet" in shop.desk.get_case(case.id).needs_person


def test_what_a_case_gave_comes_off_what_it_may_still_give(shop: ShopForTests) -> None:
    shop.recorder.answer = lambda effect: accepted(effect.key)
    case = accepted_option(shop, "refund_all", severity="major")
    shop.wait(timedelta(hours=241))
    shop.desk.settle(money(shop.desk, case.id).key, done("paid after all"))
    again = shop.desk.submit(case.id, "propose", by=ANN).offer
    assert again is not None
    assert [option.id for option in again.options] == ["again + coupon"]
    assert minor(shop) == (10000, 0, 4000, 0)


def test_a_late_outcome_of_an_earlier_offer_moves_nothing(shop: ShopForTests) -> None:
    shop.recorder.answer = lambda effect: accepted(effect.key)
    case = accepted_option(shop, "half")
    key = money(shop.desk, case.id).key
    shop.wait(timedelta(hours=241))
    shop.desk.submit(case.id, "propose", by=ANN)
    view = shop.desk.settle(key, done("the first one"))
    assert view.state == "offered"
    assert minor(shop) == (10000, 0, 2000, 0)


def test_two_disputes_hold_an_order_until_both_are_over(shop: ShopForTests) -> None:
    opened(shop)
    one, two = (
        shop.desk.open_case("quarrel", order_id="1001", facts={"affected_value": "40.00 USD"})
        for _ in range(2)
    )
    shop.desk.submit(one.id, "won", by=BANK)
    assert account(shop.desk).held_by == two.id
    shop.desk.submit(two.id, "won", by=BANK)
    assert account(shop.desk).held_by == ""


def test_a_dispute_without_an_order_is_opened_and_calls_a_person(shop: ShopForTests) -> None:
    case = shop.desk.open_case("quarrel", facts={"affected_value": "40.00 USD"})
    assert case.state == "received"
    assert "no order is known" in case.needs_person


def test_the_truth_is_entered_even_after_a_failure(shop: ShopForTests) -> None:
    shop.recorder.answer = lambda effect: failed("no answer")
    case = accepted_option(shop, "half")
    shop.tick()
    assert minor(shop) == (10000, 0, 0, 0)
    view = shop.desk.settle(money(shop.desk, case.id).key, done("it went through"))
    assert minor(shop) == (10000, 0, 2000, 0)
    assert "after it was counted as failed" in view.needs_person


def test_a_refund_told_by_the_order_and_by_the_platform_counts_once(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.record_order("1001", paid=Money("100", "USD"), refunded=Money("30", "USD"))
    shop.desk.submit(case.id, "they_paid", by=MARKET, facts={"outside_refund": "30.00 USD"})
    assert minor(shop) == (10000, 0, 0, 3000)
    shop.desk.record_order("1001", paid=Money("100", "USD"), refunded=Money("30", "USD"))
    assert minor(shop) == (10000, 0, 0, 3000)


def test_our_own_refund_under_way_is_not_taken_for_somebody_elses(shop: ShopForTests) -> None:
    shop.recorder.answer = lambda effect: accepted(effect.key)
    case = accepted_option(shop, "half")
    shop.tick()
    shop.desk.record_order("1001", paid=Money("100", "USD"), refunded=Money("20", "USD"))
    shop.desk.settle(money(shop.desk, case.id).key, done("r1"))
    assert minor(shop) == (10000, 0, 2000, 0)


def test_the_currency_of_an_order_does_not_change_under_a_case(shop: ShopForTests) -> None:
    shop.desk.open_case(
        "torn", order_id="2002", facts={"affected_value": "40.00 USD", "severity": "minor"}
    )
    with pytest.raises(ValueUnreadable, match="was paid in USD"):
        shop.desk.record_order("2002", paid=Money("40", "EUR"))


def test_who_was_told_of_a_grant_that_was_withdrawn_is_not_told(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    shop.desk.open_case("quarrel", order_id="1001", facts={"affected_value": "40.00 USD"})
    shop.tick()
    assert "granted" not in shop.recorder.names("message")
    assert {e.name: e.status for e in effects(shop.desk, case.id)}["granted"] == "withdrawn"


def test_a_refund_told_late_takes_back_the_offer_that_stands(shop: ShopForTests) -> None:
    case = offered(shop)
    shop.tick()
    then = shop.clock()
    shop.clock.advance(timedelta(hours=1))
    shop.desk.submit(case.id, "they_ask", by=MARKET, facts={"asked_at": "2026-03-02T09:00:00Z"})
    told: dict[str, Any] = {"outside_refund": "40.00 USD"}
    shop.desk.submit(case.id, "they_paid", by=MARKET, facts=told, occurred_at=then)
    view = shop.desk.get_case(case.id)
    assert view.offer is not None
    assert (view.offer.status, minor(shop)) == ("withdrawn", (10000, 0, 0, 4000))
    assert view.needs_person


def test_a_message_handed_over_meanwhile_makes_nothing_late(shop: ShopForTests) -> None:
    case = offered(shop)
    then = shop.clock()
    shop.wait(timedelta(minutes=1))  # the offer goes out
    told: dict[str, Any] = {"outside_refund": "40.00 USD"}
    view = shop.desk.submit(case.id, "they_paid", by=MARKET, facts=told, occurred_at=then)
    assert view.state == "paid_by_them"


def test_personal_words_told_after_the_end_are_not_in_the_history(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "leave", by=ANN)
    told: dict[str, Any] = {"outside_refund": "40.00 USD", "note": "Jane Roe, 5 Elm St"}
    shop.desk.submit(case.id, "they_paid", by=MARKET, facts=told)
    assert "Jane" not in str(shop.desk.history(case.id))
    assert minor(shop) == (10000, 0, 0, 4000)


def test_what_followed_up_once_is_not_followed_up_again(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    shop.tick()
    shop.desk.submit(case.id, "arrived", by=MARKET)
    again = refusal(lambda: shop.desk.submit(case.id, "arrived", by=MARKET))
    assert again.code == "told_before"


def test_a_dead_message_can_be_settled_so_that_the_next_goes_out(shop: ShopForTests) -> None:
    def down(effect: object) -> object:
        raise ConnectionError

    shop.recorder.answer = down
    case = opened(shop)
    for _ in range(9):
        shop.wait(timedelta(hours=7))
    (dead,) = [e for e in effects(shop.desk, case.id, "message") if e.name == "received"]
    assert dead.status == "dead"
    shop.recorder.answer = lambda effect: done(effect.key)
    shop.desk.settle(dead.key, failed("the mail is down"))
    shop.desk.submit(case.id, "ask", by=ANN)
    shop.tick()
    assert "question" in shop.recorder.names("message")


def test_an_event_that_nobody_of_that_role_may_ever_put_is_not_noted_late(
    shop: ShopForTests,
) -> None:
    case = offered(shop)
    then = shop.clock()
    shop.clock.advance(timedelta(hours=1))
    shop.desk.submit(case.id, "they_ask", by=MARKET, facts={"asked_at": "2026-03-02T09:00:00Z"})
    refused = refusal(
        lambda: shop.desk.submit(case.id, "nonsense", by=Actor.agent("ann"), occurred_at=then)
    )
    assert refused.code == "role"
    assert len(ledger(shop.desk, case.id)) == 0
