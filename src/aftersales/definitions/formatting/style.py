"""A document's text in our style, with the same content: shown on each run, not assumed."""

from dataclasses import dataclass

from aftersales.definitions import text
from aftersales.definitions.documents import Document, document_of
from aftersales.definitions.formatting.cell_texts import Cells, CellText, cells_in
from aftersales.definitions.formatting.layout import laid_out
from aftersales.definitions.formatting.quoting import is_plain, written
from aftersales.definitions.formatting.tokens import Sort, Token, tokens_of
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import FactSchema
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.problem import Place, Problem

# The texts of replies are shown to customers: nothing in them is ours to spell.
_AS_WRITTEN = frozenset({"replies"})
_ROUNDS = 5  # in which a text must have come to rest, so that a second run changes nothing


@dataclass(frozen=True, slots=True)
class Formatted:
    """The new text; the old one where there are problems, which are to be mended first."""

    text: str
    problems: tuple[Problem, ...] = ()


def formatted(content: str, file: str, schema: FactSchema) -> Formatted:
    """`content` in our style. `schema` tells which texts are cells; facts have their own.

    InvariantBroken if the result would not mean the same: a fault of ours, and no result.
    """
    lines = content.replace("\r\n", "\n").replace("\r", "\n")
    notes = Notes()
    root, problems = text.read(lines, file)
    notes.extend(problems)
    document = document_of(root, file, notes) if isinstance(root, Mapping) else None
    if document is None:
        return Formatted(content, tuple(notes.problems or [_not_pairs(file)]))
    cells = cells_in(document, schema, notes)
    if notes.has_errors:
        return Formatted(content, tuple(notes.problems))
    return Formatted(_same_in_our_style(lines, document, cells))


def _not_pairs(file: str) -> Problem:
    help = "its first line names the format, such as `aftersales: policy/1`"
    return Problem("F802", Place(file, 1, 1), "the file is not made of `key: value` pairs", help)


def _same_in_our_style(content: str, document: Document, cells: Cells) -> str:
    instead = _new_texts(content, document, cells)
    for may_indent, may_align in ((True, True), (True, False), (False, True), (False, False)):
        new = laid_out(content, instead, may_indent=may_indent, may_align=may_align)
        for _ in range(_ROUNDS):
            root, problems = text.read(new, document.file)
            if root is None or problems or not _is_same(document.root, root, cells):
                break
            before, new = new, laid_out(new, {}, may_indent=may_indent, may_align=may_align)
            if new == before:
                return new
    raise InvariantBroken(f"{document.file} would not mean the same once formatted; left as it is")


def _new_texts(content: str, document: Document, cells: Cells) -> dict[int, str]:
    """The texts that are written in another way, by where their tokens begin."""
    by_place = {(place.line, place.column): cell for place, cell in cells.items()}
    scalars = {(s.place.line, s.place.column): s for s in _scalars(document.root)}
    found: dict[int, str] = {}
    for token in tokens_of(content):
        scalar = scalars.get((token.line, token.column))
        if token.sort is not Sort.SCALAR or token.is_block_text or scalar is None:
            continue
        cell = None if token.is_key else by_place.get((token.line, token.column))
        new = _new_text(token, scalar, cell, document)
        if new is not None:
            found[token.start] = new
    return found


def _new_text(
    token: Token, scalar: Scalar, cell: CellText | None, document: Document
) -> str | None:
    where = {"in_flow": token.in_flow, "is_key": token.is_key}
    if cell is not None and (new := cell.in_words) != scalar.text:
        return written(new, style=token.style, **where)
    if not token.style or document.format in _AS_WRITTEN:
        return None
    return scalar.text if is_plain(scalar.text, **where) else None


def _scalars(node: Node) -> list[Scalar]:
    match node:
        case Scalar():
            return [node]
        case Listing():
            return [scalar for item in node.items for scalar in _scalars(item)]
        case Mapping():
            return [s for key, value in node.items for s in (key, *_scalars(value))]


def _is_same(old: Node, new: Node, cells: Cells) -> bool:
    """Whether two contents are equal, but for cells that are written in another way."""
    match old, new:
        case Scalar(), Scalar():
            cell = cells.get(old.place)
            is_same = old.text == new.text or (cell is not None and cell.is_same(new.text))
            return is_same and old.is_left_out == new.is_left_out
        case Listing(), Listing():
            pairs = zip(old.items, new.items, strict=False)
            return len(old.items) == len(new.items) and all(
                _is_same(one, other, cells) for one, other in pairs
            )
        case Mapping(), Mapping():
            return [key.text for key, _ in old.items] == [key.text for key, _ in new.items] and all(
                _is_same(one, other, cells)
                for (_, one), (_, other) in zip(old.items, new.items, strict=True)
            )
        case _:
            return False
