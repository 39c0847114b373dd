"""Remedies granted and the order's account. Nothing here pays: it reserves, confirms and fails."""

from dataclasses import replace
from typing import Literal

from aftersales.domain.case import offers
from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Account, Case, LedgerEntry
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import (
    Option,
    Remedy,
    ReturnAnswer,
    Undecided,
    judged_again,
    priced_gift,
)

OUTSIDE_REFUND = "outside_refund"


def grant(draft: Draft) -> None:
    """`grant accepted option`: reserve each remedy under a stable id and instruct its handler.

    NotPermitted, for a person, where the order is held, the account has not enough left, or what
    was given meanwhile has lifted the option over a limit that needs someone's approval.
    """
    option = offers.accepted(draft)
    offer = offers.standing(draft, "accepted")
    if any(entry.offer_id == offer.id for entry in draft.entries):
        raise NotPermitted("granted_before", f"`{option.id}` of this offer was granted before")
    _refuse_if_held(draft)
    _refuse_if_under_way(draft)
    _refuse_if_unapproved(draft, option)
    for number, remedy in enumerate(option.remedies, start=1):
        _give(draft, remedy, f"{offer.id}/{option.id}/{number}", offer.id, option.id)


def gift(draft: Draft, name: str) -> None:
    """`gift REMEDY`: one remedy of the policy, without an offer, under the customer's cap."""
    _refuse_if_held(draft)
    rulebook, facts = draft.around.rulebook, draft.facts()
    policy = rulebook.policies.for_kind(facts)
    remedy = (
        policy
        if isinstance(policy, Undecided)
        else priced_gift(rulebook.policies, policy, name, facts, offers.spent(draft))
    )
    if isinstance(remedy, Undecided):
        raise NotPermitted("cap", remedy.why, calls_person=True)
    _refuse_dear_gift(draft, policy if isinstance(policy, str) else "", remedy)
    _give(draft, remedy, f"{draft.case.id}/gift-{draft.case.version}/{name}", "", name)


def _refuse_dear_gift(draft: Draft, policy: str, remedy: Remedy) -> None:
    """A gift is nobody's offer, so nobody approves it: it may not need that."""
    option = Option(remedy.name, (remedy,), offers.NO_APPROVAL, ReturnAnswer("customer_keeps", ""))
    policies = draft.around.rulebook.policies
    now = judged_again(policies, policy, option, draft.facts(), offers.spent(draft))
    if isinstance(now, Undecided) or now.approval != offers.NO_APPROVAL:
        why = f"`{remedy.name}` needs somebody's approval: make an offer of it"
        raise NotPermitted("approval", why, calls_person=True)


def settle(
    draft: Draft, entry: LedgerEntry, status: Literal["confirmed", "failed"], text: str
) -> None:
    """The handler's answer: confirm what was reserved, or let it go."""
    is_done = status == "confirmed"
    was_reserved = entry.status == "reserved"
    draft.put_entry(
        replace(
            entry, status=status, reference=text if is_done else "", reason="" if is_done else text
        )
    )
    if draft.account is not None and entry.moves_money and entry.amount is not None:
        draft.put_account(_settled(draft.account, entry.amount, is_done, was_reserved))
    if draft.customer_account is not None and entry.counts_as == "goodwill":
        customers = draft.customer_account
        draft.put_customer_account(_settled(customers, entry.cost, is_done, was_reserved))


def _settled(account: Account, amount: Money, is_done: bool, was_reserved: bool) -> Account:
    """What was reserved is confirmed, or free again."""
    confirmed = account.confirmed + amount if is_done else account.confirmed
    reserved = account.reserved - amount if was_reserved else account.reserved
    return replace(account, reserved=reserved, confirmed=confirmed)


def enter_outside_refund(draft: Draft, text: str | None) -> None:
    """`record outside_refund`: what a platform, a bank or a colleague has paid on this order."""
    if text is None:
        raise NotPermitted("fact_missing", f"the fact `{OUTSIDE_REFUND}` is not known")
    try:
        amount = Money.parse(text)
    except ValueUnreadable as error:
        raise NotPermitted("fact", str(error)) from error
    account = account_of(draft)
    if amount.currency != account.paid.currency:
        raise NotPermitted("currency", f"the order was paid in {account.paid.currency}, not {text}")
    news = _not_known_yet(draft, amount)
    draft.put_account(replace(account, external=account.external + news))
    case = draft.case
    payer: Literal["platform", "bank", "hand"] = "hand"
    if draft.by.role in ("platform", "bank"):
        payer = "platform" if draft.by.role == "platform" else "bank"
    draft.put_entry(
        LedgerEntry(
            id=f"{case.id}/outside-{case.version}",
            case_id=case.id,
            order_id=case.order_id,
            customer_key=case.customer_key,
            remedy=OUTSIDE_REFUND,
            sort="refund",
            status="confirmed",
            cost=amount,
            amount=news,
            counts_as="owed",
            by=payer,
            granted_at=draft.at,
        )
    )


def _not_known_yet(draft: Draft, told: Money) -> Money:
    """The part of an outside refund that the order's own record had not entered before.

    An order tells a sum of all refunds, an event one of them. `cost` keeps what an event told,
    `amount` what it added.
    """
    outside = [entry for entry in draft.entries if entry.by != "us" and entry.amount is not None]
    by_order = sum(entry.amount.minor for entry in outside if not entry.case_id and entry.amount)
    matched = sum(
        entry.cost.minor - entry.amount.minor for entry in outside if entry.case_id and entry.amount
    )
    known = min(max(by_order - matched, 0), told.minor)
    return Money.from_minor(told.minor - known, told.currency)


