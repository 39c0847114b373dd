"""Who may do what: roles, their ladder, and four eyes above a limit."""

import pytest
from small_shop import (
    ANN,
    BANK,
    CUSTOMER,
    MARKET,
    MAX,
    SUE,
    account,
    ledger,
    offered,
    opened,
    refusal,
)

from aftersales.domain.case import Actor
from aftersales.testing import ShopForTests

DEAR = {"value": "60.00 USD", "severity": "major"}  # needs a supervisor
DEAREST = {"value": "300.00 USD", "severity": "major", "paid": "900.00 USD"}  # needs a manager


@pytest.mark.parametrize("by", [CUSTOMER, MARKET, BANK, Actor.system()])
def test_a_role_that_is_not_named_is_refused(shop: ShopForTests, by: Actor) -> None:
    case = opened(shop)
    refused = refusal(lambda: shop.desk.submit(case.id, "look", by=by))
    assert refused.code == "role"
    assert refused.reason == f"`look` is for agent; {by.id} is here as {by.role}"


@pytest.mark.parametrize("by", [ANN, SUE, MAX])
def test_who_stands_higher_may_do_what_an_agent_may(shop: ShopForTests, by: Actor) -> None:
    assert shop.desk.submit(opened(shop).id, "look", by=by).version == 2


def test_what_is_the_systems_is_nobody_elses(shop: ShopForTests) -> None:
    case = opened(shop)
    assert refusal(lambda: shop.desk.submit(case.id, "give_up", by=MAX)).code == "role"


def test_a_refusal_says_what_is_possible_and_is_kept(shop: ShopForTests) -> None:
    case = opened(shop)
    refused = refusal(lambda: shop.desk.submit(case.id, "accept", by=CUSTOMER))
    assert refused.code == "not_here"
    assert {"propose", "ask", "they_paid"} <= set(refused.allowed)
    assert "remind" not in refused.allowed  # only the system's
    (kept,) = shop.desk.explain(case.id).refusals
    assert (kept.event, kept.actor, kept.code) == ("accept", CUSTOMER, "not_here")
    assert shop.desk.get_case(case.id).version == 1


def test_what_needs_nobodys_approval_is_sent_at_once(shop: ShopForTests) -> None:
    view = shop.desk.submit(opened(shop).id, "propose", by=ANN)
    assert (view.state, view.offer and view.offer.status) == ("offered", "open")


def test_nobody_approves_an_offer_of_his_own(shop: ShopForTests) -> None:
    case = opened(shop, **DEAR)
    shop.desk.submit(case.id, "propose", by=SUE)
    refused = refusal(lambda: shop.desk.submit(case.id, "approve", by=SUE))
    assert refused.code == "same_person"
    view = shop.desk.submit(case.id, "approve", by=Actor.supervisor("tom"))
    assert (view.offer and view.offer.status) == "open"


def test_the_same_person_in_a_higher_role_is_still_the_same(shop: ShopForTests) -> None:
    case = opened(shop, **DEAR)
    shop.desk.submit(case.id, "propose", by=ANN)
    refused = refusal(lambda: shop.desk.submit(case.id, "approve", by=Actor.manager("ann")))
    assert refused.code == "same_person"


@pytest.mark.parametrize("by", [Actor.agent("bob"), SUE, CUSTOMER])
def test_a_role_below_the_band_does_not_approve(shop: ShopForTests, by: Actor) -> None:
    case = opened(shop, **DEAREST)
    shop.desk.submit(case.id, "propose", by=ANN)
    refused = refusal(lambda: shop.desk.submit(case.id, "approve", by=by))
    assert (refused.code, "a manager" in refused.reason) == ("role", True)
    view = shop.desk.submit(case.id, "approve", by=MAX)
    assert view.offer is not None
    assert view.offer.approved_by == MAX


def test_those_who_may_approve_are_told(shop: ShopForTests) -> None:
    case = opened(shop, **DEAREST)
    shop.desk.submit(case.id, "propose", by=ANN)
    shop.tick()
    assert shop.recorder.names("alert") == ["manager"]


def test_a_limit_is_not_passed_by_two_offers_made_at_once(shop: ShopForTests) -> None:
    """Each alone is under 50 USD; together, on one order, they are not."""
    first = offered(shop, value="30.00 USD", severity="major", paid="200.00 USD")
    second = offered(shop, value="30.00 USD", severity="major", paid="200.00 USD")
    choice = {"option": "refund_all"}
    shop.desk.submit(first.id, "accept", by=CUSTOMER, facts=choice)
    refused = refusal(lambda: shop.desk.submit(second.id, "accept", by=CUSTOMER, facts=choice))
    assert (refused.code, "supervisor" in refused.reason) == ("approval", True)
    assert str(account(shop.desk).reserved) == "30.00 USD"
    assert ledger(shop.desk, second.id) == ()
    assert "refused" in shop.desk.get_case(second.id).needs_person


def test_a_limit_is_not_passed_by_a_second_case_of_the_order(shop: ShopForTests) -> None:
    first = offered(shop, value="30.00 USD", severity="major", paid="200.00 USD")
    shop.desk.submit(first.id, "accept", by=CUSTOMER, facts={"option": "refund_all"})
    shop.tick()
    second = opened(shop, value="30.00 USD", severity="major", paid="200.00 USD")
    view = shop.desk.submit(second.id, "propose", by=ANN)
    assert view.state == "awaiting_approval"
    assert view.offer is not None
    assert view.offer.approval == "supervisor"


def test_an_approval_covers_what_it_approved(shop: ShopForTests) -> None:
    case = offered(shop, **DEAR)
    view = shop.desk.submit(case.id, "accept", by=CUSTOMER, facts={"option": "refund_all"})
    assert view.state == "fulfilling"
    assert str(account(shop.desk).reserved) == "60.00 USD"
