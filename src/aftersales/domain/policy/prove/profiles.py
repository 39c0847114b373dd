"""Profiles: all cases that take the same course through a policy, but for amounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftersales.domain.conditions import Cell, CellKind, Condition, Facts, all_of
from aftersales.domain.conditions.space import Box, Space
from aftersales.domain.money import zero
from aftersales.domain.policy.amounts import Amount
from aftersales.domain.policy.channels import Allowance
from aftersales.domain.policy.choice import chosen
from aftersales.domain.policy.decision import RuleRef, Spent, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.prove.law import MATTER, OF_OPTION, Law, case_part
from aftersales.domain.policy.prove.walk import Course, Walk
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.table import Combination, OptionPolicy, OptionsRule


@dataclass(frozen=True, slots=True)
class Profile:
    """What is decided before amounts come in: where to start, what bends it, what is refused."""

    start: OptionsRule
    options: tuple[Combination, ...]
    extras: tuple[str, ...]  # the remedies that may be added
    blocked: frozenset[str]  # by their `only_if`
    refused: frozenset[str]  # by the channel
    by: tuple[RuleRef, ...]  # the channel's rules
    others: frozenset[int]  # floors, return rows and laws whose condition holds

    @property
    def relevant(self) -> tuple[str, ...]:
        """The remedies that may be given."""
        named = [name for names in self.options for name in names]
        return tuple(dict.fromkeys([*named, *self.extras]))

    @property
    def course(self) -> "Left":
        """What is left to be worked out by amounts: alike for all profiles that come to it."""
        barred = self.blocked | self.refused
        return Left(
            tuple(names for names in self.options if not barred.intersection(names)),
            tuple(name for name in self.extras if name not in barred),
            self.others,
        )


@dataclass(frozen=True, slots=True)
class Left:
    """The options and extras that nothing but amounts can rule out, and what is asked of them."""

    options: tuple[Combination, ...]
    extras: tuple[str, ...]
    others: frozenset[int]

    @property
    def given(self) -> tuple[Combination, ...]:
        """Each option alone, and with each extra."""
        more = [(*names, extra) for names in self.options for extra in self.extras]
        return (*self.options, *more)

    @property
    def relevant(self) -> tuple[str, ...]:
        """The remedies in them."""
        return tuple(dict.fromkeys(name for names in self.given for name in names))


class Survey:
    """All profiles of one policy, with the courses they form along one fact."""

    def __init__(
        self, policy: OptionPolicy, world: World, laws: Sequence[Law] = (), *, along: str = ""
    ) -> None:
        self.policy = policy
        self.world = world
        self.laws = laws
        self.fact = main_fact(policy)
        self.along = along or self.fact
        self._parts: list[tuple[str, int, Condition]] = list(_conditions(policy, world, laws))
        conditions = [condition for _, _, condition in self._parts]
        known = Cell(CellKind.KNOWN)
        money = [all_of({name: known}) for name in dict.fromkeys((self.fact, self.along)) if name]
        self.space: Space = world.space([*conditions, *money, policy.applies_to], fixed=OF_OPTION)
        must = self.space.region(policy.applies_to)
        self.walk = Walk(self.space, conditions, self._order(), must)
        self._starts: dict[int, OptionsRule | None] = {}
        self._masks = {sort: self._mask(sort) for sort in dict.fromkeys(p[0] for p in self._parts)}
        self._held: dict[tuple[str, int], list[int]] = {}
        self._profiles: dict[tuple[int, ...], Profile | None] = {}

    def profile(self, alive: int, path: Box) -> Profile | None:
        """The profile where these boxes are alive; None where the start is not clear."""
        key = tuple(alive & mask for mask in self._masks.values())
        if key not in self._profiles:
            self._profiles[key] = self._made(alive, path)
        return self._profiles[key]

    def _made(self, alive: int, path: Box) -> Profile | None:
        start = self._start(alive, path)
        if start is None:
            return None
        options = self._swapped(start, alive)
        extras = [self.policy.extras[n].add for n in self._numbers("extra", alive)]
        named = {name for names in options for name in names} | set(extras)
        not_possible = set(self._all("only_if")) - set(self._numbers("only_if", alive))
        remedies = list(self.policy.remedies)
        blocked = frozenset(remedies[n] for n in not_possible) & named
        rules = [self.world.policies.channels.rules[n] for n in self._numbers("channel", alive)]
        allowance = Allowance(tuple(rules))
        refusals = {n: allowance.refuses(self.policy.remedies[n]) for n in sorted(named)}
        by = tuple(dict.fromkeys(ref for ref in refusals.values() if ref is not None))
        return Profile(
            start,
            options,
            tuple(extras),
            blocked,
            frozenset(name for name, ref in refusals.items() if ref is not None),
            by,
            self.walk.holding(alive & self._masks_of("floor", "return", "law")),
        )

    def courses(self) -> Iterable[tuple[Course, list[tuple[int, Profile | None]]]]:
        """Each course along the last axis as profiles, atom group by atom group."""
        for course in self.walk.courses():
            parts = []
            for atoms, alive in course.parts:
                path = (*course.path[: self.last], atoms, *course.path[self.last + 1 :])
                parts.append((atoms, self.profile(alive, path)))
            yield course, parts

    def laws_in(self, others: frozenset[int]) -> frozenset[int]:
        """The numbers of the laws that speak of a case in which these conditions hold."""
        held = {self._parts[n][1] for n in others if self._parts[n][0] == "law"}
        return frozenset(n for n in range(len(self.laws)) if {2 * n, 2 * n + 1} <= held)

    @property
    def last(self) -> int:
        """The number of the axis that is walked last."""
        return self.walk.order[-1]

    def _order(self) -> list[int]:
        numbers = self.space.numbers
        late = [numbers[name] for name in dict.fromkeys((self.fact, self.along)) if name]
        return [n for n in range(len(self.space.axes)) if n not in late] + late

    def _start(self, alive: int, path: Box) -> OptionsRule | None:
        key = alive & self._masks_of("exception", "row", "label")
        if key not in self._starts:
            facts = self.space.facts_of(path)
            self._starts[key] = None if facts is None else self._asked_start(facts)
        return self._starts[key]

    def _asked_start(self, facts: Facts) -> OptionsRule | None:
        plenty = Spent(zero("USD"), zero("USD"))
        found = chosen(
            Work(self.policy, self.world.answered_facts(facts, self.policy.name), plenty)
        )
        return None if isinstance(found, Undecided) else found

    def _swapped(self, start: OptionsRule, alive: int) -> tuple[Combination, ...]:
        options = start.options
        for number in self._numbers("swap", alive):
            swap = self.policy.swaps[number]
            options = tuple(
                tuple(swap.use if name == swap.instead_of else name for name in names)
                for names in options
            )
        return tuple(dict.fromkeys(options))

    def _numbers(self, sort: str, alive: int) -> list[int]:
        """Which rules of a sort hold, by their number in the policy."""
        key = (sort, alive & self._masks.get(sort, 0))
        if key not in self._held:
            self._held[key] = [self._parts[n][1] for n in sorted(self.walk.holding(key[1]))]
        return self._held[key]

    def _all(self, sort: str) -> list[int]:
        return [number for own, number, _ in self._parts if own == sort]

    def _mask(self, sort: str) -> int:
        return self.walk.bits([n for n, part in enumerate(self._parts) if part[0] == sort])

    def _masks_of(self, *sorts: str) -> int:
        found = 0
        for sort in sorts:
            found |= self._masks.get(sort, 0)
        return found


def main_fact(policy: OptionPolicy) -> str:
    """The money fact that most amounts are a share of."""
    amounts = [amount.of for amount in amounts_of(policy) if amount.of]
    shares = sorted(set(amounts), key=lambda name: (-amounts.count(name), name))
    return MATTER if MATTER in shares else next(iter(shares), "")


def amounts_of(policy: OptionPolicy) -> list[Amount]:
    """Every share and amount of money of the policy but what goods cost us."""
    found = []
    for rule in policy.remedies.values():
        found += [rule.amount, rule.at_least, rule.at_most, rule.if_missing]
    limits = policy.limits
    found += [limits.each_option.at_most if limits.each_option else None]
    return [amount for amount in found if amount is not None]


def _conditions(
    policy: OptionPolicy, world: World, laws: Sequence[Law]
) -> Iterable[tuple[str, int, Condition]]:
    labels = policy.base.labels if policy.base else ()
    sorts: list[tuple[str, Sequence[Condition]]] = [
        ("exception", [rule.when for rule in policy.exceptions]),
        ("row", [rule.when for rule in policy.rows]),
        ("label", [label.when for label in labels]),
        ("swap", [swap.when for swap in policy.swaps]),
        ("extra", [extra.when for extra in policy.extras]),
        ("only_if", [remedy.only_if for remedy in policy.remedies.values()]),
        ("channel", [rule.when for rule in world.policies.channels.rules]),
        ("floor", [floor.when for floor in world.policies.floors.floors]),
        ("return", [case_part(row.when) for row in policy.returns.rows] if policy.returns else []),
        ("law", [c for law in laws for c in (case_part(law.when), case_part(law.offer))]),
    ]
    for sort, conditions in sorts:
        for number, condition in enumerate(conditions):
            yield sort, number, condition
