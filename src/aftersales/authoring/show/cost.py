"""What options cost us at a sample value, so that a table can be seen by how dear it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from aftersales.authoring.show.grid import HOTTEST
from aftersales.domain.conditions import Cell, Facts, FactSchema, Rates, Value
from aftersales.domain.conditions.space import NotProvable, axis_of
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy import Amount, Combination, RemedyRule


@dataclass(frozen=True, slots=True)
class Sample:
    """One case of a line: its facts, and the currency that costs are told in."""

    facts: Facts
    value: Value
    currency: str


def example_of(fact: str, cell: Cell, schema: FactSchema, rates: Rates) -> Value | None:
    """The roundest value that `cell` matches, or None where nothing can be said."""
    try:
        axis = axis_of(schema.declaration(fact), [cell], rates=rates)
    except NotProvable:
        return None
    atoms = axis.chosen(axis.mask(cell))
    return next((atom.example for atom in atoms if atom.example is not None), None)


def sample_of(fact: str, cell: Cell, schema: FactSchema, rates: Rates) -> Sample | None:
    """A sample for a line of money, such as a band; for any other line there is none."""
    value = example_of(fact, cell, schema, rates)
    if not isinstance(value, Money):
        return None
    return Sample(Facts(schema, {fact: value}, rates), value, value.currency)


def dearest(
    options: Iterable[Combination], remedies: Mapping[str, RemedyRule], sample: Sample
) -> Money | None:
    """What the dearest of the options costs; None if of one it cannot be told."""
    costs = [[_cost(remedies[name], sample) for name in names] for names in options]
    if not costs or any(one is None for option in costs for one in option):
        return None
    most = max(sum((one for one in option if one is not None), Fraction(0)) for option in costs)
    return Money.from_minor(round(most), sample.currency)


def heats(costs: Mapping[tuple[int, int], Money]) -> dict[tuple[int, int], int]:
    """How hot each cell is: by the root of its cost, so that small sums differ too."""
    most = max((cost.minor for cost in costs.values()), default=0)
    if most <= 0:
        return dict.fromkeys(costs, 0)
    return {at: isqrt(HOTTEST * HOTTEST * max(c.minor, 0) // most) for at, c in costs.items()}


def _cost(rule: RemedyRule, sample: Sample) -> Fraction | None:
    try:
        if rule.amount is not None:
            return _within(rule, _worth(rule.amount, sample), sample)
        return sum((_worth(part, sample) for part in rule.costs), Fraction(0))
    except FactMissing:
        return _if_missing(rule, sample)


def _if_missing(rule: RemedyRule, sample: Sample) -> Fraction | None:
    try:
        return None if rule.if_missing is None else _worth(rule.if_missing, sample)
    except FactMissing:
        return None


def _within(rule: RemedyRule, worth: Fraction, sample: Sample) -> Fraction:
    if rule.at_least is not None:
        worth = max(worth, _worth(rule.at_least, sample))
    return min(worth, _worth(rule.at_most, sample)) if rule.at_most is not None else worth


def _worth(amount: Amount, sample: Sample) -> Fraction:
    return Fraction(*amount.worth(sample.facts, sample.currency))
