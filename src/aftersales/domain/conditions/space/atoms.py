"""Atoms: sets of values of one fact that none of the cells in question tells apart.

A fact whose values have an order is a line: its cut points and the stretches between them are
pieces. Money has a line for each currency that is named. Words are pieces one by one. Pieces that
every cell treats alike are one atom.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from aftersales.domain.conditions.cell import Bound, Cell, Interval, Value
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.conditions.rates import Rates
from aftersales.domain.conditions.space.roundest import roundest
from aftersales.domain.errors import AftersalesError, FactMissing

_WELL_KNOWN = ("US", "DE", "GB", "FR", "CA", "JP", "AU", "NO")


class NotProvable(AftersalesError):
    """What is asked hangs on something that the definitions do not say, such as a rate."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a stretch: where it lies on its line, and how the author wrote it.

    `bounds` are the thresholds that cut there.
    """

    key: Any
    text: str
    bounds: tuple[Bound, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, one missing value, one cut point, or the open stretch between two cut points."""

    word: str | bool | None = None
    low: Edge | None = None
    high: Edge | None = None
    currency: str = ""
    is_missing: bool = False
    is_other: bool = False  # stands for all words that no cell names
    has_others: bool = False  # amounts of all currencies that no cell names lie there too

    @property
    def is_point(self) -> bool:
        """Whether it is one value of a line."""
        return self.low is not None and self.low is self.high

    @property
    def is_line(self) -> bool:
        """Whether it lies on a line of values in order."""
        return self.word is None and not self.is_missing and not self.is_other


@dataclass(frozen=True, slots=True)
class Atom:
    """Pieces that no cell tells apart. On a line they are neighbours.

    `example` is the roundest value in it; None where the fact is missing, or where only an
    amount of another currency than that of its line, converted, can lie.
    """

    pieces: tuple[Piece, ...]
    example: Value | None

    @property
    def is_missing(self) -> bool:
        return self.pieces[0].is_missing

    @property
    def is_line(self) -> bool:
        return self.pieces[0].is_line

    @property
    def currency(self) -> str:
        """The currency of an atom of money; empty for all others."""
        return self.pieces[0].currency

    @property
    def has_others(self) -> bool:
        """Whether amounts of currencies that no cell names lie in it too, as if converted."""
        return self.pieces[0].has_others

    @property
    def low(self) -> Edge | None:
        """The lower end of its stretch; None: without end."""
        return self.pieces[0].low

    @property
    def high(self) -> Edge | None:
        """The upper end of its stretch; None: without end."""
        return self.pieces[-1].high

    @property
    def has_low(self) -> bool:
        """Whether the lower end itself is in it."""
        return self.pieces[0].is_point

    @property
    def has_high(self) -> bool:
        """Whether the upper end itself is in it."""
        return self.pieces[-1].is_point

    @property
    def has_other(self) -> bool:
        """Whether it stands for all words that no cell names."""
        return any(piece.is_other for piece in self.pieces)

    @property
    def words(self) -> tuple[str | bool, ...]:
        return tuple(piece.word for piece in self.pieces if piece.word is not None)

    def holds(self, key: Any) -> bool:
        """Whether a value that is `key` on its line lies in the stretch."""
        if self.low is not None and not (
            key >= self.low.key if self.has_low else key > self.low.key
        ):
            return False
        if self.high is None:
            return True
        return bool(key <= self.high.key if self.has_high else key < self.high.key)

    def interval(self) -> Interval:
        """Its stretch as a test of the cell language."""
        low = None if self.low is None else Bound(self.low.text, self.has_low, self.low.key)
        high = None if self.high is None else Bound(self.high.text, self.has_high, self.high.key)
        return Interval(low, high)


