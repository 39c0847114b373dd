"""The calendars of one file as they would be in the folder, in place of those it has now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from aftersales.definitions.calendar_joint import TOGETHER
from aftersales.definitions.calendars import read_calendar_files
from aftersales.definitions.documents import Document, file_content, read_document, read_folder
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import shipped_folder
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.calendar import Calendar
from aftersales.domain.errors import DefinitionsInvalid

_FORMAT = "calendars"


def newer_calendars(file: Path, folder: Path | None) -> dict[str, Calendar]:
    """The calendars of `file`, and those of `folder` that are open together with one of these.

    What the file names wins over the folder, of which it may be a part; without a `folder`, over
    the shipped definitions. DefinitionsInvalid, with all problems.
    """
    notes = Notes()
    new = _document(file, notes)
    documents = [] if new is None else [new, *_others(folder or shipped_folder(), new)]
    found = read_calendar_files(documents, notes, top=Path())
    if notes.has_errors:
        raise DefinitionsInvalid([p for p in notes.problems if p.severity == "error"])
    changed = _changed(documents)
    return {name: calendar for name, calendar in found.items() if name in changed}


def _document(file: Path, notes: Notes) -> Document | None:
    content = file_content(file, str(file), notes)
    document = None if content is None else read_document(content, str(file), notes)
    if document is not None and document.format != _FORMAT:
        at = document.root.get("aftersales") or document.root
        help = "name a file that begins with `aftersales: calendars/1`"
        notes.error("F801", at, f"these are no calendars, but `{document.format}/1`", help)
        return None
    return document


def _others(folder: Path, new: Document) -> Iterator[Document]:
    """The calendars files of the folder, without what the new one names, which may be one of them.

    What is wrong with one as a file is told where the whole folder is read.
    """
    named = {name.text for name, _ in _calendars(new)}
    for document in read_folder(folder, Notes()).documents:
        if document.format != _FORMAT:
            continue
        kept = tuple(pair for pair in _calendars(document) if pair[0].text not in named)
        if kept:
            yield replace(
                document, file=str(folder / document.file), root=_with(document.root, kept)
            )


def _with(root: Mapping, calendars: tuple[tuple[Scalar, Node], ...]) -> Mapping:
    return replace(
        root,
        items=tuple(
            (key, replace(value, items=calendars))
            if key.text == _FORMAT and isinstance(value, Mapping)
            else (key, value)
            for key, value in root.items
        ),
    )


def _calendars(document: Document) -> tuple[tuple[Scalar, Node], ...]:
    node = document.root.get(_FORMAT)
    return node.items if isinstance(node, Mapping) else ()


def _changed(documents: Sequence[Document]) -> set[str]:
    """The names of the first document, and all joint ones that have one of them as a part."""
    pairs = [pair for document in documents for pair in _calendars(document)]
    changed = {name.text for name, _ in _calendars(documents[0])} if documents else set()
    parts = {name.text: _parts(node) for name, node in pairs}
    while more := {name for name, of in parts.items() if of & changed} - changed:
        changed |= more
    return changed


def _parts(node: Node) -> set[str]:
    together = node.get(TOGETHER) if isinstance(node, Mapping) else None
    items = together.items if isinstance(together, Listing) else (together,)
    return {item.text for item in items if isinstance(item, Scalar)}
