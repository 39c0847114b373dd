"""Opening cases, putting events to them, and settling remedies: one transaction each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aftersales.desk.answers import Answer, Done, Failed
from aftersales.desk.context import Context, aware, order_account
from aftersales.desk.given import currency_of, texts_of, with_built_in
from aftersales.desk.grounds import Lost, lost_ground
from aftersales.desk.repeats import answer_now, answered_before, as_texts, digest
from aftersales.desk.view import CaseView
from aftersales.domain.case import (
    MAY_BACKDATE,
    Account,
    Actor,
    Case,
    Change,
    Effect,
    Event,
    LedgerEntry,
    Line,
    Opening,
    Refusal,
    call_person,
    fire_timers,
    handle_event,
    open_case,
    settle,
)
from aftersales.domain.errors import (
    AftersalesError,
    CaseChangedMeanwhile,
    EventRefused,
    ValueUnreadable,
)
from aftersales.domain.money import zero
from aftersales.store import Transaction

MOST_CASES = 1000  # of one order
MOST_LINKS = 5  # cases that opened one another


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as a caller asks for it: not yet opened."""

    kind: str
    facts: Mapping[str, object]
    order_id: str | None
    customer_id: str
    lines: Sequence[Line]
    by: Actor
    idempotency_key: str | None
    opened_at: datetime | None
    parent_id: str


@dataclass(frozen=True, slots=True)
class Put:
    """An event as a caller puts it: not yet judged."""

    event: str
    by: Actor
    facts: Mapping[str, object]
    idempotency_key: str | None
    expected_version: int | None
    occurred_at: datetime | None


def open_in(context: Context, tx: Transaction, new: NewCase) -> CaseView | Refusal:
    """Open a case, once per idempotency key."""
    of_lines = [(line.sku, line.quantity, str(line.value)) for line in new.lines]
    facts = as_texts(new.facts)
    asked = digest("open", new.kind, new.order_id, new.customer_id, facts, of_lines, str(new.by))
    if new.idempotency_key is not None:
        answered = answered_before(context, tx, f"open/{new.idempotency_key}", asked)
        if answered is not None:
            return answered
    now = context.now()
    outcome = _opened(context, tx, new, now)
    if isinstance(outcome, Refusal):
        return outcome
    save(context, tx, outcome)
    return answer_now(context, tx, outcome.case.id, "open", new.idempotency_key, asked, now)


def _opened(context: Context, tx: Transaction, new: NewCase, now: datetime) -> Change | Refusal:
    """The case by the rules of the day it is opened on, after what was due on its order."""
    at = min(aware(new.opened_at), now) if new.opened_at else now
    rulebook = context.catalog(tx, at).rulebook(new.kind, at)
    catch_up_order(context, tx, new.order_id, "", at, now)
    account = order_account(tx, new.order_id)
    facts = with_built_in(tx, rulebook, new.facts, new.lines, new.customer_id, at)
    texts = texts_of(rulebook, facts)
    currency = currency_of(account, new.lines, texts, rulebook)
    if account is None and new.order_id is not None:
        account = _account_with_nothing(tx, new.order_id, currency)
    context.keep(tx, rulebook)
    opening = Opening(
        shop=context.shop,
        case_id=tx.new_id(now),
        by=new.by,
        at=at,
        currency=currency,
        facts=texts,
        order_id=new.order_id,
        customer_key=new.customer_id,
        lines=tuple(new.lines),
        parent_id=new.parent_id,
    )
    around = context.around_new(tx, rulebook, opening, account, recorded_at=now)
    return open_case(around, opening)


def _account_with_nothing(tx: Transaction, order_id: str, currency: str) -> Account | None:
    """The account of an order of which nobody said what was paid."""
    nothing = zero(currency)
    tx.put_account(Account(f"order:{order_id}", nothing, nothing, nothing, nothing))
    return order_account(tx, order_id)


def submit_in(
    context: Context, tx: Transaction, case_id: str, put: Put
) -> CaseView | EventRefused | AftersalesError:
    """Fire what was due before the event, then judge it.

    Errors come back as values: what was fired is saved all the same; then the caller raises them.
    """
    asked = digest("submit", case_id, put.event, as_texts(put.facts), str(put.by))
    if put.idempotency_key is not None:
        answered = answered_before(context, tx, f"{case_id}/{put.idempotency_key}", asked)
        if answered is not None:
            return answered
    now = context.now()
    at = aware(put.occurred_at) if put.occurred_at else now
    case = tx.case(case_id)
    if (refused := _refused_time(put, at, now)) is not None:
        return _refused(context, tx, case, put, refused, now)
    case = catch_up(context, tx, case, before=at, recorded_at=now)
    if put.expected_version is not None and not _still_stands(case, put.expected_version):
        return CaseChangedMeanwhile(
            f"the case has moved on since version {put.expected_version} "
            f"(now {case.version}, `{case.state}`); read it again"
        )
    around = context.around(tx, case, recorded_at=now)
    try:
        texts = texts_of(around.rulebook, put.facts)
    except ValueUnreadable as error:
        named = next((name for name in put.facts if f"`{name}`" in str(error)), "")
        kept = Refusal("fact", f"a fact could not be read: {named}".rstrip(": "))
        _refused(context, tx, case, put, kept, now)  # what was given may be personal
        return EventRefused(str(error), code="fact")
    # A moment later than what was just recorded never counts as late for being put now.
    at = max(at, case.last_effective_at) if put.occurred_at is None else at
    outcome = handle_event(around, case, Event(put.event, put.by, at, texts))
    if isinstance(outcome, Refusal):
        return _refused(context, tx, case, put, outcome, now)
    save(context, tx, outcome)
    return answer_now(context, tx, case_id, case_id, put.idempotency_key, asked, now)


