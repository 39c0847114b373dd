"""Offers in brief, for very many cases: quick where no limit bites, which is nearly always.

Then the same options come out for all cases that share an unpriced offer, and only their amounts
differ. Prices, conditions and limits are those of the working-out in full; where a limit bites,
or something is not known, that is what decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import Worth
from aftersales.domain.policy.decision import REFUND, OptionsDecision, Spent
from aftersales.domain.policy.draft import Work, cost_on_order
from aftersales.domain.policy.judging import MATTER, Judging
from aftersales.domain.policy.prices import Prices
from aftersales.domain.policy.table import Combination, Policies
from aftersales.domain.policy.unpriced import UnpricedOffer


class Brief(NamedTuple):
    """An option in brief: its id, what it costs us in minor units, who approves, what returns.

    `returns` is the answer and within what time: `prepaid_label within 14 days`.
    """

    id: str
    cost: int
    approval: str
    returns: str


def in_brief(decision: OptionsDecision) -> tuple[Brief, ...]:
    """The options of a decision in brief."""
    return tuple(
        Brief(
            option.id,
            sum([remedy.cost.minor for remedy in option.remedies]),
            option.approval,
            str(option.returns),
        )
        for option in decision.options
    )


@dataclass(frozen=True, slots=True)
class _Plain:
    """One option where no limit bites: which of the priced remedies it has, by their number."""

    id: str
    all: tuple[int, ...]
    refunds: tuple[int, ...]
    goodwill: tuple[int, ...]
    named: int  # what its names say of the conditions that are asked of it
    is_allowed: bool  # by the channel

    def is_within(self, most: int, left: int, free: int, costs: Sequence[int]) -> bool:
        """Whether it costs at most so much, refunds no more than is left, and goodwill is free."""
        is_cheap = _sum(self.all, costs) <= most
        return is_cheap and _sum(self.refunds, costs) <= left and _sum(self.goodwill, costs) <= free


class PlainOffer:
    """The options of an unpriced offer where no limit bites, in the currency of `prices`."""

    __slots__ = ("_costs", "_money", "_options", "_prices")

    def __init__(self, prices: Prices, remedies: Sequence[str], options: Sequence[_Plain]) -> None:
        """`remedies` are all that are priced on the way, by name."""
        rules = [prices.policy.remedies[name] for name in remedies]
        self._prices, self._options = prices, options
        self._costs = [prices.of(name) for name in remedies]
        given = {n for option in options for n in option.all}
        self._money = [n for n in sorted(given) if rules[n].amount is not None]

    def options(self, facts: Facts, spent: Spent) -> tuple[Brief, ...] | None:
        """What a case is offered; None where the working-out in full must tell."""
        matter = facts.known.get(MATTER)
        worth: Worth | None = None
        if isinstance(matter, Money):
            if matter.currency != self._prices.currency:
                return None
            worth = matter.minor, 1
        try:
            return self._within_limits(facts, spent, worth)
        except FactMissing:
            return None

    def _within_limits(
        self, facts: Facts, spent: Spent, matter: Worth | None
    ) -> tuple[Brief, ...] | None:
        prices, found = self._prices, []
        costs = [cost(facts) for cost in self._costs]
        if 0 in costs and not all(costs[n] for n in self._money):
            return None  # what comes to nothing is left out
        most, free = prices.most(facts), prices.goodwill(facts, spent)
        left = max(spent.left_to_refund.minor, 0)
        least = min(most, free, left)  # an option that costs no more is within all three
        judging = Judging(prices.policy, facts, prices.currency, matter)
        earlier, kept = cost_on_order(spent, facts, prices.currency), prices.policy.judged
        for option in self._options:
            cost = costs[option.all[0]] if len(option.all) == 1 else _sum(option.all, costs)
            if cost > least and not option.is_within(most, left, free, costs):
                return None
            if option.is_allowed:
                judged = kept.get(judging.of(option.named, cost, cost + earlier))
                if judged is None:
                    return None
                found.append(Brief(option.id, cost, judged.band, judged.returned))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class PlainOffers:
    """Those of one policy in one currency, by what the masks of all facts leave.

    None stands for one that the working-out in full must tell.
    """

    prices: Prices
    by_masks: dict[int, PlainOffer | None] = field(default_factory=dict)


def _sum(numbers: tuple[int, ...], costs: Sequence[int]) -> int:
    return sum([costs[n] for n in numbers])


def plain_offer(
    unpriced: UnpricedOffer, policies: Policies, work: Work, prices: Prices
) -> PlainOffer | None:
    """The options where no limit bites; None if the law would ask for another even then.

    FactMissing where the working-out in full would raise it before any price.
    """
    if unpriced.forbidden_by:
        return PlainOffer(prices, (), ())
    priced: dict[str, int] = {}
    for name in (name for names in unpriced.options for name in names):
        priced.setdefault(name, len(priced))
    found = [_with_extras(names, priced, unpriced, work) for names in unpriced.options]
    merged: dict[frozenset[str], Combination] = {}
    for names in found:  # equal options once, the first of them
        merged.setdefault(frozenset(names), names)
    options = [_plain(names, priced, unpriced, work) for names in merged.values()]
    offered = {name for one, names in zip(options, merged, strict=True) if one.is_allowed
               for name in names}  # fmt: skip
    rules = [work.policy.remedies[name] for name in offered]
    floors = unpriced.floors(policies, work) if offered else ()
    if not all(any(map(floor.counts, rules)) for floor in floors):
        return None
    return PlainOffer(prices, tuple(priced), options)


def _with_extras(
    names: Combination, priced: dict[str, int], unpriced: UnpricedOffer, work: Work
) -> Combination:
    """With what is added to the option. An extra is priced before the channel is asked of it."""
    for extra in unpriced.extras(work):
        longer = (*names, extra.add)
        if extra.add in names or unpriced.obstacle(longer, work) is not None:
            continue
        priced.setdefault(extra.add, len(priced))
        names = names if unpriced.refused_by(extra.add, work) else longer
    return names


def _plain(
    names: Combination, priced: dict[str, int], unpriced: UnpricedOffer, work: Work
) -> _Plain:
    rules = {priced[name]: work.policy.remedies[name] for name in names}
    id = " + ".join(names)
    words = {word for rule in rules.values() for word in (rule.name, rule.sort)}
    return _Plain(
        id,
        all=tuple(rules),
        refunds=tuple(n for n, rule in rules.items() if rule.sort == REFUND),
        goodwill=tuple(n for n, rule in rules.items() if rule.counts_as == "goodwill"),
        named=work.judging().named(id, words),
        is_allowed=not any(unpriced.refused_by(name, work) for name in names),
    )
