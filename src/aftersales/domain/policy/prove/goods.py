"""What goods may cost us: the facts that their costs are made of, and costs that stand for all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor

from aftersales.domain.conditions import FactSchema
from aftersales.domain.conditions.space import Atom, Box, Space
from aftersales.domain.policy.prove.lines import Sum
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.table import Combination

PLENTY = 10**9  # minor units: more than any limit
Cost = tuple[str, int | None]
"""A fact that goods cost, and its minor units; None: it is missing."""
Around = Sequence[tuple[Sum, Sum]]
"""What may stand beside goods, and the limit that both are held against."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Facts that the same remedies cost: only their sum counts, so that one of them stands for it.

    `atoms` are where that one lies, if conditions read it; None: it may be anything.
    """

    names: tuple[str, ...]
    may_be_missing: bool
    atoms: tuple[Atom, ...] | None = None

    def costs(self, around: Iterable[int], currency: str) -> list[int | None]:
        """The costs that stand for all, those `around` a limit among them."""
        found = {0, PLENTY, *(cost for cost in around if cost > 0)}
        if self.atoms is None:
            return [*sorted(found), *([None] if self.may_be_missing else [])]
        kept: set[int | None] = set()
        for atom in self.atoms:
            if atom.is_missing:
                kept.add(None)
            elif atom.currency == currency:
                low, high = ends(atom, least=0)
                top = max(low, PLENTY) if high is None else high
                kept |= {low, top, *(cost for cost in found if low <= cost <= top)}
        return sorted(kept, key=lambda cost: (cost is None, cost or 0))

    def ends(self) -> set[int]:
        """The least and the most that they may cost, where conditions say so."""
        lines = [atom for atom in self.atoms or () if atom.is_line]
        return {end for atom in lines for end in ends(atom, least=0) if end}

    def is_foreign(self, currency: str) -> bool:
        """Whether it may lie on the line of another currency."""
        return any(atom.is_line and atom.currency != currency for atom in self.atoms or ())


def cost_facts(rules: Iterable[RemedyRule]) -> list[str]:
    """The facts of which the costs of goods are made."""
    return list(dict.fromkeys(a.of for rule in rules for a in rule.costs if a.of))


def kept_apart(rules: Iterable[RemedyRule], space: Space) -> list[Sequence[Box]]:
    """A region for each atom of what goods cost: cases that differ in it may differ in amounts."""
    regions: list[Sequence[Box]] = []
    for number in (space.numbers[n] for n in cost_facts(rules) if n in space.numbers):
        for bit in range(space.sizes[number]):
            regions.append([(*space.whole[:number], 1 << bit, *space.whole[number + 1 :])])
    return regions


def goods_of(
    rules: Sequence[RemedyRule], schema: FactSchema, space: Space, here: Box
) -> tuple[Goods, ...]:
    """All that the goods of these remedies may cost, in a part of the space."""
    together: dict[tuple[str, ...], list[str]] = {}
    for name in cost_facts(rules):
        users = tuple(rule.name for rule in rules if any(a.of == name for a in rule.costs))
        key = (name,) if name in space.numbers else ("", *users)
        together.setdefault(key, []).append(name)
    return tuple(_goods(tuple(names), schema, space, here) for names in together.values())


def _goods(names: tuple[str, ...], schema: FactSchema, space: Space, here: Box) -> Goods:
    declared = [schema.declared(name) for name in names]
    may_be_missing = any(one is not None and one.may_be_missing for one in declared)
    number = space.numbers.get(names[0])
    atoms = None if number is None else space.axes[number].chosen(here[number])
    return Goods(names, may_be_missing, atoms)


def are_tangled(
    goods: Sequence[Goods], given: Iterable[Combination], rules: Sequence[RemedyRule]
) -> bool:
    """Whether two options share some of these goods, and one of them has others too."""
    costs = {rule.name: set(cost_facts([rule])) for rule in rules}
    used = set()
    for names in given:
        own = {fact for name in names for fact in costs[name]}
        used.add(frozenset(n for n, one in enumerate(goods) if own.intersection(one.names)))
    return any(a != b and a & b and max(len(a), len(b)) > 1 for a in used for b in used)


def all_costs(
    goods: Sequence[Goods], around: Sequence[int], currency: str
) -> Iterator[tuple[Cost, ...]]:
    """Each way in which all may cost something; what one leaves of a limit, the next may cost."""
    if not goods:
        yield ()
        return
    first, *others = goods
    for cost in first.costs(around, currency):
        left = [*around, *(limit - cost for limit in around)] if cost and others else around
        for rest in all_costs(others, left, currency):
            yield ((first.names[0], cost), *rest)


def around(at: int, lines: Around) -> list[int]:
    """What goods may cost at one amount: around each limit, less what stands beside them."""
    found: set[int] = set()
    for beside, limit in lines:
        top = floor(limit.at(at)) - int(beside.at(at))
        found |= {top, top + 1}
    return sorted(cost for cost in found if cost > 0)


def ends(atom: Atom, *, least: int = 1) -> tuple[int, int | None]:
    """The least and the greatest whole minor unit in an atom of money; None: without end."""
    low, high = atom.low, atom.high
    first = least if low is None else -(-low.key // 1) if atom.has_low else low.key // 1 + 1
    if high is None:
        return max(int(first), 0), None
    last = high.key // 1 if atom.has_high else -(-high.key // 1) - 1
    return max(int(first), 0), int(last)
