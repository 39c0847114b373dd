"""The names that documents declare, read before anything refers to them."""

from collections.abc import Collection, Iterable, Sequence

from aftersales.definitions.documents import Document
from aftersales.definitions.inside import scalars_at
from aftersales.definitions.replies import templates_in
from aftersales.definitions.text import Mapping, Node
from aftersales.definitions.workflow_names import Known, Outline
from aftersales.domain.conditions import FactSchema


def known_in(
    documents: Sequence[Document],
    schema: FactSchema,
    calendars: Iterable[str],
    *,
    kinds: frozenset[str] | None = None,
    lost: Collection[str] = (),
) -> Known:
    """What a workflow among `documents` may name. Without `kinds`, they are not checked.

    Nor is what documents of the formats in `lost` would declare.
    """
    has_policies = "policy" not in lost
    return Known(
        schema,
        templates=templates(documents) if "replies" not in lost else None,
        policies=names_of(policies(documents, "options")) if has_policies else None,
        tables=names_of(policies(documents, "rows")) if has_policies else None,
        remedies=remedies(documents) if has_policies else None,
        calendars=frozenset(calendars) if "calendars" not in lost else None,
        kinds=kinds if "workflow" not in lost else None,
    )


def policies(documents: Iterable[Document], sort: str) -> list[Document]:
    """The documents that are policies of this sort."""
    return [d for d in documents if d.format == "policy" and d.sort == sort]


def names_of(documents: Iterable[Document]) -> frozenset[str]:
    """The names of what the documents define."""
    return frozenset(document.name for document in documents if document.name)


def templates(documents: Iterable[Document]) -> frozenset[str]:
    """The names of all replies."""
    return _union(templates_in(d.root) for d in documents if d.format == "replies")


def remedies(documents: Iterable[Document]) -> frozenset[str]:
    """The names of all remedies."""
    return _union(_keys(d.root.get("remedies")) for d in policies(documents, "options"))


def calendars(documents: Iterable[Document]) -> frozenset[str]:
    """The names of all calendars."""
    return _union(_keys(d.root.get("calendars")) for d in documents if d.format == "calendars")


def deadlines_in(root: Mapping) -> frozenset[str]:
    """The names of the deadlines that a workflow declares."""
    return Outline.of(root).deadlines


def return_answers(documents: Iterable[Document]) -> frozenset[str]:
    """What the policies answer to `return_required`."""
    tables = (d.root.get("return_required") for d in policies(documents, "options"))
    return frozenset(
        found.text for table in tables if table for found in scalars_at("answer", table)
    )


def _keys(node: Node | None) -> frozenset[str]:
    return (
        frozenset(key.text for key, _ in node.items) if isinstance(node, Mapping) else frozenset()
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
