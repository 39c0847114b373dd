"""What was paid for an order, and what others have given back on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aftersales.domain.case import Account, LedgerEntry, Line
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money, zero
from aftersales.store import Transaction


def record_order(
    tx: Transaction,
    order_id: str,
    *,
    paid: Money,
    refunded: Money | None,
    lines: Sequence[Line],
    at: datetime,
) -> Account:
    """Open or update the order's account. What others refunded is never counted twice.

    `refunded` is all that was given back on the order so far, as the shop's platform tells it:
    what we confirmed or handed out ourselves is taken off, the rest is entered as paid from
    outside.
    """
    nothing = zero(paid.currency)
    scope = f"order:{order_id}"
    known = tx.account(scope)
    is_unused = known is None or not tx.find_cases(order_id=order_id, limit=1)
    if known is None or (known.paid.currency != paid.currency and is_unused):
        held_by, version = (known.held_by, known.version) if known else ("", 0)
        known = Account(scope, nothing, nothing, nothing, nothing, held_by, version)
    if known.paid.currency != paid.currency:
        raise ValueUnreadable(f"order {order_id} was paid in {known.paid.currency}, not {paid}")
    handed_out = _handed_out(tx, order_id, nothing)
    news = (refunded or nothing) - known.confirmed - handed_out - known.external
    if news > nothing:
        tx.put_ledger_entry(_outside(order_id, known, news, at))
        known = replace(known, external=known.external + news)
    account = tx.put_account(replace(known, paid=paid))
    if lines:
        tx.put_order_lines(order_id, lines)
    return account


def _handed_out(tx: Transaction, order_id: str, nothing: Money) -> Money:
    """What of ours is under way: handed out, and its outcome not told yet."""
    entries = [e for e in tx.ledger_of_order(order_id) if e.status == "reserved" and e.moves_money]
    total = nothing
    for entry in entries:
        sent = [e for e in tx.effects(entry.case_id) if e.ledger_id == entry.id]
        is_out = any(e.status in ("done", "leased", "unknown") for e in sent)
        if is_out and entry.amount is not None:
            total += entry.amount
    return total


def _outside(order_id: str, account: Account, amount: Money, at: datetime) -> LedgerEntry:
    """What was refunded on an order outside of any case of ours."""
    return LedgerEntry(
        id=f"{account.scope}/outside-{account.version + 1}",
        case_id="",
        order_id=order_id,
        customer_key="",
        remedy="outside_refund",
        sort="refund",
        status="confirmed",
        cost=amount,
        amount=amount,
        counts_as="owed",
        by="platform",
        granted_at=at,
    )


def is_untouched(account: Account) -> bool:
    """Whether nothing was ever paid or given on it."""
    sums = (account.paid, account.reserved, account.confirmed, account.external)
    return all(amount.is_zero for amount in sums)
