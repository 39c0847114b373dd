"""The offers of every profile, worked out at each amount at which one could change its course."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Protocol

from aftersales.domain.conditions import Facts
from aftersales.domain.conditions.space import Atom, Box, Space
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, zero
from aftersales.domain.policy.decision import OptionsDecision, Spent, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.options import decide_options, not_known, with_prices
from aftersales.domain.policy.prove.goods import (
    PLENTY,
    Around,
    Cost,
    Goods,
    all_costs,
    are_tangled,
    around,
    cost_facts,
    goods_of,
)
from aftersales.domain.policy.prove.law import BEST_VALUE, Law
from aftersales.domain.policy.prove.lines import Bends, Sum, TooFine, bends
from aftersales.domain.policy.prove.profiles import Left, Profile, amounts_of
from aftersales.domain.policy.prove.stage import Stage, bounds_of, later_conditions
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.table import Combination, OptionPolicy
from aftersales.domain.policy.unpriced import UnpricedOffer, unpriced_offer

MOST_OFFERS = 120_000
Outcome = OptionsDecision | Undecided


@dataclass(frozen=True, slots=True)
class Tried:
    """One case worked out: its facts, where it lies on the money fact, and what came of it."""

    facts: Facts
    at: int  # minor units of `currency`
    goods: tuple[Cost, ...]  # what goods cost us, as far as something hangs on it
    currency: str
    outcome: Outcome

    @property
    def cost_of_goods(self) -> int:
        """What they cost us together, as far as it is known."""
        return sum(cost or 0 for _, cost in self.goods)


class Ground(Protocol):
    """What a sweep is over: a policy in its world, and the space in which its cases lie."""

    policy: OptionPolicy
    world: World
    space: Space
    fact: str  # the money fact along which amounts are tried


@dataclass(slots=True)
class Sweep:
    """Works out offers for one policy. `laws` give thresholds at which they could be broken."""

    on: Ground
    laws: Sequence[Law] = ()
    left: int = MOST_OFFERS
    is_thorough: bool = False  # also where only approval, return or rounding would differ
    why_inexact: str = ""
    _known: dict[tuple[object, ...], list[Tried]] = field(default_factory=dict)

    def key(self, profile: Profile, atom: Atom, here: Box) -> tuple[object, ...]:
        """Alike for all that amounts make alike: the options, and where the costs of goods lie."""
        rules = [self.on.policy.remedies[name] for name in profile.course.relevant]
        axes = [self.on.space.numbers.get(name) for name in cost_facts(rules)]
        return profile.course, atom, tuple(here[number] for number in axes if number is not None)

    def tried(self, profile: Profile, atom: Atom, here: Box) -> list[Tried]:
        """The offers of a profile in one atom of the money fact, from low to high.

        Worked out once for all profiles that come to the same options.
        """
        key = self.key(profile, atom, here)
        if key not in self._known:
            self._known[key] = list(self._worked_out(profile.course, atom, here))
        return self._known[key]

    def note_untried_currencies(self) -> None:
        """Note that amounts are not tried in each currency that has some of its own, if so."""
        untried = self._untried_currencies()
        if untried:
            self.note_inexact(f"no condition tells its amounts in {' and '.join(untried)}")

    def _untried_currencies(self) -> list[str]:
        """Currencies that have amounts of their own here, and in which no amount is tried."""
        axis = self.on.space.numbers.get(self.on.fact)
        if axis is None:
            return []
        atoms = self.on.space.axes[axis].atoms
        # Where several are named, another one stands for all that are not.
        lines = {atom.currency for atom in atoms if not atom.has_others}
        lines = lines or {atom.currency for atom in atoms}
        asked = [*later_conditions(self.on.policy), *(law.offer for law in self.laws)]
        several = [{money.currency for money in a.fixed} for a in amounts_of(self.on.policy)]
        several += [set(bound.amounts) for _, bound in bounds_of(asked)]
        return sorted({c for some in several if len(some) > 1 for c in some} - lines)

    def in_case(self, tried: Sequence[Tried], facts: Facts) -> list[Tried]:
        """The same amounts and offers in another case that comes to the same options."""
        facts = self.on.world.answered_facts(facts, self.on.policy.name)
        names = [self.on.fact, *cost_facts(self.on.policy.remedies.values())]
        names = [name for name in names if name]
        return [
            replace(one, facts=facts.having(**{name: one.facts.get(name) for name in names}))
            for one in tried
        ]

    def again(self, tried: Tried, facts: Facts) -> Tried:
        """The same amounts in another case that comes to the same options, explained."""
        [own] = self.in_case([tried], facts)
        policies, name = self.on.world.policies, self.on.policy.name
        outcome = decide_options(policies, name, own.facts, self._spent(own.facts, own.currency))
        return replace(own, outcome=outcome)

    def stage(self, left: Left, facts: Facts, atom: Atom, here: Box) -> Stage:
        """What amounts are tried on. FactMissing where one of them hangs on an unknown rate."""
        facts = self.on.world.answered_facts(facts, self.on.policy.name)
        rules = tuple(self.on.policy.remedies[name] for name in left.relevant)
        own = Bends(facts, self.on.fact, atom.currency)
        goods = goods_of(rules, self.on.world.schema, self.on.space, here)
        self._check_single(rules, own)
        self._check_goods(left, rules, goods, atom.currency or "USD")
        forms = {rule.name: own.forms(rule) for rule in rules}
        return Stage(self.on.policy, left, rules, facts, own, forms, goods)

    def _worked_out(self, left: Left, atom: Atom, here: Box) -> Iterator[Tried]:
        facts = self.on.space.facts_of(here)
        if facts is None:
            return
        try:
            stage = self.stage(left, facts, atom, here)
            yield from self.offers(stage, atom, *self.values(stage, atom))
        except TooFine:
            self.note_inexact("its amounts are rounded too finely to try them all")
        except FactMissing as missing:
            self.note_inexact(f"{missing}")

    def values(self, stage: Stage, atom: Atom) -> tuple[list[int], Around]:
        """The amounts that stand for all, and what goods are held against beside what."""
        if not self._is_along(atom):
            return [], []
        live = self.live(stage.left)
        held = stage.held(live, is_thorough=self.is_thorough)
        is_told = bool(live) or self.is_thorough
        values = stage.values(held, atom, is_told=is_told, is_thorough=self.is_thorough)
        return values, held.lines

    def values_to_compare(
        self, stage: Stage, atom: Atom, measure: str
    ) -> tuple[list[int], Around, list[Sum]]:
        """The same, with those at which one option measures as much as another, and the options."""
        values, lines = self.values(stage, atom)
        if not values:
            return values, lines, []
        if measure == BEST_VALUE:
            options = list(stage.worths(stage.left.given))
        else:
            options = list(stage.options())
            lines = [*lines, *product(stage.beside_goods(), options)]
            options += [top.cut() for top in stage.tops()]
        between = {at for at in bends(options) if values[0] <= at <= values[-1]}
        return sorted({*values, *between}), lines, options

    def offers(
        self,
        stage: Stage,
        atom: Atom,
        values: Sequence[int],
        lines: Around,
        goods: Sequence[Goods] | None = None,
    ) -> Iterator[Tried]:
        """The offers at these amounts, of each with goods around `lines`, and as they may cost."""
        is_along = self._is_along(atom)
        for value in values if is_along else (0,):
            near = around(value, lines)
            costs = all_costs(stage.goods if goods is None else goods, near, atom.currency or "USD")
            yield from self.offers_at(stage, atom, value, costs, goods)

    def offers_at(
        self,
        stage: Stage,
        atom: Atom,
        value: int,
        costs: Iterable[tuple[Cost, ...]],
        goods: Sequence[Goods] | None = None,
    ) -> Iterator[Tried]:
        """The offers at one amount, for each of what goods may cost."""
        facts, currency = stage.facts, atom.currency if self._is_along(atom) else "USD"
        if self._is_along(atom):
            facts = facts.having(**{stage.own.fact: Money.from_minor(value, currency)})
        for cost in costs:
            here = _with_costs(facts, stage.goods if goods is None else goods, cost, currency)
            stage.unpriced = stage.unpriced or self._unpriced(here, currency)
            yield self._priced(here, value, cost, currency, stage.unpriced)

    def _is_along(self, atom: Atom) -> bool:
        return bool(self.on.fact) and atom.is_line

    def _unpriced(self, facts: Facts, currency: str) -> UnpricedOffer | Undecided:
        work = Work(self.on.policy, facts, self._spent(facts, currency), is_told=False)
        return unpriced_offer(self.on.world.policies, work)

    def _priced(
        self,
        facts: Facts,
        at: int,
        goods: tuple[Cost, ...],
        currency: str,
        unpriced: UnpricedOffer | Undecided,
    ) -> Tried:
        self.left -= 1
        if self.left < 0:
            raise TooFine
        if isinstance(unpriced, Undecided):
            return Tried(facts, at, goods, currency, unpriced)
        work = Work(self.on.policy, facts, self._spent(facts, currency), is_told=False)
        try:
            outcome = with_prices(unpriced, self.on.world.policies, work)
        except FactMissing as missing:
            outcome = not_known(missing, work)
        return Tried(facts, at, goods, currency, outcome)

    def _spent(self, facts: Facts, currency: str) -> Spent:
        """Nothing was given before; what was paid is what the case is about."""
        matter = facts.get(self.on.fact)
        left = matter if isinstance(matter, Money) else Money.from_minor(PLENTY, currency)
        return Spent(left, zero(left.currency))

    def live(self, left: Left) -> list[tuple[Law, tuple[Combination, ...]]]:
        """The laws that speak of one of these cases, with the options that they speak of."""
        live = [self.laws[n] for n in sorted(left.laws)]
        return [(law, law.about(left.given, self.on.policy)) for law in live]

    def _check_single(self, rules: Sequence[RemedyRule], own: Bends) -> None:
        """Amounts that hang on a second fact are tried at one value of it only."""
        for rule in rules:
            named = [rule.amount, rule.at_least, rule.at_most, rule.if_missing]
            for amount in (a for a in named if a is not None and a.of):
                if own.line(amount) is None:
                    self.note_inexact(f"`{rule.name}` hangs on `{amount.of}` too")
            shares = [a for a in rule.costs if a.of and a.share != 1]
            if shares:
                self.note_inexact(f"`{rule.name}` costs a share of `{shares[0].of}`")

    def _check_goods(
        self, left: Left, rules: Sequence[RemedyRule], goods: Sequence[Goods], currency: str
    ) -> None:
        foreign = next((one for one in goods if one.is_foreign(currency)), None)
        if foreign is not None:
            self.note_inexact(f"`{foreign.names[0]}` may be in another currency")
        if are_tangled(goods, left.given, rules):
            self.note_inexact("its options share some of their goods, but not all")

    def note_inexact(self, why: str) -> None:
        """Note that not all was tried, and why: the first reason is kept."""
        self.why_inexact = self.why_inexact or why


def _with_costs(
    facts: Facts, goods: Sequence[Goods], costs: Sequence[Cost], currency: str
) -> Facts:
    """The case in which goods cost this: what the first of some facts says, the others nothing."""
    amounts: dict[str, Money | None] = {}
    for one, (_, cost) in zip(goods, costs, strict=True):
        amounts |= dict.fromkeys(one.names, None if cost is None else zero(currency))
        amounts[one.names[0]] = None if cost is None else Money.from_minor(cost, currency)
    return facts.having(**amounts) if amounts else facts
