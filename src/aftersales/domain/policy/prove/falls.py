"""Laws of the sort `never_less`: two cases that differ in one fact, the higher of which gets less.

The offers of neighbours along the fact are laid side by side, at amounts and costs of goods that
stand for all of both: between them everything an offer comes to is a straight line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from aftersales.domain.conditions.space import Atom, Box
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.decision import OptionsDecision
from aftersales.domain.policy.prove.goods import (
    Around,
    Cost,
    Goods,
    all_costs,
    around,
    cost_facts,
    goods_of,
)
from aftersales.domain.policy.prove.law import MATTER, Law, measured
from aftersales.domain.policy.prove.lines import Stretch, Sum, TooFine
from aftersales.domain.policy.prove.profiles import Left, Profile, Survey, amounts_of
from aftersales.domain.policy.prove.stage import Stage
from aftersales.domain.policy.prove.sweep import Key, Sweep, Tried
from aftersales.domain.policy.prove.walk import Course
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.table import OptionPolicy

Costs = tuple[Cost, ...]
Measures = dict[Key, dict[tuple[int, Costs], int | None]]
"""Of each part the measures of its cases, by amount and costs; None where nothing is offered."""


@dataclass(frozen=True, slots=True)
class Fall:
    """The higher of two cases, and what it gets less of."""

    why: str
    higher: Tried
    path: Box
    before: int  # the boxes alive before the last axis


@dataclass(frozen=True)
class _Part:
    """One profile in one atom of the last axis and of the money fact, with what is tried on it."""

    key: Key  # alike for parts in which all amounts come to the same
    atom: Atom
    here: Box
    stage: Stage
    values: Sequence[int]
    lines: Around
    options: Sequence[Sum]  # what its options measure, by amount

    @cached_property
    def cost_facts(self) -> frozenset[str]:
        """Those that an offer of it hangs on."""
        return frozenset(cost_facts(self.stage.rules))

    @property
    def currency(self) -> str:
        return self.atom.currency or "USD"


@dataclass(frozen=True, slots=True)
class _At:
    """One case of a part, and the measure of what it is offered."""

    part: _Part
    value: int
    goods: Sequence[Goods]
    costs: tuple[Cost, ...]
    measure: int


def first_fall(law: Law, survey: Survey, sweep: Sweep, measures: Measures) -> Fall | None:
    """The first pair of cases that breaks the law. Why it is not sure of that is noted.

    `measures` are those that other laws with the same measure came to.
    """
    return _Falls(law, survey, sweep, measures).first()


class _Falls:
    def __init__(self, law: Law, survey: Survey, sweep: Sweep, measures: Measures) -> None:
        self.law, self.survey, self.sweep = law, survey, sweep
        self._measures = measures
        self.is_along = law.along == survey.fact
        self._number = survey.laws.index(law)
        self._seen: set[tuple[object, ...]] = set()
        self._bare: dict[int, Left] = {}  # courses without laws, by the id of each with them
        self._stages: dict[Key, tuple[Stage, list[int], Around, list[Sum]]] = {}
        self._meetings: dict[tuple[object, ...], set[int]] = {}

    def first(self) -> Fall | None:
        amounts = {amount.of for amount in amounts_of(self.survey.policy)}
        named = amounts | set(cost_facts(self.survey.policy.remedies.values()))
        if not self.is_along and self.law.along in named:
            self.sweep.note_inexact(f"amounts hang on `{self.law.along}`")
        for course, profiles in self.survey.courses():
            try:
                fall = next(self._falls(course, profiles), None)
            except TooFine:
                self.sweep.note_inexact("too many amounts would have to be tried")
                return None
            except FactMissing as missing:
                self.sweep.note_inexact(f"{missing}")
                continue
            if fall is not None:
                return fall
        return None

    def _falls(
        self, course: Course, profiles: Sequence[tuple[int, Profile | None]]
    ) -> Iterator[Fall]:
        for money in self._moneys(course.path):
            places = [*self._places(money, profiles)]
            alike = tuple([self._told_by(*place) for place in places])
            if alike in self._seen:
                continue
            self._seen.add(alike)
            parts = [*self._parts(places)]
            pairs = self._along_money(parts) if self.is_along else self._along_other(parts)
            for lower, higher in pairs:
                if higher.measure < lower.measure:
                    why, tried = self._told(lower, higher)
                    yield Fall(why, tried, course.path, course.before)

    def _moneys(self, path: Box) -> Iterator[Box]:
        """The path in each atom of money by itself; as it is, if the law is along money."""
        number = self.survey.space.numbers.get(self.survey.fact)
        if number is None or self.is_along:
            yield path
            return
        for bit in _bits(path[number]):
            yield (*path[:number], bit, *path[number + 1 :])

    def _places(
        self, path: Box, profiles: Sequence[tuple[int, Profile | None]]
    ) -> Iterator[tuple[Profile, Atom, Box]]:
        """What lies along the last axis, from low to high."""
        axis, number = self.survey.last, self.survey.space.numbers.get(self.survey.fact)
        steps = {bit: p for atoms, p in profiles for bit in _bits(atoms) if p is not None}
        for bit, profile in sorted(steps.items(), key=lambda step: step[0]):
            here = (*path[:axis], bit, *path[axis + 1 :])
            at = axis if number is None else number
            [atom] = self.survey.space.axes[at].chosen(here[at])
            if number is None or atom.is_line:
                yield profile, atom, here

    def _told_by(self, profile: Profile, atom: Atom, here: Box) -> tuple[object, ...]:
        """What tells a part from others: its key, and whether the law speaks of it."""
        key = self.sweep.key(self._course(profile), atom, here)
        return self._number in profile.laws, here[self.survey.last], key

    def _course(self, profile: Profile) -> Left:
        """What is left of a profile for amounts to decide, with no law to tell cases apart."""
        course = profile.course
        if id(course) not in self._bare:
            self._bare[id(course)] = replace(course, laws=frozenset())
        return self._bare[id(course)]

    def _parts(self, places: Iterable[tuple[Profile, Atom, Box]]) -> Iterator[_Part]:
        for profile, atom, here in places:
            facts = self.survey.space.facts_of(here)
            if facts is None:
                continue
            facts = self.sweep.on.world.answered_facts(facts, self.survey.policy.name)
            if self.law.when.holds(facts):
                course = self._course(profile)
                key = self.sweep.key(course, atom, here)
                if key not in self._stages:
                    stage = self.sweep.stage(course, facts, atom, here)
                    if self.is_along and _may_waver(stage, self.survey.policy):
                        self.sweep.note_inexact("what is left beside goods is rounded in parts")
                    self._stages[key] = stage, *self._values(stage, atom)
                stage, values, lines, options = self._stages[key]
                # A law tells of this case, though its amounts are those of one alike.
                yield _Part(key, atom, here, replace(stage, facts=facts), values, lines, options)

    def _values(self, stage: Stage, atom: Atom) -> tuple[list[int], Around, list[Sum]]:
        return self.sweep.values_to_compare(stage, atom, self.law.measure)

    def _along_money(self, parts: Sequence[_Part]) -> Iterator[tuple[_At, _At]]:
        """Each amount and the next one, with what goods cost around limits at both of them."""
        rules = _rules_of(parts)
        steps = [(part, value) for part in parts for value in _with_neighbours(part)]
        near = [around(value, part.lines) for part, value in steps]
        last: dict[tuple[str, tuple[Cost, ...]], _At] = {}
        skipped: dict[tuple[Cost, ...], None] = {}
        for n, (part, value) in enumerate(steps):
            goods = self._goods(rules, part)
            limits = sorted({cost for some in near[max(n - 1, 0) : n + 2] for cost in some})
            for costs in dict.fromkeys([*all_costs(goods, limits, part.currency), *skipped]):
                here, key = self._at(part, value, goods, costs), (part.currency, costs)
                if here is None:
                    # What goods cost there is tried again where something is offered.
                    skipped |= {costs: None} if key in last else {}
                    continue
                if key in last:
                    yield last[key], here
                last[key] = here
                skipped.pop(costs, None)

    def _along_other(self, parts: Sequence[_Part]) -> Iterator[tuple[_At, _At]]:
        """Each part and the next one, at the amounts and the costs of goods of all of them."""
        rules = _rules_of(parts)
        lines = list(dict.fromkeys(line for part in parts for line in part.lines))
        for value in self._amounts(parts):
            limits = around(value, lines)
            last: dict[tuple[Cost, ...], _At] = {}
            for part in parts:
                goods = self._goods(rules, part)
                for costs in all_costs(goods, limits, part.currency):
                    here = self._at(part, value, goods, costs)
                    key = tuple(cost for cost in costs if cost[0] != self.law.along)
                    if here is not None and key in last:
                        yield last[key], here
                    if here is not None:
                        last[key] = here

    def _amounts(self, parts: Sequence[_Part]) -> list[int]:
        """The amounts of all parts, and those at which an option of one meets one of another."""
        found = {value for part in parts for value in part.values}
        if not found:
            return [0]
        stretch = Stretch(min(found), max(found))
        for lower, higher in combinations(parts, 2):
            key = (*map(frozenset, (lower.options, higher.options)), stretch)
            if key not in self._meetings:
                bent = {*lower.values, *higher.values}
                self._meetings[key] = stretch.meetings(lower.options, higher.options, bent)
            found |= self._meetings[key]
        return sorted(found)

    def _goods(self, rules: Sequence[RemedyRule], part: _Part) -> tuple[Goods, ...]:
        return goods_of(rules, self.sweep.on.world.schema, self.survey.space, part.here)

    def _at(
        self, part: _Part, value: int, goods: Sequence[Goods], costs: tuple[Cost, ...]
    ) -> _At | None:
        """What is offered in one case, measured; None if it is nothing."""
        measures = self._measures.setdefault(part.key, {})
        key = value, tuple([cost for cost in costs if cost[0] in part.cost_facts])
        if key not in measures:
            measures[key] = self._measure(self._tried(part, value, goods, costs))
        measure = measures[key]
        return None if measure is None else _At(part, value, goods, costs, measure)

    def _tried(
        self, part: _Part, value: int, goods: Sequence[Goods], costs: tuple[Cost, ...]
    ) -> Tried:
        [tried] = self.sweep.offers_at(part.stage, part.atom, value, [costs], goods)
        return tried

    def _measure(self, tried: Tried) -> int | None:
        if not isinstance(tried.outcome, OptionsDecision) or not tried.outcome.options:
            return None
        worth = getattr(tried.facts.get(MATTER), "minor", tried.at)
        return measured(tried.outcome, self.law.measure, tried.currency, worth)

    def _told(self, lower: _At, higher: _At) -> tuple[str, Tried]:
        pair = [self._tried(one.part, one.value, one.goods, one.costs) for one in (lower, higher)]
        low, high = (Money.from_minor(n.measure, n.part.currency) for n in (lower, higher))
        before, after = (self._case(tried) for tried in pair)
        return f"{self.law.measure} is {low} with {before}, and {high} with {after}", pair[1]

    def _case(self, tried: Tried) -> str:
        """severity minor (`small/minor`): the fact that grows, and the rule that decides."""
        assert isinstance(tried.outcome, OptionsDecision)
        fact = self.law.along
        return f"{fact} {tried.facts.text(fact)} (`{tried.outcome.rule.rule}`)"


def _may_waver(stage: Stage, policy: OptionPolicy) -> bool:
    """Whether a limit may drop a part beside goods, take it in again, and drop it once more.

    It does so only where two roundings say what is left for the part, or what is too little.
    """
    if policy.limits.each_option is None:
        return False
    for names in stage.left.given:
        rules = [policy.remedies[name] for name in names]
        money = [rule for rule in rules if rule.amount is not None]
        least = [rule.at_least for rule in money if rule.counts_as == "goodwill" and rule.at_least]
        is_bent = len(money) > 1 or any(amount.of for amount in least)
        if least and is_bent and cost_facts(rules):
            return True
    return False


def _rules_of(parts: Sequence[_Part]) -> list[RemedyRule]:
    return list({rule.name: rule for part in parts for rule in part.stage.rules}.values())


def _with_neighbours(part: _Part) -> list[int]:
    """The amounts with those just beside them: between two that are far apart an offer may jump."""
    if not part.values:
        return []
    least, most = min(part.values), max(part.values)
    if not part.stage.goods:
        return sorted(part.values)
    near = {value + step for value in part.values for step in (-1, 0, 1)}
    return sorted(value for value in near if least <= value <= most)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low
        mask ^= low
