"""The dearest differences explained: what each version offers in the case, and why."""

from dataclasses import dataclass

from aftersales.authoring.simulate.asking import Asking
from aftersales.authoring.simulate.comparing import taken
from aftersales.authoring.simulate.deciding import Question
from aftersales.authoring.simulate.past import OWN_COLUMNS
from aftersales.authoring.simulate.sums import Difference
from aftersales.authoring.simulate.trying import Trial
from aftersales.domain.money import Money
from aftersales.domain.policy import OptionsDecision, Undecided, decide_options, in_brief


@dataclass(frozen=True, slots=True)
class Offer:
    """What one version offers, in words: the rule, the options with their cost, and the steps.

    `takes` is the option that is reckoned, `steps` how it came about, `left_out` what is not
    offered and why.
    """

    rule: str
    options: tuple[str, ...]
    takes: str
    cost: Money | None
    steps: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One difference with what both versions say. `cost` is by how much it costs us more now."""

    line: int
    case: str
    kind: str
    opened_on: str
    count: int
    cost: Money
    facts: dict[str, str]
    then: Offer | None
    now: Offer | None


def explained(difference: Difference, trial: Trial) -> Explained:
    """Both explanations of a difference, worked out by the deciding that keeps each step."""
    past = difference.past
    then, now = trial.pair.questions(past, difference.columns)
    return Explained(
        line=past.line,
        case=past.name,
        kind=past.kind,
        opened_on=past.opened.day.isoformat(),
        count=past.cases,
        cost=Money.from_minor(difference.cost, trial.asked.currency),
        facts=_facts(now, difference.columns),
        then=_offer(then, trial),
        now=_offer(now, trial),
    )


def _facts(asked: Asking, columns: tuple[str, ...]) -> dict[str, str]:
    """The facts that the file gave and the decision may read; personal ones never."""
    if isinstance(asked, str):
        return {}
    schema, facts = asked.facts.schema, asked.facts
    shown = (name for name in columns if name not in OWN_COLUMNS and facts.get(name) is not None)
    return {name: facts.text(name) for name in shown if not schema.declaration(name).personal}


def _offer(asked: Asking | None, trial: Trial) -> Offer | None:
    if not isinstance(asked, Question):
        return None
    policies = asked.bound.rulebook.policies
    decided = decide_options(policies, asked.policy, asked.facts, asked.spent)
    if isinstance(decided, Undecided):
        return Offer("", (), "", None, (decided.why,), ())
    return _told(decided, asked.spent.left_to_refund.currency, trial)


def _told(decided: OptionsDecision, currency: str, trial: Trial) -> Offer:
    reckoned = taken(in_brief(decided), trial.asked.takes)
    steps = [f"{step.what}: {step.result}" for step in decided.steps]
    for option in decided.options:
        if option.id == reckoned.option:
            steps += [f"{step.what}: {step.result}" for step in option.steps]
    return Offer(
        rule=str(decided.rule),
        options=tuple(f"{o.id} ({o.cost(currency)})" for o in decided.options),
        takes=reckoned.option,
        cost=Money.from_minor(reckoned.cost, currency),
        steps=tuple(steps),
        left_out=tuple(f"{left.what}: {left.why}" for left in decided.left_out),
    )
