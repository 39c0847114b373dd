"""Many conditions answered at once: a bit for each, and for each value of a fact a mask of bits.

A mask is worked out by the cells themselves, from the first value that is met in a slice of the
fact's axis, and kept; so it cannot say anything else than they do.
"""

from collections.abc import Sequence
from typing import Any

from aftersales.domain.conditions.cell import Cell
from aftersales.domain.conditions.columns import Column, Learned, Pair, column_of
from aftersales.domain.conditions.condition import Condition
from aftersales.domain.conditions.facts import Facts, FactSchema
from aftersales.domain.conditions.rates import Rates

_MOST_SCHEMAS = 8


_Columns = tuple[list[tuple[str, Learned]], list[tuple[str, Column]]]  # each with its fact


class Masks:
    """Which of some conditions hold. Bit n stands for the condition n."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = tuple(conditions)
        self._compiled: dict[int, ByFact] = {}
        self._latest: ByFact | None = None

    def found(self, facts: Facts) -> int:
        """What the masks of all facts leave, as one number. `told` says what it means."""
        compiled = self._latest
        if compiled is None or compiled.schema is not facts.schema:
            compiled = self.by_fact(facts.schema)
        found, value_of, rates = compiled.start, facts.known.get, facts.rates
        for fact, masks in compiled.learned:
            found &= masks[value_of(fact)]
        for fact, column in compiled.others:
            found &= column.mask(value_of(fact), rates)
        return found

    def of(self, facts: Facts) -> tuple[int, int]:
        """The conditions that hold, and those of which it hangs on a fact that is not known.

        `conditions[n].holds(facts)` is whether bit n is in the first; it raises FactMissing
        exactly where bit n is in the second.
        """
        return self.by_fact(facts.schema).told(self.found(facts))

    def by_fact(self, schema: FactSchema) -> "ByFact":
        """These masks fact by fact: for conditions of which some facts are known before others."""
        if self._latest is not None and self._latest.schema is schema:
            return self._latest
        # In a copy of these masks the id may be that of another schema.
        compiled = self._compiled.get(id(schema))
        if compiled is None or compiled.schema is not schema:
            if len(self._compiled) >= _MOST_SCHEMAS:
                self._compiled.clear()
            compiled = self._compiled[id(schema)] = ByFact(self.conditions, schema)
        self._latest = compiled
        return compiled


class ByFact:
    """The conditions by the columns of one schema.

    Each box has a bit; the first box of condition n has bit n. A mask is twice as wide: the lower
    half says which boxes may hold, the upper half which do for certain.
    """

    def __init__(self, conditions: Sequence[Condition], schema: FactSchema) -> None:
        self.schema = schema
        first = [(n, box) for n, one in enumerate(conditions) for box in one.boxes[:1]]
        further = [(n, box) for n, one in enumerate(conditions) for box in one.boxes[1:]]
        many = len(conditions)
        boxes = [*first, *((many + m, box) for m, (_, box) in enumerate(further))]
        self.width = many + len(further)
        self.lower = (1 << self.width) - 1
        self.start = sum((1 | 1 << self.width) << bit for bit, _ in boxes)
        self.further_boxes = [(1 << many + m, 1 << n) for m, (n, _) in enumerate(further)]
        self._conditions = (1 << many) - 1
        pairs: dict[str, list[Pair]] = {}
        for bit, box in boxes:
            for fact, cell in box:
                pairs.setdefault(fact, []).append((bit, cell))
        columns = [
            column_of(fact, cells, schema.declared(fact), width=self.width)
            for fact, cells in pairs.items()
            if _reads(cells)
        ]
        self.learned = [(one.fact, Learned(one)) for one in columns if one.is_learned]
        self.others = [(one.fact, one) for one in columns if not one.is_learned]
        self._columns = {one.fact: one for one in columns}
        self._learned = dict(self.learned)
        self._without: dict[frozenset[str], _Columns] = {}

    def without(self, later: frozenset[str], facts: Facts) -> int:
        """The boxes that may hold and that do, as far as the facts but those `later` say."""
        found, value_of, rates = self.start, facts.known.get, facts.rates
        kept = self._without.get(later)
        if kept is None:
            learned = [one for one in self.learned if one[0] not in later]
            others = [one for one in self.others if one[0] not in later]
            kept = self._without[later] = learned, others
        for fact, masks in kept[0]:
            found &= masks[value_of(fact)]
        for fact, column in kept[1]:
            found &= column.mask(value_of(fact), rates)
        return found

    def reads(self, fact: str) -> bool:
        """Whether some condition reads it."""
        return fact in self._columns

    def of_one(self, fact: str, value: Any, rates: Rates) -> int:
        """The boxes that may hold and that do, as far as this fact says."""
        learned = self._learned.get(fact)
        if learned is not None:
            return learned[value]
        column = self._columns.get(fact)
        return self.start if column is None else column.mask(value, rates)

    def of_money(self, fact: str, minor: int, currency: str, rates: Rates) -> int:
        """As `of_one`, of an amount of money; what it is in is seldom asked, so none is made."""
        column = self._columns.get(fact)
        return self.start if column is None else column.mask_of_money(minor, currency, rates)

    def told(self, found: int) -> tuple[int, int]:
        """As `Masks.of`, of what the masks of all facts leave; the same whatever the schema."""
        sure, maybe = found >> self.width, found & self.lower
        if self.further_boxes:
            sure, maybe = self.of_conditions(sure), self.of_conditions(maybe)
        return sure, maybe & ~sure

    def of_conditions(self, boxes: int) -> int:
        """The mask of the conditions of which one of these boxes holds."""
        for box, condition in self.further_boxes:
            if boxes & box:
                boxes |= condition
        return boxes & self._conditions


def _reads(pairs: list[tuple[int, Cell]]) -> bool:
    return any(cell.reads for _, cell in pairs)
