"""The hash chain of a case's history: what is hashed, and how one link holds the next.

The canonical form is versioned. Never change a form: add one, and keep the old for what it hashed.
"""

from collections.abc import Mapping

from aftersales.domain.case import Effect, HistoryEntry
from aftersales.domain.errors import InvariantBroken
from aftersales.store.columns import canonical, sha256, utc_text
from aftersales.store.plain import plain

FORM = 1


def content_hash(
    shop: str, entry: HistoryEntry, effects: Mapping[str, str], *, form: int = FORM
) -> str:
    """The hash of what happened. `recorded_at` is left out: when we heard of it changes nothing."""
    if form != FORM:
        raise InvariantBroken(f"history of form {form} was written by a newer version")
    return sha256(
        canonical(
            {
                "form": form,
                "shop": shop,
                "case": entry.case_id,
                "version": entry.version,
                "event": entry.event,
                "actor": plain(entry.actor),
                "effective_at": utc_text(entry.effective_at),
                "round": entry.round,
                "state_before": entry.state_before,
                "state_after": entry.state_after,
                "facts": plain(entry.facts),
                "did": plain(entry.did),
                "rule": entry.rule,
                "note": entry.note,
                "effects": dict(effects),
            }
        )
    )


def chain_hash(previous: str, content: str, entry: HistoryEntry) -> str:
    """The hash that holds this entry to all before it. `previous` is empty for the first."""
    return sha256(previous + content + utc_text(entry.recorded_at))


def body_digest(effect: Effect) -> str:
    """The digest of what an effect says. How far its delivery is does not belong to it."""
    body = {
        "key": effect.key,
        "case": effect.case_id,
        "lane": effect.lane,
        "sort": effect.sort,
        "name": effect.name,
        "order_id": effect.order_id,
        "ledger_id": effect.ledger_id,
        "offer_id": effect.offer_id,
        "amount": plain(effect.amount),
        "details": plain(effect.details),
        "when_unknown": effect.when_unknown,
        "round": effect.round,
        "visit": effect.visit,
        "timer_id": effect.timer_id,
    }
    return sha256(canonical(body))
