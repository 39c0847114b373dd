"""The offers of every profile, worked out at each amount at which one could change its course."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Protocol

from aftersales.domain.conditions import Facts
from aftersales.domain.conditions.space import Atom, Box, Space
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, zero
from aftersales.domain.policy.decision import Undecided
from aftersales.domain.policy.prove.alike import Alike
from aftersales.domain.policy.prove.goods import (
    Around,
    Cost,
    Goods,
    all_costs,
    are_tangled,
    around,
    cost_facts,
    ends,
    goods_of,
)
from aftersales.domain.policy.prove.law import BEST_VALUE, MATTER, Law
from aftersales.domain.policy.prove.lines import FAR, Bends, Sum, TooFine, bends, round_values
from aftersales.domain.policy.prove.pricing import Outcome, Pricing
from aftersales.domain.policy.prove.profiles import Left, amounts_of, hangs_on_matter
from aftersales.domain.policy.prove.stage import Stage, bounds_of, later_conditions
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.table import Combination, OptionPolicy

MOST_OFFERS = 120_000
Key = tuple[int, ...]


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
    pricing: Pricing
    laws: Sequence[Law] = ()
    left: int = MOST_OFFERS
    is_thorough: bool = False  # also where only approval, return or rounding would differ
    why_inexact: str = ""
    _known: dict[Key, list[Tried]] = field(default_factory=dict)
    _round: dict[Key, list[Tried]] = field(default_factory=dict)
    _shapes: dict[int, tuple[Left, int]] = field(default_factory=dict)
    _axes: dict[tuple[int, int, int], tuple[Space, int]] = field(default_factory=dict)
    _values: dict[tuple[object, ...], tuple[list[int], Around]] = field(default_factory=dict)
    alike: Alike = field(default_factory=Alike)

    def key(self, course: Left, atom: Atom, here: Box) -> Key:
        """Alike for all that amounts make alike: the options, and where the costs of goods lie."""
        number = self.alike.number
        return number(course), number(atom), *self._of_goods(course, here)

    def _of_goods(self, course: Left, here: Box) -> Iterator[int]:
        """A number for where the cost of each of the goods lies."""
        rules = [self.on.policy.remedies[name] for name in course.relevant]
        axes = [self.on.space.numbers.get(name) for name in cost_facts(rules)]
        for axis in (number for number in axes if number is not None):
            asked = id(self.on.space), axis, here[axis]
            if asked not in self._axes:  # with its space, so that the id stays its own
                atoms = tuple(self.on.space.axes[axis].chosen(here[axis]))
                self._axes[asked] = self.on.space, self.alike.number(atoms)
            yield self._axes[asked][1]

    def tried(self, course: Left, atom: Atom, here: Box) -> list[Tried]:
        """The offers of what is left, in one atom of the money fact, from low to high.

        Worked out once for all profiles that come to the same options.
        """
        key = self.key(course, atom, here)
        if key not in self._known:
            self._known[key] = self._worked_out(course, atom, here)
        return self._known[key]

    def tried_round(self, course: Left, atom: Atom, here: Box) -> list[Tried]:
        """The same, at round amounts too.

        They prove nothing more, but give examples such as a person would take.
        """
        key, known = self.key(course, atom, here), self.tried(course, atom, here)
        if key not in self._round:
            has_more = bool(course.laws) and self._is_along(atom)
            more = self._worked_out(course, atom, here, beside=known) if has_more else []
            self._round[key] = sorted([*known, *more], key=lambda one: one.at)
        return self._round[key]

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
        return replace(own, outcome=self.pricing.explained(own.facts, own.currency))

    def stage(self, left: Left, facts: Facts, atom: Atom, here: Box) -> Stage:
        """What amounts are tried on. FactMissing where one of them hangs on an unknown rate."""
        facts = self.on.world.answered_facts(facts, self.on.policy.name)
        rules = tuple(self.on.policy.remedies[name] for name in left.relevant)
        own = Bends(facts, self.on.fact, atom.currency)
        goods = goods_of(rules, self.on.world.schema, self.on.space, here)
        self._check_single(rules, own)
        self._check_limits(left, own)
        self._check_goods(left, rules, goods, atom.currency or "USD")
        forms = {rule.name: own.forms(rule) for rule in rules}
        high = ends(atom)[1] if self._is_along(atom) else None
        high = FAR if high is None else high
        return Stage(self.on.policy, left, rules, facts, own, forms, goods, high)

    def _worked_out(
        self, left: Left, atom: Atom, here: Box, *, beside: Sequence[Tried] | None = None
    ) -> list[Tried]:
        """At the amounts that stand for all, or at round ones that are not `beside`."""
        facts, found = self.on.space.facts_of(here), list[Tried]()
        if facts is None:
            return found
        try:
            stage = self.stage(left, facts, atom, here)
            values, lines = self.values(stage, atom)
            if beside is not None:
                known = {one.at for one in beside}
                values = [v for v in round_values(*ends(atom)) if v not in known]
            found += self.offers(stage, atom, values, lines)
        except TooFine:
            self.note_inexact("its amounts are rounded too finely to try them all")
        except FactMissing as missing:
            self.note_inexact(f"{missing}")
        return found

    def values(self, stage: Stage, atom: Atom) -> tuple[list[int], Around]:
        """The amounts that stand for all, and what goods are held against beside what."""
        if not self._is_along(atom):
            return [], []
        # Whatever else amounts hang on, rates and limits and the rest, is so in every case.
        key = stage.left.given, stage.left.laws, stage.goods, atom
        if key not in self._values:
            held = stage.held(self.live(stage.left), is_thorough=self.is_thorough)
            values = stage.values(held, atom, is_thorough=self.is_thorough)
            self._values[key] = values, held.lines
        return self._values[key]

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
        shape = self._shape(stage.left)
        if self._is_along(atom):
            facts = facts.having(**{stage.own.fact: Money.from_minor(value, currency)})
        for cost in costs:
            here = _with_costs(facts, stage.goods if goods is None else goods, cost, currency)
            stage.unpriced = stage.unpriced or self.pricing.unpriced(here, currency)
            self.left -= 1
            if self.left < 0:
                raise TooFine
            outcome = self.pricing.priced(here, currency, stage.unpriced, shape)
            if isinstance(outcome, Undecided) and outcome.missing:
                self._note_missing(outcome.missing)
            yield Tried(here, value, cost, currency, outcome)

    def _shape(self, left: Left) -> int:
        """A number for what hangs on amounts alone, whatever floors and laws speak of it."""
        found = self._shapes.get(id(left))
        if found is None:
            nothing = frozenset[int]()
            bare = replace(left, floors=frozenset(), returns=nothing, laws=nothing)
            found = self._shapes[id(left)] = left, self.alike.number(bare)
        return found[1]

    def _is_along(self, atom: Atom) -> bool:
        return bool(self.on.fact) and atom.is_line

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

    def _check_limits(self, left: Left, own: Bends) -> None:
        """So are limits; and the share of the matter, where amounts are shares of another fact."""
        limits = self.on.policy.limits
        for limit in (limits.each_option, limits.per_customer):
            if limit is not None and limit.at_most.of and own.line(limit.at_most) is None:
                self.note_inexact(f"a limit hangs on `{limit.at_most.of}` too")
        asked = [self.laws[n].offer for n in sorted(left.laws)]
        if self.on.fact not in ("", MATTER) and hangs_on_matter(asked, self.on.policy):
            self.note_inexact(
                f"a share of `{MATTER}` is asked for, and amounts hang on another fact"
            )

    def _check_goods(
        self, left: Left, rules: Sequence[RemedyRule], goods: Sequence[Goods], currency: str
    ) -> None:
        foreign = next((one for one in goods if one.is_foreign(currency)), None)
        if foreign is not None:
            self.note_inexact(f"`{foreign.names[0]}` may be in another currency")
        if are_tangled(goods, left.given, rules):
            self.note_inexact("its options share some of their goods, but not all")

    def _note_missing(self, fact: str) -> None:
        """Note that an amount was not known; it may be so of facts that may be missing only."""
        declared = self.on.world.schema.declared(fact)
        if declared is None or not declared.may_be_missing:
            self.note_inexact(f"`{fact}` is not known")

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
