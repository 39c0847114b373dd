"""Delivering effects: lease, read the ground again, send, mark. Never sent inside a transaction."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from aftersales.desk.answers import Accepted, Answer, Done, Failed, Unknown
from aftersales.desk.cases import catch_up, person_called, save, settle_in, withdraw
from aftersales.desk.context import Context
from aftersales.desk.grounds import lost_ground
from aftersales.domain.case import Actor, Effect, message_told
from aftersales.domain.errors import DeliveryFailed
from aftersales.store import Transaction

LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=6)
RETRY = "retry with key"


@dataclass(slots=True)
class DeliveryReport:
    """What one pass of deliveries did. `failed` counts attempts that did not succeed."""

    delivered: int = 0
    failed: int = 0
    withdrawn: int = 0
    dead: int = 0
    has_more: bool = False
    errors: list[str] = field(default_factory=list)


def deliver(context: Context, *, limit: int, report: DeliveryReport) -> None:
    """Deliver up to `limit` effects that are due, one after the other, each leased on its own."""
    worker = token_hex(8)
    for _ in range(limit):
        now = context.now()
        with context.store.transaction(context.shop) as tx:
            leased = tx.lease_effects(now, 1, now + LEASE, worker, context.handlers.sorts)
        if not leased:
            return
        try:
            _deliver_one(context, leased[0], worker, report)
        except Exception as error:  # noqa: BLE001 - one poisoned case must not stop the others
            # Its lease is left to run out: then it is tried again, until it is given up.
            report.failed += 1
            report.errors.append(f"effect {leased[0].key}: {type(error).__name__}: {error}")
    report.has_more = True


def _deliver_one(context: Context, effect: Effect, worker: str, report: DeliveryReport) -> None:
    if effect.attempts > context.max_attempts:
        _give_up(context, effect, report)
        return
    with context.store.transaction(context.shop) as tx:
        lost = lost_ground(tx, effect)
        if lost is not None:
            withdraw(context, tx, effect, lost, context.now(), was_tried=effect.attempts > 1)
            report.withdrawn += 1
            return
    answer = _sent(context, effect)
    at = context.now()  # a wait that starts with a message starts once it was handed over
    with context.store.transaction(context.shop) as tx:
        if tx.still_leased(effect.key, worker):
            _conclude(context, tx, effect, answer, at, report)
        else:
            _too_late(context, tx, effect, answer, at)


def _give_up(context: Context, effect: Effect, report: DeliveryReport) -> None:
    """Dead, first of all, whatever it was that ended every attempt. Then a person is told."""
    why = f"given up after {context.max_attempts} attempts"
    with context.store.transaction(context.shop) as tx:
        tx.mark_effect(effect.key, "dead", reason=why)
    report.dead += 1
    with context.store.transaction(context.shop) as tx:
        _call_person(context, tx, effect, f"`{effect.name}` is {why}", context.now())


def _sent(context: Context, effect: Effect) -> Answer | Exception:
    """What became of the effect.

    One whose earlier attempt ended nobody knows how is sent again only if its receiver knows keys.
    """
    is_lost_attempt = effect.status == "leased"
    if is_lost_attempt and effect.lane == "money" and effect.when_unknown != RETRY:
        return Unknown("an earlier attempt ended without an answer")
    handler = context.handlers.find(effect)
    if handler is None:
        return DeliveryFailed(f"no handler takes `{effect.sort}` named `{effect.name}`")
    try:
        return handler(effect)
    except Exception as error:  # noqa: BLE001 - a shop's handler may raise anything
        return error


def _too_late(
    context: Context, tx: Transaction, effect: Effect, answer: Answer | Exception, at: datetime
) -> None:
    """Our lease ran out while we sent: whoever took over marks the effect.

    What we know of money is entered all the same: it counts once, however often it is told.
    """
    tx.put_delivery(effect.key, effect.attempts, at, "late", _detail(answer))
    now = tx.effect(effect.key)
    if effect.lane == "money" and isinstance(answer, Done) and now is not None:
        settle_in(context, tx, effect.ledger_id, answer, at)
        settled_outside(tx, now, answer)


def _conclude(
    context: Context,
    tx: Transaction,
    effect: Effect,
    answer: Answer | Exception,
    at: datetime,
    report: DeliveryReport,
) -> None:
    word = "raised" if isinstance(answer, Exception) else type(answer).__name__.lower()
    tx.put_delivery(effect.key, effect.attempts, at, word, _detail(answer))
    match answer:
        case Done() | Accepted():
            tx.mark_effect(effect.key, "done", reference=answer.reference)
            report.delivered += 1
            _succeeded(context, tx, effect, answer, at)
        case Failed():
            tx.mark_effect(effect.key, "failed", reason=answer.reason)
            report.failed += 1
            report.errors.append(f"{effect.sort} {effect.name} ({effect.key}): {answer.reason}")
            _failed(context, tx, effect, answer, at)
        case Unknown() if effect.lane == "money" and effect.when_unknown != RETRY:
            tx.mark_effect(effect.key, "unknown", reason=answer.reason)
            report.failed += 1
            why = f"it is not known whether `{effect.name}` was carried out ({effect.key})"
            _call_person(context, tx, effect, why, at)
        case _:
            report.failed += 1
            report.errors.append(f"{effect.sort} {effect.name} ({effect.key}): {_detail(answer)}")
            _again(context, tx, effect, answer, at, report)


def _succeeded(
    context: Context, tx: Transaction, effect: Effect, answer: Done | Accepted, at: datetime
) -> None:
    if effect.lane == "money" and isinstance(answer, Done):
        settle_in(context, tx, effect.ledger_id, answer, at)
    elif effect.lane == "message":
        case = catch_up(context, tx, tx.case(effect.case_id), before=at, recorded_at=at)
        told = message_told(context.around(tx, case, recorded_at=at), case, effect, at)
        if told is not None:
            save(context, tx, told)


def _failed(
    context: Context, tx: Transaction, effect: Effect, answer: Failed, at: datetime
) -> None:
    if effect.lane == "money":
        settle_in(context, tx, effect.ledger_id, answer, at)
    else:
        _call_person(context, tx, effect, f"`{effect.name}` could not be sent: {answer.reason}", at)


def _again(
    context: Context,
    tx: Transaction,
    effect: Effect,
    answer: Answer | Exception,
    at: datetime,
    report: DeliveryReport,
) -> None:
    """Try again later, ever less often; after the last attempt it is dead, and a person told."""
    detail = _detail(answer)
    if effect.attempts < context.max_attempts:
        due_at = at + _wait(effect.attempts, answer)
        tx.mark_effect(effect.key, "waiting", reason=detail, due_at=due_at)
        return
    tx.mark_effect(effect.key, "dead", reason=detail)
    report.dead += 1
    _call_person(context, tx, effect, f"`{effect.name}` could not be delivered: {detail}", at)


def _wait(attempts: int, answer: Answer | Exception) -> timedelta:
    """How long until the next attempt: what the receiver asked for, if that is longer."""
    wait = min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT)
    asked = answer.retry_after_seconds if isinstance(answer, DeliveryFailed) else None
    return max(wait, timedelta(seconds=asked or 0))


def _call_person(context: Context, tx: Transaction, effect: Effect, why: str, at: datetime) -> None:
    """Mark the case for a person. A call that fails itself is not followed by another."""
    if effect.sort == "alert" and "why" in effect.details:
        return
    person_called(context, tx, tx.case(effect.case_id), why, by=Actor.system(), now=at)


def _detail(answer: Answer | Exception) -> str:
    match answer:
        case Done() | Accepted():
            return answer.reference
        case Failed() | Unknown():
            return answer.reason
    return f"{type(answer).__name__}: {answer}"[:500]


def settled_outside(tx: Transaction, effect: Effect, answer: Answer) -> None:
    """The outcome of an effect was told rather than answered: it is not to be sent any more."""
    if effect.status not in ("waiting", "leased", "unknown", "dead"):
        return
    if isinstance(answer, Done):
        tx.mark_effect(
            effect.key, "overtaken", reference=answer.reference, reason="settled outside"
        )
    elif isinstance(answer, Failed):
        tx.mark_effect(effect.key, "failed", reason=answer.reason)
