"""The offers of every profile, worked out at each amount at which one could change its course."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from aftersales.domain.conditions import Bound, Condition, Facts, Interval
from aftersales.domain.conditions.space import Atom, Space
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money, zero
from aftersales.domain.policy.amounts import Amount
from aftersales.domain.policy.decision import OptionsDecision, Spent, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.options import decide_options, with_prices
from aftersales.domain.policy.prove.law import Law
from aftersales.domain.policy.prove.lines import (
    Bends,
    Line,
    TooFine,
    bends,
    points,
    round_values,
    sums,
)
from aftersales.domain.policy.prove.profiles import Left, Profile
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.table import Combination, OptionPolicy
from aftersales.domain.policy.unpriced import UnpricedOffer, unpriced_offer

MOST_OFFERS = 120_000
_PLENTY = 10**9  # minor units
_ODD = (7, 33, 333, 777, 3_333, 7_777, 12_345, 98_765)  # at which a rounding shows
Outcome = OptionsDecision | Undecided
Forms = Mapping[str, Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Tried:
    """One case worked out: its facts, where it lies on the money fact, and what came of it."""

    facts: Facts
    at: int  # minor units of `currency`
    goods: int | None  # what goods cost us; None: not known, or nothing hangs on it
    currency: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stage:
    """What stays the same while the amounts of one profile are tried, in one atom of money."""

    left: Left
    rules: tuple[RemedyRule, ...]
    facts: Facts
    own: Bends
    forms: Forms
    free: tuple[str, ...]  # facts of costs of goods that may be anything


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
    why_not_exact: str = ""
    _known: dict[tuple[Left, Atom], list[Tried]] = field(default_factory=dict)

    def tried(self, profile: Profile, atom: Atom, facts: Facts) -> list[Tried]:
        """The offers of a profile in one atom of the money fact, from low to high.

        Worked out once for all profiles that come to the same options.
        """
        key = (profile.course, atom)
        if key not in self._known:
            self._known[key] = list(self._worked_out(profile.course, atom, facts))
        return self._known[key]

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

    def stages(self, left: Left, facts: Facts, atom: Atom) -> list[Stage]:
        """What amounts are tried on: with what goods cost us, and without where that is missing."""
        facts = self.on.world.answered_facts(facts, self.on.policy.name)
        rules = tuple(self.on.policy.remedies[name] for name in left.relevant)
        return [self._stage(left, rules, f, atom) for f in self._goods_known(facts, rules)]

    def _worked_out(self, left: Left, atom: Atom, facts: Facts) -> Iterator[Tried]:
        try:
            for stage in self.stages(left, facts, atom):
                yield from self.offers(stage, atom, *self.values(stage, atom))
        except TooFine:
            self._not_exact("its amounts are rounded too finely to try them all")
        except FactMissing as missing:
            self._not_exact(f"{missing}")

    def _stage(self, left: Left, rules: tuple[RemedyRule, ...], facts: Facts, atom: Atom) -> Stage:
        own = Bends(facts, self.on.fact, atom.currency)
        self._check_single(rules, own)
        forms = {rule.name: own.forms(rule) for rule in rules}
        free = [n for n in cost_facts(rules) if facts.get(n) is not None and not self._is_axis(n)]
        return Stage(left, rules, facts, own, forms, tuple(free))

    def values(self, stage: Stage, atom: Atom) -> tuple[list[int], list[tuple[Line, Line]]]:
        """The amounts that stand for all, and the lines at which goods are held against them."""
        if not self._is_along(atom):
            return [], []
        own, tops = stage.own, self._tops(stage.own)
        at = bends(stage.forms.values(), _sums(stage.left.given, stage.forms), tops)
        costs = [(rest, top) for rest in self._beside_goods(stage, None) for top in tops[1:]]
        period = 1
        live = self.live(stage.left)
        for law, given in live:
            limits = self._limits(law, own)
            at |= bends((), {*_sums(given, stage.forms), *tops}, limits)
            costs += [(r, top) for r in self._beside_goods(stage, given) for top in limits]
            if "cost_share" in law.offer.reads:
                period = max(period, own.period(stage.rules, self._caps()))
        if self.is_thorough:
            limits = self._limits_of(self._later_conditions(), own)
            at |= bends((), {*_sums(stage.left.given, stage.forms), *tops}, limits)
            costs += [(r, top) for r in self._beside_goods(stage, None) for top in limits]
        low, high = ends(atom)
        values = set(points(low, high, at, period))
        if isinstance(atom.example, Money):
            values.add(atom.example.minor)
        if live or self.is_thorough:
            values |= set(round_values(low, high))
        if self.is_thorough:
            values |= {odd for odd in _ODD if low <= odd and (high is None or odd <= high)}
        return sorted(values), costs

    def offers(
        self, stage: Stage, atom: Atom, values: Sequence[int], costs: Sequence[tuple[Line, Line]]
    ) -> Iterator[Tried]:
        """The offers at these amounts, of each with goods around the lines of `costs`."""
        if not self._is_along(atom):
            unpriced = self._unpriced(stage.facts, "USD")
            yield self._priced(stage.facts, 0, None, "USD", unpriced)
            return
        fact, currency = stage.own.fact, atom.currency
        start = stage.facts.having(**{fact: Money.from_minor(values[0], currency)})
        unpriced = self._unpriced(start, currency)
        for value in values:
            here = stage.facts.having(**{fact: Money.from_minor(value, currency)})
            for cost in _costs_at(value, costs) if stage.free else (None,):
                given_cost = _with_goods(here, stage.free, cost, currency)
                yield self._priced(given_cost, value, cost, currency, unpriced)

    def _is_along(self, atom: Atom) -> bool:
        return bool(self.on.fact) and atom.is_line

    def _unpriced(self, facts: Facts, currency: str) -> UnpricedOffer | Undecided:
        work = Work(self.on.policy, facts, self._spent(facts, currency), is_told=False)
        return unpriced_offer(self.on.world.policies, work)

    def _priced(
        self,
        facts: Facts,
        at: int,
        goods: int | None,
        currency: str,
        unpriced: UnpricedOffer | Undecided,
    ) -> Tried:
        self.left -= 1
        if self.left < 0:
            raise TooFine
        if isinstance(unpriced, Undecided):
            return Tried(facts, at, goods, currency, unpriced)
        work = Work(self.on.policy, facts, self._spent(facts, currency), is_told=False)
        outcome = with_prices(unpriced, self.on.world.policies, work)
        return Tried(facts, at, goods, currency, outcome)

    def _spent(self, facts: Facts, currency: str) -> Spent:
        """Nothing was given before; what was paid is what the case is about."""
        matter = facts.get(self.on.fact)
        left = matter if isinstance(matter, Money) else Money.from_minor(_PLENTY, currency)
        return Spent(left, zero(left.currency))

    def _goods_known(self, facts: Facts, rules: Sequence[RemedyRule]) -> Iterable[Facts]:
        """The case with what goods cost us, and without where that may be missing."""
        open_costs = [n for n in cost_facts(rules) if facts.get(n) is None]
        if not open_costs:
            return [facts]
        known = facts.having(**dict.fromkeys(open_costs, zero("USD")))
        return [known, facts] if any(map(self._may_be_missing, open_costs)) else [known]

    def _may_be_missing(self, name: str) -> bool:
        declared = self.on.world.schema.declared(name)
        return declared is not None and declared.may_be_missing and not self._is_axis(name)

    def _is_axis(self, name: str) -> bool:
        return name in self.on.space.numbers

    def _beside_goods(self, stage: Stage, given: Sequence[Combination] | None) -> set[Line]:
        """What may stand beside goods whose cost is free, in one of the options `given`."""
        found: set[Line] = set()
        for names in stage.left.given if given is None else given:
            rules = [rule for rule in stage.rules if rule.name in names]
            if set(cost_facts(rules)).intersection(stage.free):
                found |= sums([stage.forms[r.name] for r in rules if r.amount is not None])
        return found

    def live(self, left: Left) -> list[tuple[Law, tuple[Combination, ...]]]:
        """The laws that speak of one of these cases, with the options that they speak of."""
        live = [self.laws[n] for n in sorted(left.laws)]
        return [(law, law.about(left.given, self.on.policy)) for law in live]

    def _caps(self) -> list[Amount]:
        cap = self.on.policy.limits.each_option
        return [cap.at_most] if cap else []

    def _tops(self, own: Bends) -> list[Line]:
        """The lines that an option is cut at: what was paid first, then the limit of each."""
        caps = [line for amount in self._caps() if (line := own.line(amount)) is not None]
        return [(Fraction(1), Fraction(0)), *caps]

    def _limits(self, law: Law, own: Bends) -> list[Line]:
        """The lines at which an option can begin or cease to break a law."""
        asks_later = law.offer.reads & {"approval", "return_required"}
        later = self._later_conditions() if asks_later else []
        return self._limits_of([law.offer, *later], own)

    def _later_conditions(self) -> list[Condition]:
        """What is asked of an option once it has its price: approval, and return."""
        policy = self.on.policy
        rows = policy.returns.rows if policy.returns is not None else ()
        return [*(band.when for band in policy.approval), *(row.when for row in rows)]

    def _limits_of(self, conditions: Sequence[Condition], own: Bends) -> list[Line]:
        found: list[Line] = []
        for fact, bound in _bounds(conditions):
            if fact == "cost":
                found.append((Fraction(0), bound.key_in(own.currency, own.facts.rates)))
            if fact == "cost_share":
                found.append((Fraction(bound.key), Fraction(0)))
        return list(dict.fromkeys(found))

    def _check_single(self, rules: Sequence[RemedyRule], own: Bends) -> None:
        """Amounts that hang on a second fact are tried at one value of it only."""
        for rule in rules:
            named = [rule.amount, rule.at_least, rule.at_most, rule.if_missing]
            for amount in (a for a in named if a is not None and a.of):
                if own.line(amount) is None:
                    self._not_exact(f"`{rule.name}` hangs on `{amount.of}` too")
            shares = [a for a in rule.costs if a.of and a.share != 1]
            if shares:
                self._not_exact(f"`{rule.name}` costs a share of `{shares[0].of}`")

    def _not_exact(self, why: str) -> None:
        self.why_not_exact = self.why_not_exact or why


def cost_facts(rules: Iterable[RemedyRule]) -> list[str]:
    """The facts of which the costs of goods are made."""
    return list(dict.fromkeys(a.of for rule in rules for a in rule.costs if a.of))


def ends(atom: Atom) -> tuple[int, int | None]:
    """The least and the greatest whole minor unit in an atom of money; None: without end."""
    low, high = atom.low, atom.high
    first = 1 if low is None else -(-low.key // 1) if atom.has_low else low.key // 1 + 1
    if high is None:
        return max(int(first), 0), None
    last = high.key // 1 if atom.has_high else -(-high.key // 1) - 1
    return max(int(first), 0), int(last)


def _sums(given: Iterable[Combination], forms: Forms) -> set[Line]:
    return {line for names in given for line in sums([forms[name] for name in names])}


def _costs_at(at: int, costs: Iterable[tuple[Line, Line]]) -> list[int]:
    """What goods may cost us at one amount: around each limit, less what stands beside them."""
    found = {0, _PLENTY}
    for (a, b), (slope, height) in costs:
        top = int((slope - a) * at + height - b)
        found |= {cost for cost in (top, top + 1) if cost > 0}
    return sorted(found)


def _with_goods(facts: Facts, free: Sequence[str], cost: int | None, currency: str) -> Facts:
    if cost is None:
        return facts
    amounts = {**dict.fromkeys(free, zero(currency)), free[0]: Money.from_minor(cost, currency)}
    return facts.having(**amounts)


def _bounds(conditions: Iterable[Condition]) -> Iterator[tuple[str, Bound]]:
    for condition in conditions:
        for fact, cell in (pair for box in condition.boxes for pair in box):
            for test in cell.plain_tests():
                if isinstance(test, Interval):
                    yield from ((fact, b) for b in (test.low, test.high) if b is not None)
