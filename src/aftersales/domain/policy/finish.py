"""The end of the working-out: who must approve an option, and whether the goods come back."""

from collections.abc import Iterable

from aftersales.domain.conditions import Facts
from aftersales.domain.policy.decision import Option, ReturnAnswer, RuleRef, Step, Undecided
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.rows import decide_rows, two_fit
from aftersales.domain.policy.table import BANDS, NONE_NEEDED, Judged

CUSTOMER_KEEPS = ReturnAnswer("customer_keeps", "")
_MOST_KEPT = 4096


def finished(draft: Draft, work: Work) -> Option | Undecided:
    """The option with its approval band and return answer, and all its steps."""
    judged = _judged(draft, work)
    if isinstance(judged, Undecided):
        return judged
    steps = _steps(draft, judged, work) if work.is_told else ()
    remedies = tuple([part.remedy for part in draft.parts])
    return Option(draft.id, remedies, judged.band, judged.returns, steps)


def highest(options: Iterable[Option]) -> str:
    """The highest approval band among the options."""
    return max({option.approval for option in options}, key=BANDS.index, default=NONE_NEEDED)


def approval_of(draft: Draft, work: Work) -> str | Undecided:
    """Which band must approve the option."""
    band = _approval(_facts_of(draft, work), work)
    return band if isinstance(band, Undecided) else band[0]


def _facts_of(draft: Draft, work: Work) -> Facts:
    """What may be asked of an option: its remedies by name and sort, and its cost."""
    facts = work.facts.having(
        option=draft.id, remedy=_words(draft), cost=work.money(_cost(draft, work))
    )
    share = work.judging().share(draft.cost)
    return facts if share is None else facts.having(cost_share=share)


def _words(draft: Draft) -> frozenset[str]:
    return frozenset([word for p in draft.parts for word in (p.remedy.name, p.remedy.sort)])


def _cost(draft: Draft, work: Work) -> int:
    """With what earlier remedies on the order cost, in minor units."""
    return draft.cost + work.given_on_order()


def _judged(draft: Draft, work: Work) -> Judged | Undecided:
    """As for the option before of which the same conditions held, if there was one."""
    cost, judging = _cost(draft, work), work.judging()
    named = judging.named(draft.id, _words(draft))
    found = judging.of(named, draft.cost, cost)
    kept = work.policy.judged
    if found in kept:
        return kept[found]
    judged = _judge(_facts_of(draft, work), work)
    if isinstance(judged, Judged) and len(kept) < _MOST_KEPT:
        kept[found] = judged
    return judged


def _judge(facts: Facts, work: Work) -> Judged | Undecided:
    band = _approval(facts, work)
    if isinstance(band, Undecided):
        return band
    returned = _returned(facts, work)
    return returned if isinstance(returned, Undecided) else Judged(*band, *returned)


def _approval(facts: Facts, work: Work) -> tuple[str, RuleRef] | Undecided:
    """Who must approve, and by which rule."""
    bands = work.policy.approval
    if not bands:
        return NONE_NEEDED, work.policy.ref
    fitting = [band for band in bands if band.when.holds(facts)]
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


def _steps(draft: Draft, judged: Judged, work: Work) -> tuple[Step, ...]:
    """All that led to the option, its remedies first."""
    steps = [*(step for part in draft.parts for step in part.steps), *draft.steps]
    if work.policy.approval:
        steps.append(Step(_cost_in_words(draft, work), judged.band, judged.band_rule))
    if judged.return_rule is not None:
        steps.append(Step("must the goods come back", judged.returned, judged.return_rule))
    return tuple(steps)


def _cost_in_words(draft: Draft, work: Work) -> str:
    earlier = work.spent.cost_on_order
    words = f"costs {work.money(draft.cost)}"
    return words if earlier.is_zero else f"{words}, with {earlier} of earlier remedies on the order"
