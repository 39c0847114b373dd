"""What two versions of a compensation policy offer, laid side by side over all cases."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from aftersales.domain.conditions import Cell, CellKind, all_of
from aftersales.domain.conditions.space import (
    Atom,
    Box,
    Cover,
    NotProvable,
    Space,
    case_in_words,
)
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.compare.alike import alike
from aftersales.domain.policy.compare.changed import Changed, Compared, regions_of
from aftersales.domain.policy.compare.joint import joint
from aftersales.domain.policy.compare.told import Outcome, Told, told
from aftersales.domain.policy.prove.alike import Alike
from aftersales.domain.policy.prove.goods import Cost, goods_of, kept_apart
from aftersales.domain.policy.prove.pricing import Pricing
from aftersales.domain.policy.prove.profiles import (
    Part,
    Profile,
    Profiles,
    main_fact,
    order_of,
    parts_of,
)
from aftersales.domain.policy.prove.stage import Stage
from aftersales.domain.policy.prove.sweep import Sweep, Tried
from aftersales.domain.policy.prove.walk import Walk
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.table import OptionPolicy

MOST_PATHS = 2_000


@dataclass(slots=True)
class _Side:
    """One version: its policy in its world, over the space of both."""

    policy: OptionPolicy
    world: World
    space: Space
    fact: str
    parts: tuple[Part, ...]
    profiles: Profiles | None = None
    applies: int = 0  # the boxes of the walk in which the policy applies


@dataclass(slots=True)
class _Group:
    """Cases that change in the same way; `amount` is that of an example, if it hangs on one."""

    told: Told
    amount: Money | None
    here: Box  # where the example lies
    at: dict[int, int] = field(default_factory=dict)  # boxes alive before, to last atoms


def compare_offers(name: str, older: World, newer: World) -> Compared:
    """The cases to which the policy `name` offers something else in the newer version.

    NotProvable and BudgetSpent as in proofs: then nothing is known of what changed. Where some of
    it is found, though not every amount could be tried, it says that there may be more.
    """
    priced_alike = _priced_alike(name, older, newer)
    policies = [world.policies.compensation[name] for world in (older, newer)]
    if priced_alike is not None and alike(*policies):
        return Compared(())
    try:
        return _Comparing(name, older, newer, priced_alike).compared()
    except FactMissing as missing:  # an amount hangs on it, in a version that says nothing else
        raise NotProvable(str(missing)) from missing


class _Comparing:
    def __init__(
        self, name: str, older: World, newer: World, priced_alike: frozenset[str] | None
    ) -> None:
        self.name, self.priced_alike = name, priced_alike
        policies = older.policies.compensation[name], newer.policies.compensation[name]
        parts = tuple(parts_of(policies[0], older)), tuple(parts_of(policies[1], newer))
        fact = main_fact(policies[1]) or main_fact(policies[0])
        known = all_of({fact: Cell(CellKind.KNOWN)}) if fact else policies[1].applies_to
        asked = [
            [*(p.condition for p in own), policy.applies_to, known]
            for own, policy in zip(parts, policies, strict=True)
        ]
        seen = joint(older, newer, (asked[0], asked[1]))
        self.older = _Side(policies[0], older, seen.older, fact, parts[0])
        self.newer = _Side(policies[1], newer, seen.newer, fact, parts[1])
        self.space, self.fact = seen.newer, fact
        self.walk = self._walk()
        one = Alike()  # keys of both are held together
        self._sweeps = self._sweep(self.older, one), self._sweep(self.newer, one)
        self._told: dict[tuple[object, ...], tuple[Told, Money | None] | None] = {}

    def _sweep(self, side: _Side, numbers: Alike) -> Sweep:
        pricing = Pricing(side.policy, side.world, self.fact)
        return Sweep(side, pricing, is_thorough=True, alike=numbers)

    def compared(self) -> Compared:
        groups: dict[object, _Group] = {}
        for course in self.walk.courses():
            for atoms, alive, path in course.steps(self.walk.order[-1]):
                for number, atom in self._atoms(atoms):
                    found = self._compared(alive, path, number, atom)
                    if found is not None:
                        here = self._here(path, number)
                        group = groups.setdefault(found[0].key, _Group(*found, here))
                        if _rounder(found[1], group.amount):
                            group.told, group.amount, group.here = *found, here
                        before = group.at.get(course.before, 0)
                        group.at[course.before] = before | 1 << number
        why = self._why_more()
        if why and not groups:  # nothing was found, but not all was tried
            raise NotProvable(why)
        return Compared(tuple(self._finished(group) for group in groups.values()), why)

    def _why_more(self) -> str:
        """Why not every amount was tried; empty if all were."""
        for sweep in self._sweeps:
            sweep.note_untried_currencies()
        return next((sweep.why_inexact for sweep in self._sweeps if sweep.why_inexact), "")

    def _walk(self) -> Walk:
        regions: list[Sequence[Box]] = []
        for side in (self.older, self.newer):
            regions += [side.space.region(part.condition) for part in side.parts]
        applies = len(regions)
        must: list[Box] = []
        for side in (self.older, self.newer):
            region = side.space.region(side.policy.applies_to)
            regions.append(region)
            must += region
        for side in (self.older, self.newer):
            regions += kept_apart(side.policy.remedies.values(), self.space)
        walk = Walk(
            self.space, regions, order_of(self.space, [self.fact] if self.fact else []), must
        )
        first = 0
        for number, side in enumerate((self.older, self.newer)):
            side.profiles = Profiles(side.policy, side.world, side.parts, walk, first=first)
            side.applies = walk.bits([applies + number])
            first += len(side.parts)
        return walk

    def _atoms(self, mask: int) -> Iterator[tuple[int, Atom]]:
        atoms = self.space.axes[self.walk.order[-1]].atoms
        return ((n, atom) for n, atom in enumerate(atoms) if mask >> n & 1)

    def _compared(
        self, alive: int, path: Box, number: int, atom: Atom
    ) -> tuple[Told, Money | None] | None:
        """What differs in this atom, if anything does, and at which amount."""
        here = self._here(path, number)
        found = [self._profile(side, alive, path) for side in (self.older, self.newer)]
        applies = [bool(alive & side.applies) for side in (self.older, self.newer)]
        left = [
            sweep.key(profile.course, atom, here) if profile else None
            for sweep, profile in zip(self._sweeps, found, strict=True)
        ]
        if left[0] == left[1] and found[0] and self._is_priced_alike(found[0]):
            return None  # both leave the same to be worked out, and work it out alike
        key = (*left, number, *applies)
        if key not in self._told:
            pairs = self._side_by_side(found, here, atom)
            differing = ((t, at) for was, now, at in pairs if (t := told(was, now)) is not None)
            self._told[key] = next(differing, None)
        return self._told[key]

    def _here(self, path: Box, number: int) -> Box:
        """The path in one atom of the last axis."""
        last = self.walk.order[-1]
        return (*path[:last], 1 << number, *path[last + 1 :])

    def _is_priced_alike(self, profile: Profile) -> bool:
        return self.priced_alike is not None and self.priced_alike.issuperset(profile.relevant)

    def _profile(self, side: _Side, alive: int, path: Box) -> Profile | None:
        if not alive & side.applies or side.profiles is None:
            return None
        return side.profiles.profile(alive, path)

    def _side_by_side(
        self, found: Sequence[Profile | None], here: Box, atom: Atom
    ) -> Iterator[tuple[Outcome, Outcome, Money | None]]:
        """What both versions offer, at each amount at which one of them could change its course.

        Round amounts come first: the first difference is the one that is told.
        """
        sides = zip((self.older, self.newer), self._sweeps, found, strict=True)
        stages = [self._stage(side, sweep, profile, here, atom) for side, sweep, profile in sides]
        both = [(s, one) for s, one in zip(self._sweeps, stages, strict=True) if one is not None]
        laid = [sweep.values(stage, atom) for sweep, stage in both]
        values = sorted({value for each, _ in laid for value in each})
        lines = [line for each in laid for line in each[1]]
        rules = [rule for _, stage in both for rule in stage.rules]
        goods = goods_of(rules, self.newer.world.schema, self.space, here)
        for at in sorted(values, key=_roundness) or [0]:
            was, now = (
                _by_cost(sweep.offers(stage, atom, [at], lines, goods)) if stage else {}
                for sweep, stage in zip(self._sweeps, stages, strict=True)
            )
            amount = Money.from_minor(at, atom.currency) if values else None
            for cost in dict.fromkeys([*was, *now]):
                yield was.get(cost), now.get(cost), amount

    def _stage(
        self, side: _Side, sweep: Sweep, profile: Profile | None, here: Box, atom: Atom
    ) -> Stage | None:
        facts = side.profiles.facts_of(here) if side.profiles else None
        if profile is None or facts is None:
            return None
        return sweep.stage(profile.course, facts, atom, here)

    def _finished(self, group: _Group) -> Changed:
        last = self.walk.order[-1]
        paths = self.walk.paths(group.at, MOST_PATHS)
        boxes = tuple((*p[:last], group.at[before], *p[last + 1 :]) for before, p in paths)
        like_it = Cover([*boxes, group.here], self.space.sizes).grown(group.here, self.space.whole)
        given = self.walk.must[0] if len(set(self.walk.must)) == 1 else None
        regions, has_more = regions_of(self.space, boxes, given=given)
        return Changed(
            policy=self.name,
            was=group.told.was,
            now=group.told.now,
            regions=regions,
            has_more=has_more,
            example=_example(self.space, like_it, given, self.fact, group.amount),
            space=self.space,
            boxes=boxes,
        )


def _priced_alike(name: str, older: World, newer: World) -> frozenset[str] | None:
    """The remedies that both price alike; None if they cut, approve or return them otherwise."""
    policies = [world.policies.compensation[name] for world in (older, newer)]
    one, other = (
        (
            policy.limits,
            policy.approval,
            policy.returns,
            policy.channel_must_allow,
            (world.policies.rows, world.policies.channels, world.policies.floors),
            (world.schema, world.rates, world.never_missing),
        )
        for world, policy in zip((older, newer), policies, strict=True)
    )
    if not alike(one, other):
        return None
    was, now = (policy.remedies for policy in policies)
    return frozenset(n for n, rule in was.items() if n in now and alike(rule, now[n]))


def _by_cost(tried: Iterable[Tried]) -> dict[tuple[Cost, ...], Outcome]:
    return {one.goods: one.outcome for one in tried}


def _example(space: Space, box: Box, given: Box | None, fact: str, amount: Money | None) -> str:
    """One case of the region, with the amount at which the difference was seen."""
    if amount is None:
        return case_in_words(space, box, given=given)
    number = space.numbers[fact]
    others = (*box[:number], space.axes[number].whole, *box[number + 1 :])
    rest = case_in_words(space, others, given=given)
    return f"{fact} {amount}" + ("" if rest == "any case" else f", {rest}")


def _rounder(one: Money | None, other: Money | None) -> bool:
    return one is not None and other is not None and _roundness(one.minor) < _roundness(other.minor)


def _roundness(minor: int) -> tuple[int, int]:
    """How round an amount is: the fewest digits first, then what is near to tens of units."""
    return len(f"{minor}".rstrip("0")), abs(len(f"{minor}") - 4)
