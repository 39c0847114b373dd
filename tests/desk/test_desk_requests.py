"""Requests that arrive twice, that bind what was seen, and that ride on a host's transaction."""

from datetime import timedelta
from pathlib import Path

import pytest
from small_shop import (
    ANN,
    CUSTOMER,
    MARKET,
    accepted_option,
    account,
    effects,
    events,
    ledger,
    money,
    offered,
    opened,
    refusal,
)
from sqlalchemy import create_engine, text
from sqlmodel import Session

from aftersales.desk import done, failed
from aftersales.domain.case import Line
from aftersales.domain.errors import CaseChangedMeanwhile, CaseNotFound, IdempotencyKeyReused
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests

PHOTO = {"photo": "yes"}

# -- twice


def test_a_case_opened_twice_under_one_key_is_one_case(shop: ShopForTests) -> None:
    first = opened(shop, idempotency_key="k1")
    again = opened(shop, idempotency_key="k1")
    assert (again.id, first.is_repeat, again.is_repeat) == (first.id, False, True)
    assert again.case == first.case
    assert len(shop.desk.find_cases()) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "quarrel"},
        {"order": "1002"},
        {"customer": "c2"},
        {"value": "41.00 USD"},
        {"lines": [Line("SKU", 1, Money("40.00", "USD"))]},
    ],
)
def test_a_key_does_not_open_a_second_thing(shop: ShopForTests, other: dict[str, str]) -> None:
    opened(shop, idempotency_key="k1")
    with pytest.raises(IdempotencyKeyReused, match="k1"):
        opened(shop, idempotency_key="k1", **other)  # type: ignore[arg-type]
    assert len(shop.desk.find_cases()) == 1


def test_an_event_put_twice_under_one_key_acts_once(shop: ShopForTests) -> None:
    case = opened(shop)
    for _ in range(3):
        shop.desk.submit(case.id, "look", by=ANN, facts=PHOTO, idempotency_key="click")
    assert events(shop.desk, case.id) == ["open", "look"]


def test_the_same_answer_comes_back_after_the_case_has_moved_on(shop: ShopForTests) -> None:
    case = opened(shop)
    first = shop.desk.submit(case.id, "propose", by=ANN, idempotency_key="click")
    shop.tick()
    shop.desk.submit(case.id, "accept", by=CUSTOMER, facts={"option": "coupon"})
    shop.tick()
    again = shop.desk.submit(case.id, "propose", by=ANN, idempotency_key="click")
    assert again.is_repeat
    assert (again.case, again.allowed_events) == (first.case, first.allowed_events)
    assert shop.desk.get_case(case.id).state == "settled"


def test_the_offer_in_a_repeated_answer_is_the_one_that_was_answered(shop: ShopForTests) -> None:
    case = opened(shop)
    first = shop.desk.submit(case.id, "propose", by=ANN, idempotency_key="click")
    shop.tick()
    shop.desk.submit(case.id, "accept", by=CUSTOMER, facts={"option": "coupon"})
    again = shop.desk.submit(case.id, "propose", by=ANN, idempotency_key="click")
    assert again.offer == first.offer


@pytest.mark.parametrize(
    ("event", "facts", "by"),
    [("poke", {}, ANN), ("look", {"photo": "no"}, ANN), ("look", PHOTO, MARKET)],
)
def test_a_key_does_not_serve_another_event(
    shop: ShopForTests, event: str, facts: dict[str, str], by: object
) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "look", by=ANN, facts=PHOTO, idempotency_key="click")
    with pytest.raises(IdempotencyKeyReused):
        shop.desk.submit(case.id, event, by=by, facts=facts, idempotency_key="click")  # type: ignore[arg-type]


def test_one_key_may_serve_two_cases(shop: ShopForTests) -> None:
    for case in (opened(shop), opened(shop)):
        view = shop.desk.submit(case.id, "look", by=ANN, idempotency_key="click")
        assert not view.is_repeat


def test_a_refused_event_may_be_put_again_under_its_key(shop: ShopForTests) -> None:
    case = opened(shop)
    put = {"by": ANN, "idempotency_key": "click"}
    assert refusal(lambda: shop.desk.submit(case.id, "answered", **put)).code == "not_here"  # type: ignore[arg-type]
    shop.desk.submit(case.id, "ask", by=ANN)
    assert shop.desk.submit(case.id, "answered", **put).state == "reported"  # type: ignore[arg-type]


