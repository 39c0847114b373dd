"""What an effect rests on, read again before it is sent."""

from dataclasses import dataclass
from typing import Literal

from aftersales.domain.case import Case, Effect
from aftersales.domain.money import Money
from aftersales.store import Transaction


@dataclass(frozen=True, slots=True)
class Lost:
    """The ground is gone: the effect is not sent, and stands as `status`."""

    status: Literal["withdrawn", "overtaken"]
    why: str


def lost_ground(tx: Transaction, effect: Effect) -> Lost | None:
    """Why `effect` must not be sent any more; None while its ground stands."""
    case = tx.case(effect.case_id)
    if effect.lane == "money":
        return _money(tx, effect)
    if effect.timer_id and not _still_warns(case, effect.timer_id):
        return Lost("overtaken", "what it warned of is over")
    if effect.details.get("rests_on") == "open offer":
        return _offer(tx, effect)
    if effect.details.get("rests_on") == "grant":
        return _grant(tx, effect)
    return None


def _grant(tx: Transaction, effect: Effect) -> Lost | None:
    """A message that tells of a grant is not sent once all of it has failed."""
    granted = [e for e in tx.ledger_of_case(effect.case_id) if e.offer_id == effect.offer_id]
    if granted and all(entry.status == "failed" for entry in granted):
        return Lost("withdrawn", "what it tells of was withdrawn")
    return None


def _money(tx: Transaction, effect: Effect) -> Lost | None:
    entry = tx.ledger_entry(effect.ledger_id)
    if entry is None or entry.status != "reserved":
        return Lost("overtaken", "the remedy was settled before it was sent")
    account = tx.account(f"order:{effect.order_id}") if effect.order_id else None
    if account is None:
        return None
    if account.held_by:
        return Lost("withdrawn", "a dispute holds the order")
    if entry.moves_money and account.left.minor < 0:
        return Lost("withdrawn", "somebody else has refunded meanwhile")
    if entry.moves_money and _is_over(tx, effect):
        return Lost("withdrawn", "somebody else has refunded this matter")
    return None


def _is_over(tx: Transaction, effect: Effect) -> bool:
    """Whether more is on its way for this case than it is about, counting what others paid."""
    text = tx.case(effect.case_id).facts.get("affected_value")
    if text is None or effect.amount is None:
        return False
    given = [
        entry.cost.minor if entry.by != "us" else entry.amount.minor
        for entry in tx.ledger_of_case(effect.case_id)
        if entry.moves_money and entry.amount and entry.status in ("reserved", "confirmed")
    ]
    has_outside = any(e.by != "us" for e in tx.ledger_of_case(effect.case_id))
    return has_outside and sum(given) > Money.parse(text).minor


def _offer(tx: Transaction, effect: Effect) -> Lost | None:
    offer = tx.offer(effect.offer_id)
    if offer is None or offer.status in ("withdrawn", "expired", "declined"):
        return Lost("withdrawn", f"the offer is {offer.status if offer else 'gone'}")
    return None


def _still_warns(case: Case, timer_id: str) -> bool:
    """Whether the deadline that this warning belongs to is still armed."""
    deadline_id = timer_id.rsplit("/warning-", 1)[0]
    is_follow_up = "/warning-" not in timer_id
    return is_follow_up or any(timer.id == deadline_id for timer in case.timers)
