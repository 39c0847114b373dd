"""Why a case stands as it does: its due dates, its offer, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftersales.desk.context import Context, order_account
from aftersales.domain.calendar import Calendar, date_of
from aftersales.domain.case import Account, LedgerEntry, Offer, Timer, if_resumed
from aftersales.domain.duration import Duration, Unit
from aftersales.store import StoredRefusal, Transaction


@dataclass(frozen=True, slots=True)
class DueExplained:
    """One armed timer and why it is due then, as data; `until` in words, "in 2 business days".

    While it is paused, since `paused_at`, it has no due time; `if_resumed_at` is what it would be
    if it went on now, and `why` explains that. Where a newer calendar has taken over, since
    `why["taken_over_at"]`, the days or seconds used before are told: `why` has only those since.
    """

    timer_id: str
    deadline: str
    is_warning: bool
    due_at: datetime | None
    why: Mapping[str, Any]
    until: str
    paused_at: datetime | None = None
    if_resumed_at: datetime | None = None
    used_days_before: int | None = None  # of business days
    used_seconds_before: int | None = None  # of business hours


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
    around = context.around(tx, case, recorded_at=now)
    resumed = {timer.id: timer for timer in if_resumed(around, case, at=now).timers}
    due = [
        _due(
            timer,
            resumed[timer.id],
            rulebook.calendar(timer.why.get("calendar"), of_case=case.calendar),
            calendar.describe_until(now, timer.due_at) if timer.due_at else "",
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


def _due(timer: Timer, resumed: Timer, calendar: Calendar, until: str) -> DueExplained:
    """The timer explained by what it is counted on; `resumed` is the same if it went on now."""
    days, seconds = _used_before(timer, calendar)
    is_paused = timer.paused_at is not None
    return DueExplained(
        timer_id=timer.id,
        deadline=timer.deadline,
        is_warning=timer.warning is not None,
        due_at=timer.due_at,
        why=resumed.why if is_paused else timer.why,
        until=until,
        paused_at=timer.paused_at,
        if_resumed_at=resumed.due_at if is_paused else None,
        used_days_before=days,
        used_seconds_before=seconds,
    )


def _used_before(timer: Timer, calendar: Calendar) -> tuple[int | None, int | None]:
    """The business days, or the seconds of business hours, that older calendars have counted."""
    run = timer.run
    if run is None or run.taken_over_at is None or run.percent is not None:
        return None, None
    whole = Duration.parse(run.duration)
    if whole.unit is Unit.BUSINESS_DAYS:
        days = date_of(run.start_day), date_of(run.due_day)
        return max(whole.amount - calendar.business_days_between(*days), 0), None
    if whole.unit is Unit.BUSINESS_HOURS:
        left = calendar.elapsed_open_seconds(run.start, run.planned)
        return None, max(whole.amount * 3600 - left, 0)
    return None, None
