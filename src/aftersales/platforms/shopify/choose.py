"""Which lines of an order the matter is about, as a person names them: `SKU=1`."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Protocol

from aftersales.domain.case import Line
from aftersales.domain.money import Money
from aftersales.platforms.errors import PayloadUnreadable
from aftersales.platforms.shopify.lines import OrderItem


class HasItems(Protocol):
    """What a choice is made from: an order."""

    @property
    def items(self) -> tuple[OrderItem, ...]: ...
    @property
    def total(self) -> Money: ...


def chosen(order: HasItems, choices: Sequence[str]) -> tuple[tuple[Line, ...], Money]:
    """The lines named by `SKU=quantity` (or `SKU`, all of it) and what the customer paid for them.

    No choice means all lines. An order without lines is worth its total. PayloadUnreadable says
    what cannot be chosen.
    """
    if not choices:
        lines = tuple(item.part(item.quantity) for item in order.items)
        return lines, _sum(lines) if lines else order.total
    wanted: dict[str, tuple[OrderItem, int]] = {}
    for choice in choices:
        item, quantity = _choice(order.items, choice)
        already = wanted[item.id][1] if item.id in wanted else 0
        wanted[item.id] = (item, _at_most(item, already + quantity))
    lines = tuple(item.part(quantity) for item, quantity in wanted.values())
    return lines, _sum(lines)


def find_item(items: Sequence[OrderItem], key: str) -> OrderItem:
    """The one line with this SKU or line id. PayloadUnreadable if there is none, or two."""
    found = [item for item in items if key in (item.id, item.sku)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"`{item.id}`" for item in found)
        raise PayloadUnreadable(
            "--line",
            f"names `{key}`, which {len(found)} lines have",
            help=f"name one by its id: {ids}",
        )
    if not items:
        raise PayloadUnreadable(
            "--line",
            f"names `{key}`, but the order has no lines",
            help="give the order's whole payload",
        )
    raise PayloadUnreadable(
        "--line", f"names `{key}`, which the order does not hold", help=_instead(items, key)
    )


def _choice(items: Sequence[OrderItem], choice: str) -> tuple[OrderItem, int]:
    key, equals, amount = choice.strip().rpartition("=")
    if not equals or any(choice.strip() in (item.id, item.sku) for item in items):
        item = find_item(items, choice.strip())
        return item, item.quantity
    item = find_item(items, key.strip())
    digits = amount.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 9 or int(digits) < 1:
        raise PayloadUnreadable(
            "--line",
            f"says `{choice}`, and `{digits}` is not a number of items",
            help=f"write it like `{item.sku}=1`",
        )
    return item, int(digits)


def _at_most(item: OrderItem, quantity: int) -> int:
    if quantity > item.quantity:
        raise PayloadUnreadable(
            "--line",
            f"names {quantity} of `{item.sku}`, but the order holds {item.quantity}",
            help=f"write `{item.sku}={item.quantity}` or less",
        )
    return quantity


def _instead(items: Sequence[OrderItem], key: str) -> str:
    skus = {item.sku.lower(): item.sku for item in items}
    close = get_close_matches(key.lower(), skus, n=1)
    if close:
        return f"did you mean `{skus[close[0]]}`?"
    return "it holds: " + ", ".join(f"`{sku}`" for sku in list(skus.values())[:10])


def _sum(lines: Sequence[Line]) -> Money:
    minor = sum(line.value.minor for line in lines)
    return Money.from_minor(minor, lines[0].value.currency)
