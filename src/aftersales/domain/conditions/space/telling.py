"""Regions of cases in the words of their author: as cells, as an example, as a `when:` to paste."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from aftersales.domain.conditions.cell import Bound, Interval
from aftersales.domain.conditions.space.atoms import Atom
from aftersales.domain.conditions.space.axes import Axis
from aftersales.domain.conditions.space.boxes import Box
from aftersales.domain.conditions.space.space import Space
from aftersales.domain.conditions.values import write_value

_MOST_WORDS = 8


def region_in_words(space: Space, box: Box, *, given: Box | None = None) -> str:
    """`affected_value at least 400 USD, severity major`; `every case` for all of it.

    `given` is what goes without saying: the cases that a policy is for.
    """
    told = [f"{axis.fact} {cell_of(axis, mask)}" for axis, mask in _telling(space, box, given)]
    return ", ".join(told) or "every case"


def case_in_words(space: Space, box: Box, *, given: Box | None = None) -> str:
    """One case of the region, of round values: `affected_value 10 USD, severity major`."""
    told = [f"{axis.fact} {_example(axis, mask)}" for axis, mask in _telling(space, box, given)]
    return ", ".join(told) or "any case"


def _telling(space: Space, box: Box, given: Box | None) -> Iterator[tuple[Axis, int]]:
    """The axes on which a box says something."""
    usual = space.whole if given is None else given
    for axis, mask, own in zip(space.axes, box, usual, strict=True):
        if mask not in (axis.whole, own):
            yield axis, mask


def _quoted(cell: str) -> str:
    """A cell that YAML would take for a mapping, as text."""
    return f'"{cell}"' if "{" in cell else cell


def open_facts(space: Space, box: Box) -> tuple[str, ...]:
    """The facts that do not matter in a region."""
    return tuple(a.fact for a, mask in zip(space.axes, box, strict=True) if mask == a.whole)


def when_of(space: Space, box: Box) -> str:
    """The region as it is written in a policy: `{affected_value: huge, severity: major}`.

    No cell says `missing` and a value at once: a second mapping says the missing one.
    """
    parts: list[list[str]] = [[]]
    for axis, mask in zip(space.axes, box, strict=True):
        if mask == axis.whole:
            continue
        missing = mask & _missing(axis)
        sides = [side for side in (mask & ~missing, missing) if side]
        cells = [f"{axis.fact}: {_quoted(cell_of(axis, side))}" for side in sides]
        parts = [[*part, cell] for part in parts for cell in cells]
    told = ["{" + ", ".join(part) + "}" for part in parts]
    return told[0] if len(told) == 1 else f"[{', '.join(told)}]"


def cell_of(axis: Axis, mask: int) -> str:
    """The atoms of a mask as one cell, as far as one can say it."""
    atoms = axis.chosen(mask)
    known = [atom for atom in atoms if not atom.is_missing]
    has_missing = len(known) < len(atoms)
    if has_missing and not known:
        return "missing"
    all_known = [atom for atom in axis.atoms if not atom.is_missing]
    if len(known) == len(all_known):
        return "any" if has_missing or len(all_known) == len(axis.atoms) else "known"
    named = _named(axis, mask & ~_missing(axis))
    text = named or (_runs(axis, mask) if known[0].is_line else _words(axis, known))
    return f"{text} or missing" if has_missing else text


def _example(axis: Axis, mask: int) -> str:
    atoms = axis.chosen(mask)
    best = next((a for a in atoms if a.example is not None), atoms[0])
    if best.is_missing:
        return "missing"
    if best.example is None:
        return f"{best.interval()} once converted"
    return _value(axis, best.example)


def _value(axis: Axis, value: object) -> str:
    if axis.declaration.type == "money":
        amount = value.amount  # type: ignore[attr-defined]
        shown = f"{int(amount)}" if amount == int(amount) else f"{amount:f}"
        return f"{shown} {value.currency}"  # type: ignore[attr-defined]
    return write_value(axis.declaration, value)  # type: ignore[arg-type]


def _named(axis: Axis, mask: int) -> str:
    """The one name, or the names of bands side by side, that stand for exactly these atoms."""
    for name, atoms in axis.names.items():
        if atoms == mask:
            return name
    inside = [name for name, atoms in axis.names.items() if atoms and not atoms & ~mask]
    joined = 0
    for name in inside:
        joined |= axis.names[name]
    return " or ".join(inside) if joined == mask and len(inside) <= _MOST_WORDS else ""


def _runs(axis: Axis, mask: int) -> str:
    """Neighbouring atoms as one interval. Of money those of each currency, or what is of all."""
    runs: dict[str, list[list[Atom]]] = {}
    for run in _neighbours(axis, mask):
        runs.setdefault(run[0].currency, []).append(run)
    lines = {atom.currency: atom.has_others for atom in axis.atoms if atom.is_line}
    if len(lines) == 1:
        return " or ".join(_stretch(axis, run) for own in runs.values() for run in own)
    of_all = _of_all(axis, list(runs.values())) if len(runs) == len(lines) else None
    if of_all is not None:
        return " or ".join(of_all)
    return " or ".join(
        _in_own(axis, run, is_other=lines[currency])
        for currency, own in runs.items()
        for run in own
    )


def _of_all(axis: Axis, runs: Sequence[Sequence[Sequence[Atom]]]) -> list[str] | None:
    """The stretches as their author wrote them, if those of each currency are from the same."""
    if len({len(own) for own in runs}) > 1:
        return None
    found = []
    for same in zip(*runs, strict=True):
        low, high = (_end_of_all([run[end] for run in same], end) for end in (0, -1))
        if low is False or high is False:
            return None
        is_least = all(_is_from_nothing(axis, run) for run in same)
        found.append(str(Interval(None if is_least else low or None, high or None)))
    return found


def _end_of_all(atoms: Sequence[Atom], end: int) -> Bound | Literal[False] | None:
    """The threshold at which all of these end; None: they are open; False: there is not one."""
    edges = [atom.high if end else atom.low for atom in atoms]
    if not any(edges):
        return None
    # Where no amount lies at the threshold itself, it is the same whether it is in.
    sure = [
        n
        for n, edge in enumerate(edges)
        if atoms[n].has_others or (edge is not None and edge.key.denominator == 1)
    ]
    is_in = {atoms[n].has_high if end else atoms[n].has_low for n in sure or range(len(atoms))}
    texts = [[bound.text for bound in edge.bounds] if edge is not None else [] for edge in edges]
    common = [text for text in texts[0] if all(text in other for other in texts)]
    if not common or len(is_in) > 1:
        return False
    return Bound(common[0], next(iter(is_in)))


def _in_own(axis: Axis, run: Sequence[Atom], *, is_other: bool) -> str:
    """A stretch of one currency; the line of the others tells in the author's amounts."""
    first, last = run[0], run[-1]
    if first.low is None and last.high is None:
        return "any amount in another currency" if is_other else f"any amount in {first.currency}"
    told = _stretch(axis, run)
    return f"{told} in another currency" if is_other else told