def save(context: Context, tx: Transaction, change: Change) -> None:
    """Save a change whole, with what it says to other cases: in one transaction, or not at all."""
    tx.save(change)
    for effect in change.effects:
        if effect.sort == "tell_order":
            told = _tell_order(context, tx, effect)
            tx.mark_effect(effect.key, "done", reference=told)
        elif effect.sort == "open_case":
            _open_linked(context, tx, effect, change)
    at = change.history.effective_at
    if change.account is not None and change.case.order_id is not None:
        is_paid_by_others = any(entry.by != "us" for entry in change.ledger)
        if is_paid_by_others or change.account.held_by or change.account.left.minor < 0:
            withdraw_unpaid(context, tx, change.case.order_id, at)


def withdraw_unpaid(context: Context, tx: Transaction, order_id: str, at: datetime) -> None:
    """Take back the order's money that was not handed out yet, at the moment its ground is lost.

    Left to the next delivery, the moment would hang on when that one runs.
    """
    for case in tx.find_cases(order_id=order_id, limit=MOST_CASES):
        for effect in tx.waiting_effects(case.id):
            lost = _lost_money(tx, effect)
            if lost is not None:
                withdraw(context, tx, effect, lost, at, was_tried=effect.attempts > 0)


def _lost_money(tx: Transaction, effect: Effect) -> Lost | None:
    fresh = tx.effect(effect.key) if effect.lane == "money" else None
    return lost_ground(tx, fresh) if fresh is not None and fresh.status == "waiting" else None


def withdraw(
    context: Context, tx: Transaction, effect: Effect, lost: Lost, at: datetime, *, was_tried: bool
) -> None:
    """An effect is not to be sent, for its ground is gone; a remedy has then failed.

    Unless an earlier attempt may have carried it out: then its money stays reserved, and a person
    finds out. Counted as failed, it could be given a second time.
    """
    if effect.lane == "money" and lost.status == "withdrawn" and was_tried:
        tx.mark_effect(effect.key, "unknown", reason=lost.why)
        why = f"`{effect.name}` was tried before {lost.why}; was it carried out? ({effect.key})"
        person_called(context, tx, tx.case(effect.case_id), why, by=Actor.system(), now=at)
        return
    tx.mark_effect(effect.key, lost.status, reason=lost.why)
    if effect.lane == "money" and lost.status == "withdrawn":
        settle_in(context, tx, effect.ledger_id, Failed(f"withdrawn: {lost.why}"), at)


def _tell_order(context: Context, tx: Transaction, effect: Effect) -> str:
    """Put `order_held` or `order_released` to every other open case of the order that knows it."""
    told = []
    for case in tx.find_cases(order_id=effect.order_id, is_open=True, limit=MOST_CASES):
        machine = context.pinned(tx, case.rulebook).machine
        if case.id != effect.case_id and machine.ways(case.state, effect.name):
            # Told late, it must still be heard: a dispute freezes what it finds.
            at = max(effect.due_at, case.last_effective_at)
            put = Put(effect.name, Actor.system(), {}, effect.key, None, at)
            submit_in(context, tx, case.id, put)
            told.append(case.id)
    return ",".join(told)


def _open_linked(context: Context, tx: Transaction, effect: Effect, change: Change) -> None:
    """Open a case of the kind the effect names, on the same order and with the same facts."""
    parent, at = change.case, effect.due_at
    outcome: CaseView | Refusal | None = None
    try:
        _refuse_endless(tx, parent)
        schema = context.catalog(tx, at).rulebook(effect.name, at).schema
        known = {name: text for name, text in parent.facts.items() if schema.declared(name)}
        new = NewCase(
            effect.name,
            facts=known,
            order_id=parent.order_id,
            customer_id=parent.customer_key,
            lines=parent.lines,
            by=Actor.system(),
            idempotency_key=effect.key,
            opened_at=at,
            parent_id=parent.id,
        )
        with context.store.transaction(context.shop, session=tx.connection) as within:
            outcome = open_in(context, within, new)
        why = outcome.reason if isinstance(outcome, Refusal) else ""
    except AftersalesError as error:
        why = str(error)
    if isinstance(outcome, CaseView):
        tx.mark_effect(effect.key, "done", reference=outcome.id)
        return
    tx.mark_effect(effect.key, "failed", reason=why)
    told = f"a case of `{effect.name}` could not be opened: {why}"
    person_called(context, tx, tx.case(parent.id), told, by=Actor.system(), now=at)