def test_an_outcome_told_twice_counts_once(shop: ShopForTests) -> None:
    case = accepted_option(shop, "half")
    key = money(shop.desk, case.id).key
    assert shop.desk.settle(key, done("ref-1")).state == "settled"
    before = shop.desk.history(case.id)
    shop.desk.settle(key, done("ref-1"))
    shop.desk.settle(key, failed("no, it failed"))
    assert shop.desk.history(case.id) == before
    assert str(account(shop.desk).confirmed) == "20.00 USD"
    assert ledger(shop.desk, case.id)[0].reference == "ref-1"


def test_an_unknown_effect_cannot_be_settled(shop: ShopForTests) -> None:
    assert refusal(lambda: shop.desk.settle("shop/x/1/1", done())).code == "no_effect"


def test_a_case_of_another_shop_is_not_found(shop: ShopForTests) -> None:
    with pytest.raises(CaseNotFound):
        shop.desk.get_case("no-such-case")


# -- what was seen


def test_a_reminder_meanwhile_does_not_invalidate_what_was_seen(shop: ShopForTests) -> None:
    case = offered(shop)
    assert case.offer is not None
    seen = case.offer.case_version
    shop.wait(timedelta(hours=50))
    assert "reminder" in shop.recorder.names("message")
    view = shop.desk.submit(
        case.id, "accept", by=CUSTOMER, facts={"option": "coupon"}, expected_version=seen
    )
    assert view.state == "fulfilling"


def test_a_new_offer_invalidates_what_was_seen(shop: ShopForTests) -> None:
    case = offered(shop)
    assert case.offer is not None
    shop.desk.submit(case.id, "propose", by=ANN)
    choice = {"option": "coupon"}
    with pytest.raises(CaseChangedMeanwhile, match="read it again"):
        shop.desk.submit(
            case.id, "accept", by=CUSTOMER, facts=choice, expected_version=case.offer.case_version
        )
    assert shop.desk.get_case(case.id).state == "offered"


def test_a_version_never_reached_is_not_what_was_seen(shop: ShopForTests) -> None:
    case = opened(shop)
    with pytest.raises(CaseChangedMeanwhile):
        shop.desk.submit(case.id, "look", by=ANN, expected_version=case.version + 1)


# -- a host's transaction


@pytest.fixture
def host(shop: ShopForTests, tmp_path: Path) -> Session:
    return Session(create_engine(f"sqlite:///{tmp_path / 'aftersales.db'}"))


def test_what_a_host_rolls_back_leaves_nothing(shop: ShopForTests, host: Session) -> None:
    with host:
        shop.desk.record_order("1001", paid=Money("40.00", "USD"), session=host)
        facts = {"affected_value": "40 USD", "severity": "minor"}
        case = shop.desk.open_case("torn", order_id="1001", facts=facts, session=host)
        shop.desk.submit(case.id, "propose", by=ANN, session=host)
        assert shop.desk.get_case(case.id, session=host).state == "offered"
        host.rollback()
    assert shop.desk.find_cases() == []
    assert effects(shop.desk, case.id) == []
    with shop.desk.store.reading(shop.desk.shop) as tx:
        assert tx.account("order:1001") is None


def test_nothing_is_seen_or_sent_until_the_host_commits(shop: ShopForTests, host: Session) -> None:
    with host:
        facts = {"affected_value": "40 USD", "severity": "minor"}
        case = shop.desk.open_case("torn", order_id="1001", facts=facts, session=host)
        with pytest.raises(CaseNotFound):
            shop.desk.get_case(case.id)
        host.execute(text("SELECT 1"))
        host.commit()
    assert shop.desk.get_case(case.id).state == "reported"
    shop.tick()
    assert shop.recorder.names("message") == ["received"]


def test_a_refusal_leaves_the_hosts_transaction_usable(shop: ShopForTests, host: Session) -> None:
    case = opened(shop)
    with host:
        refusal(lambda: shop.desk.submit(case.id, "approve", by=ANN, session=host))
        shop.desk.submit(case.id, "look", by=ANN, session=host)
        host.commit()
    assert events(shop.desk, case.id) == ["open", "look"]
    assert [r.event for r in shop.desk.explain(case.id).refusals] == ["approve"]


def test_a_case_that_cannot_be_opened_takes_nothing_else_back(
    shop: ShopForTests, host: Session
) -> None:
    with host:
        shop.desk.record_order("1001", paid=Money("40.00", "USD"), session=host)
        facts = {"affected_value": "40 USD"}
        refused = refusal(
            lambda: shop.desk.open_case("torn", order_id="1001", facts=facts, session=host)
        )
        host.commit()
    assert "needs `severity`" in refused.reason
    assert shop.desk.find_cases() == []
    assert str(account(shop.desk).paid) == "40.00 USD"
