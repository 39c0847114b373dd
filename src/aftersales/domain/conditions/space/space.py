"""The space of the cases that some conditions can tell apart: an axis a fact, a box a condition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from aftersales.domain.conditions.cell import ANY, Cell, CellKind, Value
from aftersales.domain.conditions.condition import Condition
from aftersales.domain.conditions.declaration import DaysBetween, FactDeclaration
from aftersales.domain.conditions.facts import Facts, FactSchema
from aftersales.domain.conditions.rates import Rates
from aftersales.domain.conditions.space.axes import Axis, axis_of
from aftersales.domain.conditions.space.boxes import Box, meet_all, outside


@dataclass(frozen=True, slots=True)
class Answered:
    """A fact that a table answers, as rules of which the first that holds decides.

    `is_exclusive`: where two hold, nothing is answered. `has_otherwise`: the last rule is for
    where none of the others holds. The answer None is none.
    """

    rules: tuple[tuple[Condition, Value | None], ...]
    is_exclusive: bool = False
    has_otherwise: bool = False


@dataclass(frozen=True)
class Space:
    """All cases that can be, by the facts that matter. Built by `space_of`."""

    schema: FactSchema
    axes: tuple[Axis, ...]
    answered: Mapping[str, Answered] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates.none)

    @cached_property
    def whole(self) -> Box:
        """The box of everything, what cannot be with it."""
        return tuple(axis.whole for axis in self.axes)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many atoms each axis has."""
        return tuple(len(axis.atoms) for axis in self.axes)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Which axis each fact is."""
        return {axis.fact: number for number, axis in enumerate(self.axes)}

    @cached_property
    def impossible(self) -> tuple[Box, ...]:
        """What no case can be: days between two dates, known where a date is missing."""
        return tuple(box for axis in self.axes for box in self._contradictions(axis))

    def region(
        self, condition: Condition, *, fixed: Mapping[str, Value] | None = None
    ) -> tuple[Box, ...]:
        """Where `condition` holds: boxes that together are exactly that. They may meet.

        `fixed` are facts with one known value, that are no axes.
        """
        found: list[Box] = []
        for pairs in condition.boxes:
            parts: list[Box] = [self.whole]
            for fact, cell in pairs:
                parts = self._narrowed(parts, fact, cell, fixed or {})
            found += parts
        return tuple(dict.fromkeys(found))

    def decided(
        self,
        whens: Sequence[Condition],
        *,
        is_exclusive: bool = False,
        has_otherwise: bool = False,
    ) -> tuple[list[list[Box]], list[Box]]:
        """Where each of some rules is the first that holds, and where none does.

        `is_exclusive`: where it is the only one. `has_otherwise`: the last is no rule beside the
        others, but what decides where none of them holds. The boxes of one region do not meet.
        """
        rules = len(whens) - has_otherwise
        regions = [list(self.region(when)) for when in whens]
        left: list[Box] = [self.whole]
        found = []
        for number, boxes in enumerate(regions):
            own = _apart(meet_all(left, boxes))
            left = outside(left, boxes)
            if is_exclusive:
                own = outside(own, [box for later in regions[number + 1 : rules] for box in later])
            found.append(own)
        return found, left

    def point_of(self, facts: Facts) -> Box:
        """The box of one atom an axis that a case is in; a mask is 0 where it is out of range.

        FactMissing if that hangs on a rate that is not known.
        """
        return tuple(axis.bit_of(facts.get(axis.fact), facts.rates) for axis in self.axes)

    def facts_of(self, box: Box, *, given: Mapping[str, Value] | None = None) -> Facts | None:
        """One case of `box`, of round values; None if only converted amounts lie in it."""
        values = dict(given or {})
        for axis, mask in zip(self.axes, box, strict=True):
            atoms = axis.chosen(mask)
            best = next((a for a in atoms if a.example is not None), atoms[0])
            if best.example is None and not best.is_missing:
                return None
            if best.example is not None:
                values[axis.fact] = best.example
        return Facts(self.schema, values, self.rates)

    def _narrowed(
        self, parts: Sequence[Box], fact: str, cell: Cell, fixed: Mapping[str, Value]
    ) -> list[Box]:
        if cell.kind is CellKind.ANY:
            return list(parts)
        if fact in fixed:
            return list(parts) if cell.matches(fixed[fact], self.rates) else []
        if fact not in self.answered:
            number = self.numbers[fact]
            mask = self.axes[number].mask(cell)
            cut = [(*b[:number], b[number] & mask, *b[number + 1 :]) for b in parts]
            return [box for box in cut if box[number]]
        held = [b for value, boxes in self._answers[fact] if cell.matches(value) for b in boxes]
        return meet_all(parts, held)

    @cached_property
    def _answers(self) -> "_Answers":
        return _Answers(self)

    def _contradictions(self, axis: Axis) -> Iterable[Box]:
        days = axis.declaration.derived
        if not isinstance(days, DaysBetween):
            return
        own, missing = self.numbers[axis.fact], _missing(axis)
        for source in (days.start, days.end):
            other = self.numbers.get(source)
            if other is not None:
                gone = _missing(self.axes[other])
                yield self._at({own: axis.whole & ~missing, other: gone})
        if missing and not any(self._may_be_missing(name) for name in (days.start, days.end)):
            yield self._at({own: missing})
        starts = [self.numbers.get(name) for name in (days.start, days.end)]
        known = [n for n in starts if n is not None]
        if missing and all(
            n is not None or not self._may_be_missing(name)
            for n, name in zip(starts, (days.start, days.end), strict=True)
        ):
            there = {n: self.axes[n].whole & ~_missing(self.axes[n]) for n in known}
            yield self._at({own: missing, **there})

    def _may_be_missing(self, fact: str) -> bool:
        declared = self.schema.declared(fact)
        return declared is None or declared.may_be_missing

    def _at(self, masks: Mapping[int, int]) -> Box:
        return tuple(masks.get(number, axis.whole) for number, axis in enumerate(self.axes))


class _Answers(dict[str, list[tuple[Value | None, list[Box]]]]):
    """Where each answer of a table is given, worked out when it is first asked for."""

    def __init__(self, space: Space) -> None:
        super().__init__()
        self.space = space

    def __missing__(self, fact: str) -> list[tuple[Value | None, list[Box]]]:
        table = self.space.answered[fact]
        self[fact] = [(None, [self.space.whole])]  # a table that asks itself has no answer
        whens = [when for when, _ in table.rules]
        decided, left = self.space.decided(
            whens, is_exclusive=table.is_exclusive, has_otherwise=table.has_otherwise
        )
        found = [(v, boxes) for (_, v), boxes in zip(table.rules, decided, strict=True)]
        self[fact] = [*found, (None, left)]
        return self[fact]


def space_of(
    schema: FactSchema,
    conditions: Iterable[Condition],
    *,
    rates: Rates,
    answered: Mapping[str, Answered] | None = None,
    never_missing: Iterable[str] = (),
    fixed: Iterable[str] = (),
) -> Space:
    """The space that `conditions` cut, with those of the tables whose answers they read.

    `never_missing` are facts known of every case here though they may be missing elsewhere;
    `fixed` are facts that will be given one value when a region is asked for.
    NotProvable where a rate is needed and not known.
    """
    tables = dict(answered or {})
    cells = _cells_by_fact(conditions, tables)
    skipped = {*fixed, *tables}
    order = [name for name in schema.all if name in cells and name not in skipped]
    axes = [
        axis_of(
            schema.declaration(name),
            cells[name],
            rates=rates,
            names=_names(schema, schema.declaration(name)),
            is_never_missing=name in set(never_missing),
        )
        for name in order
    ]
    return Space(schema, tuple(axes), tables, rates)


def _cells_by_fact(
    conditions: Iterable[Condition], answered: Mapping[str, Answered]
) -> dict[str, dict[Cell, None]]:
    found: dict[str, dict[Cell, None]] = {}
    asked: set[str] = set()
    waiting = list(conditions)
    while waiting:
        for box in waiting.pop().boxes:
            for fact, cell in box:
                found.setdefault(fact, {}).setdefault(cell, None)
                if fact in answered and fact not in asked:
                    asked.add(fact)
                    waiting += [when for when, _ in answered[fact].rules]
    return {
        fact: {c: None for c in cells if c.kind is not CellKind.ANY} or {ANY: None}
        for fact, cells in found.items()
    }


def _names(schema: FactSchema, declaration: FactDeclaration) -> dict[str, Cell]:
    """The groups and bands of a fact as cells."""
    return {
        name: Cell(CellKind.MATCHES, tests, declaration.order)
        for name, tests in schema.names(declaration.name).items()
    }


def _apart(boxes: Sequence[Box]) -> list[Box]:
    """The same region as boxes that do not meet."""
    found: list[Box] = []
    for box in boxes:
        found += outside([box], found)
    return found


def _missing(axis: Axis) -> int:
    return sum(1 << n for n, atom in enumerate(axis.atoms) if atom.is_missing)