def _neighbours(axis: Axis, mask: int) -> Iterator[list[Atom]]:
    numbers = [n for n in range(len(axis.atoms)) if mask >> n & 1 and axis.atoms[n].is_line]
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        atoms = [axis.atoms[n] for _, n in group]
        yield from (list(same) for _, same in groupby(atoms, key=lambda atom: atom.currency))


def _stretch(axis: Axis, run: Sequence[Atom]) -> str:
    pieces = tuple(piece for atom in run for piece in atom.pieces)
    interval = Atom(pieces, None).interval()
    return str(replace(interval, low=None) if _is_from_nothing(axis, run) else interval)


def _is_from_nothing(axis: Axis, run: Sequence[Atom]) -> bool:
    """Whether it is of money up to a threshold, from the 0 at which the range of its fact begins.

    That goes without saying.
    """
    currency, low, high = run[0].currency, run[0].low, run[-1].high
    if not currency or low is None or low.key or high is None or not high.key:
        return False
    return run[0] == next(a for a in axis.atoms if a.is_line and a.currency == currency)


def _words(axis: Axis, known: Sequence[Atom]) -> str:
    """`a or b`, with the names of groups; `not a nor b` where that is shorter."""
    others = [atom for atom in axis.atoms if not atom.is_missing and atom not in known]
    has_other = any(piece.is_other for atom in known for piece in atom.pieces)
    inside, rest = _named_words(axis, known), _named_words(axis, others)
    if has_other or len(rest) < len(inside):
        return "not " + " nor ".join(rest)
    return " or ".join(inside)


def _named_words(axis: Axis, atoms: Iterable[Atom]) -> list[str]:
    words = [word for atom in atoms for word in atom.words]
    left = dict.fromkeys(words)
    told = []
    by_size = sorted(axis.names.items(), key=lambda item: -_size(axis, item[1]))
    for name, mask in by_size:
        own = [word for atom in axis.chosen(mask) for word in atom.words]
        if len(own) > 1 and all(word in left for word in own):
            told.append(name)
            for word in own:
                del left[word]
    return [*told, *(write_value(axis.declaration, word) for word in left)]


def _size(axis: Axis, mask: int) -> int:
    return sum(len(atom.words) for atom in axis.chosen(mask))


def _missing(axis: Axis) -> int:
    return sum(1 << n for n, atom in enumerate(axis.atoms) if atom.is_missing)
