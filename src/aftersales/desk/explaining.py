"""Why a case stands as it does: its due dates, its offer, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftersales.desk.context import Context, order_account
from aftersales.domain.case import Account, Case, LedgerEntry, Offer, Timer
from aftersales.domain.rulebook import Rulebook
from aftersales.store import StoredRefusal, Transaction


@dataclass(frozen=True, slots=True)
class DueExplained:
    """One armed timer and why it is due then, as data; `until` in words, "in 2 business days".

    While it is paused, since `paused_at`, it has no due time; `if_resumed_at` is what it would be
    if it went on now, before what caps it.
    """

    timer_id: str
    deadline: str
    is_warning: bool
    due_at: datetime | None
    why: Mapping[str, Any]
    until: str
    paused_at: datetime | None = None
    if_resumed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that can be told about how a case came to stand as it does."""

    case_id: str
    zone: str
    due: tuple[DueExplained, ...]
    offer: Offer | None
    account: Account | None
    ledger: tuple[LedgerEntry, ...]
    refusals: tuple[StoredRefusal, ...]
    needs_person: str


def explain(context: Context, tx: Transaction, case_id: str) -> Explanation:
    """Explain a case from what is stored; nothing is decided anew."""
    case, now = tx.case(case_id), context.now()
    rulebook = context.pinned(tx, case.rulebook)
    calendar = rulebook.calendar(of_case=case.calendar)
    timers = sorted(case.timers, key=lambda t: (t.due_at is None, t.due_at or now, t.id))
    due = [
        DueExplained(
            timer_id=timer.id,
            deadline=timer.deadline,
            is_warning=timer.warning is not None,
            due_at=timer.due_at,
            why=timer.why,
            until=calendar.describe_until(now, timer.due_at) if timer.due_at else "",
            paused_at=timer.paused_at,
            if_resumed_at=_if_resumed(rulebook, case, timer, now),
        )
        for timer in timers
    ]
    return Explanation(
        case_id=case.id,
        zone=calendar.zone,
        due=tuple(due),
        offer=tx.offer(case.offer_id) if case.offer_id else None,
        account=order_account(tx, case.order_id),
        ledger=tx.ledger_of_order(case.order_id) if case.order_id else tx.ledger_of_case(case.id),
        refusals=tx.refusals(case_id),
        needs_person=case.needs_person,
    )


def _if_resumed(rulebook: Rulebook, case: Case, timer: Timer, now: datetime) -> datetime | None:
    """When a paused timer would be due if it went on now."""
    since = timer.paused_at
    if since is None or timer.run is None:
        return None
    calendar = rulebook.calendar(timer.why.get("calendar"), of_case=case.calendar)
    return calendar.resumed(timer.run, (*timer.pauses, (since, max(since, now)))).at
