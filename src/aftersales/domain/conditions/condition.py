"""A condition: boxes of `fact: cell` pairs. One box must hold; in a box, all pairs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aftersales.domain.conditions.cell import Cell, CellKind
from aftersales.domain.conditions.facts import Facts
from aftersales.domain.errors import FactMissing

Box = tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """Why a condition does not hold: the fact, its cell in words, and the value it has."""

    fact: str
    cell: str
    value: str

    def __str__(self) -> str:
        return f"{self.fact} is {self.value}, and must be {self.cell}"


@dataclass(frozen=True, slots=True)
class Condition:
    """Any of `boxes`. Whether it holds does not depend on the order of facts or boxes."""

    boxes: tuple[Box, ...]

    @property
    def reads(self) -> frozenset[str]:
        """The facts whose values matter."""
        return frozenset(fact for box in self.boxes for fact, cell in box if cell.reads)

    def holds(self, facts: Facts) -> bool:
        """Whether one box holds. FactMissing if that hangs on a fact that is not known.

        A missing fact that may be missing fits no cell but `missing` and `any`. A box with a
        cell that fails does not need its other facts.
        """
        missing: FactMissing | None = None
        for box in self.boxes:
            try:
                if _box_holds(box, facts):
                    return True
            except FactMissing as slip:
                missing = missing or slip
        if missing:
            raise missing
        return False

    def first_failing(self, facts: Facts) -> Failing | None:
        """The first pair that keeps the condition from holding; None if it holds. Never raises."""
        first: Failing | None = None
        for box in self.boxes:
            failing = next(_failing(box, facts), None)
            if failing is None:
                return None
            first = first or failing
        return first or Failing("always", "never", "always")

    def plain(self) -> list[dict[str, str]]:
        """The boxes as texts, as they would be written."""
        return [{fact: str(cell) for fact, cell in box} for box in self.boxes]

    def __str__(self) -> str:
        if any(not box for box in self.boxes):
            return "always"
        return "; or ".join(_in_words(box) for box in self.boxes)


ALWAYS = Condition(((),))


def all_of(cells: Mapping[str, Cell]) -> Condition:
    """A condition of one box."""
    return Condition((tuple(cells.items()),))


def _box_holds(box: Box, facts: Facts) -> bool:
    missing: FactMissing | None = None
    for fact, cell in box:
        try:
            if not _pair_holds(fact, cell, facts):
                return False
        except FactMissing as slip:
            missing = missing or slip
    if missing:
        raise missing
    return True


def _pair_holds(fact: str, cell: Cell, facts: Facts) -> bool:
    value = facts.known.get(fact)
    is_read = cell.kind not in (CellKind.ANY, CellKind.MISSING)
    if value is None and is_read and fact not in facts.schema.may_be_missing:
        raise FactMissing(fact)
    return cell.matches(value, facts.rates)


def _failing(box: Box, facts: Facts) -> Iterator[Failing]:
    """The pairs that fail; those that fail for a known value first."""
    unknown: list[Failing] = []
    for fact, cell in box:
        try:
            if not _pair_holds(fact, cell, facts):
                yield Failing(fact, str(cell), facts.text(fact))
        except FactMissing as slip:
            value = facts.text(fact) if slip.fact == fact else f"{facts.text(fact)}, {slip}"
            unknown.append(Failing(fact, str(cell), value))
    yield from unknown


def _in_words(box: Box) -> str:
    return ", ".join(f"{fact} {cell}" for fact, cell in box)
