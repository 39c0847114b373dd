"""What was paid for an order and what went back already, by transactions, else by status."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales.domain.money import Money, zero
from aftersales.platforms.shopify.bundle import Bundle
from aftersales.platforms.shopify.charged import Charged
from aftersales.platforms.shopify.payload import Node

_NOTHING_YET = ("pending", "voided", "expired")
_PAID_IN_FULL = ("paid", "partially_refunded", "refunded")


@dataclass(frozen=True, slots=True)
class Payments:
    """The two sums an order's account starts from, and notes for whoever refunds."""

    paid: Money
    refunded: Money
    notes: tuple[str, ...] = ()


def read_payments(
    bundle: Bundle, charged: Charged, *, paid: Money | None, refunded: Money | None
) -> Payments:
    """Work out both sums. `paid` and `refunded` stand instead, where the caller knows better."""
    status = bundle.order.text("financial_status")
    paid_here, notes = (paid, ()) if paid is not None else _paid(bundle, charged, status)
    if refunded is not None:
        return Payments(paid_here, refunded, notes)
    back, more = _refunded(bundle, charged, status, paid_here)
    return Payments(paid_here, back, notes + more)


def _paid(bundle: Bundle, charged: Charged, status: str) -> tuple[Money, tuple[str, ...]]:
    taken = _sum(bundle.transactions, charged, kinds=("sale", "capture"), statuses=("success",))
    if taken is not None:
        change = _sum(bundle.transactions, charged, kinds=("change",), statuses=("success",))
        return taken - (change or zero(charged.currency)), ()
    order = bundle.order
    if status in _NOTHING_YET:
        return zero(charged.currency), (f"nothing was paid: the order is {status}",)
    if status in _PAID_IN_FULL:
        note = "no payment transaction was given: the order's total is taken as paid"
        return charged.needed(order, "total_price"), (note,)
    if status == "authorized":
        note = (
            "the payment is only authorised, not captured: "
            "whoever refunds must void it, or capture it first"
        )
        return charged.needed(order, "total_price"), (note,)
    return _paid_in_part(order, charged, status)


def _paid_in_part(order: Node, charged: Charged, status: str) -> tuple[Money, tuple[str, ...]]:
    help = "add its transactions (`--also transactions.json`), or say the sum (`--paid 39.90 EUR`)"
    if status != "partially_paid":
        said = f"says `{status[:40]}`, which is not known" if status else "is missing"
        raise order.wrong("financial_status", f"{said}, so it is open what was paid", help=help)
    outstanding = charged.amount(order, "total_outstanding")
    total = charged.needed(order, "total_price")
    if outstanding is None or outstanding > total:
        raise order.wrong(
            "financial_status", "says `partially_paid`, and no transaction says how much", help=help
        )
    return total - outstanding, (f"the order is paid in part: {outstanding} is outstanding",)


def _refunded(
    bundle: Bundle, charged: Charged, status: str, paid: Money
) -> tuple[Money, tuple[str, ...]]:
    done = _sum(bundle.transactions, charged, kinds=("refund",), statuses=("success",))
    pending = _sum(bundle.transactions, charged, kinds=("refund",), statuses=("pending",))
    back = (done or zero(charged.currency)) + (pending or zero(charged.currency))
    notes: tuple[str, ...] = ()
    if pending:
        notes = (f"a refund of {pending} is under way: it counts as refunded",)
    if status == "refunded" and back < paid:
        return paid, (*notes, "the order is refunded: all that was paid is taken as given back")
    if status == "partially_refunded" and back.is_zero:
        raise bundle.order.wrong(
            "financial_status",
            "says `partially_refunded`, and no refund says how much",
            help="add the refund (`--also refund.json`), or say the sum (`--refunded 10.00 EUR`)",
        )
    if back > paid:
        notes = (*notes, f"{back} went back, more than the {paid} that was paid")
    return back, notes


def _sum(
    transactions: Sequence[Node], charged: Charged, *, kinds: Sequence[str], statuses: Sequence[str]
) -> Money | None:
    """The sum of the transactions of these kinds; None where there is none."""
    amounts = [
        charged.transaction(node).minor
        for node in transactions
        if node.text("kind") in kinds and node.text("status") in statuses
    ]
    return Money.from_minor(sum(amounts), charged.currency) if amounts else None
