"""Many conditions answered at once: a bit for each, and for each value of a fact a mask of bits.

A mask is worked out by the cells themselves, from the first value that is met in a slice of the
fact's axis, and kept; so it cannot say anything else than they do.
"""

from collections.abc import Sequence

from aftersales.domain.conditions.cell import Cell
from aftersales.domain.conditions.columns import Column, Pair, column_of
from aftersales.domain.conditions.condition import Condition
from aftersales.domain.conditions.facts import Facts, FactSchema

_MOST_SCHEMAS = 8


class Masks:
    """Which of some conditions hold. Bit n stands for the condition n."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = tuple(conditions)
        self._compiled: dict[int, _Compiled] = {}

    def of(self, facts: Facts) -> tuple[int, int]:
        """The conditions that hold, and those of which it hangs on a fact that is not known.

        `conditions[n].holds(facts)` is whether bit n is in the first; it raises FactMissing
        exactly where bit n is in the second.
        """
        # In a copy of these masks the id may be that of another schema.
        compiled = self._compiled.get(id(facts.schema))
        if compiled is None or compiled.schema is not facts.schema:
            compiled = self._compile(facts.schema)
        return compiled.of(facts)

    def _compile(self, schema: FactSchema) -> "_Compiled":
        if len(self._compiled) >= _MOST_SCHEMAS:
            self._compiled.clear()
        compiled = self._compiled[id(schema)] = _Compiled(self.conditions, schema)
        return compiled


class _Compiled:
    """The conditions by the columns of one schema.

    Each box has a bit; the first box of condition n has bit n. A mask is twice as wide: the lower
    half says which boxes may hold, the upper half which do for certain.
    """

    def __init__(self, conditions: Sequence[Condition], schema: FactSchema) -> None:
        self.schema = schema
        first = [(n, box) for n, one in enumerate(conditions) for box in one.boxes[:1]]
        others = [(n, box) for n, one in enumerate(conditions) for box in one.boxes[1:]]
        boxes = [*first, *((len(conditions) + m, box) for m, (_, box) in enumerate(others))]
        self._width = len(conditions) + len(others)
        self._lower = (1 << self._width) - 1
        self._conditions = (1 << len(conditions)) - 1
        self._others = [(1 << len(conditions) + m, 1 << n) for m, (n, _) in enumerate(others)]
        self._start = sum((1 | 1 << self._width) << bit for bit, _ in boxes)
        pairs: dict[str, list[Pair]] = {}
        for bit, box in boxes:
            for fact, cell in box:
                pairs.setdefault(fact, []).append((bit, cell))
        columns = [self._column(fact, cells) for fact, cells in pairs.items() if _reads(cells)]
        self._by_word = [(one.fact, one.words, one) for one in columns if one.words]
        self._by_place = [(one.fact, one) for one in columns if not one.words]

    def of(self, facts: Facts) -> tuple[int, int]:
        found, known, rates = self._start, facts.known, facts.rates
        for fact, words, column in self._by_word:
            value = known.get(fact)
            mask = words.get(value)
            found &= column.mask(value, rates) if mask is None else mask
        for fact, column in self._by_place:
            found &= column.mask(known.get(fact), rates)
        sure, maybe = found >> self._width, found & self._lower
        if self._others:
            for box, condition in self._others:
                sure |= condition if sure & box else 0
                maybe |= condition if maybe & box else 0
            sure, maybe = sure & self._conditions, maybe & self._conditions
        return sure, maybe & ~sure

    def _column(self, fact: str, pairs: list[Pair]) -> Column:
        is_needed = fact not in self.schema.may_be_missing
        return column_of(fact, pairs, is_needed=is_needed, width=self._width)


def _reads(pairs: list[tuple[int, Cell]]) -> bool:
    return any(cell.reads for _, cell in pairs)
