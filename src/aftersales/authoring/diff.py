"""Two versions of the definitions compared by meaning: who is treated otherwise, and how."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aftersales.authoring.check import world_of, world_of_rulebook
from aftersales.authoring.written import Edit, edits
from aftersales.definitions.catalog import Catalog
from aftersales.domain.conditions import Facts
from aftersales.domain.conditions.space import BudgetSpent, NotProvable
from aftersales.domain.errors import AftersalesError, FactMissing
from aftersales.domain.policy import RowsTable
from aftersales.domain.policy.compare import Changed, Compared, compare_offers, compare_tables
from aftersales.domain.policy.prove import World
from aftersales.domain.policy.prove.lines import TooFine
from aftersales.domain.rulebook import Rulebook

_NOT = "could not be compared"
_Compare = Callable[[str, World, World], Compared]


@dataclass(frozen=True, slots=True)
class Uncompared:
    """A policy of which it could not be told what changed, and why: never to be read as nothing.

    `is_in_part`: some of it is told, and there may be more.
    """

    policy: str
    why: str
    is_in_part: bool = False

    @property
    def told(self) -> str:
        """`could not be compared: ...`, or `more may differ, for not all could be tried: ...`."""
        what = "more may differ, for not all could be tried" if self.is_in_part else _NOT
        return f"{what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Difference:
    """All that is otherwise in the newer version. Where every part is empty, nothing is.

    `changed` are cases, by policy; `edits` what else is written otherwise: in workflows, replies,
    calendars, and what no case of a policy can show, as reasons and labels.
    """

    changed: tuple[Changed, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    uncompared: tuple[Uncompared, ...] = ()
    edits: tuple[Edit, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs at all."""
        parts = (self.changed, self.added, self.removed, self.uncompared, self.edits)
        return not any(parts)


def compare(older: Catalog, newer: Catalog, *, on: date) -> Difference:
    """What differs for a case opened on the day `on`. AftersalesError if one has nothing then."""
    edited = edits(older.documents_on(on), newer.documents_on(on))
    return _difference(_world(older, on), _world(newer, on), edited)


def compare_offers_of(
    older: Catalog, newer: Catalog, *, on: date, policy: str = "", kind: str = ""
) -> Difference:
    """What differs in offers alone, for a case opened on the day `on`.

    Of one policy or of one kind of cases, where that is given.
    """
    before, after = _world(older, on), _world(newer, on)
    shared = _shared(before.policies.compensation, after.policies.compensation)
    named = [name for name in shared if not policy or name == policy]
    asked = [
        name
        for name in named
        if not _is_alike(name, before, after)
        and (policy or not kind or _may_apply(name, before, kind) or _may_apply(name, after, kind))
    ]
    pairs = ((name, compare_offers) for name in asked)
    changed, uncompared = _laid_side_by_side(pairs, before, after)
    return Difference(changed=changed, uncompared=uncompared)


def _may_apply(name: str, world: World, kind: str) -> bool:
    """Whether the policy may decide cases of the kind, whatever else is known of them."""
    try:
        facts = Facts(world.schema, {"kind": kind})
        return world.policies.compensation[name].applies_to.holds(facts)
    except FactMissing:
        return True


def _is_alike(name: str, older: World, newer: World) -> bool:
    """Whether all that an offer hangs on is the same."""
    before, after = older.policies, newer.policies
    return (
        before.compensation[name] == after.compensation[name]
        and (older.schema, older.rates) == (newer.schema, newer.rates)
        and (before.channels, before.floors) == (after.channels, after.floors)
        and _answering(older) == _answering(newer)
    )


def _answering(world: World) -> dict[str, RowsTable]:
    """The tables that answer facts."""
    names = {*world.schema.derived_by_policy.values()}
    return {name: table for name, table in world.policies.rows.items() if name in names}


def compare_pinned(pinned: Rulebook, newer: Catalog, *, on: date) -> Difference:
    """What would differ for an open case, bound to the rulebook `pinned`, under newer definitions.

    Only the policies that bind it are compared.
    """
    world, now = world_of_rulebook(pinned), _world(newer, on)
    bound = set(pinned.policies.compensation) | set(pinned.policies.rows)
    found = _difference(world, now, ())
    return Difference(
        changed=found.changed,
        removed=found.removed,
        added=tuple(name for name in found.added if name in bound),
        uncompared=found.uncompared,
    )


def _world(catalog: Catalog, on: date) -> World:
    begun = [version for version in catalog.versions if version.first <= on]
    if not begun:
        raise AftersalesError(f"no definitions are in force on {on}")
    return world_of(begun[-1], catalog)


def _difference(older: World, newer: World, edited: Sequence[Edit]) -> Difference:
    changed, uncompared = _laid_side_by_side(_both(older, newer), older, newer)
    before, after = _names(older), _names(newer)
    return Difference(
        changed,
        tuple(name for name in after if name not in before),
        tuple(name for name in before if name not in after),
        uncompared,
        tuple(edited),
    )


def _laid_side_by_side(
    asked: Iterable[tuple[str, _Compare]], older: World, newer: World
) -> tuple[tuple[Changed, ...], tuple[Uncompared, ...]]:
    changed: list[Changed] = []
    uncompared: list[Uncompared] = []
    for name, compared in asked:
        try:
            found = compared(name, older, newer)
        except (NotProvable, BudgetSpent, TooFine) as why:
            uncompared.append(Uncompared(name, str(why) or "its rules cut the cases too finely"))
            continue
        changed += found.changed
        if found.why_more:
            uncompared.append(Uncompared(name, found.why_more, is_in_part=True))
    return tuple(changed), tuple(uncompared)


def _both(older: World, newer: World) -> Iterator[tuple[str, _Compare]]:
    """The policies that both versions have, with what compares them."""
    for name in _shared(older.policies.compensation, newer.policies.compensation):
        if not _is_alike(name, older, newer):
            yield name, compare_offers
    for name in _shared(older.policies.rows, newer.policies.rows):
        yield name, compare_tables


def _shared(older: Mapping[str, object], newer: Mapping[str, object]) -> list[str]:
    return [name for name in newer if name in older]


def _names(world: World) -> list[str]:
    return [*world.policies.compensation, *world.policies.rows]
