"""What a customer can get: the options of cases like one that was described, and what changes them.

The facts that the base of the policy names and nobody gave are walked through; every other is as
is usual or assumed, and then changed alone, to see which of them the answer hangs on.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from aftersales.authoring.check import world_of_rulebook
from aftersales.authoring.explaining import Question
from aftersales.authoring.show.cost import example_of
from aftersales.authoring.show.grid import Cell, Grid, Shown, cell
from aftersales.authoring.show.stretches import Stretch, stretches
from aftersales.authoring.show.thresholds import thresholds_of
from aftersales.domain.conditions import Cell as CellOfFact
from aftersales.domain.conditions import Condition, FactDeclaration, Facts, FactType, Value
from aftersales.domain.conditions.space import Axis, NotProvable, Space, region_in_words, space_of
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
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
    """A fact that is walked through: each of its names, what it means, and a value of it."""

    fact: str
    values: tuple[tuple[str, CellOfFact, Value], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One case that is answered, and what it is called in each fact that is walked through.

    `bands` are the names and cells that it was made of; `is_first`: at the beginning of its band.
    """

    facts: Facts
    names: tuple[Cell, ...]
    bands: tuple[tuple[str, CellOfFact], ...]
    is_first: bool = True


def shown_offers(question: Question, given: Iterable[str]) -> Shown:
    """The options for what was `given`, a row for each combination of what the base asks."""
    policy = question.rulebook.policies.compensation[question.policy]
    facts = question.known()
    walked = _walked(policy, facts, set(given))
    space = _space(policy, question)
    cut = _space(policy, question, has_tables=True)
    cases, assumed = _decidable(list(_cases(facts, walked))[:_MOST_CASES], question)
    finer = [part for case in cases for part in _by_amount(case, walked, question, cut)]
    cases, more = _decidable(finer[:_MOST_CASES], question)
    assumed = tuple(dict.fromkeys((*assumed, *more)))
    decided = [_decide(case.facts, question) for case in cases]
    rows = [_row(case, found) for case, found in zip(cases, decided, strict=True)]
    heads = (*(one.fact for one in walked), "what can be offered", "approval", "goods", "by rule")
    known = ", ".join(f"{fact} {facts.text(fact)}" for fact in given if fact in facts)
    offers = Grid(f"For {known or 'any case'}", heads, tuple(rows))
    settled = {*given, *(one.fact for one in walked)}
    changes = _changes(cases, decided, question, settled, space)
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
            values = [(n, c, example_of(fact, c, facts.schema, facts.rates)) for n, c in cells]
            found.append(Open(fact, tuple((n, c, v) for n, c, v in values if v is not None)))
    return found


def _cases(facts: Facts, walked: Sequence[Open]) -> Iterable[Case]:
    for chosen in product(*(one.values for one in walked)):
        own = facts.having(
            **{one.fact: value for one, (_, _, value) in zip(walked, chosen, strict=True)}
        )
        named = [(one.fact, name) for one, (name, _, _) in zip(walked, chosen, strict=True)]
        names = tuple(_named(name, own.text(fact)) for fact, name in named)
        yield Case(own, names, tuple((name, band) for name, band, _ in chosen))


def _by_amount(
    case: Case, walked: Sequence[Open], question: Question, space: Space | None
) -> Iterable[Case]:
    """The case for each stretch of its amount in which the same is offered by the same rule."""
    for number, one in enumerate(walked):
        if isinstance(case.facts.get(one.fact), Money):
            at = thresholds_of(question, case.facts, one.fact, space)
            found = stretches(
                case.facts,
                one.fact,
                case.bands[number][1],
                at,
                lambda facts: _kind_of(_decide(facts, question)),
            )
            if len(found) > 1:
                parts = [_narrowed(case, one.fact, number, stretch) for stretch in found]
                return [parts[0], *(replace(part, is_first=False) for part in parts[1:])]
    return [case]


def _narrowed(case: Case, fact: str, number: int, stretch: Stretch) -> Case:
    facts = case.facts.having(**{fact: stretch.example})
    name = _named(f"{case.names[number].text}, {stretch}", facts.text(fact))
    return replace(case, facts=facts, names=(*case.names[:number], name, *case.names[number + 1 :]))


def _kind_of(found: OptionsDecision | Undecided) -> Hashable:
    """What is offered, but for amounts."""
    if isinstance(found, Undecided):
        return _PERSON
    options = [
        (tuple(r.name for r in o.remedies), o.approval, _returned(o.returns)) for o in found.options
    ]
    return (found.rule.rule, *options) if options else _PERSON


def _decide(facts: Facts, question: Question) -> OptionsDecision | Undecided:
    policies = question.rulebook.policies
    return decide_options(policies, question.policy, facts, question.spent(facts))


