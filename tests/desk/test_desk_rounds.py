"""The end of a case and after it: follow-ups, reopening, rounds, linked cases."""

from datetime import timedelta

import pytest
from small_shop import (
    ANN,
    BANK,
    CUSTOMER,
    MARKET,
    SUE,
    accepted_option,
    account,
    events,
    ledger,
    offered,
    opened,
    refusal,
)

from aftersales.domain.case import Actor
from aftersales.testing import ShopForTests

HOUR = timedelta(hours=1)


def settled(shop: ShopForTests) -> str:
    case = accepted_option(shop, "coupon")
    shop.tick()
    assert shop.desk.get_case(case.id).outcome == "compensated"
    return case.id


# -- follow-ups


def test_a_closed_case_has_no_due_date_and_takes_no_events(shop: ShopForTests) -> None:
    case_id = settled(shop)
    view = shop.desk.get_case(case_id)
    assert (view.is_open, view.due_at, view.allowed_events) == (False, None, ("arrived", "reopen"))
    assert refusal(lambda: shop.desk.submit(case_id, "propose", by=ANN)).code == "closed"


def test_a_follow_up_sends_and_moves_nothing(shop: ShopForTests) -> None:
    case_id = settled(shop)
    view = shop.desk.submit(case_id, "arrived", by=MARKET)
    assert view.due_at == shop.clock() + 24 * HOUR
    shop.wait(25 * HOUR)
    assert shop.recorder.names("message")[-1] == "how_was_it"
    view = shop.desk.get_case(case_id)
    assert (view.state, view.due_at) == ("settled", None)
    assert events(shop.desk, case_id)[-1] == "follow_up"


def test_a_follow_up_is_dropped_when_the_case_is_reopened(shop: ShopForTests) -> None:
    case_id = settled(shop)
    shop.desk.submit(case_id, "arrived", by=MARKET)
    shop.desk.submit(case_id, "reopen", by=ANN)
    shop.wait(25 * HOUR)
    assert "how_was_it" not in shop.recorder.names("message")


# -- reopening


def test_reopening_starts_a_new_round(shop: ShopForTests) -> None:
    case_id = settled(shop)
    view = shop.desk.submit(case_id, "reopen", by=CUSTOMER)
    assert (view.state, view.case.round, view.case.visit) == ("reported", 2, 1)
    assert (view.is_open, view.outcome, view.offer) == (True, "", None)
    assert {timer.id for timer in view.case.timers} == {"2/1/decide/0"}  # first_reply is once
    assert shop.desk.history(case_id)[-1].round == 2


def test_a_new_round_may_be_given_something_again(shop: ShopForTests) -> None:
    case_id = settled(shop)
    shop.desk.submit(case_id, "reopen", by=CUSTOMER)
    shop.desk.submit(case_id, "propose", by=ANN)
    shop.tick()
    shop.desk.submit(case_id, "accept", by=CUSTOMER, facts={"option": "half"})
    shop.tick()
    assert [entry.status for entry in ledger(shop.desk, case_id)] == ["confirmed"] * 2
    assert shop.desk.get_case(case_id).state == "settled"


def test_uses_of_bounded_events_begin_anew_in_a_new_round(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "poke", by=ANN)
    shop.desk.submit(case.id, "leave", by=ANN)
    shop.desk.submit(case.id, "reopen", by=ANN)
    assert shop.desk.submit(case.id, "poke", by=ANN).case.round == 2


def test_a_case_is_reopened_so_often_and_no_more(shop: ShopForTests) -> None:
    case = opened(shop)
    for _ in range(2):
        shop.desk.submit(case.id, "leave", by=ANN)
        shop.desk.submit(case.id, "reopen", by=ANN)
    view = shop.desk.submit(case.id, "leave", by=ANN)
    assert view.allowed_events == ()
    refused = refusal(lambda: shop.desk.submit(case.id, "reopen", by=ANN))
    assert (refused.code, "2 times" in refused.reason) == ("at_most", True)


def test_a_case_is_reopened_until_its_time_and_not_after(shop: ShopForTests) -> None:
    first, second = opened(shop), opened(shop)
    for case in (first, second):
        shop.desk.submit(case.id, "leave", by=ANN)
    shop.clock.advance(240 * HOUR)
    assert shop.desk.submit(first.id, "reopen", by=CUSTOMER).is_open
    shop.clock.advance(timedelta(seconds=1))
    refused = refusal(lambda: shop.desk.submit(second.id, "reopen", by=CUSTOMER))
    assert refused.code == "too_late"


@pytest.mark.parametrize("by", [MARKET, BANK, Actor.system()])
def test_only_who_is_named_may_reopen(shop: ShopForTests, by: Actor) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "leave", by=ANN)
    assert refusal(lambda: shop.desk.submit(case.id, "reopen", by=by)).code == "role"
    assert shop.desk.submit(case.id, "reopen", by=SUE).is_open


def test_an_offer_of_an_earlier_round_cannot_be_accepted(shop: ShopForTests) -> None:
    case = offered(shop)
    shop.wait(97 * HOUR)
    shop.desk.submit(case.id, "reopen", by=CUSTOMER)
    choice = {"option": "coupon"}
    refused = refusal(lambda: shop.desk.submit(case.id, "accept", by=CUSTOMER, facts=choice))
    assert refused.code == "not_here"


# -- linked cases


def test_a_linked_case_is_opened_once_with_what_is_known(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "quarrel", by=ANN, idempotency_key="click")
    shop.desk.submit(case.id, "quarrel", by=ANN, idempotency_key="click")
    for _ in range(3):
        shop.tick()
    (linked,) = shop.desk.find_cases(kind="quarrel")
    assert (linked.case.parent_id, linked.case.order_id) == (case.id, "1001")
    assert linked.case.facts["affected_value"] == "40.00 USD"
    assert account(shop.desk).held_by == linked.id


def test_what_a_linked_case_says_to_the_order_comes_back_in_the_answer(
    shop: ShopForTests,
) -> None:
    case = opened(shop)
    view = shop.desk.submit(case.id, "quarrel", by=ANN)
    assert view.state == "frozen"
    assert view.case == shop.desk.get_case(case.id).case


def test_a_case_that_held_the_order_lets_go_when_it_ends(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "quarrel", by=ANN)
    shop.wait(241 * HOUR)
    (linked,) = shop.desk.find_cases(kind="quarrel")
    assert (linked.outcome, account(shop.desk).held_by) == ("lost", "")
    told = [e for e in events(shop.desk, case.id) if e.startswith("order_")]
    assert told == ["order_held", "order_released"]
