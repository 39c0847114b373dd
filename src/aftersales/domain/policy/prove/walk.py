"""Every way in which some conditions can hold together, found once each.

The axes are walked in a fixed order; what matters at each is only which boxes are still alive, so
that two paths with the same boxes alive go on as one.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from aftersales.domain.conditions.space import Box, BudgetSpent, Cover, Space

MOST_NODES = 400_000


@dataclass(frozen=True, slots=True)
class Course:
    """What changes along the last axis: its atoms, and the boxes that are alive there.

    `before` are the boxes alive before that axis, which tell the course from others.
    """

    before: int
    path: Box
    parts: tuple[tuple[int, int], ...]

    def steps(self, axis: int) -> Iterator[tuple[int, int, Box]]:
        """Each part: its atoms on the last axis, the boxes alive there, and the path to it."""
        for atoms, alive in self.parts:
            yield atoms, alive, (*self.path[:axis], atoms, *self.path[axis + 1 :])


@dataclass(slots=True)
class Walk:
    """The walk over a space. `order` are the axes, the one that is looked at last at its end.

    `regions` are where each condition holds, by its number; `must` is where a case has to be.
    """

    space: Space
    regions: Sequence[Sequence[Box]]
    order: Sequence[int]
    must: Sequence[Box]
    cover: Cover = field(init=False)
    owners: list[int] = field(init=False)
    _asked: int = field(init=False)
    _never: int = field(init=False)

    def __post_init__(self) -> None:
        pairs = [(box, n) for n, boxes in enumerate(self.regions) for box in boxes]
        self.owners = [owner for _, owner in pairs]
        boxes = [box for box, _ in pairs]
        asked, never = [*self.must], [*self.space.impossible]
        start = len(boxes)
        self._asked = ((1 << len(asked)) - 1) << start
        self._never = ((1 << len(never)) - 1) << (start + len(asked))
        self.cover = Cover([*boxes, *asked, *never], self.space.sizes)

    def courses(self) -> Iterator["Course"]:
        """Each distinct course along the last axis, with the first path that leads to it."""
        seen: set[tuple[int, int]] = set()
        path = list(self.space.whole)
        yield from self._below(0, self.cover.all, path, seen)

    def holding(self, alive: int) -> frozenset[int]:
        """The conditions that hold where these boxes are alive."""
        return frozenset(self.owners[n] for n in _numbers(alive & ~(self._asked | self._never)))

    def bits(self, conditions: Sequence[int]) -> int:
        """All boxes of these conditions."""
        wanted = set(conditions)
        return sum(1 << n for n, owner in enumerate(self.owners) if owner in wanted)

    def paths(self, befores: Container[int], most: int) -> Iterator[tuple[int, Box]]:
        """Paths to the courses with `befores` alive before the last axis, each with its own."""
        reach: dict[tuple[int, int], bool] = {}
        path = list(self.space.whole)
        yield from islice(self._paths(0, self.cover.all, path, befores, reach), most)

    def split(self, axis: int, mask: int, alive: int) -> dict[int, int]:
        """The atoms of one axis by the boxes that are alive there."""
        rows, found = self.cover.at[axis], dict[int, int]()
        for number in _numbers(mask):
            left = alive & rows[number]
            found[left] = found.get(left, 0) | 1 << number
        return found

    def _below(
        self, level: int, alive: int, path: list[int], seen: set[tuple[int, int]]
    ) -> Iterator["Course"]:
        if not self._may_be(alive) or (level, alive) in seen:
            return
        seen.add((level, alive))
        if len(seen) > MOST_NODES:
            raise BudgetSpent
        axis = self.order[level]
        parts = self.split(axis, self.space.whole[axis], alive)
        if level == len(self.order) - 1:
            course = [(m, a) for a, m in parts.items() if self._may_be(a) and not a & self._never]
            if course:
                yield Course(alive, tuple(path), tuple(course))
            return
        for left, atoms in parts.items():
            path[axis] = atoms
            yield from self._below(level + 1, left, path, seen)
        path[axis] = self.space.whole[axis]

    def _paths(
        self,
        level: int,
        alive: int,
        path: list[int],
        befores: Container[int],
        reach: dict[tuple[int, int], bool],
    ) -> Iterator[tuple[int, Box]]:
        if not self._may_be(alive) or reach.get((level, alive)) is False:
            return
        if level == len(self.order) - 1:
            if alive in befores:
                yield alive, tuple(path)
            return
        axis = self.order[level]
        found = False
        for left, atoms in self.split(axis, self.space.whole[axis], alive).items():
            path[axis] = atoms
            for box in self._paths(level + 1, left, path, befores, reach):
                found = True
                yield box
        path[axis] = self.space.whole[axis]
        reach[level, alive] = found

    def _may_be(self, alive: int) -> bool:
        return bool(alive & self._asked)


def _numbers(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
