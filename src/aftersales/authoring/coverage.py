"""Which rules, edges, states and events the tests of a folder reach, and what is left."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from aftersales.authoring.asked_in import asked_in
from aftersales.authoring.results import Asked, StoryResult
from aftersales.authoring.taken import taken
from aftersales.authoring.targets import (
    OF_WORKFLOWS,
    OPTION,
    Edge,
    Sort,
    Target,
    approval_edges,
    edges_of,
    matrix_edges,
    rules_around,
    rules_of_options,
    rules_of_rows,
    workflow_targets,
)
from aftersales.domain.conditions import Bound, Condition, Facts, FactType, Rates, axis_key
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import Money
from aftersales.domain.policy import OptionsDecision, RowsDecision, RuleRef
from aftersales.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Reached:
    """A target, and whether a test reaches it; `lacks` says what of an edge is not tried."""

    target: Target
    is_covered: bool
    lacks: str = ""
    edge: Edge | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """All that tests can reach, in the order of policies and workflows, then of their lines."""

    reached: tuple[Reached, ...]

    def only(self, names: Collection[str]) -> "Coverage":
        """The same for some policies and workflows."""
        return Coverage(tuple(found for found in self.reached if found.target.of in names))

    def without_workflows(self, names: Collection[str]) -> "Coverage":
        """The same without the workflows of these names; of a name that is no policy's, all."""
        policies = {r.target.of for r in self.reached if r.target.sort not in OF_WORKFLOWS}
        left_out = policies.intersection(names)
        return Coverage(
            tuple(
                found
                for found in self.reached
                if found.target.sort not in OF_WORKFLOWS or found.target.of not in left_out
            )
        )

    def of(self, sorts: Iterable[Sort] | None = None, name: str | None = None) -> tuple[int, int]:
        """How many targets are covered, and how many there are."""
        wanted = set(sorts) if sorts is not None else None
        chosen = [
            found
            for found in self.reached
            if (wanted is None or found.target.sort in wanted)
            and (name is None or found.target.of == name)
        ]
        return sum(found.is_covered for found in chosen), len(chosen)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the policies and workflows; a kind's policy and workflow may share one."""
        return tuple(dict.fromkeys(found.target.of for found in self.reached))

    @property
    def left(self) -> tuple[Reached, ...]:
        """What no test reaches."""
        return tuple(found for found in self.reached if not found.is_covered)


def covered(rulebooks: Sequence[Rulebook], results: Iterable[StoryResult]) -> Coverage:
    """What the tests reach of all that the rulebooks hold."""
    run = list(results)
    asked = [question for result in run for question in asked_in(result)]
    return Coverage((*_policies(rulebooks, asked), *_workflows(rulebooks, run)))


def _workflows(rulebooks: Sequence[Rulebook], run: Sequence[StoryResult]) -> Iterator[Reached]:
    for rulebook in rulebooks:
        workflow = rulebook.workflow
        own = [
            r for r in run if r.rulebook is not None and r.rulebook.workflow.name == workflow.name
        ]
        reached = {found for result in own for found in taken(workflow, result.moments)}
        for target in workflow_targets(workflow):
            yield Reached(target, (target.sort, target.name) in reached)


def _policies(rulebooks: Sequence[Rulebook], asked: Sequence[Asked]) -> Iterator[Reached]:
    decided = {ref for question in asked for ref in deciding(question)}
    by_policy: dict[str, list[Asked]] = {}
    for question in asked:
        by_policy.setdefault(question.policy, []).append(question)
    seen: set[Target] = set()
    for rulebook in rulebooks:
        for found in _of_rulebook(rulebook, decided, by_policy):
            if found.target not in seen:
                seen.add(found.target)
                yield found


def _of_rulebook(
    rulebook: Rulebook, decided: set[RuleRef], by_policy: dict[str, list[Asked]]
) -> Iterator[Reached]:
    policies = rulebook.policies
    for name, policy in sorted(policies.compensation.items()):
        rules = list(rules_of_options(policy))
        questions = by_policy.get(name, [])
        yield from (_rule(name, sort, ref, decided) for sort, ref, _ in rules)
        yield from _edges(name, matrix_edges(policy), questions)
        yield from _edges(name, approval_edges(policy), questions)
        for sort, ref, when in rules:
            if sort != "approval":
                yield from _edges(name, edges_of(ref, when), questions)
    for name, table in sorted(policies.rows.items()):
        yield from (_rule(name, sort, ref, decided) for sort, ref, _ in rules_of_rows(table))
        for _, ref, when in rules_of_rows(table):
            yield from _edges(name, edges_of(ref, when), by_policy.get(name, []))
    for sort, ref, _ in rules_around(policies):
        yield _rule("channels" if sort == "channel" else "law", sort, ref, decided)


def _rule(name: str, sort: Sort, ref: RuleRef, decided: set[RuleRef]) -> Reached:
    return Reached(Target(sort, name, ref.rule, ref.file, ref.line), ref in decided)


