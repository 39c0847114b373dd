"""The amounts that stand for all: those at which the offers of one case can change their course."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, permutations, product

from aftersales.domain.conditions import Bound, Condition, Facts, Interval
from aftersales.domain.conditions.space import Atom
from aftersales.domain.money import Money
from aftersales.domain.policy.decision import Undecided
from aftersales.domain.policy.prove.goods import Goods, cost_facts, ends
from aftersales.domain.policy.prove.law import BEST_VALUE, Law
from aftersales.domain.policy.prove.lines import (
    FAR,
    WHOLE,
    Bends,
    Stretch,
    Sum,
    bends,
    fixed,
    round_values,
    share,
    sums,
)
from aftersales.domain.policy.prove.profiles import Left, may_lack_return
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.table import Combination, OptionPolicy
from aftersales.domain.policy.unpriced import UnpricedOffer

Forms = Mapping[str, Sequence[Sum]]
Live = Sequence[tuple[Law, Sequence[Combination]]]
"""Laws, each with the options that it speaks of."""
_ODD = (7, 33, 333, 777, 3_333, 7_777, 12_345, 98_765)  # at which a rounding shows


@dataclass(slots=True)
class Stage:
    """What stays the same while the amounts of one profile are tried, in one atom of money."""

    policy: OptionPolicy
    left: Left
    rules: tuple[RemedyRule, ...]
    facts: Facts
    own: Bends
    forms: Forms
    goods: tuple[Goods, ...]
    high: int  # the greatest amount
    unpriced: UnpricedOffer | Undecided | None = None  # worked out for the first amount

    def options(self, given: Sequence[Combination] | None = None) -> set[Sum]:
        """All that the options `given` can come to, else all that may be given."""
        return self._sums(self.left.given if given is None else given, self.forms)

    def worths(self, given: Sequence[Combination]) -> set[Sum]:
        """All that options can be worth to the customer: goods are what he paid for them."""
        whole = (WHOLE.cut(),)
        forms = self.forms
        worths = {r.name: whole if r.amount is None else forms[r.name] for r in self.rules}
        return self._sums(given, worths)

    def _sums(self, given: Iterable[Combination], forms: Forms) -> set[Sum]:
        found: set[Sum] = set()
        for names in _cut(given):
            found |= self._sums_of(names, forms)
        return found

    def _sums_of(self, names: Combination, forms: Forms) -> set[Sum]:
        """What remedies come to together; goodwill may be cut to what one customer gets."""
        found, most = sums([forms[name] for name in names]), self.goodwill_top()
        if most is not None and self._may_be_cut(names, most):
            owed = sums([forms[name] for name in names if not self._is_goodwill(name)])
            found |= {rest.plus(most.cut()) for rest in owed}
        return found

    def _is_goodwill(self, name: str) -> bool:
        return self.policy.remedies[name].counts_as == "goodwill"

    def _may_be_cut(self, names: Combination, most: Sum) -> bool:
        """Whether the goodwill among these remedies may come to more than one customer gets."""
        rules = [self.policy.remedies[name] for name in names if self._is_goodwill(name)]
        if most.slope or any(rule.amount is None for rule in rules):
            return bool(rules)
        return sum(self.own.most(rule, self.high) for rule in rules) > most.height

    def goodwill_top(self) -> Sum | None:
        """What all parts of goodwill are cut at together, if there is such a limit."""
        cap = self.policy.limits.per_customer
        line = self.own.line(cap.at_most) if cap else None
        return None if line is None else Sum((line,))

    def tops(self) -> list[Sum]:
        """What an option is cut at: what was paid first, then the limit of each."""
        cap = self.policy.limits.each_option
        line = self.own.line(cap.at_most) if cap else None
        return [WHOLE, *([Sum((line,))] if line else [])]

    def beside_goods(self, given: Sequence[Combination] | None = None) -> set[Sum]:
        """What may stand beside goods whose cost is free, in one of the options `given`."""
        found: set[Sum] = set()
        for names in _cut(self.left.given if given is None else given):
            rules = [rule for rule in self.rules if rule.name in names]
            free = [rule for rule in rules if cost_facts([rule])]
            if free:
                # The cost of the only goods that are free is tried as itself, missing too.
                only = free[0].name if len(free) == 1 else ""
                forms = {r.name: self.forms[r.name][: 1 if r.name == only else None] for r in rules}
                found |= self._sums_of(tuple(forms), forms)
        return found

    def _goodwill(self) -> "Held":
        """What is of goodwill, and stands beside goods of goodwill, held against its limit."""
        held, most = Held(), self.goodwill_top()
        if most is not None:
            for names in _cut(self.left.given):
                if not self._may_be_cut(names, most):
                    continue
                rules = [self.policy.remedies[name] for name in names if self._is_goodwill(name)]
                both = sums([self.forms[rule.name] for rule in rules])
                held.add([most], both, both if cost_facts(rules) else ())
        return held

    def limits_of(self, conditions: Iterable[Condition]) -> list[Sum]:
        """The amounts at which one of the conditions can begin or cease to hold of an option."""
        found: list[Sum] = []
        for fact, bound in bounds_of(conditions):
            if fact in ("cost", BEST_VALUE):
                found.append(fixed(bound.key_in(self.own.currency, self.facts.rates)))
            if fact == "cost_share":
                found.append(share(Fraction(bound.key)))
        return list(dict.fromkeys(found))

    def held(self, live: Live, *, is_thorough: bool) -> "Held":
        """What its options are held against: what was paid, our limit, and the laws."""
        tops, later = self.tops(), later_conditions(self.policy)
        cuts = [top.cut() for top in tops]
        held = self._goodwill()
        held.lines += product(self.beside_goods(), tops[1:])
        held.add(tops, self.options())
        # What comes to nothing is not given.
        held.pairs += product([form for forms in self.forms.values() for form in forms], [fixed(0)])
        for law, given in live:
            asks_later = law.offer.reads & {"approval", "return_required"}
            limits = self.limits_of([law.offer, *(later if asks_later else ())])
            held.add(limits, [*self.options(given), *cuts], self.beside_goods(given))
            if BEST_VALUE in law.offer.reads:
                held.pairs += product(self.worths(given), limits)
        if not is_thorough:  # then all that matters of them is whether two rows of return may fit
            rows = self.policy.returns.rows if self.policy.returns is not None else ()
            later = [row.when for row in rows] if may_lack_return(self.policy) else []
        held.add(self.limits_of(later), [*self.options(), *cuts], self.beside_goods())
        ends = {end for goods in self.goods for end in goods.ends()}
        costs = [fixed(end - n) for end in ends for n in (0, 1)]
        held.pairs += [(beside.plus(c), top) for beside, top in held.lines for c in costs]
        return held

    def values(self, held: "Held", atom: Atom, *, is_thorough: bool) -> list[int]:
        """The amounts that stand for all of the atom."""
        low, high = ends(atom)
        bent = {at for forms in self.forms.values() for at in bends(forms)}
        values = Stretch(low, FAR if high is None else high).crossings(held.pairs, bent)
        if isinstance(atom.example, Money):
            values.add(atom.example.minor)
        if is_thorough:
            values |= set(round_values(low, high))
            values |= {odd for odd in _ODD if low <= odd and (high is None or odd <= high)}
        return sorted(values)


@dataclass(slots=True)
class Held:
    """Amounts with the limits that they are held against."""

    pairs: list[tuple[Sum, Sum]] = field(default_factory=list)
    lines: list[tuple[Sum, Sum]] = field(default_factory=list)  # beside goods

    def add(
        self, limits: Sequence[Sum], amounts: Iterable[Sum], beside: Iterable[Sum] = ()
    ) -> None:
        """Hold amounts, and what stands beside goods, against these limits, and each other."""
        self.pairs += product(amounts, limits)
        self.pairs += [(one.cut(), other) for one, other in permutations(limits, 2)]
        self.lines += product(beside, limits)


def later_conditions(policy: OptionPolicy) -> list[Condition]:
    """What is asked of an option once it has its price: approval, and return."""
    rows = policy.returns.rows if policy.returns is not None else ()
    return [*(band.when for band in policy.approval), *(row.when for row in rows)]


def bounds_of(conditions: Iterable[Condition]) -> Iterator[tuple[str, Bound]]:
    """The ends of all intervals, with the facts that they are asked of."""
    for condition in conditions:
        for fact, cell in (pair for box in condition.boxes for pair in box):
            for test in cell.plain_tests():
                if isinstance(test, Interval):
                    yield from ((fact, b) for b in (test.low, test.high) if b is not None)


def _cut(given: Iterable[Combination]) -> Iterable[Combination]:
    """The options, and what may be left of them where a limit takes a part away."""
    kept = (
        some for names in given for n in range(len(names), 0, -1) for some in combinations(names, n)
    )
    return dict.fromkeys(kept)
