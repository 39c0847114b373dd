"""The names of one shop that its schemas offer: read with all slips, so that editing can go on."""

from collections.abc import Mapping as Map
from dataclasses import dataclass
from functools import cached_property

from aftersales.definitions import known
from aftersales.definitions.documents import Document, Folder
from aftersales.definitions.facts import read_facts
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_answers import read_columns
from aftersales.definitions.policy_reading import Reading
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.definitions.workflow_names import Outline
from aftersales.domain.conditions import FactDeclaration, FactSchema
from aftersales.domain.policy import Column


@dataclass(frozen=True)
class Names:
    """Everything that files of the folder declare, over all versions."""

    documents: tuple[Document, ...]
    schemas: tuple[FactSchema, ...]

    @classmethod
    def of(cls, folder: Folder) -> "Names":
        """The names of the documents of `folder`. What could not be read is left open."""
        roots = [d.root for d in folder.documents if d.format == "facts"]
        return cls(folder.documents, tuple(read_facts(root, Notes()) for root in roots))

    @cached_property
    def schema(self) -> FactSchema:
        """The facts of the newest file; built-in ones only if there is none."""
        return self.schemas[-1] if self.schemas else FactSchema()

    @cached_property
    def facts(self) -> Map[str, FactDeclaration]:
        """Every declaration by name, built-in ones last."""
        declared = {n: d for schema in self.schemas for n, d in schema.declarations.items()}
        return {**declared, **FactSchema().all}

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """Facts that are written with a slip: nothing is known of their values."""
        return frozenset().union(*(schema.doubtful for schema in self.schemas))

    @cached_property
    def all_facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.facts, *self.doubtful])) if self.schemas else ()

    @cached_property
    def templates(self) -> frozenset[str]:
        return known.templates(self.documents)

    @cached_property
    def remedies(self) -> frozenset[str]:
        return known.remedies(self.documents)

    @cached_property
    def calendars(self) -> frozenset[str]:
        return known.calendars(self.documents)

    @cached_property
    def kinds(self) -> frozenset[str]:
        return known.names_of(d for d in self.documents if d.format == "workflow")

    @cached_property
    def offering(self) -> frozenset[str]:
        """The names of compensation policies."""
        return known.names_of(known.policies(self.documents, "options"))

    @cached_property
    def tables(self) -> frozenset[str]:
        """The names of rows tables."""
        return known.names_of(known.policies(self.documents, "rows"))

    @cached_property
    def deadlines(self) -> frozenset[str]:
        """The names of the deadlines of all workflows."""
        return frozenset(n for o in self.outlines.values() for one in o for n in one.deadlines)

    @cached_property
    def outlines(self) -> Map[str, tuple[Outline, ...]]:
        """What each kind's workflow declares, in all its versions."""
        found: dict[str, tuple[Outline, ...]] = {}
        for document in self.documents:
            if document.format == "workflow" and document.name:
                found[document.name] = (*found.get(document.name, ()), Outline.of(document.root))
        return found

    @cached_property
    def columns(self) -> Map[str, tuple[Column, ...]]:
        """What each rows table answers."""
        found: dict[str, dict[str, Column]] = {}
        for document in known.policies(self.documents, "rows"):
            reading = Reading(document.name, self.schema, Notes())
            keys = Keys(document.root, reading.notes, what="a policy")
            columns = found.setdefault(document.name, {})
            columns.update({column.name: column for column in read_columns(keys, reading)})
        return {name: tuple(columns.values()) for name, columns in found.items() if columns}

    def answering(self, answer: str) -> list[str]:
        """The rows tables that have an answer of that name."""
        return sorted(t for t, of in self.columns.items() if answer in {c.name for c in of})

    @cached_property
    def own_bands(self) -> Map[str, frozenset[str]]:
        """Bands that policies declare for themselves, by fact."""
        found: dict[str, set[str]] = {}
        for document in (d for d in self.documents if d.format == "policy"):
            for fact, bands in pairs(document.root.get("bands")):
                found.setdefault(fact.text, set()).update(key.text for key, _ in pairs(bands))
        return {fact: frozenset(bands) for fact, bands in found.items()}

    @cached_property
    def return_answers(self) -> frozenset[str]:
        return known.return_answers(self.documents)

    def compensation(self, name: str) -> list[Mapping]:
        """The versions of one compensation policy."""
        found = known.policies(self.documents, "options")
        return [document.root for document in found if document.name == name]


def pairs(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """The pairs of a mapping; of anything else none."""
    return node.items if isinstance(node, Mapping) else ()
