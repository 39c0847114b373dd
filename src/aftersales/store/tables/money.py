"""The money truth: accounts, the ledger, offers, and the lines of orders."""

from datetime import datetime
from typing import Any

from aftersales.store.tables.base import (
    PREFIX,
    Stored,
    data,
    index,
    instant,
    key,
    maybe_minor,
    minor,
    of_case,
)


class AccountRow(Stored, table=True):
    """The sums of one order or customer across cases. `scope` is `order:ID` or `customer:ID`."""

    __tablename__ = f"{PREFIX}account"
    shop: str = key()
    scope: str = key()
    currency: str
    paid_minor: int = minor()
    reserved_minor: int = minor()
    confirmed_minor: int = minor()
    external_minor: int = minor()
    held_by: str
    version: int


class OrderLineRow(Stored, table=True):
    """A line of an order as the shop recorded it."""

    __tablename__ = f"{PREFIX}order_line"
    shop: str = key()
    order_id: str = key()
    number: int = key()
    sku: str
    title: str
    quantity: int
    value_minor: int = minor()
    currency: str


class LedgerRow(Stored, table=True):
    """A remedy granted, by its stable id. `case_id` is empty for one entered by hand."""

    __tablename__ = f"{PREFIX}ledger"
    __table_args__ = (
        index("ledger_order_id", "order_id", where="order_id IS NOT NULL"),
        index("ledger_case_id", "case_id"),
        index("ledger_customer_key", "customer_key", "granted_at"),
    )
    shop: str = key()
    id: str = key()
    case_id: str
    order_id: str | None = None
    customer_key: str
    remedy: str
    sort: str
    status: str
    cost_minor: int = minor()
    cost_currency: str
    amount_minor: int | None = maybe_minor()
    amount_currency: str | None = None
    counts_as: str
    by: str
    granted_at: datetime = instant()
    offer_id: str
    option_id: str
    reference: str
    reason: str


class OfferRow(Stored, table=True):
    """A snapshot of options, whole: what was decided, why, and what the decision read."""

    __tablename__ = f"{PREFIX}offer"
    __table_args__ = (of_case(), index("offer_case_id", "case_id", "case_version"))
    shop: str = key()
    id: str = key()
    case_id: str
    case_version: int
    status: str
    currency: str
    digest: str
    policy: str
    approval: str
    made_by_id: str
    made_by_role: str
    made_at: datetime = instant()
    approved_by_id: str | None = None
    approved_by_role: str | None = None
    accepted_option: str | None = None
    decision: dict[str, Any] = data()
    facts: dict[str, str] = data()
