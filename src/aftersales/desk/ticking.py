"""One bounded pass: fire due timers, then deliver due effects. Safe to run any number of times."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aftersales.desk.cases import catch_up_order
from aftersales.desk.context import Context
from aftersales.domain.errors import CaseChangedMeanwhile
from aftersales.store import Transaction

LEASE = timedelta(minutes=5)
BATCH = 25


@dataclass(slots=True)
class TickReport:
    """What one tick did.

    `parked` are cases and effects given up on; `unhandled` effects wait for a handler that nobody
    registered; `has_more` says that the limit was reached.
    """

    fired: int = 0
    delivered: int = 0
    failed: int = 0
    withdrawn: int = 0
    parked: int = 0
    unhandled: int = 0
    has_more: bool = False
    errors: list[str] = field(default_factory=list)


def fire_due(context: Context, *, limit: int, report: TickReport) -> None:
    """Fire the due timers of up to `limit` cases. One whose firing fails does not stop others."""
    seen = 0
    while seen < limit:
        now = context.now()
        with context.store.transaction(context.shop) as tx:
            due = tx.due_cases(now, min(BATCH, limit - seen))
            leased = [case_id for case_id in due if _lease(context, tx, case_id, now, report)]
        if not due:
            return
        seen += len(due)
        for case_id in leased:
            _fire(context, case_id, now, report)
    report.has_more = True


def _lease(
    context: Context, tx: Transaction, case_id: str, now: datetime, report: TickReport
) -> bool:
    """Reserve the case, the attempt counted before the work: one that kills us is parked too."""
    version = tx.case(case_id).version
    if tx.lease_case(case_id, version, now, now + LEASE, context.max_attempts):
        return True
    report.parked += bool(tx.why_parked(case_id))
    return False


def _fire(context: Context, case_id: str, now: datetime, report: TickReport) -> None:
    """Catch the case up through all that is due, in one transaction."""
    try:
        with context.store.transaction(context.shop) as tx:
            order_id = tx.case(case_id).order_id
            fired = catch_up_order(context, tx, order_id, case_id, now, now)
            tx.clear_attempts(case_id)
    except CaseChangedMeanwhile:
        return
    except Exception as error:  # noqa: BLE001 - one poisoned case must not stop the others
        # Its lease is left to run out: then it is tried again, until it is parked.
        report.failed += 1
        report.errors.append(f"case {case_id}: {type(error).__name__}: {error}")
    else:
        report.fired += fired
