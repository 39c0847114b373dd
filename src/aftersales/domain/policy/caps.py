"""Limits on what an option comes to: money is made less, goods are dropped. Each cut is a step."""

from collections.abc import Callable
from dataclasses import replace

from aftersales.domain.policy.amounts import Amount, floor, in_currency
from aftersales.domain.policy.decision import RuleRef, Step
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.remedies import Priced
from aftersales.domain.policy.table import EachOptionCap, GoodwillCap


def within_cap(draft: Draft, cap: EachOptionCap, work: Work) -> Draft | None:
    """The option within the most that one may cost; None if its goods alone cost more."""
    over = draft.cost - limit(cap.at_most, work)
    words = f"each option at most {cap.at_most.explained(work.facts)}"
    cut, rest = _cut(draft, over, words, cap.ref, work, may=lambda part: part.can_shrink)
    if rest > 0:
        work.leave_out(draft.id, f"it costs {work.money(draft.cost)}: {words}", cap.ref)
        return None
    return _unless_empty(cut, draft, words, cap.ref, work)


def limit(amount: Amount, work: Work) -> int:
    """A limit in whole minor units of the order's currency, rounded down: it is never exceeded."""
    return floor(amount.worth(work.facts, work.currency), work.currency).minor


def within_what_is_left(draft: Draft, work: Work) -> Draft | None:
    """The option with no more refunded than is left of what was paid."""
    left = work.spent.left_to_refund
    refunded = sum(p.remedy.amount.minor for p in draft.parts if _refunds(p) and p.remedy.amount)
    words = f"{work.money(max(left.minor, 0))} of what was paid is left to refund"
    over = refunded - max(left.minor, 0)
    cut, _ = _cut(draft, over, words, None, work, may=_refunds, by_own_limit=False)
    return _unless_empty(cut, draft, words, None, work)


def within_goodwill(draft: Draft, cap: GoodwillCap, work: Work) -> Draft | None:
    """The option with no more goodwill than the customer may still get. What is owed stays."""
    most, given = limit(cap.at_most, work), goodwill_given(cap, work)
    goodwill = sum(part.remedy.cost.minor for part in draft.parts if part.is_goodwill)
    words = (
        f"goodwill at most {cap.at_most.text} within {cap.within} per customer, "
        f"{work.money(given)} was given"
    )
    over = goodwill - max(most - given, 0)
    cut, _ = _cut(draft, over, words, cap.ref, work, may=lambda part: part.is_goodwill)
    return _unless_empty(cut, draft, words, cap.ref, work)


def goodwill_given(cap: GoodwillCap, work: Work) -> int:
    """What the customer was given within the cap's days, in minor units, rounded up."""
    recent = (cost for days, cost in work.spent.goodwill_of_customer if days <= cap.within.amount)
    total = sum(in_currency(cost, work.facts, work.currency) for cost in recent)
    return -(-total.numerator // total.denominator)


def _refunds(part: Priced) -> bool:
    return part.remedy.moves_money


def _cut(
    draft: Draft,
    over: int,
    words: str,
    rule: RuleRef | None,
    work: Work,
    *,
    may: Callable[[Priced], bool],
    by_own_limit: bool = True,
) -> tuple[Draft, int]:
    """Take `over` minor units from the parts that may be cut: goodwill first, the last first.

    Also gives what could not be taken.
    """
    parts: list[Priced | None] = list(draft.parts)
    order = sorted(range(len(parts)), key=lambda n: (not draft.parts[n].is_goodwill, -n))
    steps: list[Step] = []
    for n in order:
        part = draft.parts[n]
        if over <= 0 or not may(part):
            continue
        parts[n] = left = _less(part, over, words, rule, work, by_own_limit=by_own_limit)
        over -= part.remedy.cost.minor - (left.remedy.cost.minor if left else 0)
        if left is None:
            steps.append(Step(f"{part.remedy.name}: {words}", "left out", rule))
    kept = tuple(part for part in parts if part is not None)
    return replace(draft, parts=kept, steps=(*draft.steps, *steps)), over


def _less(
    part: Priced, over: int, words: str, rule: RuleRef | None, work: Work, *, by_own_limit: bool
) -> Priced | None:
    """The part with `over` taken off; None if nothing worth giving is left."""
    left = work.money(max(part.remedy.cost.minor - over, 0))
    if not part.can_shrink or left.is_zero:
        return None
    if part.is_goodwill and part.least is not None and left < part.least:
        return None
    step = Step(f"{part.remedy.name}: {words}", str(left), rule)
    return part.cut_to(left, step, by_own_limit=by_own_limit)


def _unless_empty(
    cut: Draft, before: Draft, words: str, rule: RuleRef | None, work: Work
) -> Draft | None:
    if cut.parts:
        return cut
    work.leave_out(before.id, words, rule)
    return None