def line(
    declaration: FactDeclaration,
    cells: Sequence[Cell],
    *,
    currency: str = "",
    rates: Rates,
    is_converted: bool,
    is_named: bool = True,
) -> tuple[list[Piece], dict[Cell, int]]:
    """The pieces of one line, from low to high, and which of them each cell matches.

    NotProvable if a threshold would have to be converted at a rate that is not known.
    `is_converted`: amounts of other currencies lie on it too, so that no stretch is empty.
    `is_named`: some cell names the currency.
    """
    found: dict[Any, list[Bound]] = {}
    for bound in _bounds(cells):
        found.setdefault(_key(bound, currency, rates), []).append(bound)
    cuts = [
        Edge(key, _text(found[key][0], currency, is_named=is_named), tuple(found[key]))
        for key in sorted(found)
    ]
    at = {edge.key: number for number, edge in enumerate(cuts)}
    pieces = [replace(piece, has_others=is_converted) for piece in _cut(cuts, currency)]
    masks = {
        cell: _mask(cell, lambda bound: at[_key(bound, currency, rates)], len(pieces))
        for cell in cells
    }
    kept = [
        number
        for number, piece in enumerate(pieces)
        if is_converted or not _is_hollow(piece, declaration)
    ]
    return [pieces[n] for n in kept], {cell: squeezed(mask, kept) for cell, mask in masks.items()}


def squeezed(mask: int, kept: Iterable[int]) -> int:
    """`mask` with only the bits `kept`, moved together."""
    return sum(1 << new for new, old in enumerate(kept) if mask >> old & 1)


def atom(pieces: Sequence[Piece], declaration: FactDeclaration) -> Atom:
    """The pieces as one atom, with its roundest value."""
    first, last = pieces[0], pieces[-1]
    if first.is_missing:
        return Atom(tuple(pieces), None)
    if first.word is not None:
        words = [piece.word for piece in pieces]
        known = next((word for word in _WELL_KNOWN if word in words), first.word)
        is_country = declaration.type is FactType.COUNTRY
        return Atom(tuple(pieces), known if is_country else first.word)
    if first.is_other:
        return Atom(tuple(pieces), "other")
    example = roundest(
        declaration,
        first.low.key if first.low else None,
        last.high.key if last.high else None,
        has_low=first.is_point,
        has_high=last.is_point,
        currency=first.currency,
    )
    return Atom(tuple(pieces), example)


def _bounds(cells: Iterable[Cell]) -> Iterable[Bound]:
    for cell in cells:
        for test in cell.plain_tests():
            if isinstance(test, Interval):
                yield from (bound for bound in (test.low, test.high) if bound is not None)


def _key(bound: Bound, currency: str, rates: Rates) -> Any:
    if not bound.amounts:
        return bound.key
    try:
        return bound.key_in(currency, rates)
    except FactMissing as missing:
        raise NotProvable(f"the {missing.fact} is not known") from missing


def _text(bound: Bound, currency: str, *, is_named: bool) -> str:
    if not bound.amounts or (len(bound.amounts) == 1 and currency in bound.amounts):
        return bound.text
    own = bound.amounts.get(currency)
    if own is None and all(money.is_zero for money in bound.amounts.values()):
        return f"0 {currency}" if is_named else bound.text
    if own is None:
        return f"{bound.text} in {currency}" if is_named else bound.text
    amount = own.amount
    return f"{int(amount) if amount == int(amount) else amount} {currency}"


def _cut(cuts: Sequence[Edge], currency: str) -> list[Piece]:
    pieces: list[Piece] = []
    before: Edge | None = None
    for edge in cuts:
        pieces += [Piece(low=before, high=edge, currency=currency)]
        pieces += [Piece(low=edge, high=edge, currency=currency)]
        before = edge
    return [*pieces, Piece(low=before, high=None, currency=currency)]


def _mask(cell: Cell, place: Callable[[Bound], int], size: int) -> int:
    """The bits of the pieces that some test holds: piece 2n is before cut n, 2n + 1 is the cut."""
    found = 0
    for test in cell.plain_tests():
        assert isinstance(test, Interval)
        low = 0 if test.low is None else 2 * place(test.low) + (1 if test.low.is_included else 2)
        high = (
            size - 1
            if test.high is None
            else 2 * place(test.high) + (1 if test.high.is_included else 0)
        )
        found |= ((1 << max(high + 1, low)) - 1) & ~((1 << low) - 1)
    return found


def _is_hollow(piece: Piece, declaration: FactDeclaration) -> bool:
    """Whether no value that a case can have lies in a piece of its own line."""
    if piece.is_point:
        key = piece.low.key if piece.low else None
        return isinstance(key, Fraction) and bool(piece.currency) and key.denominator != 1
    found = roundest(
        declaration,
        piece.low.key if piece.low else None,
        piece.high.key if piece.high else None,
        has_low=False,
        has_high=False,
        currency=piece.currency,
    )
    return found is None
