"""Boxes of atoms: which lie where no other does, which meet, and how far a hole reaches.

A box is a bitmask of atoms an axis. The search for holes splits the space along the axis that most
of the rows still alive restrict, and stops where one row has nothing left to restrict: no more
than a budget of such steps is taken, and to be out of budget is not to have found nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Box = tuple[int, ...]

STEPS = 200_000


class BudgetSpent(Exception):
    """The search took more steps than it may: nothing is proven."""


def meet(one: Box, other: Box) -> Box | None:
    """What two boxes have in common; None if they have nothing."""
    found = tuple(a & b for a, b in zip(one, other, strict=True))
    return found if all(found) else None


def meet_all(one: Sequence[Box], other: Sequence[Box]) -> list[Box]:
    """What two regions have in common, box by box."""
    return [found for a in one for b in other if (found := meet(a, b)) is not None]


def volume(box: Box) -> int:
    """How many combinations of atoms are in a box."""
    size = 1
    for mask in box:
        size *= mask.bit_count()
    return size


def outside(boxes: Sequence[Box], minus: Sequence[Box]) -> list[Box]:
    """What of `boxes` lies in none of `minus`, as boxes that do not meet if `boxes` do not."""
    for cut in minus:
        boxes = [part for box in boxes for part in _less(box, cut)]
    return list(boxes)


def _less(box: Box, cut: Box) -> Iterator[Box]:
    common = meet(box, cut)
    if common is None:
        yield box
        return
    for axis, inside in enumerate(common):
        beside = box[axis] & ~inside
        if beside:
            yield (*common[:axis], beside, *box[axis + 1 :])


@dataclass(slots=True)
class Cover:
    """Boxes of rows, ready to be asked what they leave open and which of them meet.

    Each row is a bit; `at[axis][atom]` are the rows that have the atom.
    """

    boxes: Sequence[Box]
    sizes: Sequence[int]
    steps: int = STEPS
    at: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.at = [[0] * size for size in self.sizes]
        for row, box in enumerate(self.boxes):
            bit = 1 << row
            for axis, mask in enumerate(box):
                cells = self.at[axis]
                while mask:
                    low = mask & -mask
                    cells[low.bit_length() - 1] |= bit
                    mask ^= low

    @property
    def all(self) -> int:
        """Every row."""
        return (1 << len(self.boxes)) - 1

    def meeting(self, box: Box, among: int | None = None) -> int:
        """The rows, of those `among`, that have something in common with `box`."""
        alive = self.all if among is None else among
        for axis, mask in enumerate(box):
            if not alive:
                return 0
            alive &= self._having(axis, mask)
        return alive

    def holes(self, within: Box, among: int | None = None) -> Iterator[Box]:
        """The parts of `within` that none of the rows `among` covers: boxes that do not meet.

        BudgetSpent if that takes too long to tell.
        """
        alive = self.meeting(within, among)
        restricted = [self._restricted(axis, mask, alive) for axis, mask in enumerate(within)]
        yield from _Search(self, restricted, self.steps).holes(list(within), alive)

    def is_covered(self, within: Box, among: int | None = None) -> bool:
        """Whether the rows `among` cover all of `within`."""
        return next(self.holes(within, among), None) is None

    def widened(self, hole: Box, whole: Box, among: int | None = None) -> Box:
        """`hole` made as large as it can be inside `whole` without meeting a row."""
        box = hole
        for axis, all_atoms in enumerate(whole):
            for mask in (all_atoms, *_bits(all_atoms & ~box[axis])):
                wider = (*box[:axis], box[axis] | mask, *box[axis + 1 :])
                if not self.meeting(wider, among):
                    box = wider
        return box

    def grown(self, box: Box, whole: Box) -> Box:
        """`box`, which the rows cover, made as large as it can be while they cover it."""
        for axis, all_atoms in enumerate(whole):
            for mask in (all_atoms, *_bits(all_atoms & ~box[axis])):
                wider = (*box[:axis], box[axis] | mask, *box[axis + 1 :])
                if wider != box and self.is_covered(wider):
                    box = wider
        return box

    def _having(self, axis: int, mask: int) -> int:
        rows, found = self.at[axis], 0
        while mask:
            low = mask & -mask
            found |= rows[low.bit_length() - 1]
            mask ^= low
        return found

    def _restricted(self, axis: int, mask: int, alive: int) -> int:
        """The rows that do not have all atoms of `mask`."""
        having_all, rows = alive, self.at[axis]
        while mask:
            low = mask & -mask
            having_all &= rows[low.bit_length() - 1]
            mask ^= low
        return alive & ~having_all


class _Search:
    """One search for holes. What was found to be covered once is not looked at again."""

    def __init__(self, cover: Cover, restricted: Sequence[int], steps: int) -> None:
        self.at = cover.at
        self.restricted = restricted
        self.steps = steps
        self.covered: set[tuple[int, int]] = set()

    def holes(self, box: list[int], alive: int, done: int = 0) -> Iterator[Box]:
        """The holes of `box`; `done` are the axes that are split already, a bit each."""
        if not alive:
            yield tuple(box)
            return
        axis = self._most_restricted(alive, done)
        if axis < 0 or (alive, done) in self.covered:
            return
        self.steps -= 1
        if self.steps < 0:
            raise BudgetSpent
        is_covered = True
        mask = box[axis]
        for rows, atoms in self._split(axis, mask, alive).items():
            box[axis] = atoms
            for hole in self.holes(box, rows, done | 1 << axis):
                is_covered = False
                yield hole
        box[axis] = mask
        if is_covered:
            self.covered.add((alive, done))

    def _split(self, axis: int, mask: int, alive: int) -> dict[int, int]:
        """The atoms of one axis by the rows that are alive there."""
        rows, found = self.at[axis], dict[int, int]()
        while mask:
            low = mask & -mask
            left = alive & rows[low.bit_length() - 1]
            found[left] = found.get(left, 0) | low
            mask ^= low
        return found

    def _most_restricted(self, alive: int, done: int) -> int:
        """The axis that most rows still restrict; -1 if some row restricts none: it covers all."""
        best, most, held = -1, 0, 0
        for axis, rows in enumerate(self.restricted):
            if not done >> axis & 1:
                some = alive & rows
                held |= some
                if (count := some.bit_count()) > most:
                    best, most = axis, count
        return best if held == alive else -1


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low
        mask ^= low
