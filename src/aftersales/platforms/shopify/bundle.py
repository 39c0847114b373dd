"""One order and the payloads that belong to it, gathered from whatever wrappers they came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aftersales.platforms.errors import PayloadUnreadable
from aftersales.platforms.shopify.payload import Node, as_node, as_nodes

_ACCEPTED = "refund, transaction, fulfillment, fulfillment_event or customer"

# How a web hook's bare body is told: keys that only that sort of payload has.
_SIGNS = {
    "refund": ("refund_line_items",),
    "fulfillment_event": ("happened_at", "fulfillment_id"),
    "transaction": ("kind", "amount"),
    "fulfillment": ("tracking_numbers", "order_id"),
    "customer": ("verified_email",),
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything given about one order. Each payload stands once, the one given last."""

    order: Node
    refunds: tuple[Node, ...]
    transactions: tuple[Node, ...]
    fulfillments: tuple[Node, ...]
    fulfillment_events: tuple[Node, ...]
    customer: Node | None

    @property
    def order_id(self) -> str:
        return id_of(self.order)


def gather(
    payload: Mapping[str, Any], also: Sequence[Mapping[str, Any]], order_id: str | None
) -> Bundle:
    """Find the order and what belongs to it. PayloadUnreadable if something is another order's."""
    order = find_order(payload, order_id)
    found: dict[str, list[Node]] = {sort: [] for sort in _SIGNS}
    for number, extra in enumerate(also, start=1):
        for sort, node in _sorted(extra, f"also[{number}]"):
            _must_belong(node, sort, order)
            found[sort].append(node)
    fulfillments = _once((*order.nodes("fulfillments"), *found["fulfillment"]))
    refunds = _once((*order.nodes("refunds"), *found["refund"]))
    nested_payments = [node for refund in refunds for node in refund.nodes("transactions")]
    nested_events = [node for each in fulfillments for node in each.nodes("events")]
    return Bundle(
        order=order,
        refunds=refunds,
        transactions=_once((*order.nodes("transactions"), *nested_payments, *found["transaction"])),
        fulfillments=fulfillments,
        fulfillment_events=_once((*nested_events, *found["fulfillment_event"])),
        customer=found["customer"][-1] if found["customer"] else order.node("customer"),
    )


def find_order(payload: Mapping[str, Any], order_id: str | None = None) -> Node:
    """The one order in `payload`, which may be bare, wrapped, or a list of them."""
    root = as_node(payload, "payload")
    if root.has("data"):
        raise root.wrong("data", "is an answer of the GraphQL API", help="give the REST order JSON")
    if root.has("orders"):
        return _one_of(as_nodes(root.fields["orders"], "orders"), order_id)
    order = as_node(root.fields["order"], "order") if root.has("order") else Node(payload, "order")
    if not _looks_like_order(order):
        raise order.wrong(
            "", "is not an order", help="give the order's payload first, others with `--also`"
        )
    return _one_of((order,), order_id)


def id_of(node: Node) -> str:
    """The payload's own number. It must be there."""
    number = node.text("id")
    if not number:
        raise node.wrong("id", "is missing")
    if number.startswith("gid:"):
        raise node.wrong("id", "is an id of the GraphQL API", help="give the REST order JSON")
    return number


def _looks_like_order(order: Node) -> bool:
    return order.has("id") and (order.has("total_price") or order.has("financial_status"))


def _one_of(orders: tuple[Node, ...], wanted: str | None) -> Node:
    if wanted is not None:
        names = {wanted, f"#{wanted}"}
        orders_named = [each for each in orders if {id_of(each), each.text("name")} & names]
    else:
        orders_named = list(orders)
    if len(orders_named) == 1:
        return orders_named[0]
    given = ", ".join(f"{id_of(each)} ({each.text('name')})" for each in orders[:10]) or "none"
    if wanted is not None:
        raise PayloadUnreadable(
            "orders", f"does not hold the order `{wanted}` once", help=f"it holds: {given}"
        )
    raise PayloadUnreadable(
        "orders", f"holds {len(orders)} orders", help=f"say which, with `--order-id`: {given}"
    )


def _sorted(extra: Mapping[str, Any], path: str) -> list[tuple[str, Node]]:
    """The payloads in `extra`, each with its sort: wrapped, a wrapped list, or bare."""
    root = as_node(extra, path)
    bare = next((s for s, signs in _SIGNS.items() if all(sign in extra for sign in signs)), None)
    if bare is not None:
        return [(bare, root)]
    wrappers = [sort for sort in _SIGNS if {sort, f"{sort}s"} & extra.keys()]
    if wrappers and not root.has("id"):
        return [(sort, node) for sort in wrappers for node in _unwrapped(root, sort)]
    raise root.wrong("", "is no payload that belongs to an order", help=f"give a {_ACCEPTED}")


def _unwrapped(root: Node, sort: str) -> tuple[Node, ...]:
    one = root.node(sort)
    return ((one,) if one is not None else ()) + root.nodes(f"{sort}s")


def _must_belong(node: Node, sort: str, order: Node) -> None:
    if sort == "customer":
        of_order = order.node("customer")
        if of_order is not None and of_order.has("id") and id_of(of_order) != id_of(node):
            raise node.wrong(
                "id", "is another customer than the order's", help="give the order's own"
            )
        return
    named = node.text("order_id")
    if not named:
        raise node.wrong("order_id", "is missing", help=f"so it is not known whose {sort} this is")
    if named != id_of(order):
        raise node.wrong(
            "order_id",
            f"is {named}, but the order is {id_of(order)}",
            help=f"give a {sort} of the same order",
        )


def _once(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Each payload once: of those with the same id the last, which is the newest."""
    return tuple({id_of(node): node for node in nodes}.values())
