"""Facts given to the desk: unknown ones, unreadable ones, whose they are, and personal ones."""

from datetime import timedelta

import pytest
from small_shop import ANN, CUSTOMER, MARKET, SUE, effects, opened, refusal

from aftersales.domain.case import Actor, Line
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests

SECRET = "call me at home, +49 30 1234"


def test_a_fact_that_is_not_declared_opens_no_case(shop: ShopForTests) -> None:
    with pytest.raises(ValueUnreadable, match="colour"):
        opened(shop, facts={"colour": "red"})
    assert shop.desk.find_cases() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"severity": "terrible"},
        {"affected_value": "a lot"},
        {"affected_value": "-1.00 USD"},
        {"affected_value": 39.9},
        {"asked_at": "2026-03-02 09:00"},
    ],
)
def test_a_fact_that_cannot_be_read_opens_no_case(
    shop: ShopForTests, facts: dict[str, object]
) -> None:
    with pytest.raises(ValueUnreadable):
        opened(shop, facts=facts)


def test_a_fact_the_workflow_needs_must_be_given(shop: ShopForTests) -> None:
    refused = refusal(lambda: shop.desk.open_case("torn", facts={"affected_value": "1 USD"}))
    assert (refused.code, "`severity`" in refused.reason) == ("fact_missing", True)


def test_a_fact_the_event_does_not_take_is_refused(shop: ShopForTests) -> None:
    case = opened(shop)
    refused = refusal(
        lambda: shop.desk.submit(case.id, "look", by=ANN, facts={"severity": "major"})
    )
    assert refused.code == "fact_not_taken"
    assert refused.reason == "`look` does not take `severity`: it takes checked, photo"


def test_a_fact_that_is_unreadable_is_refused_with_the_event(shop: ShopForTests) -> None:
    case = opened(shop)
    refused = refusal(lambda: shop.desk.submit(case.id, "look", by=ANN, facts={"photo": "maybe"}))
    assert refused.code == "fact"
    assert "photo" not in shop.desk.get_case(case.id).case.facts


def test_a_fact_is_set_by_those_it_names(shop: ShopForTests) -> None:
    case = opened(shop)
    view = shop.desk.submit(case.id, "look", by=SUE, facts={"checked": "yes"})
    assert view.case.facts["checked"] == "yes"


def test_a_fact_of_another_role_is_refused(shop: ShopForTests) -> None:
    """The event is the customer's too; the fact is not."""
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)
    put = {"checked": "yes"}
    refused = refusal(lambda: shop.desk.submit(case.id, "answered", by=CUSTOMER, facts=put))
    assert (refused.code, refused.reason) == ("fact_role", "`checked` is set by agent")
    assert shop.desk.submit(case.id, "answered", by=ANN, facts=put).state == "reported"


def test_an_event_without_the_fact_it_needs_is_refused(shop: ShopForTests) -> None:
    case = opened(shop)
    refused = refusal(lambda: shop.desk.submit(case.id, "they_paid", by=MARKET))
    assert refused.reason == "`they_paid` needs `outside_refund`"


def test_an_option_that_is_not_offered_is_refused(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "propose", by=ANN)
    put = {"option": "everything"}
    refused = refusal(lambda: shop.desk.submit(case.id, "accept", by=CUSTOMER, facts=put))
    assert refused.reason == "`everything` is not offered; offered are coupon, half"


def test_personal_facts_have_one_home(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)
    view = shop.desk.submit(case.id, "answered", by=CUSTOMER, facts={"note": SECRET})
    assert SECRET not in repr(view)
    assert SECRET not in repr(shop.desk.history(case.id))
    assert SECRET not in repr(effects(shop.desk, case.id))
    assert SECRET not in repr(shop.desk.explain(case.id))
    with shop.desk.store.reading(shop.desk.shop) as tx:
        assert tx.personal(case.id) == {"note": SECRET}


def test_personal_facts_given_at_the_opening_are_kept_apart_too(shop: ShopForTests) -> None:
    case = opened(shop, facts={"note": SECRET}, idempotency_key="k")
    assert SECRET not in repr(case)
    assert SECRET not in repr(shop.desk.history(case.id))


def test_personal_facts_stand_in_messages(shop: ShopForTests) -> None:
    case = opened(shop, facts={"note": SECRET})
    shop.desk.submit(case.id, "ask", by=ANN)
    question = effects(shop.desk, case.id, "message")[-1]
    assert shop.desk.content(question).values["note"] == SECRET


def test_a_personal_fact_told_late_is_not_in_the_history(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)
    earlier = shop.clock()
    shop.clock.advance(timedelta(hours=1))
    shop.desk.submit(case.id, "answered", by=CUSTOMER)
    shop.desk.submit(case.id, "answered", by=ANN, facts={"note": SECRET}, occurred_at=earlier)
    assert shop.desk.get_case(case.id).needs_person
    assert SECRET not in repr(shop.desk.history(case.id))


def test_the_lines_of_a_case_say_what_is_affected(shop: ShopForTests) -> None:
    lines = [Line("A", 1, Money("12.00", "USD")), Line("B", 2, Money("7.50", "USD"))]
    case = shop.desk.open_case("torn", facts={"severity": "minor"}, lines=lines)
    assert case.case.facts["affected_value"] == "19.50 USD"
    assert case.case.lines == tuple(lines)


def test_a_case_without_an_order_moves_no_money(shop: ShopForTests) -> None:
    case = opened(shop, order=None)
    view = shop.desk.submit(case.id, "propose", by=ANN)
    assert view.offer is not None
    assert [option.id for option in view.offer.options] == ["coupon"]


def test_who_opened_a_case_stands_in_its_history(shop: ShopForTests) -> None:
    case = opened(shop, by=Actor.agent("bob"))
    assert shop.desk.history(case.id)[0].actor == Actor.agent("bob")
