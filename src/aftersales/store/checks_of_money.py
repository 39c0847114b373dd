"""What must be so of money: accounts are the sums of the ledger, and never above what was paid."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from aftersales.domain.case import Account
from aftersales.domain.money import Money
from aftersales.store.connected import Row
from aftersales.store.finding import Finding
from aftersales.store.mapping import account_of
from aftersales.store.tables import ACCOUNT, CASE, EFFECT, LEDGER
from aftersales.store.transaction import Transaction

PAGE = 500
_REPORT = "this is a fault of aftersales, or somebody else wrote here: please report it"


def check_accounts(tx: Transaction) -> Iterator[Finding]:
    """Every account against the ledger, against what was paid, and against who holds it."""
    last = ""
    while True:
        query = select(ACCOUNT).where(tx.mine(ACCOUNT), ACCOUNT.c.scope > last)
        rows = tx.rows(query.order_by(ACCOUNT.c.scope).limit(PAGE))
        for row in rows:
            yield from _check_account(tx, account_of(row))
        if not rows:
            return
        last = rows[-1]["scope"]


def check_ledger(tx: Transaction) -> Iterator[Finding]:
    """Every remedy of an order has an account; every reserved one an instruction to give it."""
    has_account = select(ACCOUNT.c.scope).where(
        tx.mine(ACCOUNT), ACCOUNT.c.scope == literal("order:") + LEDGER.c.order_id
    )
    lost = and_(LEDGER.c.order_id.is_not(None), LEDGER.c.sort == "refund", ~has_account.exists())
    for row in _entries(tx, lost):
        message = f"the refund {row['id']} is of order {row['order_id']}, which has no account"
        yield Finding("account-missing", row["case_id"], message, _REPORT)
    has_effect = select(EFFECT.c.key).where(tx.mine(EFFECT), EFFECT.c.ledger_id == LEDGER.c.id)
    unsaid = and_(LEDGER.c.status == "reserved", LEDGER.c.by == "us", ~has_effect.exists())
    for row in _entries(tx, unsaid):
        message = f"{row['remedy']} ({row['id']}) is reserved, and nobody was told to give it"
        yield Finding("remedy-unsaid", row["case_id"], message, _REPORT)


def _check_account(tx: Transaction, account: Account) -> Iterator[Finding]:
    sort, _, name = account.scope.partition(":")
    if sort == "order":
        yield from _check_paid(account)
        yield from _check_hold(tx, account)
        yield from _check_sums(tx, account, of_order(name), LEDGER.c.amount_minor)
    else:
        key, _, currency = name.rpartition("/")
        given = and_(LEDGER.c.customer_key == key, LEDGER.c.counts_as == "goodwill")
        of_customer = and_(given, LEDGER.c.cost_currency == currency)
        yield from _check_sums(tx, account, of_customer, LEDGER.c.cost_minor)


def of_order(order_id: str) -> ColumnElement[bool]:
    """The entries that take from what was paid for an order."""
    return and_(LEDGER.c.order_id == order_id, LEDGER.c.sort == "refund")


def _check_paid(account: Account) -> Iterator[Finding]:
    ours = account.reserved + account.confirmed
    if ours > account.paid:
        message = f"{account.scope}: {ours} of refunds are ours, {account.paid} was paid"
        yield Finding("over-refunded", "", message, _REPORT)
    elif account.left.minor < 0:
        message = f"{account.scope}: with {account.external} from others, {-account.left.minor} "
        message += f"minor units of {account.paid.currency} more than was paid went back"
        help = "ask the platform or the bank for the difference"
        yield Finding("refunded-twice-by-others", "", message, help, "warning")


def _check_hold(tx: Transaction, account: Account) -> Iterator[Finding]:
    if not account.held_by:
        return
    row = tx.row(select(CASE.c.closed_at).where(tx.mine(CASE, id=account.held_by)))
    if row is None or row["closed_at"] is not None:
        state = "unknown" if row is None else "closed"
        message = f"{account.scope} is held by a case that is {state}"
        help = "release the order, or nothing can be paid on it"
        yield Finding("hold-left", account.held_by, message, help, "warning")


def _check_sums(
    tx: Transaction, account: Account, mine: ColumnElement[bool], amount: ColumnElement[Any]
) -> Iterator[Finding]:
    sums = _sums(tx, mine, amount)
    currency = account.paid.currency
    for name in ("reserved", "confirmed"):
        held, entered = getattr(account, name), Money.from_minor(sums[name], currency)
        if held != entered:
            message = f"{account.scope}: {name} is {held}, the ledger's sum is {entered}"
            yield Finding("account-sum", "", message, _REPORT)
    entered = Money.from_minor(sums["external"], currency)
    if account.external < entered:  # more is right: what the shop recorded with the order
        message = f"{account.scope}: external is {account.external}, the ledger's sum is {entered}"
        yield Finding("account-sum", "", message, _REPORT)


def _sums(tx: Transaction, mine: ColumnElement[bool], amount: ColumnElement[Any]) -> Row:
    ours = LEDGER.c.by == "us"
    parts = {
        "reserved": and_(ours, LEDGER.c.status == "reserved"),
        "confirmed": and_(ours, LEDGER.c.status == "confirmed"),
        "external": and_(~ours, LEDGER.c.status == "confirmed"),
    }
    columns = [
        func.coalesce(func.sum(case((condition, amount), else_=0)), 0).label(name)
        for name, condition in parts.items()
    ]
    row = tx.row(select(*columns).where(tx.mine(LEDGER), mine))
    assert row is not None
    return {name: int(row[name]) for name in parts}


def _entries(tx: Transaction, condition: ColumnElement[bool]) -> list[Row]:
    query = select(LEDGER).where(tx.mine(LEDGER), condition).order_by(LEDGER.c.id).limit(PAGE)
    return list(tx.rows(query))
