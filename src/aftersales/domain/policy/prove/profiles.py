"""Profiles: all cases that take the same course through a policy, but for amounts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from aftersales.domain.conditions import Cell, CellKind, Condition, Facts, all_of
from aftersales.domain.conditions.space import Box, Space
from aftersales.domain.money import zero
from aftersales.domain.policy.amounts import Amount
from aftersales.domain.policy.channels import Allowance
from aftersales.domain.policy.choice import chosen
from aftersales.domain.policy.decision import RuleRef, Spent, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.prove.goods import kept_apart
from aftersales.domain.policy.prove.law import BEST_VALUE, MATTER, OF_OPTION, Law, case_part
from aftersales.domain.policy.prove.lines import TooFine
from aftersales.domain.policy.prove.walk import Course, Walk
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.table import Combination, OptionPolicy, OptionsRule

_MOST_EXTRAS = 8


@dataclass(frozen=True, slots=True)
class Profile:
    """What is decided before amounts come in: where to start, what bends it, what is refused."""

    start: OptionsRule
    options: tuple[Combination, ...]
    extras: tuple[str, ...]  # the remedies that may be added
    blocked: frozenset[str]  # by their `only_if`
    refused: frozenset[str]  # by the channel
    by: tuple[RuleRef, ...]  # the channel's rules
    laws: frozenset[int]  # those that speak of these cases, by number
    boxes: frozenset[int]  # and which of their alternatives do
    course: "Left"

    @property
    def relevant(self) -> tuple[str, ...]:
        """The remedies that may be given."""
        named = [name for names in self.options for name in names]
        return tuple(dict.fromkeys([*named, *self.extras]))


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to be worked out by amounts: alike for all profiles that come to it.

    The options and extras that nothing but amounts can rule out; what floors of law ask for; by
    number the alternatives of rows of return that fit, and the laws that some amount could begin
    to break.
    """

    options: tuple[Combination, ...]
    extras: tuple[str, ...]
    refused: frozenset[str]
    floors: frozenset[tuple[str, ...]]
    returns: frozenset[int]
    laws: frozenset[int]

    @property
    def given(self) -> tuple[Combination, ...]:
        """Each option alone, and with the extras that it may bear. TooFine if they are too many."""
        if len(self.extras) > _MOST_EXTRAS:
            raise TooFine
        sizes = range(len(self.extras) + 1)
        added = [some for size in sizes for some in combinations(self.extras, size)]
        longer = [(*names, *some) for some in added for names in self.options]
        return tuple(dict.fromkeys(tuple(dict.fromkeys(names)) for names in longer))

    @property
    def relevant(self) -> tuple[str, ...]:
        """The remedies in them."""
        return tuple(dict.fromkeys(name for names in self.given for name in names))


@dataclass(frozen=True, slots=True)
class Part:
    """One condition that decides before amounts come in: its sort, and its number there."""

    sort: str
    number: int
    condition: Condition