def _refuse_endless(tx: Transaction, case: Case) -> None:
    """Cases that open one another end somewhere."""
    for _ in range(MOST_LINKS):
        if not case.parent_id:
            return
        case = tx.case(case.parent_id)
    raise EventRefused(f"{MOST_LINKS} cases opened one another already", code="endless")


def catch_up(
    context: Context, tx: Transaction, case: Case, *, before: datetime, recorded_at: datetime
) -> Case:
    """Fire, in due order, every timer of the case due strictly before `before`.

    Those of the order's other cases too, in between: what they do may hold or release the order.
    """
    catch_up_order(context, tx, case.order_id, case.id, before, recorded_at)
    return tx.case(case.id)


def catch_up_order(
    context: Context,
    tx: Transaction,
    order_id: str | None,
    own: str,
    before: datetime,
    recorded_at: datetime,
) -> int:
    """Fire what is due on the case `own` and on the others of its order, as it comes.

    Another one that cannot be fired is left to the ticks, and does not stop this one. Says how
    many timers were fired.
    """
    fired, left_out = 0, set[str]()
    while (first := _first_due(tx, order_id, own, before, left_out)) is not None:
        if first.id == own:
            _fire_first(context, tx, first, before, recorded_at)
            fired += 1
            continue
        try:
            with context.store.transaction(context.shop, session=tx.connection) as within:
                _fire_first(context, within, first, before, recorded_at)
            fired += 1
        except Exception:  # noqa: BLE001 - a poisoned case must not stop the others of its order
            left_out.add(first.id)
    return fired


def _first_due(
    tx: Transaction, order_id: str | None, own: str, before: datetime, left_out: set[str]
) -> Case | None:
    """Of the order's cases the one whose timer is due first; of others none that is parked."""
    known = {own: tx.case(own)} if own else {}
    if order_id is not None:
        mates = tx.find_cases(order_id=order_id, limit=MOST_CASES)
        known |= {mate.id: mate for mate in mates if mate.id not in left_out}
    due = sorted((at, id) for id, c in known.items() if (at := c.due_at) and at < before)
    return next((known[id] for _, id in due if id == own or not tx.why_parked(id)), None)


def _fire_first(
    context: Context, tx: Transaction, case: Case, before: datetime, recorded_at: datetime
) -> None:
    change = fire_timers(context.around(tx, case, recorded_at=recorded_at), case, before)
    if change is not None:
        save(context, tx, change)


def settle_in(
    context: Context, tx: Transaction, ledger_id: str, answer: Answer, at: datetime
) -> Case | None:
    """Enter the outcome of a remedy, once. None where it was settled before."""
    entry = tx.ledger_entry(ledger_id)
    if entry is None or not _is_news(entry, answer) or not isinstance(answer, Done | Failed):
        return None
    now = context.now()
    case = catch_up(context, tx, tx.case(entry.case_id), before=at, recorded_at=now)
    entry = tx.ledger_entry(ledger_id)  # what was due before may have settled it
    if entry is None or not _is_news(entry, answer):
        return None
    is_failed = isinstance(answer, Failed)
    text = answer.reason if isinstance(answer, Failed) else answer.reference
    around = context.around(tx, case, recorded_at=now)
    change = settle(around, case, entry, failed=is_failed, text=text, at=at)
    save(context, tx, change)
    return change.case


def _is_news(entry: LedgerEntry, answer: Answer) -> bool:
    """Whether an outcome changes what is known: that it was done counts even after a failure."""
    return entry.status == "reserved" or (entry.status == "failed" and isinstance(answer, Done))


def person_called(
    context: Context, tx: Transaction, case: Case, why: str, *, by: Actor, now: datetime
) -> Change:
    """Mark the case for a person, and save that."""
    around = context.around(tx, case, recorded_at=now)
    change = call_person(around, case, why, by=by, at=now)
    save(context, tx, change)
    return change


# -- refusals


def _refused_time(put: Put, at: datetime, now: datetime) -> Refusal | None:
    if put.occurred_at is None:
        return None
    if put.by.role not in MAY_BACKDATE:
        return Refusal("occurred_at", f"a {put.by.role} may not say when it happened")
    if at > now:
        return Refusal("occurred_at", f"{at.isoformat()} is later than now, {now.isoformat()}")
    return None


def _refused(
    context: Context, tx: Transaction, case: Case, put: Put, refusal: Refusal, now: datetime
) -> EventRefused:
    tx.put_refusal(case.id, put.event, put.by, refusal.code, refusal.reason, now)
    if refusal.raises is not None:
        save(context, tx, refusal.raises)
    allowed = refusal.allowed or context.view(tx, case).allowed_events
    return EventRefused(refusal.reason, code=refusal.code, allowed=allowed)


def _still_stands(case: Case, version: int) -> bool:
    """Whether what the caller saw at `version` (state, visit, offer) is what counts now."""
    return case.stands_since <= version <= case.version
