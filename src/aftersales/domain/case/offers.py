"""Making an offer, having it approved, and what the customer answers to it."""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Offer, OfferStatus
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import Option, OptionsDecision, Spent, Undecided, decide_options

NO_APPROVAL = "none_needed"
# Which roles reach an approval band, besides a band that is named like a role.
_LADDER = ("agent", "supervisor", "manager")


def may_act_as(role: str, wanted: str) -> bool:
    """Whether `role` may do what `wanted` may: a manager all, a supervisor what an agent may."""
    if role == wanted:
        return True
    if role not in _LADDER or wanted not in _LADDER:
        return False
    return _LADDER.index(role) >= _LADDER.index(wanted)


def prospect(draft: Draft, policy: str = "") -> OptionsDecision:
    """The options that an offer made now would hold; worked out once a decision."""
    if draft.prospect is None:
        draft.prospect = decide(draft, policy)
    return draft.prospect


def decide(draft: Draft, policy: str = "") -> OptionsDecision:
    """Ask the policy. NotPermitted where it cannot say, or leaves nothing to offer."""
    rulebook = draft.around.rulebook
    facts = draft.facts()
    try:
        name = policy or rulebook.policies.for_kind(facts)
    except FactMissing as missing:
        raise NotPermitted("fact_missing", str(missing)) from missing
    if isinstance(name, Undecided):
        raise NotPermitted("undecided", name.why, calls_person=True)
    decision = decide_options(rulebook.policies, name, facts, spent(draft))
    if isinstance(decision, Undecided):
        code = "fact_missing" if decision.missing else "undecided"
        raise NotPermitted(code, decision.why, calls_person=not decision.missing)
    if not decision.options:
        why = "; ".join(f"{out.what}: {out.why}" for out in decision.left_out)
        raise NotPermitted("nothing_to_offer", f"no option is left ({why})", calls_person=True)
    return decision


def spent(draft: Draft) -> Spent:
    """What was given before on this order and to this customer."""
    currency = draft.case.currency
    counted = [e for e in draft.entries if e.status in ("reserved", "confirmed")]
    ours = [e for e in counted if e.by == "us" and e.cost.currency == currency]
    goodwill = {e.id: e for e in draft.around.goodwill} | draft.ledger
    return Spent(
        left_to_refund=draft.account.left if draft.account else zero(currency),
        cost_on_order=Money.from_minor(sum(e.cost.minor for e in ours), currency),
        goodwill_of_customer=tuple(
            ((draft.at - e.granted_at).days, e.cost)
            for e in goodwill.values()
            if e.counts_as == "goodwill" and e.status in ("reserved", "confirmed")
        ),
    )


def make(draft: Draft, policy: str = "") -> None:
    """`make offer`: a proposed offer, a snapshot of what the policy decides now."""
    if draft.offer is not None and draft.offer.status in ("proposed", "open"):
        close(draft, "withdrawn")
    decision = prospect(draft, policy)
    case = draft.case
    draft.put_offer(
        Offer(
            id=f"{case.id}/offer-{case.version}",
            status="proposed",
            decision=decision,
            currency=case.currency,
            digest=digest(decision),
            made_by=draft.by,
            made_at=draft.at,
            case_version=case.version,
            policy=decision.rule.policy,
            facts=dict(case.facts),
        )
    )
    draft.rule = draft.rule or str(decision.rule)


def approve(draft: Draft) -> None:
    """`approve offer`: by another person, whose role reaches the offer's band."""
    offer = standing(draft, "proposed")
    if offer.approval == NO_APPROVAL:
        return
    if draft.by.id == offer.made_by.id:
        raise NotPermitted(
            "same_person", f"{draft.by.id} made this offer; another person approves it"
        )
    if not may_act_as(draft.by.role, offer.approval):
        raise NotPermitted("role", f"this offer needs the approval of a {offer.approval}")
    draft.put_offer(replace(offer, approved_by=draft.by))


def send(draft: Draft) -> None:
    """`send offer`: opens the offer to the customer; never one that still needs approval."""
    offer = standing(draft, "proposed")
    if offer.approval != NO_APPROVAL and offer.approved_by is None:
        raise NotPermitted("approval", f"this offer needs the approval of a {offer.approval} first")
    draft.put_offer(replace(offer, status="open", case_version=draft.case.version))


def accept(draft: Draft, option_id: str) -> None:
    """`accept option`: the customer's choice among those that stand open."""
    offer = standing(draft, "open")
    if offer.option(option_id) is None:
        known = ", ".join(option.id for option in offer.options)
        raise NotPermitted("option", f"`{option_id}` is not offered; offered are {known}")
    draft.put_offer(replace(offer, status="accepted", accepted_option=option_id))


def close(draft: Draft, status: OfferStatus) -> None:
    """`withdraw`, `decline` or `expire` the offer, if one stands."""
    if draft.offer is not None and draft.offer.status in ("proposed", "open"):
        draft.put_offer(replace(draft.offer, status=status))


def standing(draft: Draft, status: OfferStatus) -> Offer:
    """The offer that counts, if it has this status. NotPermitted otherwise."""
    offer = draft.offer
    if offer is None:
        raise NotPermitted("no_offer", "there is no offer")
    if offer.status != status:
        raise NotPermitted("offer_status", f"the offer is {offer.status}, not {status}")
    return offer


def accepted(draft: Draft) -> Option:
    """The option the customer accepted. NotPermitted where none stands."""
    offer = standing(draft, "accepted")
    option = offer.option(offer.accepted_option or "")
    if option is None:
        raise NotPermitted("no_option", "no accepted option stands")
    return option


def digest(decision: OptionsDecision) -> str:
    """What an approval binds: the options to the last cent."""
    content = json.dumps(
        [asdict(option) for option in decision.options], default=_as_text, sort_keys=True
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _as_text(value: Any) -> str:
    return str(value)