class Profiles:
    """Tells the profile of a case from the conditions that hold for it, each worked out once.

    `parts` are the policy's conditions; the first of them is number `first` of the walk.
    `has_returns`: cases that differ in the rows of return that fit are told apart.
    """

    def __init__(
        self,
        policy: OptionPolicy,
        world: World,
        parts: Sequence[Part],
        walk: Walk,
        *,
        first: int = 0,
        laws: Sequence[Law] = (),
        has_returns: bool = True,
    ) -> None:
        self.policy, self.world, self.walk = policy, world, walk
        self.laws, self.has_returns = laws, has_returns
        self.parts = dict(enumerate(parts, start=first))
        sorts = dict.fromkeys(part.sort for part in parts)
        self._masks = {sort: walk.bits(self._of(sort)) for sort in sorts}
        self._starts: dict[int, OptionsRule | None] = {}
        self._held: dict[tuple[str, int], list[int]] = {}
        self._lefts: dict[tuple[Left, tuple[int, ...]], Left] = {}
        self._profiles: dict[tuple[int, ...], Profile | None] = {}

    def profile(self, alive: int, path: Box) -> Profile | None:
        """The profile where these boxes are alive; None where the start is not clear."""
        key = tuple(alive & mask for mask in self._masks.values())
        if key not in self._profiles:
            self._profiles[key] = self._made(alive, path)
        return self._profiles[key]

    def facts_of(self, path: Box) -> Facts | None:
        """One case of a box, as this policy knows its facts."""
        facts = self.walk.space.facts_of(path)
        return None if facts is None else Facts(self.world.schema, dict(facts), facts.rates)

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
        refused = frozenset(name for name, ref in refusals.items() if ref is not None)
        held = set(self._numbers("law", alive))
        laws = tuple(n for n in range(len(self.laws)) if {2 * n, 2 * n + 1} <= held)
        left = self._bent(self._left(options, extras, blocked, refused, alive), laws)
        boxes = frozenset(self._numbers("law box", alive))
        return Profile(
            start, options, tuple(extras), blocked, refused, by, frozenset(laws), boxes, left
        )

    def _bent(self, left: "Left", laws: tuple[int, ...]) -> "Left":
        """With those of the laws that an amount could begin to break: one object for equal ones."""
        if (left, laws) not in self._lefts:
            live = [n for n in laws if self.laws[n].bends]
            bent = [n for n in live if self.laws[n].about(left.given, self.policy)]
            self._lefts[left, laws] = replace(left, laws=frozenset(bent))
        return self._lefts[left, laws]

    def _left(
        self,
        options: Sequence[Combination],
        extras: Sequence[str],
        blocked: frozenset[str],
        refused: frozenset[str],
        alive: int,
    ) -> Left:
        # An option of several may lose what is refused to a limit, and then be given.
        kept = [n for n in options if not blocked.intersection(n) and not refused.issuperset(n)]
        named = {name for names in kept for name in names}
        floors = self.world.policies.floors.floors
        return Left(
            tuple(kept),
            tuple(name for name in extras if name not in blocked | refused),
            refused & named,
            frozenset(floors[n].must_offer_one_of for n in self._numbers("floor", alive)),
            frozenset(self._numbers("return", alive) if self.has_returns else ()),
            frozenset(),
        )

    def _start(self, alive: int, path: Box) -> OptionsRule | None:
        key = alive & self._masks_of("exception", "row", "label")
        if key not in self._starts:
            facts = self.facts_of(path)
            self._starts[key] = None if facts is None else self._asked_start(facts)
        return self._starts[key]

    def _asked_start(self, facts: Facts) -> OptionsRule | None:
        nothing = Spent(zero("USD"), zero("USD"))
        found = chosen(
            Work(self.policy, self.world.answered_facts(facts, self.policy.name), nothing)
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
            self._held[key] = [self.parts[n].number for n in sorted(self.walk.holding(key[1]))]
        return self._held[key]

    def _of(self, sort: str) -> list[int]:
        return [n for n, part in self.parts.items() if part.sort == sort]

    def _all(self, sort: str) -> list[int]:
        return [part.number for part in self.parts.values() if part.sort == sort]

    def _masks_of(self, *sorts: str) -> int:
        found = 0
        for sort in sorts:
            found |= self._masks.get(sort, 0)
        return found


class Survey:
    """All profiles of one policy, with the courses they form along one fact."""

    def __init__(
        self, policy: OptionPolicy, world: World, laws: Sequence[Law] = (), *, along: str = ""
    ) -> None:
        self.policy, self.world, self.laws = policy, world, laws
        self.fact = main_fact(policy, laws)
        parts = list(parts_of(policy, world, laws))
        conditions = [part.condition for part in parts]
        late = [name for name in dict.fromkeys((self.fact, along or self.fact)) if name]
        known = [all_of({name: Cell(CellKind.KNOWN)}) for name in late]
        self.space = world.space([*conditions, *known, policy.applies_to], fixed=OF_OPTION)
        regions: list[Sequence[Box]] = [self.space.region(one) for one in conditions]
        regions += kept_apart(policy.remedies.values(), self.space)
        must = self.space.region(policy.applies_to)
        self.walk = Walk(self.space, regions, order_of(self.space, late), must)
        has_returns = may_lack_return(policy) or any(
            "return_required" in law.offer.reads for law in laws
        )
        self.profiles = Profiles(
            policy, world, parts, self.walk, laws=laws, has_returns=has_returns
        )

    def courses(self) -> Iterator[tuple[Course, list[tuple[int, Profile | None]]]]:
        """Each course along the last axis as profiles, atom group by atom group."""
        for course in self.walk.courses():
            yield course, [(m, self.profiles.profile(a, p)) for m, a, p in course.steps(self.last)]

    @property
    def last(self) -> int:
        """The number of the axis that is walked last."""
        return self.walk.order[-1]


def may_lack_return(policy: OptionPolicy) -> bool:
    """Whether some option might have no answer to `return_required`, or two."""
    table = policy.returns
    if table is None:
        return False
    may_be_two = table.choose == "one" and len(table.rows) > 1
    return table.otherwise is None or may_be_two


def order_of(space: Space, late: Iterable[str]) -> list[int]:
    """The axes in the order of the walk: those of the facts `late` at its end."""
    last = [space.numbers[name] for name in late]
    return [n for n in range(len(space.axes)) if n not in last] + last


def main_fact(policy: OptionPolicy, laws: Sequence[Law] = ()) -> str:
    """The money fact that most amounts are a share of, or are held against as shares."""
    amounts = [amount.of for amount in amounts_of(policy) if amount.of]
    shares = sorted(set(amounts), key=lambda name: (-amounts.count(name), name))
    is_asked = hangs_on_matter([law.offer for law in laws], policy) or any(
        law.measure == BEST_VALUE for law in laws
    )
    if MATTER in shares or (is_asked and not shares):
        return MATTER
    return next(iter(shares), "")


def hangs_on_matter(conditions: Iterable[Condition], policy: OptionPolicy) -> bool:
    """Whether an option is asked for its share of the matter, or for its value beside it."""
    rows = policy.returns.rows if policy.returns is not None else ()
    later = (*(band.when for band in policy.approval), *(row.when for row in rows))
    return any({"cost_share", BEST_VALUE} & asked.reads for asked in (*conditions, *later))


def amounts_of(policy: OptionPolicy) -> list[Amount]:
    """Every share and amount of money of the policy but what goods cost us."""
    found = []
    for rule in policy.remedies.values():
        found += [rule.amount, rule.at_least, rule.at_most, rule.if_missing]
    limits = policy.limits
    found += [limits.each_option.at_most if limits.each_option else None]
    found += [limits.per_customer.at_most if limits.per_customer else None]
    return [amount for amount in found if amount is not None]


def parts_of(policy: OptionPolicy, world: World, laws: Sequence[Law] = ()) -> Iterator[Part]:
    """Every condition that a decision of the policy hangs on, but for those about an option."""
    labels = policy.base.labels if policy.base else ()
    rows = policy.returns.rows if policy.returns is not None else ()
    sorts: list[tuple[str, Sequence[Condition]]] = [
        ("exception", [rule.when for rule in policy.exceptions]),
        ("row", [rule.when for rule in policy.rows]),
        ("label", [label.when for label in labels]),
        ("swap", [swap.when for swap in policy.swaps]),
        ("extra", [extra.when for extra in policy.extras]),
        ("only_if", [remedy.only_if for remedy in policy.remedies.values()]),
        ("channel", [rule.when for rule in world.policies.channels.rules]),
        ("floor", [floor.when for floor in world.policies.floors.floors]),
        ("return", [box for row in rows for box in _alternatives(row.when)]),
        ("law", [c for law in laws for c in (case_part(law.when), case_part(law.offer))]),
        ("law box", [box for law in laws for c in (law.when, law.offer) for box in _split(c)]),
    ]
    for sort, conditions in sorts:
        yield from (Part(sort, number, found) for number, found in enumerate(conditions))


def _alternatives(condition: Condition) -> list[Condition]:
    """Each box of it by itself: what one asks of an option must not be taken for another's."""
    return [Condition((box,)) for box in case_part(condition).boxes]


def _split(condition: Condition) -> list[Condition]:
    """The alternatives, if there are several."""
    return _alternatives(condition) if len(condition.boxes) > 1 else []
