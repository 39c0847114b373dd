"""The end of the working-out: who must approve an option, and whether the goods come back."""

from collections.abc import Iterable
from fractions import Fraction

from aftersales.domain.conditions import Facts
from aftersales.domain.policy.amounts import money_of
from aftersales.domain.policy.decision import Option, ReturnAnswer, RuleRef, Step, Undecided
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.rows import decide_rows, two_fit
from aftersales.domain.policy.table import BANDS, NONE_NEEDED

CUSTOMER_KEEPS = ReturnAnswer("customer_keeps", "")
Band = tuple[str, RuleRef]  # who must approve, and by which rule


def finished(draft: Draft, work: Work) -> Option | Undecided:
    """The option with its approval band and return answer, and all its steps."""
    facts = _facts_of(draft, work)
    band = _approval(facts, work)
    if isinstance(band, Undecided):
        return band
    returned = _returned(facts, work)
    if isinstance(returned, Undecided):
        return returned
    answer, rule = returned
    steps = _steps(draft, band, answer, rule, work) if work.is_told else ()
    remedies = tuple([part.remedy for part in draft.parts])
    return Option(draft.id, remedies, band[0], answer, steps)


def highest(options: Iterable[Option]) -> str:
    """The highest approval band among the options."""
    return max((option.approval for option in options), key=BANDS.index, default=NONE_NEEDED)


def approval_of(draft: Draft, work: Work) -> str | Undecided:
    """Which band must approve the option."""
    band = _approval(_facts_of(draft, work), work)
    return band if isinstance(band, Undecided) else band[0]


def _facts_of(draft: Draft, work: Work) -> Facts:
    """What may be asked of an option: its remedies by name and sort, and its cost."""
    remedies = {word for p in draft.parts for word in (p.remedy.name, p.remedy.sort)}
    cost = work.money(draft.cost + work.given_on_order())
    facts = work.facts.having(option=draft.id, remedy=frozenset(remedies), cost=cost)
    if facts.known.get("affected_value") is None:
        return facts
    minor, parts = money_of(facts, "affected_value", work.currency)
    if "cost_share" not in work.policy.read_of_options:
        return facts
    return facts.having(cost_share=Fraction(draft.cost * parts, minor) if minor else Fraction(0))


def _approval(facts: Facts, work: Work) -> Band | Undecided:
    bands = work.policy.approval
    if not bands:
        return NONE_NEEDED, work.policy.ref
    fits, unsure = work.policy.approval_masks.of(facts)
    if unsure:  # the first of them raises FactMissing
        fitting = [band for band in bands if band.when.holds(facts)]
    else:
        fitting = [band for n, band in enumerate(bands) if fits >> n & 1]
    if len(fitting) > 1:
        return two_fit(work.policy.name, fitting)
    if not fitting:
        why = f"no approval band fits a cost of {facts.get('cost')}"
        return Undecided(work.policy.name, why, (work.policy.ref,))
    return fitting[0].name, fitting[0].ref


def _returned(facts: Facts, work: Work) -> tuple[ReturnAnswer, RuleRef | None] | Undecided:
    """Whether the goods come back, and by which rule."""
    if work.policy.returns is None:
        return CUSTOMER_KEEPS, None
    decision = decide_rows(work.policy.returns, facts)
    if isinstance(decision, Undecided):
        return decision
    answer, within = decision.answers["answer"], decision.answers.get("within", "")
    return ReturnAnswer(answer, decision.rule.rule, within), decision.rule


def _steps(
    draft: Draft, band: Band, answer: ReturnAnswer, rule: RuleRef | None, work: Work
) -> tuple[Step, ...]:
    """All that led to the option, its remedies first."""
    steps = [*(step for part in draft.parts for step in part.steps), *draft.steps]
    if work.policy.approval:
        steps.append(Step(_cost_in_words(draft, work), *band))
    if rule is not None:
        words = f"{answer.answer} within {answer.within}" if answer.within else answer.answer
        steps.append(Step("must the goods come back", words, rule))
    return tuple(steps)


def _cost_in_words(draft: Draft, work: Work) -> str:
    earlier = work.spent.cost_on_order
    words = f"costs {work.money(draft.cost)}"
    return words if earlier.is_zero else f"{words}, with {earlier} of earlier remedies on the order"