def _decidable(cases: list[Case], question: Question) -> tuple[list[Case], tuple[str, ...]]:
    """The cases with a value for each fact without which nothing is decided, and these in words."""
    assumed: dict[str, str] = {}
    while len(assumed) < _MOST_ASSUMED:
        found = [_decide(case.facts, question) for case in cases]
        missing = [f.missing for f in found if isinstance(f, Undecided) and f.missing]
        name = next((fact for fact in missing if fact not in assumed), None)
        if name is None:
            break
        value = _first(question.rulebook.schema.declaration(name))
        if value is None:
            assumed[name] = "is not known"
            continue
        assumed[name] = f"is {question.rulebook.schema.write(name, value)}"
        cases = [
            case if name in case.facts else replace(case, facts=case.facts.having(**{name: value}))
            for case in cases
        ]
    return cases, tuple(f"{fact} {said}" for fact, said in assumed.items())


def _first(declaration: FactDeclaration) -> Value | None:
    """A value to go on with: the first choice, or `no`; None if there is no such value."""
    if declaration.choices:
        return declaration.choices[0]
    return False if declaration.type is FactType.YES_NO else None


def _row(case: Case, found: OptionsDecision | Undecided) -> tuple[Cell, ...]:
    heads = case.names
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


def _named(name: str, value: str) -> Cell:
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
    cases: Sequence[Case],
    decided: Sequence[OptionsDecision | Undecided],
    question: Question,
    settled: set[str],
    space: Space | None,
) -> Grid:
    """A row for each value of each other fact that, changed alone, changes what is offered."""
    before = [_said(found) for found in decided]
    rows: list[tuple[Cell, ...]] = []
    for axis in space.axes if space else ():
        if axis.fact in settled | {"kind"}:
            continue
        for mask, after in _outcomes(axis, cases, before, question):
            differs = _differences(cases, before, after)
            rows.append((cell(_in_words(space, axis, mask)), cell(*differs)))
    note = "Each is changed alone, all else as above."
    return Grid("What would change that", ("if", "then"), tuple(rows), note)


def _outcomes(
    axis: Axis, cases: Sequence[Case], before: Sequence[str], question: Question
) -> list[tuple[int, tuple[str, ...]]]:
    """The atoms of the fact that change something, those with the same outcome together."""
    outcomes: dict[tuple[str, ...], int] = {}
    is_theirs = _policy_of(cases[0].facts, question) == question.policy
    for number, atom in enumerate(axis.atoms):
        if atom.example is None or _is_as_assumed(axis, 1 << number, cases[0].facts):
            continue
        changed = [case.facts.having(**{axis.fact: atom.example}) for case in cases]
        after = tuple(_said_then(case, question, is_theirs=is_theirs) for case in changed)
        if after != tuple(before):
            outcomes[after] = outcomes.get(after, 0) | 1 << number
    return [(mask, after) for after, mask in outcomes.items()]


def _said_then(facts: Facts, question: Question, *, is_theirs: bool) -> str:
    """What is offered in a changed case, which may have become one for another policy."""
    name = _policy_of(facts, question) if is_theirs else question.policy
    if name is None:
        return _PERSON
    said = _said(_decide(facts, replace(question, policy=name)))
    return said if name == question.policy else f"{said} (by the policy {name})"


def _policy_of(facts: Facts, question: Question) -> str | None:
    """The policy that applies to a case; the one that was asked where that cannot be said."""
    policies = question.rulebook.policies
    if policies.compensation[question.policy].applies_to.reads <= {"kind"}:
        return question.policy
    try:
        found = policies.for_kind(facts)
    except FactMissing:
        return question.policy
    return found if isinstance(found, str) else None


def _space(policy: OptionPolicy, question: Question, *, has_tables: bool = False) -> Space | None:
    """The facts that decide, cut by every rule that reads them; None where a rate is missing.

    `has_tables`: facts that tables answer are told by those that the tables read.
    """
    rulebook = question.rulebook
    answered = world_of_rulebook(rulebook).answered if has_tables else {}
    others = [other.applies_to for other in rulebook.policies.compensation.values()]
    conditions: list[Condition] = [*policy.conditions, *others, *rulebook.policies.around]
    try:
        return space_of(rulebook.schema, conditions, rates=question.rates, answered=answered)
    except NotProvable:
        return None


def _in_words(space: Space | None, axis: Axis, mask: int) -> str:
    if space is None:
        return axis.fact
    if mask == axis.whole:
        return f"{axis.fact} known"
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


def _differences(cases: Sequence[Case], before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What becomes of the cases that change; those that become the same are told together.

    Of each band where it begins to change.
    """
    same: dict[str, list[str]] = {}
    told: set[tuple[str, ...]] = set()
    for case, was, now in zip(cases, before, after, strict=True):
        bands = tuple(name for name, _ in case.bands)
        if was != now and bands not in told:
            told.add(bands)
            names = bands if case.is_first else tuple(name.text for name in case.names)
            same.setdefault(now, []).append("/".join(names))
    everywhere = sum(case.is_first for case in cases)
    return [
        now if len(where) == everywhere else f"{', '.join(where)}: {now}"
        for now, where in same.items()
    ]