def deciding(asked: Asked) -> Iterator[RuleRef]:
    """The rules that had a part in a decision."""
    decision = asked.decision
    if isinstance(decision, RowsDecision):
        yield decision.rule
        if asked.rulebook.policies.rows[asked.policy].choose == "all":
            yield from decision.others
    elif isinstance(decision, OptionsDecision):
        yield decision.rule
        steps = [*decision.steps, *(step for option in decision.options for step in option.steps)]
        yield from (step.rule for step in steps if step.rule is not None)
        yield from _ruled_out(asked, decision)


def _ruled_out(asked: Asked, decision: OptionsDecision) -> Iterator[RuleRef]:
    """The limits and channels that left something out."""
    policies = asked.rulebook.policies
    policy = policies.compensation[asked.policy]
    limits = policy.limits
    caps = (limits.each_option, limits.per_customer)
    ruling = {limits.ref, *(cap.ref for cap in caps if cap is not None)}
    ruling |= {rule.ref for rule in policies.channels.rules}
    extras = {extra.ref for extra in policy.extras}
    for out in decision.left_out:
        if out.rule is not None and out.rule in ruling:
            yield out.rule
        added, is_extra, option = out.what.partition(" added to ")
        names = {added, *option.split(" + ")}
        is_refused = any(together <= names for together in limits.never_together)
        if is_extra and out.rule in extras and is_refused and limits.ref is not None:
            yield limits.ref


def _edges(name: str, edges: Iterable[Edge], questions: Sequence[Asked]) -> Iterator[Reached]:
    seen: set[tuple[RuleRef, str, str, int]] = set()
    for edge in edges:
        key = (edge.rule, edge.fact, edge.bound.text, edge.step)
        if key in seen or not _is_inside(edge):
            continue
        seen.add(key)
        lacks = lacking(edge, questions)
        told = f"{edge.rule.rule}: {edge.text}"
        target = Target("edge", name, told, edge.rule.file, edge.rule.line)
        yield Reached(target, not lacks, lacks, edge)


def _is_inside(edge: Edge) -> bool:
    """Whether there is a value beside the edge: the first and the last choice end the line."""
    return not edge.order or 0 <= edge.bound.key + edge.step < len(edge.order)


def lacking(edge: Edge, questions: Sequence[Asked]) -> str:
    """Which side of an edge no test is at; empty if both are tried."""
    sides = {side for question in questions for facts in _situations(edge, question)
             for side in _sides(edge, facts)}  # fmt: skip
    wanted = {
        0: f"at {edge.bound.text}",
        edge.step: "just below" if edge.step < 0 else "just above",
    }
    return " and ".join(words for side, words in wanted.items() if side not in sides)


def _situations(edge: Edge, asked: Asked) -> Iterator[Facts]:
    """The facts on which a rule was judged: those of each option, where it reads these."""
    reads = {edge.fact, *(fact for fact, _ in edge.rest)}
    if not reads & OPTION:
        yield asked.facts
    elif isinstance(asked.decision, OptionsDecision):
        for option in asked.decision.options:
            words = frozenset(w for r in option.remedies for w in (r.name, r.sort))
            cost = option.cost(option.remedies[0].cost.currency)
            yield asked.facts.having(option=option.id, remedy=words, cost=cost)


def _sides(edge: Edge, facts: Facts) -> Iterator[int]:
    value = facts.get(edge.fact)
    if value is None or isinstance(value, frozenset) or not _holds(edge, facts):
        return
    try:
        distance = _distance(value, edge.bound, edge.order, facts.rates)
    except AftersalesError:
        return
    if distance == _nothing(distance):
        yield 0
    elif edge.step == -1 and -_unit(value, facts, edge.fact) <= distance < _nothing(distance):
        yield -1
    elif edge.step == 1 and _nothing(distance) < distance <= _unit(value, facts, edge.fact):
        yield 1


def _holds(edge: Edge, facts: Facts) -> bool:
    try:
        return Condition((edge.rest,)).holds(facts)
    except AftersalesError:
        return False


def _distance(value: Any, bound: Bound, order: tuple[str, ...], rates: Rates) -> Any:
    if isinstance(value, Money):
        return value.minor - bound.key_in(value.currency, rates)
    return axis_key(value, order) - bound.key


def _nothing(distance: Any) -> Any:
    return timedelta(0) if isinstance(distance, timedelta) else 0


def _unit(value: Any, facts: Facts, fact: str) -> Any:
    """How near beside an edge is just beside it."""
    if isinstance(value, datetime):
        return timedelta(minutes=1)
    if isinstance(value, date):
        return timedelta(days=1)
    declared = facts.schema.declared(fact)
    is_percent = declared is not None and declared.type is FactType.PERCENT
    return Fraction(1, 100) if is_percent else 1
