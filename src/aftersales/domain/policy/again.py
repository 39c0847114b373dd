"""Limits judged once more, when a remedy is granted: what was given since the offer counts in."""

from dataclasses import dataclass

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.decision import Option, Remedy, Spent, Undecided
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.finish import approval_of
from aftersales.domain.policy.remedies import Priced
from aftersales.domain.policy.rows import why_not
from aftersales.domain.policy.table import Policies


@dataclass(frozen=True, slots=True)
class Standing:
    """What granting an option comes to now: the band it needs, and the goodwill still free."""

    approval: str
    goodwill_left: Money | None  # None: no cap


def judged_again(
    policies: Policies, name: str, option: Option, facts: Facts, spent: Spent
) -> Standing | Undecided:
    """The approval band and the customer's cap for `option`, as they stand with `spent`."""
    work = Work(policies.compensation[name], facts, spent)
    approval = approval_of(Draft(tuple(Priced(remedy) for remedy in option.remedies)), work)
    if isinstance(approval, Undecided):
        return approval
    return Standing(approval, _goodwill_left(work))


def priced_gift(
    policies: Policies, name: str, remedy: str, facts: Facts, spent: Spent
) -> Remedy | Undecided:
    """One remedy of the policy `name`, to be given without an offer, within the customer's cap.

    Undecided where the channel forbids it, it is not possible, or it is over what may be given.
    """
    policy = policies.compensation.get(name)
    if policy is None or remedy not in policy.remedies:
        return Undecided(name, f"the policy has no remedy `{remedy}`")
    work = Work(policy, with_answers(policies.rows, facts, policies.reads(name)), spent)
    try:
        problem = _no_gift(policies, remedy, work)
        return Undecided(name, problem, (policy.ref,)) if problem else work.price(remedy).remedy
    except FactMissing as missing:
        return Undecided(name, str(missing), (policy.ref,), missing.fact)


def _no_gift(policies: Policies, name: str, work: Work) -> str:
    """Why the remedy cannot be given, or an empty text."""
    rule, remedy = work.policy.remedies[name], work.price(name).remedy
    if not rule.only_if.holds(work.facts):
        return f"`{name}` is not possible: {why_not(rule.only_if, work.facts)}"
    if policies.channels.allowance(work.holds).refuses(remedy):
        return f"the channel does not allow `{name}`"
    if remedy.moves_money and remedy.cost > work.spent.left_to_refund:
        left = work.spent.left_to_refund
        return f"`{name}` is {remedy.cost}, and {left} of what was paid is left"
    left_of_goodwill = _goodwill_left(work)
    if left_of_goodwill is not None and remedy.cost > left_of_goodwill:
        return f"`{name}` costs {remedy.cost}, and {left_of_goodwill} of goodwill is left"
    return ""


def _goodwill_left(work: Work) -> Money | None:
    cap = work.policy.limits.per_customer
    if cap is None:
        return None
    return work.money(max(work.limit(cap.at_most) - work.goodwill_given(cap), 0))
