"""What a customer can get: the options of cases like one that was described, and what changes them.

The facts that the base of the policy names and nobody gave are walked through; every other is as
is usual or assumed, and then changed alone, to see which of them the answer hangs on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from aftersales.authoring.explaining import Question
from aftersales.authoring.show.cost import example_of
from aftersales.authoring.show.grid import Cell, Grid, Shown, cell
from aftersales.domain.conditions import Condition, FactDeclaration, Facts, FactType, Value
from aftersales.domain.conditions.space import Axis, NotProvable, Space, region_in_words, space_of
from aftersales.domain.policy import (
    OptionPolicy,
    OptionsDecision,
    Remedy,
    ReturnAnswer,
    Undecided,
    decide_options,
)

_MOST_CASES = 60
_MOST_ASSUMED = 25
_PERSON = "a person decides"


@dataclass(frozen=True, slots=True)
class Open:
    """A fact that is walked through: each of its names, and a value that stands for it."""

    fact: str
    values: tuple[tuple[str, Value], ...]


def shown_offers(question: Question, given: Iterable[str]) -> Shown:
    """The options for what was `given`, a row for each combination of what the base asks."""
    policy = question.rulebook.policies.compensation[question.policy]
    facts = question.known()
    walked = _walked(policy, facts, set(given))
    cases = list(_cases(facts, walked))[:_MOST_CASES]
    cases, assumed = _decidable(cases, question)
    decided = [_decide(case, question) for case in cases]
    rows = [_row(case, walked, found) for case, found in zip(cases, decided, strict=True)]
    heads = (*(one.fact for one in walked), "what can be offered", "approval", "goods", "by rule")
    known = ", ".join(f"{fact} {facts.text(fact)}" for fact in given if fact in facts)
    offers = Grid(f"For {known or 'any case'}", heads, tuple(rows))
    changes = _changes(
        policy, cases, decided, question, {*given, *(w.fact for w in walked)}, walked
    )
    grids = (offers, changes) if changes.rows else (offers,)
    return Shown(policy.name, "what can be offered", policy.about, (), grids, assumed)


def _walked(policy: OptionPolicy, facts: Facts, given: set[str]) -> list[Open]:
    base = policy.base
    if base is None:
        return []
    sides = ((base.down, base.lines), (base.across, base.columns))
    found = []
    for fact, labels in sides:
        if fact and fact not in given:
            cells = [(label.name, label.when.boxes[0][0][1]) for label in labels]
            values = [(n, example_of(fact, c, facts.schema, facts.rates)) for n, c in cells]
            found.append(Open(fact, tuple((n, v) for n, v in values if v is not None)))
    return found


def _cases(facts: Facts, walked: Sequence[Open]) -> Iterable[Facts]:
    for values in product(*(one.values for one in walked)):
        named = zip(walked, values, strict=True)
        yield facts.having(**{one.fact: value for one, (_, value) in named})


def _decide(facts: Facts, question: Question) -> OptionsDecision | Undecided:
    return decide_options(question.rulebook.policies, question.policy, facts, question.spent)


def _decidable(cases: list[Facts], question: Question) -> tuple[list[Facts], tuple[str, ...]]:
    """The cases with a value for each fact without which nothing is decided, and these in words."""
    assumed: dict[str, str] = {}
    while len(assumed) < _MOST_ASSUMED:
        found = [_decide(case, question) for case in cases]
        missing = [f.missing for f in found if isinstance(f, Undecided) and f.missing]
        name = next((fact for fact in missing if fact not in assumed), None)
        if name is None:
            break
        value = _first(question.rulebook.schema.declaration(name))
        if value is None:
            assumed[name] = "is not known"
            continue
        assumed[name] = f"is {question.rulebook.schema.write(name, value)}"
        cases = [case if name in case else case.having(**{name: value}) for case in cases]
    return cases, tuple(f"{fact} {said}" for fact, said in assumed.items())


def _first(declaration: FactDeclaration) -> Value | None:
    """A value to go on with: the first choice, or `no`; None if there is no such value."""
    if declaration.choices:
        return declaration.choices[0]
    return False if declaration.type is FactType.YES_NO else None


def _row(
    facts: Facts, walked: Sequence[Open], found: OptionsDecision | Undecided
) -> tuple[Cell, ...]:
    heads = [_named(one, facts) for one in walked]
    if isinstance(found, Undecided):
        return (*heads, cell(_PERSON, remark=found.why), cell(), cell(), cell())
    if not found.options:
        why = "; ".join(f"{left.what}: {left.why}" for left in found.left_out)
        return (*heads, cell(_PERSON, remark=why), cell(), cell(), cell(found.rule.rule))
    approval = _once([option.approval.replace("_", " ") for option in found.options])
    goods = _once([_returned(option.returns) for option in found.options])
    rule = cell(found.rule.rule)
    return (*heads, cell(*_options(found)), cell(*approval), cell(*goods), rule)


def _once(said: list[str]) -> list[str]:
    """What is said of each option, beside it; once, where it is the same of all."""
    return said[:1] if len(set(said)) == 1 else said


def _named(one: Open, facts: Facts) -> Cell:
    name = next(name for name, value in one.values if value == facts[one.fact])
    value = facts.text(one.fact)
    return cell(name, remark="" if name == value else f"at {value}")


def _options(found: OptionsDecision) -> list[str]:
    return [" + ".join(_remedy(remedy) for remedy in option.remedies) for option in found.options]


def _remedy(remedy: Remedy) -> str:
    return remedy.name if remedy.amount is None else f"{remedy.name} {remedy.amount}"


def _returned(returns: ReturnAnswer) -> str:
    within = f", within {returns.within}" if returns.within else ""
    return f"{returns.answer.replace('_', ' ')}{within}"


# -- what else it hangs on


def _changes(
    policy: OptionPolicy,
    cases: Sequence[Facts],
    decided: Sequence[OptionsDecision | Undecided],
    question: Question,
    settled: set[str],
    walked: Sequence[Open],
) -> Grid:
    """A row for each value of each other fact that, changed alone, changes what is offered."""
    before = [_said(found) for found in decided]
    space = _space(policy, question)
    rows: list[tuple[Cell, ...]] = []
    for axis in space.axes if space else ():
        if axis.fact in settled | {"kind"}:
            continue
        for mask, after in _outcomes(axis, cases, before, question):
            differs = _differences(cases, before, after, walked)
            rows.append((cell(_in_words(space, axis, mask)), cell(*differs)))
    note = "Each is changed alone, all else as above."
    return Grid("What would change that", ("if", "then"), tuple(rows), note)


def _outcomes(
    axis: Axis, cases: Sequence[Facts], before: Sequence[str], question: Question
) -> list[tuple[int, tuple[str, ...]]]:
    """The atoms of the fact that change something, those with the same outcome together."""
    outcomes: dict[tuple[str, ...], int] = {}
    for number, atom in enumerate(axis.atoms):
        if atom.example is None or _is_as_assumed(axis, 1 << number, cases[0]):
            continue
        changed = [case.having(**{axis.fact: atom.example}) for case in cases]
        after = tuple(_said(_decide(case, question)) for case in changed)
        if after != tuple(before):
            outcomes[after] = outcomes.get(after, 0) | 1 << number
    return [(mask, after) for after, mask in outcomes.items()]


def _space(policy: OptionPolicy, question: Question) -> Space | None:
    """The facts that decide, cut by every rule that reads them; None where a rate is missing."""
    rulebook = question.rulebook
    conditions: list[Condition] = [*policy.conditions, *rulebook.policies.around]
    try:
        return space_of(rulebook.schema, conditions, rates=question.rates)
    except NotProvable:
        return None


def _in_words(space: Space | None, axis: Axis, mask: int) -> str:
    if space is None:
        return axis.fact
    number = space.numbers[axis.fact]
    return region_in_words(space, (*space.whole[:number], mask, *space.whole[number + 1 :]))


def _is_as_assumed(axis: Axis, bit: int, facts: Facts) -> bool:
    value = facts.get(axis.fact)
    return value is not None and axis.bit_of(value, facts.rates) == bit


def _said(found: OptionsDecision | Undecided) -> str:
    if isinstance(found, Undecided) or not found.options:
        return _PERSON
    approval = "" if found.approval == "none_needed" else f" (approval: {found.approval})"
    return ", ".join(_options(found)) + approval


def _differences(
    cases: Sequence[Facts], before: Sequence[str], after: Sequence[str], walked: Sequence[Open]
) -> list[str]:
    """What becomes of the cases that change; those that become the same are told together."""
    same: dict[str, list[str]] = {}
    for facts, was, now in zip(cases, before, after, strict=True):
        if was != now:
            where = "/".join(_named(one, facts).text for one in walked)
            same.setdefault(now, []).append(where)
    everywhere = len(cases)
    return [
        now if len(where) == everywhere else f"{', '.join(where)}: {now}"
        for now, where in same.items()
    ]
