"""Offers in brief, for very many cases: quick where no limit bites, which is nearly always.

Then the same options come out for all cases that share an unpriced offer, and only their amounts
differ. Prices, conditions and limits are those of the working-out in full; where a limit bites,
or something is not known, that is what decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import Amount, Worth, floor
from aftersales.domain.policy.decision import REFUND, OptionsDecision, Spent
from aftersales.domain.policy.draft import Work, cost_on_order, given_within
from aftersales.domain.policy.judging import MATTER, Judging
from aftersales.domain.policy.remedies import RemedyRule, given, goods_cost
from aftersales.domain.policy.table import Combination, OptionPolicy, Policies
from aftersales.domain.policy.unpriced import UnpricedOffer

_MOST_PRICES = 4096  # of one remedy


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


class Prices:
    """What the remedies of a policy come to in one currency at some rates, in minor units.

    What hangs on no case is worked out once, and so is a price that hangs on one amount.
    """

    def __init__(self, policy: OptionPolicy, currency: str, facts: Facts) -> None:
        """The rates, and the schema, are those of `facts`."""
        self.policy, self.currency = policy, currency
        self.rates, self.schema = facts.rates, facts.schema
        self.offers: dict[int, PlainOffer | None] = {}  # by the conditions that hold
        self._fixed: dict[int, Worth] = {}
        self._of = {name: _only_fact(rule) for name, rule in policy.remedies.items()}
        self._kept: dict[str, dict[int, int]] = {name: {} for name in policy.remedies}

    def price(self, name: str, facts: Facts) -> int:
        """What the remedy costs us. FactMissing if that is not known."""
        rule, of = self.policy.remedies[name], self._of[name]
        matter = facts.known.get(of) if of else None
        if not isinstance(matter, Money) or matter.currency != self.currency:
            return self._price(rule, facts)
        kept = self._kept[name]
        found = kept.get(matter.minor)
        if found is None:
            found = self._price(rule, facts)
            if len(kept) < _MOST_PRICES:
                kept[matter.minor] = found
        return found

    def limit(self, amount: Amount, facts: Facts) -> int:
        """A limit in whole minor units, as it is never exceeded."""
        return floor(self._worth(amount, facts))

    def _price(self, rule: RemedyRule, facts: Facts) -> int:
        def worth_of(amount: Amount) -> Worth:
            return self._worth(amount, facts)

        if rule.amount is None:
            return goods_cost(rule, worth_of)[0]
        return given(rule, rule.amount, worth_of, self.currency)[0]

    def _worth(self, amount: Amount, facts: Facts) -> Worth:
        if amount.of:
            return amount.worth(facts, self.currency)
        found = self._fixed.get(id(amount))
        if found is None:
            found = self._fixed[id(amount)] = amount.worth(facts, self.currency)
        return found


def _only_fact(rule: RemedyRule) -> str:
    """The one fact that a price of money hangs on; empty where it is none, or several."""
    amounts = (rule.amount, rule.at_least, rule.at_most) if rule.amount is not None else ()
    facts = {amount.of for amount in amounts if amount is not None and amount.of}
    return facts.pop() if len(facts) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Plain:
    """One option where no limit bites: which of the priced remedies it has, by their number."""

    id: str
    all: tuple[int, ...]
    money: tuple[int, ...]  # refunds and vouchers: what comes to nothing is left out
    refunds: tuple[int, ...]
    goodwill: tuple[int, ...]
    named: int  # what its names say of the conditions that are asked of it
    is_allowed: bool  # by the channel


class PlainOffer:
    """The options of an unpriced offer where no limit bites, in the currency of `prices`."""

    def __init__(self, prices: Prices, remedies: Sequence[str], options: Sequence[_Plain]) -> None:
        """`remedies` are all that are priced on the way, by name."""
        self._prices, self._remedies, self._options = prices, remedies, options

    def options(self, facts: Facts, spent: Spent) -> tuple[Brief, ...] | None:
        """What a case is offered; None where the working-out in full must tell."""
        matter = facts.known.get(MATTER)
        if isinstance(matter, Money) and matter.currency != self._prices.currency:
            return None
        try:
            return self._within_limits(facts, spent)
        except FactMissing:
            return None

    def _within_limits(self, facts: Facts, spent: Spent) -> tuple[Brief, ...] | None:
        prices, policy = self._prices, self._prices.policy
        costs = [prices.price(name, facts) for name in self._remedies]
        cap, goodwill = policy.limits.each_option, policy.limits.per_customer
        most = prices.limit(cap.at_most, facts) if cap else None
        free = None
        if goodwill:
            before = given_within(goodwill, spent, facts, prices.currency)
            free = max(prices.limit(goodwill.at_most, facts) - before, 0)
        left = max(spent.left_to_refund.minor, 0)
        judging = Judging(policy, facts, prices.currency)
        earlier = cost_on_order(spent, facts, prices.currency)
        found = []
        for option in self._options:
            if 0 in [costs[n] for n in option.money]:
                return None
            cost = sum([costs[n] for n in option.all])
            if most is not None and cost > most:
                return None
            if sum([costs[n] for n in option.refunds]) > left:
                return None
            if free is not None and sum([costs[n] for n in option.goodwill]) > free:
                return None
            if not option.is_allowed:
                continue
            with_earlier = Money.from_minor(cost + earlier, prices.currency)
            holding, unsure = judging.of(option.named, cost, with_earlier)
            judged = policy.judged.get(holding)
            if unsure or judged is None:
                return None
            found.append(Brief(option.id, cost, judged.band, judged.returned))
        return tuple(found)


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
        money=tuple(n for n, rule in rules.items() if rule.amount is not None),
        refunds=tuple(n for n, rule in rules.items() if rule.sort == REFUND),
        goodwill=tuple(n for n, rule in rules.items() if rule.counts_as == "goodwill"),
        named=work.judging().named(id, words),
        is_allowed=not any(unpriced.refused_by(name, work) for name in names),
    )
