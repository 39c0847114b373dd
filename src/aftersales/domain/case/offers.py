"""Making an offer, having it approved, and what the customer answers to it."""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import LedgerEntry, Offer, OfferStatus
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import Option, OptionsDecision, Spent, Undecided, decide_options

NO_APPROVAL = "none_needed"
MATTER = "affected_value"  # what a case is about, in money
SENT_AGAIN = ("resend", "exchange")
ROUND_BEGAN = "round_began"  # the version at which the round began
# Which roles reach an approval band, besides a band that is named like a role.
LADDER = ("agent", "supervisor", "manager")


def may_act_as(role: str, wanted: str) -> bool:
    """Whether `role` may do what `wanted` may: a manager all, a supervisor what an agent may."""
    if role == wanted:
        return True
    if role not in LADDER or wanted not in LADDER:
        return False
    return LADDER.index(role) >= LADDER.index(wanted)


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
        left_to_refund=left_to_refund(draft),
        cost_on_order=Money.from_minor(sum(e.cost.minor for e in ours), currency),
        goodwill_of_customer=tuple(
            ((draft.at - e.granted_at).days, e.cost)
            for e in goodwill.values()
            if e.counts_as == "goodwill" and e.status in ("reserved", "confirmed")
        ),
    )


def left_to_refund(draft: Draft) -> Money:
    """What this case may still refund: no more than is left on the order, nor than it is about.

    What was given for the matter comes off, whoever gave it; goods that were sent again in this
    round are worth all of it.
    """
    on_order = draft.account.left if draft.account else zero(draft.case.currency)
    text = draft.case.facts.get(MATTER)
    matter = Money.parse(text) if text else on_order
    if matter.currency != on_order.currency:
        return on_order
    given = sum(_worth(draft, entry, matter) for entry in draft.entries)
    return min(on_order, Money.from_minor(max(matter.minor - given, 0), matter.currency))


def _worth(draft: Draft, entry: LedgerEntry, matter: Money) -> int:
    """What a remedy of this case counts for, in minor units, against what the case is about."""
    is_given = entry.status in ("reserved", "confirmed")
    if entry.case_id != draft.case.id or not is_given:
        return 0
    if entry.moves_money:
        return entry.amount.minor if entry.amount is not None else 0
    return matter.minor if entry.sort in SENT_AGAIN and is_of_round(draft, entry) else 0


def is_of_round(draft: Draft, entry: LedgerEntry) -> bool:
    """Whether a remedy was granted in the round the case is in."""
    version = entry.offer_id.rsplit("-", 1)[-1]
    return version.isdecimal() and int(version) >= draft.case.counts.get(ROUND_BEGAN, 1)


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
    offer = _acceptable(draft)
    if offer.option(option_id) is None:
        known = ", ".join(option.id for option in offer.options)
        raise NotPermitted("option", f"`{option_id}` is not offered; offered are {known}")
    draft.put_offer(replace(offer, status="accepted", accepted_option=option_id))


def _acceptable(draft: Draft) -> Offer:
    """An open offer; or one made in this very event, where nobody has to approve it."""
    offer = draft.offer
    is_at_once = offer is not None and offer.case_version == draft.case.version
    if offer is not None and is_at_once and offer.status == "proposed":
        if offer.approval != NO_APPROVAL:
            raise NotPermitted("approval", f"this needs the approval of a {offer.approval} first")
        return offer
    return standing(draft, "open")


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
