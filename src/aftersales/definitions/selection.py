"""Which documents bind one kind: its workflow and facts, and what these name, by and by."""

from collections.abc import Iterable, Sequence

from aftersales.definitions.documents import Document
from aftersales.definitions.text import Mapping, Scalar

_ALWAYS = ("facts", "replies")
_ASKED_BY_THE_ENGINE = frozenset({"triage"})
_BY_POLICY = "by policy "


def binding(kind: str, documents: Sequence[Document]) -> list[Document]:
    """Those of `documents` that bind a case of `kind`.

    Generous where it cannot be told without reading: a rulebook may hold a table that no case
    reaches, never lack one.
    """
    chosen = [d for d in documents if d.format in _ALWAYS or _is_workflow(kind, d)]
    policies = [document for document in documents if document.format == "policy"]
    named = _ASKED_BY_THE_ENGINE | _named_in(chosen, documents)
    while more := [d for d in policies if d not in chosen and _binds(kind, d, named)]:
        chosen += more
        named |= _named_in(chosen, documents)
    return sorted(chosen, key=lambda document: document.file)


def calendars_named(documents: Iterable[Document], known: Iterable[str]) -> list[str]:
    """The calendars that `documents` name anywhere."""
    texts = frozenset[str]().union(*(document.texts for document in documents))
    return sorted(texts.intersection(known))


def _is_workflow(kind: str, document: Document) -> bool:
    return document.format == "workflow" and document.name == kind


def _binds(kind: str, document: Document, named: frozenset[str]) -> bool:
    match document.sort:
        case "options":
            return document.name in named or _applies_to(kind, document.root)
        case "rows":
            return document.name in named
        case _:
            return True


def _applies_to(kind: str, root: Mapping) -> bool:
    """Whether `applies_to` can hold for `kind`, as far as its text shows."""
    condition = root.get("applies_to")
    cell = condition.get("kind") if isinstance(condition, Mapping) else None
    if not isinstance(cell, Scalar) or cell.text.startswith("not "):
        return True
    return kind in cell.text.split() or cell.text in ("any", "known")


def _named_in(chosen: Iterable[Document], documents: Iterable[Document]) -> frozenset[str]:
    """The policies that `chosen` ask: by name, or through a fact that a policy answers."""
    parts = [document for document in chosen if document.format != "facts"]
    texts = frozenset[str]().union(*(part.texts for part in parts))
    direct = {text.removeprefix(_BY_POLICY).strip() for text in texts if _BY_POLICY in text}
    made = {text.removeprefix("make offer ") for text in texts if text.startswith("make offer ")}
    keys = frozenset[str]().union(*(part.keys for part in parts))
    asked = {policy for fact, policy in _answered(documents) if fact in keys}
    return frozenset(direct | made | asked)


def _answered(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Each fact that says `is: by policy NAME`, and the policy."""
    found = []
    for document in documents:
        facts = document.root.get("facts") if document.format == "facts" else None
        for key, node in facts.items if isinstance(facts, Mapping) else ():
            origin = node.get("is") if isinstance(node, Mapping) else None
            if isinstance(origin, Scalar) and origin.text.startswith(_BY_POLICY):
                found.append((key.text, origin.text.removeprefix(_BY_POLICY).strip()))
    return found
