"""What a message says: the reply its template names, and the values to fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftersales.desk.context import Context
from aftersales.domain.case import Case, Effect, Offer, message_told
from aftersales.domain.conditions import label_in
from aftersales.domain.errors import DeliveryFailed
from aftersales.domain.policy import Option, Remedy
from aftersales.domain.rulebook import ReplyTemplate, Rulebook
from aftersales.store import Transaction

FALLBACK_LANGUAGE = "en"
KEEPS = "customer_keeps"
# What of a remedy's details a customer should know, and how it is said.
_TOLD = (
    ("shipping", " by {} shipping"),
    ("minimum_spend", ", from {} on"),
    ("valid_for", ", valid for {}"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """A reply and what fills it. `zone` is where instants are told, `language` the reply's own."""

    reply: ReplyTemplate
    values: Mapping[str, Any]
    zone: str

    @property
    def language(self) -> str:
        return self.reply.language


def content_of(context: Context, tx: Transaction, effect: Effect) -> Content:
    """The content of a message effect. DeliveryFailed if no reply of that name is there."""
    case = tx.case(effect.case_id)
    rulebook = context.pinned(tx, case.rulebook)
    languages = (case.facts.get("customer_language", FALLBACK_LANGUAGE), FALLBACK_LANGUAGE)
    reply = rulebook.reply(effect.name, languages)
    if reply is None:
        raise DeliveryFailed(f"there is no reply `{effect.name}`")
    now = context.now()
    values = {
        **_facts(context, tx, rulebook, case, now),
        **tx.personal(case.id),
        **_of_case(case),
        **_of_offer(tx.offer(effect.offer_id) if effect.offer_id else None, reply.language),
    }
    told = _once_told(context, tx, case, effect, now)
    customer_due = _customer_due(rulebook, told)
    if customer_due is not None:
        values["answer_by"] = customer_due
    if told.due_at is not None:
        values["next_by"] = told.due_at
    return Content(reply, values, rulebook.calendar(of_case=case.calendar).zone)


def _once_told(
    context: Context, tx: Transaction, case: Case, effect: Effect, now: datetime
) -> Case:
    """The case as it will stand once this message is handed over: its window starts with it."""
    told = message_told(context.around(tx, case, recorded_at=now), case, effect, now)
    return told.case if told is not None else case


def _customer_due(rulebook: Rulebook, case: Case) -> datetime | None:
    if rulebook.workflow.states[case.state].waiting_for != "customer":
        return None
    waits = (t.due_at for t in case.timers if t.visit == case.visit and t.warning is None)
    return min((at for at in waits if at is not None), default=None)


def _facts(
    context: Context, tx: Transaction, rulebook: Rulebook, case: Case, now: datetime
) -> dict[str, Any]:
    rates = context.rates(tx, now)(now.date())
    typed = rulebook.facts(case.facts, rates=rates)
    return {name: typed[name] for name in case.facts if name in typed}


def _of_case(case: Case) -> dict[str, Any]:
    return {
        "order_id": case.order_id or "",
        "case_id": case.id,
        "kind": case.kind,
        "items": [f"{line.quantity} x {line.title or line.sku}" for line in case.lines],
    }


def _of_offer(offer: Offer | None, language: str) -> dict[str, Any]:
    """The options, and of an accepted one what is given."""
    if offer is None:
        return {}
    options = [{"id": o.id, "text": option_text(o, language)} for o in offer.options]
    values: dict[str, Any] = {"options": options}
    chosen = offer.option(offer.accepted_option or "")
    if chosen is not None:
        values["option"] = option_text(chosen, language)
        values["remedies"] = [remedy_text(remedy, language) for remedy in chosen.remedies]
        values["return_answer"] = chosen.returns.answer
        values["return_within"] = chosen.returns.within
        amount = chosen.refunded(offer.currency)
        if not amount.is_zero:
            values["amount"] = amount
    return values


def option_text(option: Option, language: str = FALLBACK_LANGUAGE) -> str:
    """An option in words: `a refund of 39.90 EUR and a coupon of 5.00 EUR, valid for 90 days`."""
    is_named = any(_label(remedy, language) for remedy in option.remedies)
    joint = " + " if is_named else " and "  # which language a label is in is not always known
    given = joint.join(remedy_text(remedy, language) for remedy in option.remedies)
    returns = option.returns
    if returns.answer == KEEPS:
        return given
    within = f" within {returns.within}" if returns.within else ""
    return f"{given}, once the goods are back{within} ({returns.answer.replace('_', ' ')})"


def remedy_text(remedy: Remedy, language: str = FALLBACK_LANGUAGE) -> str:
    """A remedy in words, with its amount and what limits it; by its label, if it has one."""
    if label := _label(remedy, language):
        return f"{label} ({remedy.amount})" if remedy.amount else label
    what = remedy.sort.replace("_", " ")
    amount = f" of {remedy.amount}" if remedy.amount else ""
    told = [
        template.format(remedy.details[name]) for name, template in _TOLD if name in remedy.details
    ]
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}{amount}{''.join(told)}"


def _label(remedy: Remedy, language: str) -> str:
    """What the author calls the remedy in `language`, or for all."""
    parted = [(key.partition("."), text) for key, text in remedy.details.items()]
    return label_in([(key[2], text) for key, text in parted if key[0] == "label"], [language])
