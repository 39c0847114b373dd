"""The names that documents declare, read before anything refers to them."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from aftersales.definitions.documents import Document
from aftersales.definitions.replies import templates_in
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.definitions.workflow_names import Known, Outline
from aftersales.domain.conditions import FactSchema

OF_OPTIONS = {"remedies", "base", "exceptions", "swaps", "extras", "limits", "approval"}


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


def policy_sort(root: Mapping) -> str:
    """What sort of policy `root` is: `options`, `channels`, `floors` or `rows`.

    Told by several keys, so that one misspelt key is a slip and not another sort of policy.
    """
    name = root.get("policy")
    keys = {key.text for key, _ in root.items}
    if isinstance(name, Scalar) and name.text == "channels":
        return "channels"
    if "floors" in keys or "must_offer_one_of" in keys_in(root):
        return "floors"
    return "options" if keys & OF_OPTIONS else "rows"


def policies(documents: Iterable[Document], sort: str) -> list[Document]:
    """The documents that are policies of this sort."""
    return [d for d in documents if d.format == "policy" and policy_sort(d.root) == sort]


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


def keys_in(node: Node) -> Iterator[str]:
    """Every key written in `node`, however deep."""
    if isinstance(node, Mapping):
        for key, value in node.items:
            yield key.text
            yield from keys_in(value)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from keys_in(item)


def texts_in(node: Node) -> Iterator[str]:
    """Every text written in `node` as a value, however deep."""
    yield from (scalar.text for scalar in _scalars(node))


def scalars_at(key: str, node: Node) -> Iterator[Scalar]:
    """Each text written under `key`, however deep."""
    if isinstance(node, Mapping):
        for name, value in node.items:
            yield from _scalars(value) if name.text == key else scalars_at(key, value)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from scalars_at(key, item)


def scalars_on(line: int, node: Node) -> tuple[Scalar, ...]:
    """Each word that is written on a line, keys too, in reading order."""
    return tuple(scalar for scalar in _words(node) if scalar.place.line == line)


def _words(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _words(item)
    else:
        for key, value in node.items:
            yield key
            yield from _words(value)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _scalars(item)
    else:
        for _, value in node.items:
            yield from _scalars(value)


def _keys(node: Node | None) -> frozenset[str]:
    return (
        frozenset(key.text for key, _ in node.items) if isinstance(node, Mapping) else frozenset()
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
