"""Numbers have reasons: which rows say neither why nor whence, and which sources are old."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from aftersales.definitions.documents import Document, read_folder
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.problem import Problem

OLD_DAYS = 365
_OF_SOURCES = ("read_on", "in_force_from")
# Lists of rules; each may have a reason of its own.
_RULES = ("rows", "floors", "exceptions", "swaps", "extras", "handled_by")
_PARTS = ("limits", "return_required", "otherwise", "approval", "bands")
_NO_REASON_OF_ITS_OWN = ("approval", "bands")
# What stands under these is no number of a rule: names, dates and words for people.
_WORDS = frozenset(("id", "about", "label", "details", "because", "source", *_OF_SOURCES))
_NUMBER = re.compile(r"(?<![\w:/.-])\d+(?:\.\d+)?(?![\w:/.-])")
_HERE = "add `because: ...`, or `source: ...` with `read_on: ...`, here or at the top of the file"
_ON_TOP = "add `because: ...`, or `source: ...` with `read_on: ...`, at the top of the file"


def check_sources(documents: Iterable[Document], notes: Notes) -> None:
    """Note each day of a source where no source is named (K106)."""
    for document in documents:
        for mapping, around in _mappings(document.root, ()):
            for key in _OF_SOURCES:
                written = mapping.key(key)
                if written and not any(_has(part, "source") for part in (mapping, *around)):
                    message = f"`{key}` is a day of a source, and none is named"
                    help = "add `source: ...`, or say why it is so in `because: ...`"
                    notes.error("K106", written, message, help)


def reasons_missing(folder: Path, *, today: date) -> list[Problem]:
    """What a strict check wants of the files of `folder`, beside their being right.

    P460: numbers without a reason. P461: a source that was read over a year before `today`, or on
    a day that is still to come. Files that cannot be read are passed over.
    """
    notes = Notes()
    for document in read_folder(folder, Notes()).documents:
        for place, message, help in _unreasoned(document):
            notes.warning("P460", place, message, help)
        for scalar in _scalars_under("read_on", document.root):
            _note_age(scalar, today, notes)
    return notes.problems


def _unreasoned(document: Document) -> Iterator[tuple[Scalar, str, str]]:
    """What has numbers and no reason: a place, what it is, and what to do."""
    if _is_reasoned(document.root):
        return
    match document.format:
        case "policy":
            yield from _of_policy(document.root)
        case "workflow" | "rates":
            named = document.root.key(document.format) or document.root.key("base")
            if named and _has_number(document.root):
                yield _told(named, document.name or "this file", _ON_TOP)
        case "facts":
            bands = document.root.key("bands")
            if bands:
                yield _told(bands, "bands", _ON_TOP)


def _of_policy(root: Mapping) -> Iterator[tuple[Scalar, str, str]]:
    remedies = root.get("remedies")
    for name, remedy in remedies.items if isinstance(remedies, Mapping) else ():
        yield from _part(name, remedy)
    for key in _RULES:
        rules = root.get(key)
        for rule in rules.items if isinstance(rules, Listing) else ():
            yield from _rule(rule)
    for key in _PARTS:
        written, part = root.key(key), root.get(key)
        if written and part:
            yield from _part(written, part)


def _rule(rule: Node) -> Iterator[tuple[Scalar, str, str]]:
    if isinstance(rule, Mapping) and rule.items:
        id = rule.get("id")
        yield from _part(id if isinstance(id, Scalar) else rule.items[0][0], rule)


def _part(name: Scalar, part: Node) -> Iterator[tuple[Scalar, str, str]]:
    rows = part.get("rows") if isinstance(part, Mapping) else None
    if isinstance(part, Mapping) and _is_reasoned(part):
        return
    if isinstance(rows, Listing):
        for row in rows.items:
            yield from _rule(row)
    elif _has_number(part):
        yield _told(name, name.text, _ON_TOP if name.text in _NO_REASON_OF_ITS_OWN else _HERE)


def _told(where: Scalar, what: str, help: str) -> tuple[Scalar, str, str]:
    return where, f"`{what}` has numbers and no reason", help


def _is_reasoned(mapping: Mapping) -> bool:
    return _has(mapping, "because") or (_has(mapping, "source") and _has(mapping, "read_on"))


def _has(mapping: Mapping, key: str) -> bool:
    node = mapping.get(key)
    return isinstance(node, Scalar) and bool(node.text.strip())


def _has_number(node: Node) -> bool:
    match node:
        case Scalar():
            return _NUMBER.search(node.text) is not None
        case Listing():
            return any(_has_number(item) for item in node.items)
        case Mapping():
            return any(
                _has_number(value) or _has_number(key)
                for key, value in node.items
                if key.text not in _WORDS
            )


def _note_age(read_on: Scalar, today: date, notes: Notes) -> None:
    try:
        days = (today - date.fromisoformat(read_on.text)).days
    except ValueError:
        return
    if days > OLD_DAYS:
        message = f"the source was read {days} days ago, on {read_on.text}"
        notes.warning("P461", read_on, message, "read it again, and write the new day")
    elif days < 0:
        message = f"the source was read on a day that is still to come: {read_on.text}"
        notes.warning("P461", read_on, message, "write the day on which you read it")


def _mappings(
    node: Node, around: tuple[Mapping, ...]
) -> Iterator[tuple[Mapping, tuple[Mapping, ...]]]:
    """Each mapping in `node`, with those it stands in."""
    if isinstance(node, Mapping):
        yield node, around
        for _, value in node.items:
            yield from _mappings(value, (*around, node))
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _mappings(item, around)


def _scalars_under(key: str, root: Node) -> Iterator[Scalar]:
    for mapping, _ in _mappings(root, ()):
        found = mapping.get(key)
        if isinstance(found, Scalar):
            yield found
