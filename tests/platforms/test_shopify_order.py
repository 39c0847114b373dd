"""Shopify orders become lines, facts and sums, to the cent."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shopify_samples import FOLDER, order_with, sample

from aftersales import platforms
from aftersales.domain.money import Money, exponent
from aftersales.platforms.shopify import parse_payload, read_order


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def test_a_line_is_worth_what_the_customer_paid_for_it_after_discounts() -> None:
    order = read_order(sample("order"))
    assert [(line.sku, line.quantity, line.value) for line in order.lines] == [
        ("MUG-BLUE", 2, eur("26.91")),
        ("LAMP-DESK", 1, eur("71.10")),
    ]
    assert order.total == eur("102.91")


def test_tax_that_the_price_does_not_include_is_added_to_its_line() -> None:
    order = read_order(sample("order_webhook"))
    assert [line.value for line in order.lines] == [Money("26.13", "USD"), Money("40.83", "USD")]


def test_part_of_a_line_is_worth_its_part_and_all_of_it_the_whole() -> None:
    order = read_order(sample("order"))
    assert order.line_value("MUG-BLUE", 1) == eur("13.46")
    assert order.line_value("7100001", 2) == eur("26.91")


def test_the_currency_is_what_the_customer_was_charged() -> None:
    order = read_order(sample("order_charged_in_cad"))
    assert order.currency == "CAD"
    assert order.paid == Money("75.86", "CAD")
    assert [line.value for line in order.lines] == [Money("75.86", "CAD")]
    assert order.facts["order_value"] == "75.86 CAD"


def test_the_facts_are_told_without_any_personal_data() -> None:
    order = read_order(sample("order"), also=[sample("transaction"), sample("fulfillment_event")])
    assert order.facts == {
        "platform": "shopify",
        "fulfilled_by": "us",
        "order_value": "102.91 EUR",
        "country": "DE",
        "market": "DE",
        "placed_on": "2026-03-02",
        "sent_at": "2026-03-03T08:00:00Z",
        "delivered_at": "2026-03-05T13:05:00Z",
        "carrier": "dhl",
        "customer_language": "de",
        "buyer": "consumer",
        "payment_provider": "shopify_payments",
        "card_network": "visa",
    }
    assert order.order_id == "5500012001"
    assert order.customer_id == "6600041"


def test_a_parcel_delivered_at_an_unknown_time_leaves_the_fact_out_and_says_so() -> None:
    order = read_order(sample("order"))
    assert "delivered_at" not in order.facts
    assert any("not when" in note for note in order.notes)


def test_as_long_as_one_parcel_is_on_its_way_the_order_is_not_delivered() -> None:
    parcel = sample("order")["order"]["fulfillments"][0]
    second = parcel | {"id": 8, "shipment_status": "in_transit", "tracking_company": "UPS"}
    order = read_order(
        order_with(fulfillments=[parcel, second]), also=[sample("fulfillment_event")]
    )
    assert not {"delivered_at", "carrier"} & order.facts.keys()
    assert any("others not" in note for note in order.notes)


def test_a_parcel_that_never_left_was_neither_sent_nor_delivered() -> None:
    parcel = sample("order")["order"]["fulfillments"][0] | {"status": "cancelled"}
    facts = read_order(order_with(fulfillments=[parcel])).facts
    assert not {"sent_at", "delivered_at", "carrier"} & facts.keys()


def test_an_order_of_a_company_is_of_a_business() -> None:
    order = read_order(order_with(company={"id": 5, "location_id": 6}))
    assert order.facts["buyer"] == "business"


def test_what_the_order_does_not_tell_is_left_out() -> None:
    bare = order_with(shipping_address=None, billing_address=None, customer_locale=None)
    facts = read_order(bare).facts
    assert not {"country", "market", "customer_language"} & facts.keys()


def test_an_unknown_provider_is_left_out_rather_than_guessed() -> None:
    order = read_order(order_with(payment_gateway_names=["bogus"]))
    assert "payment_provider" not in order.facts


def test_a_gift_card_beside_a_provider_does_not_hide_it() -> None:
    order = read_order(order_with(payment_gateway_names=["gift_card", "paypal"]))
    assert order.facts["payment_provider"] == "paypal"


def test_lines_that_do_not_add_up_take_their_share_of_the_subtotal() -> None:
    odd = order_with(subtotal_price="100.00", subtotal_price_set=None)
    order = read_order(odd)
    assert [line.value for line in order.lines] == [eur("27.46"), eur("72.54")]
    assert any("share of the subtotal" in note for note in order.notes)


def test_an_order_without_lines_is_read_and_says_so() -> None:
    order = read_order(order_with(line_items=None))
    assert order.lines == ()
    assert any("no line items" in note for note in order.notes)


def test_an_order_from_a_marketplace_is_pointed_out() -> None:
    order = read_order(order_with(source_name="tiktok"))
    assert any("tiktok" in note and "platform=" in note for note in order.notes)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("order*.json")), ids=lambda path: path.stem)
def test_each_sample_is_an_order(path: Any) -> None:
    several = path.stem == "orders"
    order = read_order(parse_payload(path.read_bytes()), order_id="5500012004" if several else None)
    assert sum(line.value.minor for line in order.lines) > 0


def test_one_of_several_orders_is_named_by_its_number_or_its_name() -> None:
    by_number = read_order(sample("orders"), order_id="5500012005")
    assert by_number == read_order(sample("orders"), order_id="2005")
    assert by_number == read_order(sample("orders"), order_id="#2005")
    assert by_number.paid == Money("1000", "JPY")
    assert [line.value for line in by_number.lines] == [Money("1000", "JPY")]
    with pytest.raises(platforms.PayloadUnreadable, match="--order-id"):
        read_order(sample("orders"))


prices = st.integers(min_value=0, max_value=10**7)
lines = st.lists(st.tuples(prices, st.integers(1, 9)), min_size=1, max_size=8)


def _text(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-exponent(currency)))


@given(lines, prices, prices, st.sampled_from(["EUR", "JPY", "KWD"]), st.booleans())
def test_the_lines_of_any_order_come_to_its_subtotal_and_tax(
    given_lines: list[tuple[int, int]], subtotal: int, tax: int, currency: str, included: bool
) -> None:
    payload = {
        "id": 1,
        "currency": currency,
        "financial_status": "paid",
        "total_price": _text(subtotal + tax, currency),
        "subtotal_price": _text(subtotal, currency),
        "total_tax": _text(tax, currency),
        "taxes_included": included,
        "line_items": [
            {"id": number, "sku": f"S{number}", "price": _text(price, currency), "quantity": many}
            for number, (price, many) in enumerate(given_lines, start=1)
        ],
    }
    order = read_order(payload)
    values = [line.value.minor for line in order.lines]
    assert sum(values) == subtotal + (0 if included else tax)
    assert min(values) >= 0
    for item in order.items:
        assert item.part(item.quantity).value == item.value
