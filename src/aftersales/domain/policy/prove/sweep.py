"""The offers of every profile, worked out at each amount at which one could change its course."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import Protocol

from aftersales.domain.conditions import Bound, Condition, Facts, Interval
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
    ends,
    goods_of,
)
from aftersales.domain.policy.prove.law import BEST_VALUE, Law
from aftersales.domain.policy.prove.lines import (
    FAR,
    WHOLE,
    Bends,
    Stretch,
    Sum,
    TooFine,
    bends,
    fixed,
    round_values,
    share,
    sums,
)
from aftersales.domain.policy.prove.profiles import Left, Profile, amounts_of
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.table import Combination, OptionPolicy
from aftersales.domain.policy.unpriced import UnpricedOffer, unpriced_offer

MOST_OFFERS = 120_000
_ODD = (7, 33, 333, 777, 3_333, 7_777, 12_345, 98_765)  # at which a rounding shows
Outcome = OptionsDecision | Undecided
Forms = Mapping[str, Sequence[Sum]]


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


@dataclass(slots=True)
class Stage:
    """What stays the same while the amounts of one profile are tried, in one atom of money."""

    left: Left
    rules: tuple[RemedyRule, ...]
    facts: Facts
    own: Bends
    forms: Forms
    goods: tuple[Goods, ...]
    unpriced: UnpricedOffer | Undecided | None = None  # worked out for the first amount


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
        asked = [*self._later_conditions(), *(law.offer for law in self.laws)]
        several = [{money.currency for money in a.fixed} for a in amounts_of(self.on.policy)]
        several += [set(bound.amounts) for _, bound in _bounds(asked)]
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
        return Stage(left, rules, facts, own, forms, goods)

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
        """The amounts that stand for all, and the lines at which goods are held against them."""
        if not self._is_along(atom):
            return [], []
        own, tops = stage.own, self._tops(stage.own)
        options, cuts = _sums(stage.left.given, stage.forms), [top.cut() for top in tops]
        pairs = [*product(options, tops), *((cuts[0], top) for top in tops[1:])]
        # What comes to nothing is not given.
        pairs += [(form, fixed(0)) for forms in stage.forms.values() for form in forms]
        costs: list[tuple[Sum, Sum]] = []
        costs += product(self._beside_goods(stage, None), tops[1:])
        live = self.live(stage.left)
        for law, given in live:
            limits = self._limits(law, own)
            pairs += product([*_sums(given, stage.forms), *cuts], limits)
            pairs += [(one.cut(), other) for one, other in permutations(limits, 2)]
            if BEST_VALUE in law.offer.reads:
                pairs += product(_sums(given, _worths(stage)), limits)
            costs += product(self._beside_goods(stage, given), limits)
        if self.is_thorough:
            limits = self._limits_of(self._later_conditions(), own)
            pairs += product([*options, *cuts], limits)
            pairs += [(one.cut(), other) for one, other in permutations(limits, 2)]
            costs += product(self._beside_goods(stage, None), limits)
        for end in {end for goods in stage.goods for end in goods.ends()}:
            near = [
                (beside.plus(fixed(cost)), top) for beside, top in costs for cost in (end - 1, end)
            ]
            pairs += near
        low, high = ends(atom)
        bent = {at for forms in stage.forms.values() for at in bends(forms)}
        stretch = Stretch(low, FAR if high is None else high)
        values = stretch.crossings(pairs, bent)
        if isinstance(atom.example, Money):
            values.add(atom.example.minor)
        if live or self.is_thorough:
            values |= set(round_values(low, high))
        if self.is_thorough:
            values |= {odd for odd in _ODD if low <= odd and (high is None or odd <= high)}
        return sorted(values), costs

    def values_to_compare(
        self, stage: Stage, atom: Atom, measure: str
    ) -> tuple[list[int], Around, list[Sum]]:
        """The same, with those at which one option measures as much as another, and the options."""
        values, lines = self.values(stage, atom)
        if not values:
            return values, lines, []
        forms = _worths(stage) if measure == BEST_VALUE else stage.forms
        options = list(_sums(stage.left.given, forms))
        more = bends(options)
        if measure != BEST_VALUE:
            lines = [*lines, *product(self._beside_goods(stage, None), options)]
        between = {at for at in more if values[0] <= at <= values[-1]}
        cuts = [] if measure == BEST_VALUE else [top.cut() for top in self._tops(stage.own)]
        return sorted({*values, *between}), lines, [*options, *cuts]

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

    def _beside_goods(self, stage: Stage, given: Sequence[Combination] | None) -> set[Sum]:
        """What may stand beside goods whose cost is free, in one of the options `given`."""
        found: set[Sum] = set()
        for names in _cut(stage.left.given if given is None else given):
            rules = [rule for rule in stage.rules if rule.name in names]
            free = [rule for rule in rules if cost_facts([rule])]
            if free:
                # The cost of the only goods that are free is tried as itself, missing too.
                only = free[0].name if len(free) == 1 else ""
                forms = stage.forms
                found |= sums([forms[r.name][: 1 if r.name == only else None] for r in rules])
        return found

    def live(self, left: Left) -> list[tuple[Law, tuple[Combination, ...]]]:
        """The laws that speak of one of these cases, with the options that they speak of."""
        live = [self.laws[n] for n in sorted(left.laws)]
        return [(law, law.about(left.given, self.on.policy)) for law in live]

    def _tops(self, own: Bends) -> list[Sum]:
        """What an option is cut at: what was paid first, then the limit of each."""
        cap = self.on.policy.limits.each_option
        line = own.line(cap.at_most) if cap else None
        return [WHOLE, *([Sum((line,))] if line else [])]

    def _limits(self, law: Law, own: Bends) -> list[Sum]:
        """The amounts at which an option can begin or cease to break a law."""
        asks_later = law.offer.reads & {"approval", "return_required"}
        later = self._later_conditions() if asks_later else []
        return self._limits_of([law.offer, *later], own)

    def _later_conditions(self) -> list[Condition]:
        """What is asked of an option once it has its price: approval, and return."""
        policy = self.on.policy
        rows = policy.returns.rows if policy.returns is not None else ()
        return [*(band.when for band in policy.approval), *(row.when for row in rows)]

    def _limits_of(self, conditions: Sequence[Condition], own: Bends) -> list[Sum]:
        found: list[Sum] = []
        for fact, bound in _bounds(conditions):
            if fact in ("cost", BEST_VALUE):
                found.append(fixed(bound.key_in(own.currency, own.facts.rates)))
            if fact == "cost_share":
                found.append(share(Fraction(bound.key)))
        return list(dict.fromkeys(found))

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


def _sums(given: Iterable[Combination], forms: Forms) -> set[Sum]:
    return {found for names in _cut(given) for found in sums([forms[name] for name in names])}


def _cut(given: Iterable[Combination]) -> Iterable[Combination]:
    """The options, and what may be left of them where a limit takes a part away."""
    kept = (
        some for names in given for n in range(len(names), 0, -1) for some in combinations(names, n)
    )
    return dict.fromkeys(kept)


def _with_costs(
    facts: Facts, goods: Sequence[Goods], costs: Sequence[Cost], currency: str
) -> Facts:
    """The case in which goods cost this: what the first of some facts says, the others nothing."""
    amounts: dict[str, Money | None] = {}
    for one, (_, cost) in zip(goods, costs, strict=True):
        amounts |= dict.fromkeys(one.names, None if cost is None else zero(currency))
        amounts[one.names[0]] = None if cost is None else Money.from_minor(cost, currency)
    return facts.having(**amounts) if amounts else facts


def _worths(stage: Stage) -> Forms:
    """What each remedy is worth to the customer: goods what he paid for them."""
    return {
        r.name: stage.forms[r.name] if r.amount is not None else (WHOLE.cut(),) for r in stage.rules
    }


def _bounds(conditions: Iterable[Condition]) -> Iterator[tuple[str, Bound]]:
    for condition in conditions:
        for fact, cell in (pair for box in condition.boxes for pair in box):
            for test in cell.plain_tests():
                if isinstance(test, Interval):
                    yield from ((fact, b) for b in (test.low, test.high) if b is not None)
