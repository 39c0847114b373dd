"""What was paid for a Shopify order, and what went back already."""

from typing import Any

import pytest
from shopify_samples import order_with, sample

from aftersales.domain.money import Money
from aftersales.platforms import PayloadUnreadable
from aftersales.platforms.shopify import read_order


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def transaction(kind: str, amount: str, *, id: int = 1, **more: Any) -> dict[str, Any]:
    usual = {"id": id, "kind": kind, "amount": amount, "status": "success", "currency": "EUR"}
    return {"transaction": usual | {"order_id": 5500012001} | more}


def test_payments_made_are_what_was_paid() -> None:
    also = [transaction("sale", "60.00"), transaction("capture", "42.91", id=2)]
    order = read_order(order_with(financial_status=None), also=also)
    assert order.paid == eur("102.91")
    assert order.refunded == eur("0.00")


def test_a_payment_that_failed_or_was_only_authorised_was_not_made() -> None:
    also = [transaction("sale", "60.00", status="failure"), transaction("authorization", "9", id=2)]
    order = read_order(order_with(financial_status="pending"), also=also)
    assert order.paid == eur("0.00")


def test_the_same_transaction_given_twice_counts_once() -> None:
    order = read_order(sample("order"), also=[sample("transaction"), sample("transaction")])
    assert order.paid == eur("102.91")


def test_an_authorised_payment_counts_with_a_warning() -> None:
    order = read_order(order_with(financial_status="authorized"))
    assert order.paid == eur("102.91")
    assert any("only authorised" in note for note in order.notes)


@pytest.mark.parametrize("status", ["pending", "voided", "expired"])
def test_nothing_was_paid_for_an_order_that_is(status: str) -> None:
    assert read_order(order_with(financial_status=status)).paid == eur("0.00")


def test_of_a_partial_payment_the_outstanding_part_is_not_paid() -> None:
    order = read_order(order_with(financial_status="partially_paid", total_outstanding="2.91"))
    assert order.paid == eur("100.00")


@pytest.mark.parametrize("status", [None, "partially_paid", "surprising"])
def test_where_it_is_open_what_was_paid_the_caller_must_say(status: str | None) -> None:
    payload = order_with(financial_status=status, total_outstanding=None)
    with pytest.raises(PayloadUnreadable, match=r"order\.financial_status.*--paid"):
        read_order(payload)
    assert read_order(payload, paid=eur("5.00")).paid == eur("5.00")


def test_refunds_made_are_counted_once_wherever_they_are_told() -> None:
    refund = sample("refund")["refund"]
    payload = order_with(financial_status="partially_refunded", refunds=[refund])
    assert read_order(payload, also=[sample("refund")]).refunded == eur("13.46")


def test_a_refund_given_bare_as_a_web_hook_sends_it_counts_too() -> None:
    order = read_order(sample("order"), also=[sample("refund")["refund"]])
    assert order.refunded == eur("13.46")


def test_a_refund_under_way_counts_as_refunded() -> None:
    order = read_order(sample("order"), also=[transaction("refund", "10.00", status="pending")])
    assert order.refunded == eur("10.00")
    assert any("under way" in note for note in order.notes)


def test_a_refunded_order_has_nothing_left() -> None:
    order = read_order(order_with(financial_status="refunded"))
    assert order.refunded == order.paid == eur("102.91")


def test_a_partly_refunded_order_without_its_refunds_is_refused() -> None:
    payload = order_with(financial_status="partially_refunded")
    with pytest.raises(PayloadUnreadable, match=r"--also refund\.json.*--refunded"):
        read_order(payload)
    assert read_order(payload, refunded=eur("3.00")).refunded == eur("3.00")


def test_a_sum_in_another_currency_is_refused() -> None:
    with pytest.raises(PayloadUnreadable, match="charged in EUR"):
        read_order(sample("order"), paid=Money("5", "USD"))
    with pytest.raises(PayloadUnreadable, match="is in USD"):
        read_order(sample("order"), also=[transaction("sale", "5", currency="USD")])
