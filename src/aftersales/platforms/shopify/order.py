"""A Shopify order as values: its lines, what was paid, and the facts it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aftersales.domain.case import Line
from aftersales.domain.money import Money
from aftersales.platforms.errors import PayloadUnreadable
from aftersales.platforms.shopify.bundle import gather, id_of
from aftersales.platforms.shopify.charged import Charged
from aftersales.platforms.shopify.choose import find_item
from aftersales.platforms.shopify.facts import read_facts
from aftersales.platforms.shopify.lines import OrderItem, read_items
from aftersales.platforms.shopify.payload import Node
from aftersales.platforms.shopify.payments import read_payments


@dataclass(frozen=True, slots=True)
class ShopifyOrder:
    """What aftersales takes from an order. Money is in the currency the customer was charged."""

    order_id: str  # Shopify's number of it, not the name customers see
    name: str  # #1001
    customer_id: str  # Shopify's number; empty where the payload names no customer
    placed_on: str  # a date on the shop's clock; empty where the payload does not tell
    currency: str
    total: Money
    paid: Money
    refunded: Money  # by others so far
    items: tuple[OrderItem, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what a person should know of how this was read

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, whole."""
        return tuple(item.part(item.quantity) for item in self.items)

    def line_value(self, key: str, quantity: int) -> Money:
        """What the customer paid for so many of the line with this SKU or line id."""
        return find_item(self.items, key).part(quantity).value


def read_order(
    payload: Mapping[str, Any],
    *,
    also: Sequence[Mapping[str, Any]] = (),
    order_id: str | None = None,
    paid: Money | None = None,
    refunded: Money | None = None,
) -> ShopifyOrder:
    """Read an order as Shopify's REST API or a web hook sends it.

    `also` holds refunds, transactions, fulfillments, fulfillment events or the customer of the same
    order. `order_id` picks one of several. `paid` and `refunded` stand instead of what the payload
    says. PayloadUnreadable says where the payload is wrong and what to do; nothing is guessed.
    """
    bundle = gather(payload, also, order_id)
    charged = Charged.of(bundle.order)
    _same_currency(charged, paid=paid, refunded=refunded)
    total = charged.needed(bundle.order, "total_price")
    items, line_notes = read_items(bundle.order, charged)
    payments = read_payments(bundle, charged, paid=paid, refunded=refunded)
    facts, fact_notes = read_facts(bundle, total)
    return ShopifyOrder(
        order_id=bundle.order_id,
        name=bundle.order.text("name"),
        customer_id=_customer_id(bundle.customer),
        placed_on=facts.get("placed_on", ""),
        currency=charged.currency,
        total=total,
        paid=payments.paid,
        refunded=payments.refunded,
        items=items,
        facts=facts,
        notes=line_notes + payments.notes + fact_notes,
    )


def _customer_id(customer: Node | None) -> str:
    return id_of(customer) if customer is not None and customer.has("id") else ""


def _same_currency(charged: Charged, **given: Money | None) -> None:
    for name, amount in given.items():
        if amount is not None and amount.currency != charged.currency:
            raise PayloadUnreadable(
                name,
                f"is {amount}, but the customer was charged in {charged.currency}",
                help=f"say it in {charged.currency}",
            )