def hold(draft: Draft) -> None:
    """`hold order`: nothing is paid on it until the hold ends; its other cases are told."""
    if draft.case.order_id is None:
        draft.call_person("no order is known, so nothing could be held")
        return
    account = account_of(draft)
    holders = account.held_by.split()
    if draft.case.id not in holders:
        draft.put_account(replace(account, held_by=" ".join((*holders, draft.case.id))))
    if not holders:
        draft.add_effect("alert", "tell_order", "order_held")


def release(draft: Draft) -> None:
    """`release order`: ends this case's hold; another case's stays."""
    holders = draft.account.held_by.split() if draft.account is not None else []
    if draft.account is None or draft.case.id not in holders:
        return
    others = [holder for holder in holders if holder != draft.case.id]
    draft.put_account(replace(draft.account, held_by=" ".join(others)))
    if not others:
        draft.add_effect("alert", "tell_order", "order_released")


def account_of(draft: Draft) -> Account:
    """The order's account; an empty one where nothing is known of what was paid."""
    if draft.case.order_id is None:
        raise NotPermitted("no_order", "this case has no order, so no money can move")
    if draft.account is None:
        draft.put_account(_empty(f"order:{draft.case.order_id}", draft.case.currency))
    assert draft.account is not None
    return draft.account


def customer_scope(case: Case) -> str:
    """The scope of the customer's account of goodwill: one a currency."""
    return f"customer:{case.customer_key}/{case.currency}"


def _empty(scope: str, currency: str) -> Account:
    nothing = zero(currency)
    return Account(scope, nothing, nothing, nothing, nothing)


def _refuse_if_held(draft: Draft) -> None:
    if draft.account is not None and draft.account.held_by:
        why = "a dispute holds this order: nothing is paid until it is released"
        raise NotPermitted("held", why)


def _refuse_if_under_way(draft: Draft) -> None:
    """Nothing more is granted while it is open what became of an earlier grant of this round."""
    for entry in draft.entries:
        is_ours = entry.case_id == draft.case.id and entry.by == "us"
        if is_ours and entry.status == "reserved" and offers.is_of_round(draft, entry):
            why = f"`{entry.remedy}` was granted before, and its outcome is not known yet"
            raise NotPermitted("under_way", why, calls_person=True)


def _refuse_if_unapproved(draft: Draft, option: Option) -> None:
    """Limits are judged again on what was given since the offer was made: splitting passes none."""
    offer = offers.standing(draft, "accepted")
    now = judged_again(
        draft.around.rulebook.policies, offer.policy, option, draft.facts(), offers.spent(draft)
    )
    if isinstance(now, Undecided):
        raise NotPermitted("undecided", now.why, calls_person=True)
    if now.approval != offers.NO_APPROVAL and not _is_approved(draft, now.approval):
        raise NotPermitted(
            "approval",
            f"with what was given on this order before, `{option.id}` "
            f"needs the approval of a {now.approval}",
            calls_person=True,
        )
    goodwill = option.goodwill(draft.case.currency)
    if now.goodwill_left is not None and goodwill > now.goodwill_left and not goodwill.is_zero:
        raise NotPermitted(
            "cap",
            f"`{option.id}` is over what this customer may be given: {now.goodwill_left} left",
            calls_person=True,
        )


def _is_approved(draft: Draft, band: str) -> bool:
    offer = offers.standing(draft, "accepted")
    by = offer.approved_by
    return by is not None and by.id != offer.made_by.id and offers.may_act_as(by.role, band)


def _reserve(draft: Draft, remedy: Remedy) -> None:
    """What it takes of what was paid, and of what this customer may be given."""
    case = draft.case
    if remedy.moves_money and remedy.amount is not None:
        account = account_of(draft)
        left = offers.left_to_refund(draft)
        if left < remedy.amount:
            raise NotPermitted(
                "exceeds_paid",
                f"{remedy.amount} is more than is left of what was paid: {left}",
                calls_person=True,
            )
        draft.put_account(replace(account, reserved=account.reserved + remedy.amount))
    if remedy.counts_as == "goodwill" and case.customer_key:
        customers = draft.customer_account or _empty(customer_scope(case), case.currency)
        draft.put_customer_account(replace(customers, reserved=customers.reserved + remedy.cost))


def _give(draft: Draft, remedy: Remedy, id: str, offer_id: str, option_id: str) -> None:
    _reserve(draft, remedy)
    case = draft.case
    draft.put_entry(
        LedgerEntry(
            id=id,
            case_id=case.id,
            order_id=case.order_id,
            customer_key=case.customer_key,
            remedy=remedy.name,
            sort=remedy.sort,
            status="reserved",
            cost=remedy.cost,
            amount=remedy.amount,
            counts_as=remedy.counts_as,
            by="us",
            granted_at=draft.at,
            offer_id=offer_id,
            option_id=option_id,
        )
    )
    draft.add_effect(
        "money",
        remedy.sort,
        remedy.name,
        ledger_id=id,
        offer_id=offer_id,
        amount=remedy.amount,
        details=dict(remedy.details),
        when_unknown=remedy.when_unknown,
    )
