"""Which texts of a document are cells, and how each is written in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aftersales.definitions.conditions import condition
from aftersales.definitions.documents import Document
from aftersales.definitions.facts import read_bands, read_facts
from aftersales.definitions.inside import policy_sort
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import (
    FactDeclaration,
    FactSchema,
    FactType,
    cell_in_words,
    parse_cell,
    test_in_words,
)
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.problem import Place

# The keys under which conditions stand.
_CONDITIONS = {
    "policy": frozenset({"when", "only_if", "applies_to"}),
    "workflow": frozenset({"if"}),
}
_LAWS = frozenset({"never", "always", "when"})
_JOINT = re.compile(r"\s+(or|nor)\s+")


@dataclass(frozen=True, slots=True)
class CellText:
    """A text that is read as a cell of a fact."""

    text: str
    declaration: FactDeclaration
    schema: FactSchema

    @property
    def in_words(self) -> str:
        """The same cell in words, spelt as we spell it."""
        # An instant keeps its author's zone: the canonical text would be in UTC.
        is_kept = self.declaration.type is FactType.INSTANT
        new = _words(self.text) if is_kept else str(self.read(self.text))
        return new if self.is_same(new) else self.text

    def read(self, text: str) -> object:
        """`text` as a cell of the same fact."""
        return parse_cell(text, self.declaration, self.schema)

    def is_same(self, text: str) -> bool:
        """Whether `text` is another way to write this cell."""
        try:
            return self.read(text) == self.read(self.text)
        except ValueUnreadable:
            return False


Cells = dict[Place, CellText]


def cells_in(document: Document, schema: FactSchema, notes: Notes) -> Cells:
    """The cells of a document by where they are written. Those that cannot be read are noted."""
    root, found = document.root, _Found(notes)
    match document.format:
        case "facts":
            found.of_facts(root)
        case "policy":
            found.of_policy(root, schema)
        case "workflow":
            found.conditions(root, _CONDITIONS["workflow"], schema)
        case "tests":
            found.of_laws(root.get("laws"), schema)
    return found.cells


class _Found:
    """The cells found so far."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.cells: Cells = {}

    def of_facts(self, root: Mapping) -> None:
        """Ranges, groups and bands. Nothing in a range is named, so it is read without names."""
        schema = read_facts(root, self.notes)
        if self.notes.has_errors:
            return
        for fact, node in _pairs(root.get("facts")):
            if isinstance(node, Mapping) and (range := node.get("range")):
                self._cell(range, schema.declaration(fact), schema)
        for part in ("groups", "bands"):
            for fact, named in _pairs(root.get(part)):
                self._named(fact, named, schema)

    def of_policy(self, root: Mapping, schema: FactSchema) -> None:
        """Conditions, own bands, and what approval asks of the cost."""
        for fact, node in _pairs(root.get("bands")):
            if schema.declared(fact):
                schema = schema.with_bands(fact, read_bands(node, fact, schema, self.notes))
                self._named(fact, node, schema)
        self.conditions(root, _CONDITIONS["policy"], schema)
        approval = root.get("approval")
        if policy_sort(root) == "options" and isinstance(approval, Mapping):
            self._named("cost", approval, schema)
        if policy_sort(root) == "channels":
            for row in _items(root.get("rows")):
                self._facts_among(row, schema)

    def of_laws(self, laws: Node | None, schema: FactSchema) -> None:
        """What laws say of facts; whether a law can be read is not for us to say."""
        for law in _items(laws):
            for key, node in _pairs(law):
                if key in _LAWS:
                    self._facts_among(node, schema)
                else:
                    self.of_laws(node, schema)

    def conditions(self, node: Node, keys: frozenset[str], schema: FactSchema) -> None:
        """Every condition under one of `keys`, however deep."""
        if isinstance(node, Listing):
            for item in node.items:
                self.conditions(item, keys, schema)
        elif isinstance(node, Mapping):
            for key, value in node.items:
                if key.text in keys and not _is_left_out(value):
                    condition(value, schema, self.notes)
                    for box in _items(value):
                        self._facts_among(box, schema)
                else:
                    self.conditions(value, keys, schema)

    def _named(self, fact: str, node: Node, schema: FactSchema) -> None:
        if schema.declared(fact):
            for _, value in _pairs(node):
                self._cell(value, schema.declaration(fact), schema)

    def _facts_among(self, node: Node, schema: FactSchema) -> None:
        for fact, value in _pairs(node):
            if declaration := schema.declared(fact):
                self._cell(value, declaration, schema)

    def _cell(self, node: Node, declaration: FactDeclaration, schema: FactSchema) -> None:
        for scalar in _items(node):
            if isinstance(scalar, Scalar) and not scalar.is_left_out:
                self._keep(scalar, CellText(scalar.text, declaration, schema))

    def _keep(self, scalar: Scalar, cell: CellText) -> None:
        try:
            cell.read(cell.text)
        except ValueUnreadable:
            return
        self.cells[scalar.place] = cell


def _words(text: str) -> str:
    """`text` with its symbols in words and nothing else changed."""
    text = cell_in_words(text)
    negated = text.startswith("not ")
    parts = _JOINT.split(text.removeprefix("not "))
    parts[::2] = [test_in_words(part.strip()) for part in parts[::2]]
    return ("not " if negated else "") + " ".join(" ".join(parts).split())


def _is_left_out(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_left_out


def _items(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Listing):
        yield from node.items
    elif node is not None:
        yield node


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Mapping):
        for key, value in node.items:
            yield key.text, value
