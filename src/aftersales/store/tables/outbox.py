"""Effects saved and not yet delivered, and the log of their deliveries."""

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
    maybe_minor,
    of_case,
)

UNFINISHED = ("waiting", "leased", "unknown", "dead")


class EffectRow(Stored, table=True):
    """An instruction to the outside world. `ready_at` is when a tick should look at it next."""

    __tablename__ = f"{PREFIX}effect"
    __table_args__ = (
        of_case(),
        index("effect_number", "case_id", "case_version", "number", unique=True),
        index("effect_ready_at", "ready_at", where="ready_at IS NOT NULL"),
        index("effect_ledger_id", "ledger_id", where="ledger_id <> ''"),
    )
    shop: str = key()
    key: str = key()
    case_id: str
    case_version: int
    number: int
    lane: str
    sort: str
    name: str
    body_digest: str
    status: str
    due_at: datetime = instant()
    ready_at: datetime | None = maybe_instant()
    lease_until: datetime | None = maybe_instant()
    leased_by: str = ""
    attempts: int
    order_id: str | None = None
    ledger_id: str
    offer_id: str
    amount_minor: int | None = maybe_minor()
    amount_currency: str | None = None
    details: dict[str, Any] = data()
    when_unknown: str
    round: int
    visit: int
    timer_id: str
    reference: str
    reason: str


class DeliveryRow(Stored, table=True):
    """One attempt to deliver an effect, and the answer."""

    __tablename__ = f"{PREFIX}delivery"
    __table_args__ = (index("delivery_effect_key", "effect_key"),)
    shop: str = key()
    id: str = key()
    effect_key: str
    attempt: int
    at: datetime = instant()
    answer: str
    detail: str
