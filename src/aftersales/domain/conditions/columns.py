"""The cells of one fact in many conditions, as masks by the value of the fact."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aftersales.domain.conditions.cell import Bound, Cell, CellKind, Interval, Word, axis_key
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.conditions.rates import Rates
from aftersales.domain.duration import Duration
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money

Pair = tuple[int, Cell]  # the bit of a box, and its cell
_MOST_WORDS = 4096  # free texts have no end: what is beyond is worked out each time
_MOST_RATES = 64


class Column(ABC):
    """The cells of one fact."""

    is_learned = True  # values come again, are quick to look up, and their masks need no rates

    def __init__(self, fact: str, pairs: Sequence[Pair], *, is_needed: bool, width: int) -> None:
        self.fact = fact
        self._pairs, self._is_needed, self._width = pairs, is_needed, width
        self._missing = self.worked_out(None, Rates.none())

    @abstractmethod
    def mask(self, value: Any, rates: Rates) -> int:
        """The boxes whose cell fits `value`; None is a missing value."""

    def mask_of_money(self, minor: int, currency: str, rates: Rates) -> int:
        """The boxes whose cell fits so many minor units of `currency`."""
        return self.mask(Money.from_minor(minor, currency), rates)

    def worked_out(self, value: Any, rates: Rates) -> int:
        """Ask each cell. One that cannot tell stays in the lower half: its box may hold."""
        mask = (1 << 2 * self._width) - 1
        for bit, cell in self._pairs:
            may_hold, holds = 1 << bit, 1 << bit + self._width
            try:
                if not self._fits(cell, value, rates):
                    mask &= ~(may_hold | holds)
            except FactMissing:
                mask &= ~holds
        return mask

    def _fits(self, cell: Cell, value: Any, rates: Rates) -> bool:
        is_read = cell.kind not in (CellKind.ANY, CellKind.MISSING)
        if value is None and is_read and self._is_needed:
            raise FactMissing(self.fact)
        return cell.matches(value, rates)


class Learned(dict[Any, int]):
    """The masks of values met before: a look-up is all they cost."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, value: Any) -> int:
        mask = self._column.mask(value, Rates.none())
        if len(self) < _MOST_WORDS:
            self[value] = mask
        return mask

    def __reduce__(self) -> tuple[type["Learned"], tuple[Column]]:
        return Learned, (self._column,)


class Words(Column):
    """Of a fact without an axis, or with few choices. No word hangs on rates."""

    def mask(self, value: Any, rates: Rates) -> int:
        """As that of `Column`; it is not kept here."""
        return self.worked_out(value, rates)


class Line(Column):
    """Of a fact with an axis: the ends of all intervals cut it, and each piece has one mask.

    Piece 2n + 1 is the cut n itself, piece 2n what lies before it.
    """

    def __init__(self, fact: str, pairs: Sequence[Pair], *, is_needed: bool, width: int) -> None:
        super().__init__(fact, pairs, is_needed=is_needed, width=width)
        self._cuts = sorted({bound.key for bound in _bounds(pairs)})
        self._pieces: list[int | None] = [None] * (2 * len(self._cuts) + 1)

    def mask(self, value: Any, rates: Rates) -> int:
        """As that of `Column`."""
        if value is None:
            return self._missing
        key = axis_key(value) if value.__class__ is Duration else value
        at = bisect_left(self._cuts, key)
        piece = 2 * at + (at < len(self._cuts) and self._cuts[at] == key)
        mask = self._pieces[piece]
        if mask is None:
            mask = self._pieces[piece] = self.worked_out(value, rates)
        return mask


class LongLine(Line):
    """A line whose values seldom come again, or are slow to look up."""

    is_learned = False


class MoneyLine(Column):
    """Of a fact that is money: a line for each currency, and for the rates if those cut it."""

    is_learned = False

    def __init__(self, fact: str, pairs: Sequence[Pair], *, is_needed: bool, width: int) -> None:
        super().__init__(fact, pairs, is_needed=is_needed, width=width)
        self._bounds = list(_bounds(pairs))
        self._lines: dict[str, _Pieces] = {}
        self._foreign: set[str] = set()  # currencies in which some threshold must be converted
        self._converted: dict[tuple[str, int], tuple[Rates, _Pieces]] = {}

    def mask(self, value: Any, rates: Rates) -> int:
        """As that of `Column`."""
        if value is None:
            return self._missing
        starts, masks = self._lines.get(value.currency) or self._line(value.currency, rates)
        piece = bisect_right(starts, value.minor)
        mask = masks[piece]
        if mask is None:
            mask = masks[piece] = self.worked_out(value, rates)
        return mask

    def mask_of_money(self, minor: int, currency: str, rates: Rates) -> int:
        """As that of `Column`, but no amount is made where its piece was met before."""
        starts, masks = self._lines.get(currency) or self._line(currency, rates)
        mask = masks[bisect_right(starts, minor)]
        return self.mask(Money.from_minor(minor, currency), rates) if mask is None else mask

    def _line(self, currency: str, rates: Rates) -> "_Pieces":
        if currency not in self._foreign and self._is_own(currency):
            line = self._lines[currency] = _pieces(self._bounds, currency, rates)
            return line
        self._foreign.add(currency)
        # In a copy of these masks the id may be that of other rates.
        kept = self._converted.get((currency, id(rates)))
        if kept is None or kept[0] is not rates:
            if len(self._converted) >= _MOST_RATES:
                self._converted.clear()
            kept = rates, _pieces(self._bounds, currency, rates)
            self._converted[currency, id(rates)] = kept
        return kept[1]

    def _is_own(self, currency: str) -> bool:
        return all(_is_own(bound.amounts, currency) for bound in self._bounds)


_Pieces = tuple[list[int], list[int | None]]  # where each piece but the first starts; the masks


def _pieces(bounds: Iterable[Bound], currency: str, rates: Rates) -> _Pieces:
    """The line of a currency, in whole minor units. What cannot be converted does not cut it."""
    starts: set[int] = set()
    for bound in bounds:
        try:
            key = bound.key_in(currency, rates)
        except FactMissing:
            continue
        starts.add(-(-key.numerator // key.denominator))
        if key.denominator == 1:
            starts.add(key.numerator + 1)
    return sorted(starts), [None] * (len(starts) + 1)


def _is_own(amounts: Mapping[str, Any], currency: str) -> bool:
    """Whether the threshold is known in `currency` without rates."""
    return currency in amounts or next(iter(amounts.values())).is_zero


_REPEATING = frozenset({FactType.NUMBER, FactType.DATE})


def column_of(
    fact: str, pairs: Sequence[Pair], declaration: FactDeclaration | None, *, width: int
) -> Column:
    """The column that suits these cells, and what is declared of the fact."""
    is_needed = declaration is None or not declaration.may_be_missing
    kind: type[Column] = LongLine
    if declaration is not None and declaration.type in _REPEATING:
        kind = Line
    if any(cell.order or _has_words(cell) for _, cell in pairs):
        kind = Words
    elif any(bound.amounts for bound in _bounds(pairs)):
        kind = MoneyLine
    return kind(fact, pairs, is_needed=is_needed, width=width)


def _has_words(cell: Cell) -> bool:
    return any(isinstance(test, Word) for test in cell.plain_tests())


def _bounds(pairs: Sequence[Pair]) -> Iterable[Bound]:
    for _, cell in pairs:
        for test in cell.plain_tests():
            if isinstance(test, Interval):
                yield from (bound for bound in (test.low, test.high) if bound is not None)
