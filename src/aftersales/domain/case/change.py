"""What one decision comes to: a Change to save whole, or a Refusal that says what is possible."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aftersales.domain.case.model import Account, Case, Effect, HistoryEntry, LedgerEntry, Offer


@dataclass(frozen=True, slots=True)
class Change:
    """All that one decision changes, in one transaction. `before` is None for a new case."""

    case: Case
    history: HistoryEntry
    before: Case | None = None
    offers: tuple[Offer, ...] = ()  # new or with a new status
    ledger: tuple[LedgerEntry, ...] = ()  # new or with a new status
    account: Account | None = None  # the order's account after; its `version` is the one read
    customer_account: Account | None = None  # the customer's, of goodwill, likewise
    effects: tuple[Effect, ...] = ()  # new ones
    personal: Mapping[str, str] = field(default_factory=dict)  # facts declared personal


@dataclass(frozen=True, slots=True)
class Refusal:
    """The event is not permitted now. `raises` is to be saved all the same: it calls a person."""

    code: str
    reason: str
    allowed: tuple[str, ...] = ()
    raises: Change | None = None
