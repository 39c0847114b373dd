"""Who reads a fact: every rule whose condition or amount hangs on it, and where it is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aftersales.domain.conditions import Condition
from aftersales.domain.policy import Amount, OptionPolicy, Policies, RuleRef


@dataclass(frozen=True, slots=True)
class Reader:
    """A rule that reads a fact, and what it asks of it: a cell, or an amount made of it."""

    rule: RuleRef
    asks: str


def readers_of(policies: Policies, fact: str, asked: frozenset[str]) -> tuple[Reader, ...]:
    """The rules that read `fact` when the policies `asked` are asked, by file and line.

    With a compensation policy, those of the channels and the floors of law.
    """
    found: dict[RuleRef, dict[str, None]] = {}
    for rule, asks in (*_by_condition(policies, fact, asked), *_by_amount(policies, fact, asked)):
        found.setdefault(rule, {}).setdefault(asks)
    ordered = sorted(found, key=lambda rule: (rule.file, rule.line, rule.rule))
    return tuple(Reader(rule, " or ".join(found[rule])) for rule in ordered)


def conditions_of(policy: OptionPolicy) -> Iterator[tuple[RuleRef, Condition]]:
    """Each condition of a policy with its rule. Those of a matrix bear the matrix's own."""
    yield policy.ref, policy.applies_to
    yield from ((rule.ref, rule.when) for rule in (*policy.rows, *policy.exceptions))
    yield from ((swap.ref, swap.when) for swap in policy.swaps)
    yield from ((extra.ref, extra.when) for extra in policy.extras)
    yield from ((remedy.ref, remedy.only_if) for remedy in policy.remedies.values())
    yield from ((row.ref, row.when) for row in (policy.returns.rows if policy.returns else ()))
    if policy.base is not None:
        first = next(iter(policy.base.cells.values()), None)
        ref = first.ref if first else policy.ref
        base = RuleRef(policy.name, "base", ref.file, ref.line)
        yield from ((base, label.when) for label in policy.base.labels)


def _by_condition(
    policies: Policies, fact: str, asked: frozenset[str]
) -> Iterable[tuple[RuleRef, str]]:
    for rule, condition in _conditions(policies, asked):
        cells = [cell for box in condition.boxes for name, cell in box if name == fact]
        if cells:
            yield rule, " or ".join(dict.fromkeys(map(str, cells)))


def _conditions(policies: Policies, asked: frozenset[str]) -> Iterator[tuple[RuleRef, Condition]]:
    for name in asked & policies.compensation.keys():
        yield from conditions_of(policies.compensation[name])
        yield from ((rule.ref, rule.when) for rule in policies.channels.rules)
        yield from ((floor.ref, floor.when) for floor in policies.floors.floors)
    for name in asked & policies.rows.keys():
        yield from ((row.ref, row.when) for row in policies.rows[name].rows)


def _by_amount(
    policies: Policies, fact: str, asked: frozenset[str]
) -> Iterable[tuple[RuleRef, str]]:
    for name in asked & policies.compensation.keys():
        policy = policies.compensation[name]
        for remedy in policy.remedies.values():
            amounts = (remedy.amount, remedy.at_least, remedy.at_most, *remedy.costs)
            yield from ((remedy.ref, amount.text) for amount in _made_of(amounts, fact))
        for cap in (policy.limits.each_option, policy.limits.per_customer):
            if cap is not None:
                yield from ((cap.ref, amount.text) for amount in _made_of([cap.at_most], fact))


def _made_of(amounts: Iterable[Amount | None], fact: str) -> list[Amount]:
    return [amount for amount in amounts if amount is not None and amount.of == fact]
