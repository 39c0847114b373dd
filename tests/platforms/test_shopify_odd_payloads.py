"""An odd payload gives one clear message, never half an order."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shopify_samples import order_with, sample

from aftersales.platforms import PayloadUnreadable
from aftersales.platforms.shopify import parse_payload, read_order


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"id": None}, "order"),
        ({"id": "gid://shopify/Order/1"}, "order.id"),
        ({"total_price": None, "total_price_set": None}, "order.total_price"),
        ({"total_price": 102.91, "total_price_set": None}, "order.total_price"),
        ({"total_price": "many", "total_price_set": None}, "order.total_price"),
        ({"total_price": "-1.00", "total_price_set": None}, "order.total_price"),
        ({"total_price": "1.005", "total_price_set": None}, "order.total_price"),
        ({"total_price": "1e400", "total_price_set": None}, "order.total_price"),
        ({"currency": "eur", "presentment_currency": None}, "order.currency"),
        ({"presentment_currency": "USD"}, "currency_code"),
        ({"taxes_included": "yes"}, "order.taxes_included"),
        ({"line_items": {}}, "order.line_items"),
        ({"line_items": [7]}, "order.line_items[0]"),
        ({"line_items": [{"id": 1, "sku": "A", "quantity": 1}]}, "order.line_items[0].price"),
        ({"line_items": [{"id": 1, "price": "1", "quantity": 0}]}, "order.line_items[0].quantity"),
        ({"line_items": [{"id": 1, "price": "1"}]}, "order.line_items[0].quantity"),
        ({"line_items": [{"price": "98.01", "quantity": 1}]}, "order.line_items[0].id"),
        ({"processed_at": "yesterday"}, "order.processed_at"),
        ({"processed_at": "2026-03-02T10:00:00"}, "order.processed_at"),
        ({"shipping_address": {"country_code": "DEU"}}, "order.shipping_address.country_code"),
    ],
)
def test_a_wrong_field_is_named_with_what_to_do(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(PayloadUnreadable) as caught:
        read_order(order_with(**fields))
    assert path in caught.value.path
    assert caught.value.help


def test_an_amount_in_the_shops_currency_only_is_refused() -> None:
    payload = sample("order_charged_in_cad")
    del payload["order"]["total_price_set"]
    with pytest.raises(PayloadUnreadable, match=r"charged in CAD.*total_price_set"):
        read_order(payload)


@pytest.mark.parametrize("name", ["refund", "transaction", "fulfillment_event"])
def test_what_is_another_orders_is_refused(name: str) -> None:
    other = sample(name)
    other[name]["order_id"] = 999
    with pytest.raises(PayloadUnreadable, match="is 999, but the order is 5500012001"):
        read_order(sample("order"), also=[other])


def test_another_customer_is_refused() -> None:
    other = sample("customer")
    assert read_order(sample("order"), also=[other]).customer_id == "6600041"
    other["customer"]["id"] = 1
    with pytest.raises(PayloadUnreadable, match="another customer"):
        read_order(sample("order"), also=[other])


@pytest.mark.parametrize("extra", [{}, {"product": {}}, sample("order"), sample("order_webhook")])
def test_what_does_not_belong_to_an_order_is_refused(extra: Any) -> None:
    with pytest.raises(PayloadUnreadable, match="no payload that belongs to an order"):
        read_order(sample("order"), also=[extra])


@pytest.mark.parametrize("payload", [{}, {"data": {}}, {"orders": []}, {"order": []}, {"id": 1}])
def test_what_is_no_order_is_refused(payload: Any) -> None:
    with pytest.raises(PayloadUnreadable):
        read_order(payload)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000, b"\xff\xfe\xff"])
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(PayloadUnreadable, match=r"order\.json"):
        parse_payload(text, name="order.json")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(sample("order")["order"])), anything)
def test_any_value_in_any_field_is_read_or_refused_clearly(key: str, value: Any) -> None:
    payload = sample("order")
    payload["order"][key] = value
    with suppress(PayloadUnreadable):
        read_order(payload)


@given(st.data())
def test_any_value_deep_inside_is_read_or_refused_clearly(data: st.DataObject) -> None:
    payload = json.loads(json.dumps(sample("order"), default=str))
    node: Any = payload["order"]
    while isinstance(node, dict | list) and node:
        keys = sorted(node) if isinstance(node, dict) else range(len(node))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            node[key] = data.draw(anything)
            break
        node = node[key]
    with suppress(PayloadUnreadable):
        read_order(payload, also=[sample("refund")])
