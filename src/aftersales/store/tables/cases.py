"""Cases, their lines, their history, and the answers already given."""

from datetime import datetime
from typing import Any

from aftersales.store.tables.base import (
    PREFIX,
    Stored,
    data,
    index,
    instant,
    key,
    maybe_instant,
    minor,
    of_case,
)


class CaseRow(Stored, table=True):
    """A case as it stands. `due_at` is its earliest armed timer: one index finds what is due."""

    __tablename__ = f"{PREFIX}case"
    __table_args__ = (
        index("case_due_at", "due_at", "id", where="due_at IS NOT NULL AND parked_at IS NULL"),
        index("case_order_id", "order_id", where="order_id IS NOT NULL"),
        index("case_customer_key", "customer_key", "opened_at"),
        index("case_kind_state", "kind", "state"),
        index("case_rulebook", "rulebook"),
    )
    shop: str = key()
    id: str = key()
    kind: str
    round: int
    visit: int
    order_id: str | None = None
    customer_key: str
    parent_id: str
    state: str
    version: int
    stands_since: int
    rulebook: str
    currency: str
    facts: dict[str, str] = data()
    timers: list[Any] = data()
    pauses: list[Any] = data()
    counts: dict[str, int] = data()
    due_at: datetime | None = maybe_instant()
    priority: str
    calendar: str
    assignee: str
    opened_at: datetime = instant()
    last_effective_at: datetime = instant()
    closed_at: datetime | None = maybe_instant()
    outcome: str
    needs_person: str
    offer_id: str
    chain_head: str
    attempts: int = 0
    lease_until: datetime | None = maybe_instant()
    parked_at: datetime | None = maybe_instant()
    parked_reason: str = ""


class CaseLineRow(Stored, table=True):
    """An item the matter is about, with what the customer paid for it."""

    __tablename__ = f"{PREFIX}case_line"
    __table_args__ = (of_case(),)
    shop: str = key()
    case_id: str = key()
    number: int = key()
    sku: str
    title: str
    quantity: int
    value_minor: int = minor()
    currency: str


class HistoryRow(Stored, table=True):
    """One version of a case. `effects` holds the body digests of what it caused, by number."""

    __tablename__ = f"{PREFIX}history"
    __table_args__ = (of_case(),)
    shop: str = key()
    case_id: str = key()
    version: int = key()
    event: str
    actor_id: str
    actor_role: str
    effective_at: datetime = instant()
    recorded_at: datetime = instant()
    round: int
    state_before: str
    state_after: str
    facts: dict[str, str] = data()
    did: list[str] = data()
    rule: str
    note: str
    effects: dict[str, str] = data()
    form: int
    content_hash: str
    chain_hash: str


class EventKeyRow(Stored, table=True):
    """An idempotency key that was used, for which request, and the case as it was answered."""

    __tablename__ = f"{PREFIX}event_key"
    shop: str = key()
    key: str = key()
    request_digest: str
    case_id: str
    version: int
    answer: dict[str, Any] = data()
    recorded_at: datetime = instant()


class CustomerDataRow(Stored, table=True):
    """The only home of personal facts and of contact data; all else holds references."""

    __tablename__ = f"{PREFIX}customer_data"
    __table_args__ = (index("customer_data_case_id", "case_id"),)
    shop: str = key()
    customer_key: str = key()
    case_id: str = key()
    name: str = key()
    value: str
    recorded_at: datetime = instant()
