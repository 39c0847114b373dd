"""The end of the working-out: who must approve an option, and whether the goods come back."""

from collections.abc import Iterable
from fractions import Fraction

from aftersales.domain.conditions import Facts
from aftersales.domain.policy.amounts import in_currency, money_of
from aftersales.domain.policy.decision import Option, ReturnAnswer, Step, Undecided
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.rows import decide_rows, two_fit
from aftersales.domain.policy.table import BANDS, NONE_NEEDED

CUSTOMER_KEEPS = ReturnAnswer("customer_keeps", "")


def finished(draft: Draft, work: Work) -> Option | Undecided:
    """The option with its approval band and return answer, and all its steps."""
    facts = _facts_of(draft, work)
    approval = _approval(draft, facts, work)
    if isinstance(approval, Undecided):
        return approval
    returned = _returned(facts, work)
    if isinstance(returned, Undecided):
        return returned
    answer, why = returned
    steps = [step for part in draft.parts for step in part.steps]
    steps += [*draft.steps, *([approval] if work.policy.approval else []), *why]
    remedies = tuple(part.remedy for part in draft.parts)
    return Option(draft.id, remedies, approval.result, answer, tuple(steps))


def highest(options: Iterable[Option]) -> str:
    """The highest approval band among the options."""
    return max((option.approval for option in options), key=BANDS.index, default=NONE_NEEDED)


def _facts_of(draft: Draft, work: Work) -> Facts:
    """What may be asked of an option: its remedies by name and sort, and its cost."""
    remedies = {word for p in draft.parts for word in (p.remedy.name, p.remedy.sort)}
    earlier = in_currency(work.spent.cost_on_order, work.facts, work.currency)
    cost = work.money(draft.cost - (-earlier.numerator // earlier.denominator))
    facts = work.facts.having(option=draft.id, remedy=frozenset(remedies), cost=cost)
    if work.facts.get("affected_value") is None:
        return facts
    affected = money_of(work.facts, "affected_value", work.currency)
    return facts.having(cost_share=draft.cost / affected if affected else Fraction(0))


def approval_of(draft: Draft, work: Work) -> Step | Undecided:
    """Which band must approve the option, as the step that found it."""
    return _approval(draft, _facts_of(draft, work), work)


def _approval(draft: Draft, facts: Facts, work: Work) -> Step | Undecided:
    """The band, as the step that found it."""
    earlier = work.spent.cost_on_order
    words = f"costs {work.money(draft.cost)}"
    if not earlier.is_zero:
        words += f", with {earlier} of earlier remedies on the order"
    if not work.policy.approval:
        return Step(words, NONE_NEEDED, work.policy.ref)
    fitting = [band for band in work.policy.approval if band.when.holds(facts)]
    if len(fitting) > 1:
        return two_fit(work.policy.name, fitting)
    if not fitting:
        why = f"no approval band fits a cost of {facts.get('cost')}"
        return Undecided(work.policy.name, why, (work.policy.ref,))
    return Step(words, fitting[0].name, fitting[0].ref)


def _returned(facts: Facts, work: Work) -> tuple[ReturnAnswer, tuple[Step, ...]] | Undecided:
    """Whether the goods come back, with the step that found it."""
    if work.policy.returns is None:
        return CUSTOMER_KEEPS, ()
    decision = decide_rows(work.policy.returns, facts)
    if isinstance(decision, Undecided):
        return decision
    answer, within = decision.answers["answer"], decision.answers.get("within", "")
    words = f"{answer} within {within}" if within else answer
    step = Step("must the goods come back", words, decision.rule)
    return ReturnAnswer(answer, decision.rule.rule, within), (step,)
