"""The verbs of `do:`. Each changes the draft; none reaches outside."""

from collections.abc import Callable, Iterable

from aftersales.domain.case import ledger, offers, pausing
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.workflow import Action

OFFER_TEMPLATE = "offer"


def perform(draft: Draft, actions: Iterable[Action], *, timer_id: str = "") -> None:
    """Do `actions` in order. `timer_id` is the warning they belong to, if they do."""
    for action in actions:
        verb = _VERBS.get(action.verb)
        if verb is None:
            raise InvariantBroken(f"no verb `{action.verb}`")
        verb(draft, action.argument, timer_id)
        draft.did.append(str(action))


def _send(draft: Draft, template: str, timer_id: str, **details: str) -> None:
    offer_id = draft.offer.id if draft.offer is not None else ""
    if any(entry.offer_id == offer_id for entry in draft.ledger.values() if offer_id):
        details = {"rests_on": "grant", **details}
    draft.sent.append(template)
    draft.add_effect(
        "message", "message", template, offer_id=offer_id, timer_id=timer_id, details=details
    )


def _send_offer(draft: Draft, _: str, timer_id: str) -> None:
    offers.send(draft)
    _send(draft, OFFER_TEMPLATE, timer_id, rests_on="open offer")


def _alert(draft: Draft, role: str, timer_id: str) -> None:
    whom = role
    if role == "assignee":
        whom = draft.case.assignee or "agent"
    elif role == "approvers":
        whom = offers.standing(draft, "proposed").approval
    draft.add_effect("alert", "alert", whom, timer_id=timer_id)


def _record(draft: Draft, fact: str, _: str) -> None:
    if fact == ledger.OUTSIDE_REFUND:
        ledger.enter_outside_refund(draft, draft.case.facts.get(fact))
    elif fact not in draft.case.facts and fact not in draft.personal:
        raise NotPermitted("fact_missing", f"the fact `{fact}` is not known")


def _open_case(draft: Draft, kind: str, _: str) -> None:
    draft.add_effect("alert", "open_case", kind)


def _tag(draft: Draft, text: str, _: str) -> None:
    draft.add_effect("alert", "tag", text)


def _call(draft: Draft, name: str, _: str) -> None:
    draft.add_effect("alert", "call", name)


def _accept(draft: Draft, _: str, __: str) -> None:
    offers.accept(draft, draft.given.get("option", ""))


_VERBS: dict[str, Callable[[Draft, str, str], None]] = {
    "send": _send,
    "make offer": lambda draft, policy, _: offers.make(draft, policy),
    "approve offer": lambda draft, _, __: offers.approve(draft),
    "send offer": _send_offer,
    "withdraw offer": lambda draft, _, __: offers.close(draft, "withdrawn"),
    "decline offer": lambda draft, _, __: offers.close(draft, "declined"),
    "expire offer": lambda draft, _, __: offers.close(draft, "expired"),
    "accept option": _accept,
    "grant accepted option": lambda draft, _, __: ledger.grant(draft),
    "gift": lambda draft, remedy, _: ledger.gift(draft, remedy),
    "record": _record,
    "alert": _alert,
    "open case": _open_case,
    "hold order": lambda draft, _, __: ledger.hold(draft),
    "release order": lambda draft, _, __: ledger.release(draft),
    "tag customer": _tag,
    "call": _call,
    "pause": lambda draft, deadline, _: pausing.pause(draft, deadline),
    "resume": lambda draft, deadline, _: pausing.resume(draft, deadline),
}
