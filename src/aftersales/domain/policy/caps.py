"""Limits on what an option comes to: money is made less, goods are dropped. Each cut is a step."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from aftersales.domain.policy.decision import RuleRef, Step
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.remedies import Priced
from aftersales.domain.policy.table import EachOptionCap, GoodwillCap


@dataclass(frozen=True, slots=True)
class Limit:
    """What is not exceeded, and which parts may be cut for it. `words` are told only if asked."""

    words: Callable[[], str]
    rule: RuleRef | None
    may_cut: Callable[[Priced], bool]
    is_ours: bool = True


def within_cap(draft: Draft, cap: EachOptionCap, work: Work) -> Draft | None:
    """The option within the most that one may cost; None if its goods alone cost more."""
    over = draft.cost - work.limit(cap.at_most)
    if over <= 0:
        return draft

    def words() -> str:
        return f"each option at most {cap.at_most.explained(work.facts)}"

    limit = Limit(words, cap.ref, may_cut=lambda part: part.can_shrink)
    cut, rest = _cut(draft, over, limit, work)
    if rest > 0:
        if work.is_told:
            work.leave_out(draft.id, f"it costs {work.money(draft.cost)}: {words()}", cap.ref)
        return None
    return _unless_empty(cut, draft, limit, work)


def within_what_is_left(draft: Draft, work: Work) -> Draft | None:
    """The option with no more refunded than is left of what was paid."""
    left = max(work.spent.left_to_refund.minor, 0)
    refunded = draft.refunded
    if refunded <= left:
        return draft

    def words() -> str:
        return f"{work.money(left)} of what was paid is left to refund"

    limit = Limit(words, None, may_cut=_refunds, is_ours=False)
    cut, _ = _cut(draft, refunded - left, limit, work)
    return _unless_empty(cut, draft, limit, work)


def within_goodwill(draft: Draft, cap: GoodwillCap, work: Work) -> Draft | None:
    """The option with no more goodwill than the customer may still get. What is owed stays."""
    most, given = work.limit(cap.at_most), work.goodwill_given(cap)
    goodwill = sum([part.remedy.cost.minor for part in draft.parts if part.is_goodwill])
    over = goodwill - max(most - given, 0)
    if over <= 0:
        return draft

    def words() -> str:
        return (
            f"goodwill at most {cap.at_most.text} within {cap.within} per customer, "
            f"{work.money(given)} was given"
        )

    limit = Limit(words, cap.ref, may_cut=lambda part: part.is_goodwill)
    cut, _ = _cut(draft, over, limit, work)
    return _unless_empty(cut, draft, limit, work)


def _refunds(part: Priced) -> bool:
    return part.remedy.moves_money


def _cut(draft: Draft, over: int, limit: Limit, work: Work) -> tuple[Draft, int]:
    """Take `over` minor units from the parts that may be cut: goodwill first, the last first.

    Also gives what could not be taken.
    """
    parts: list[Priced | None] = list(draft.parts)
    order = sorted(range(len(parts)), key=lambda n: (not draft.parts[n].is_goodwill, -n))
    steps: list[Step] = []
    for n in order:
        part = draft.parts[n]
        if over <= 0 or not limit.may_cut(part):
            continue
        parts[n] = left = _less(part, over, limit, work)
        over -= part.remedy.cost.minor - (left.remedy.cost.minor if left else 0)
        if left is None and work.is_told:
            steps.append(Step(f"{part.remedy.name}: {limit.words()}", "left out", limit.rule))
    kept = tuple(part for part in parts if part is not None)
    return replace(draft, parts=kept, steps=(*draft.steps, *steps)), over


def _less(part: Priced, over: int, limit: Limit, work: Work) -> Priced | None:
    """The part with `over` taken off; None if nothing worth giving is left."""
    left = work.money(max(part.remedy.cost.minor - over, 0))
    if not part.can_shrink or left.is_zero:
        return None
    if part.is_goodwill and part.least is not None and left < part.least:
        return None
    steps: tuple[Step, ...] = ()
    if work.is_told:
        steps = (Step(f"{part.remedy.name}: {limit.words()}", str(left), limit.rule),)
    return part.cut_to(left, steps, by_own_limit=limit.is_ours)


def _unless_empty(cut: Draft, before: Draft, limit: Limit, work: Work) -> Draft | None:
    if cut.parts:
        return cut
    if work.is_told:
        work.leave_out(before.id, limit.words(), limit.rule)
    return None
