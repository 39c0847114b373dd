"""An axis: one fact of the space, with its atoms, and which of them each cell matches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from aftersales.domain.conditions.cell import Cell, CellKind, Interval, Single, Value, axis_key
from aftersales.domain.conditions.codes import COUNTRIES, LANGUAGES
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.conditions.rates import Rates
from aftersales.domain.conditions.space.atoms import Atom, Piece, atom, line, squeezed
from aftersales.domain.money import Money, exponent

_FINITE = {FactType.COUNTRY: COUNTRIES, FactType.LANGUAGE: LANGUAGES}


@dataclass(frozen=True, slots=True)
class Axis:
    """One fact, its atoms, and the names of groups and bands with the atoms they stand for."""

    declaration: FactDeclaration
    atoms: tuple[Atom, ...]
    masks: Mapping[Cell, int] = field(repr=False)
    names: Mapping[str, int] = field(repr=False, default_factory=dict)

    @property
    def fact(self) -> str:
        return self.declaration.name

    @property
    def whole(self) -> int:
        """All atoms, a bit each."""
        return (1 << len(self.atoms)) - 1

    def mask(self, cell: Cell) -> int:
        """The atoms that `cell` matches. Only cells that the axis was cut for."""
        return self.whole if cell.kind is CellKind.ANY else self.masks[cell]

    def chosen(self, mask: int) -> tuple[Atom, ...]:
        """The atoms of a mask, in order."""
        return tuple(found for n, found in enumerate(self.atoms) if mask >> n & 1)

    def bit_of(self, value: Value | None, rates: Rates) -> int:
        """The bit of the atom that a value is in; 0 if it is in none, as one out of range.

        FactMissing if that hangs on a rate that is not known.
        """
        key = self._key(value, rates)
        for number, found in enumerate(self.atoms):
            if _is_in(found, value, key):
                return 1 << number
        if isinstance(value, str):
            return sum(1 << n for n, found in enumerate(self.atoms) if found.has_other)
        return 0

    def _key(self, value: Value | None, rates: Rates) -> tuple[str, Any]:
        """The line that a value lies on, and where."""
        if value is None or isinstance(value, frozenset):
            return "", None
        if not isinstance(value, Money):
            return "", axis_key(value, self.declaration.order)
        lines = {atom.currency: atom.has_others for atom in self.atoms if atom.is_line}
        if value.currency in lines:
            return value.currency, Fraction(value.minor)
        line = next((line for line, has_others in lines.items() if has_others), next(iter(lines)))
        return line, rates.convert(value, line)


def _is_in(atom: Atom, value: Value | None, key: tuple[str, Any]) -> bool:
    if value is None or not atom.is_line:
        return atom.is_missing if value is None else value in atom.words
    return atom.currency == key[0] and atom.holds(key[1])


def axis_of(
    declaration: FactDeclaration,
    cells: Iterable[Cell],
    *,
    rates: Rates,
    names: Mapping[str, Cell] | None = None,
    is_never_missing: bool = False,
) -> Axis:
    """The axis of a fact, cut for `cells`. NotProvable where a rate is needed and not known.

    `names` are groups and bands: a cut is made for those that `cells` name anyway, and each tells
    which atoms it stands for, if it is made of whole ones.
    """
    used = tuple(dict.fromkeys(cell for cell in cells if cell.kind is not CellKind.ANY))
    named = dict(names or {})
    ranges = (declaration.range,) if declaration.range is not None else ()
    pieces, raw = _pieces(declaration, (*used, *ranges, *named.values()), rates)
    if declaration.may_be_missing and not is_never_missing:
        pieces = [*pieces, Piece(is_missing=True)]
    if declaration.range is not None:
        pieces, raw = _within(pieces, raw, declaration.range)
    fits = {cell: _by_kind(cell, raw[cell], pieces) for cell in used}
    groups = _alike(pieces, list(fits.values()))
    atoms = tuple(atom([pieces[n] for n in group], declaration) for group in groups)
    bits = [group[0] for group in groups]
    masks = {cell: squeezed(mask, bits) for cell, mask in fits.items()}
    return Axis(declaration, atoms, masks, _whole_names(named, raw, groups))


def _pieces(
    declaration: FactDeclaration, cells: Sequence[Cell], rates: Rates
) -> tuple[list[Piece], dict[Cell, int]]:
    """All pieces but the missing one, and those in which a test of each cell holds."""
    if declaration.type is FactType.MONEY:
        return _money_lines(declaration, cells, rates)
    if declaration.has_order and not declaration.choices:
        return line(declaration, cells, rates=rates, is_converted=False)
    words = _words(declaration, cells)
    pieces = [Piece(word=word) for word in words]
    if _is_open(declaration):
        pieces.append(Piece(is_other=True))
    found = {}
    for cell in cells:
        held = (n for n, word in enumerate(words) if _holds(cell, word))
        found[cell] = sum(1 << n for n in held)
    return pieces, found


def _money_lines(
    declaration: FactDeclaration, cells: Sequence[Cell], rates: Rates
) -> tuple[list[Piece], dict[Cell, int]]:
    """A line for each currency that is named, and one for all others, as far as there are rates.

    Those others are told in one of them: what is converted is converted for all in the same way.
    """
    bounds = [
        bound
        for cell in cells
        for test in cell.plain_tests()
        if isinstance(test, Interval)
        for bound in (test.low, test.high)
        if bound is not None and not next(iter(bound.amounts.values())).is_zero
    ]
    named = dict.fromkeys(currency for bound in bounds for currency in bound.amounts)
    has_rates = bool(rates.per_base)
    if len(named) < 2:
        # Rates turn every amount into one of this currency, none of which is then left out.
        only = next(iter(named), "USD")
        return line(declaration, cells, currency=only, rates=rates, is_converted=has_rates)
    lines = [
        line(declaration, cells, currency=currency, rates=rates, is_converted=False)
        for currency in named
    ]
    known = [currency for currency in (rates.base, *rates.per_base) if currency not in named]
    usual = [currency for currency in known if currency and exponent(currency) == 2]
    other = next(iter([*usual, *filter(None, known)]), None)
    if other is not None:
        lines.append(
            line(declaration, cells, currency=other, rates=rates, is_converted=True, is_named=False)
        )
    pieces: list[Piece] = []
    masks = dict.fromkeys(cells, 0)
    for found, held in lines:
        for cell in masks:
            masks[cell] |= held[cell] << len(pieces)
        pieces += found
    return pieces, masks


def _words(declaration: FactDeclaration, cells: Iterable[Cell]) -> tuple[str | bool, ...]:
    if declaration.type is FactType.YES_NO:
        return (True, False)
    if declaration.choices:
        return declaration.choices
    if declaration.type in _FINITE:
        return tuple(sorted(_FINITE[declaration.type]))
    tests = (test for cell in cells for test in cell.plain_tests())
    return tuple(dict.fromkeys(t.value for t in tests if not isinstance(t, Interval)))


def _is_open(declaration: FactDeclaration) -> bool:
    """Whether a value may be a word that nothing names."""
    is_closed = declaration.choices or declaration.type in (*_FINITE, FactType.YES_NO)
    return not is_closed


def _holds(cell: Cell, word: Single) -> bool:
    return replace(cell, kind=CellKind.MATCHES).matches(word)


def _within(
    pieces: list[Piece], raw: dict[Cell, int], range: Cell
) -> tuple[list[Piece], dict[Cell, int]]:
    """Without what lies outside the declared range."""
    inside = raw[range]
    kept = [n for n, piece in enumerate(pieces) if piece.is_missing or inside >> n & 1]
    return [pieces[n] for n in kept], {cell: squeezed(mask, kept) for cell, mask in raw.items()}


def _by_kind(cell: Cell, held: int, pieces: Sequence[Piece]) -> int:
    """The pieces that a cell matches, from those in which one of its tests holds."""
    missing = sum(1 << n for n, piece in enumerate(pieces) if piece.is_missing)
    known = ((1 << len(pieces)) - 1) & ~missing
    match cell.kind:
        case CellKind.MISSING:
            return missing
        case CellKind.KNOWN:
            return known
        case CellKind.EXCLUDES:
            return known & ~held
    return held & known


def _alike(pieces: Sequence[Piece], masks: Sequence[int]) -> list[list[int]]:
    """The pieces in groups that no mask tells apart; on a line only neighbours."""
    groups: dict[object, list[int]] = {}
    run = 0
    before: tuple[object, ...] | None = None
    for number, piece in enumerate(pieces):
        marks = tuple(mask >> number & 1 for mask in masks)
        if piece.is_line:
            run += before != (piece.currency, *marks)
            before = (piece.currency, *marks)
            groups.setdefault(run, []).append(number)
        else:
            sort = "missing" if piece.is_missing else "word"
            groups.setdefault((sort, marks), []).append(number)
    return list(groups.values())


def _whole_names(
    names: Mapping[str, Cell], raw: Mapping[Cell, int], groups: Sequence[Sequence[int]]
) -> dict[str, int]:
    """The atoms that each name stands for; a name that cuts through an atom is left out."""
    found = {}
    for name, cell in names.items():
        inside = [[bool(raw[cell] >> n & 1) for n in group] for group in groups]
        if all(all(group) or not any(group) for group in inside):
            found[name] = sum(1 << n for n, group in enumerate(inside) if all(group))
    return found
