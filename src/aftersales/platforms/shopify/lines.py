"""The lines of an order, each with what the customer paid for it, tax included, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales.domain.case import Line
from aftersales.domain.money import Money
from aftersales.platforms.shopify.charged import Charged
from aftersales.platforms.shopify.payload import Node
from aftersales.platforms.spread import part_of, spread


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of the order. `value` is what the customer paid for all of it, tax included."""

    id: str
    sku: str  # the line's id where the shop gave it none
    quantity: int
    value: Money
    title: str = ""

    def part(self, quantity: int) -> Line:
        """So many of it. What all pieces cost adds up to the whole line's value exactly."""
        minor = part_of(self.value.minor, quantity, self.quantity)
        return Line(self.sku, quantity, Money.from_minor(minor, self.value.currency), self.title)


@dataclass(frozen=True, slots=True)
class _Priced:
    """A line's price before anything, its discount, and its tax where it is told."""

    node: Node
    quantity: int
    gross: int
    discount: int
    tax: int


def read_items(order: Node, charged: Charged) -> tuple[tuple[OrderItem, ...], tuple[str, ...]]:
    """All lines of the order, and notes on where their values come from."""
    priced = [_priced(node, charged) for node in order.nodes("line_items")]
    if not priced:
        return (), ("the payload has no line items: the matter is about the whole order",)
    net, net_notes = _net(order, priced, charged)
    tax, tax_notes = _taxes(order, priced, net, charged)
    values = [a + b for a, b in zip(net, tax, strict=True)]
    items = tuple(
        _item(line, Money.from_minor(value, charged.currency))
        for line, value in zip(priced, values, strict=True)
    )
    return items, net_notes + tax_notes


def _priced(node: Node, charged: Charged) -> _Priced:
    quantity = node.whole("quantity")
    if quantity == 0:
        raise node.wrong("quantity", "is 0, so the line is about nothing")
    return _Priced(
        node=node,
        quantity=quantity,
        gross=charged.needed(node, "price").minor * quantity,
        discount=_discount(node, charged),
        tax=_tax_lines(node, charged),
    )


def _discount(node: Node, charged: Charged) -> int:
    if node.has("discount_allocations"):
        parts = node.nodes("discount_allocations")
        return sum(charged.needed(part, "amount").minor for part in parts)
    return charged.zero_if_missing(node, "total_discount").minor


def _tax_lines(node: Node, charged: Charged) -> int:
    return sum(charged.needed(part, "price").minor for part in node.nodes("tax_lines"))


def _net(
    order: Node, lines: Sequence[_Priced], charged: Charged
) -> tuple[list[int], tuple[str, ...]]:
    """Each line after discounts: as the payload tells it, where that adds up to the subtotal."""
    told = [line.gross - line.discount for line in lines]
    subtotal = charged.amount(order, "subtotal_price")
    if min(told) >= 0 and (subtotal is None or sum(told) == subtotal.minor):
        return told, ()
    if subtotal is None:
        raise order.wrong("subtotal_price", "is missing, and a line is discounted below nothing")
    listed = Money.from_minor(sum(told), charged.currency)
    note = (
        f"the lines come to {listed} after discounts, the order's subtotal is {subtotal}: "
        "each line is taken for its share of the subtotal, by price"
    )
    return spread(subtotal.minor, [line.gross for line in lines]), (note,)


def _taxes(
    order: Node, lines: Sequence[_Priced], net: Sequence[int], charged: Charged
) -> tuple[list[int], tuple[str, ...]]:
    """What tax adds to each line: nothing where prices include it."""
    if order.yes("taxes_included"):
        return [0] * len(lines), ()
    told = [line.tax for line in lines]
    total = charged.amount(order, "total_tax")
    if total is None:
        return told, ()
    of_shipping = sum(_tax_lines(node, charged) for node in order.nodes("shipping_lines"))
    of_goods = max(total.minor - of_shipping, 0)
    if sum(told) == of_goods:
        return told, ()
    tax = Money.from_minor(of_goods, charged.currency)
    note = f"the tax of {tax} is not told line by line: each line is taken for its share, by value"
    return spread(of_goods, net), (note,)


def _item(line: _Priced, value: Money) -> OrderItem:
    id = line.node.text("id")
    sku = line.node.text("sku") or id
    if not sku:
        raise line.node.wrong("id", "is missing, and so is `sku`")
    title = line.node.text("name") or line.node.text("title")
    return OrderItem(id or sku, sku, line.quantity, value, title)
