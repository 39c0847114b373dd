"""Expectations of a tests file rewritten: only the cells that differ, by their positions.

Comments, quotes and all else stay as their author wrote them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aftersales.authoring.moving import moved
from aftersales.authoring.results import Difference
from aftersales.definitions import text
from aftersales.definitions.text import Listing, Mapping, Node, Scalar

_PLAIN = re.compile(r"[A-Za-z0-9][\w .+:/%-]*")
_PADDED = re.compile(r",( +)")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A tests file with its expectations rewritten, and the differences that could not be."""

    content: str
    refused: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    words: str


def rewrite(content: str, file: str, differences: Sequence[Difference]) -> Rewritten:
    """`content` with what was found where something else is expected, as far as that can be.

    Where something is due at another time, the later steps of its story are moved along.
    """
    root, _ = text.read(content, file)
    edits: list[_Edit] = []
    refused: list[Difference] = []
    for difference in differences:
        edit = _edit(root, difference, _Lines(content)) if difference.is_rewritable else None
        if edit is None:
            refused.append(difference)
        else:
            edits.append(edit)
    lines = _Lines(content)
    told = [found for found in differences if found not in refused]
    edits += [_of_scalar(node, words, lines) for node, words in moved(root, told)]
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        content = content[: edit.start] + edit.words + content[edit.end :]
    return Rewritten(content, tuple(refused))


def flow(words: Sequence[str], *, is_list: bool = False) -> str:
    """Words as YAML on one line: plain where they can be, else in quotes; several as a list."""
    quoted = [_quoted(word) for word in words]
    return f"[{', '.join(quoted)}]" if is_list or len(words) != 1 else quoted[0]


def _quoted(word: str) -> str:
    is_plain = _PLAIN.fullmatch(word) and ": " not in word and not word.endswith((":", " "))
    return word if is_plain else json.dumps(word, ensure_ascii=False)


class _Lines:
    """Where each line of a text begins."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.starts = [0]
        for line in content.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def offset(self, node: Node) -> int:
        return self.starts[node.place.line - 1] + node.place.column - 1


def _of_scalar(node: Scalar, words: str, lines: _Lines) -> _Edit:
    """A time in a step, with the quotes that it has."""
    start = lines.offset(node)
    quote = lines.content[start] if node.is_quoted else ""
    return _Edit(start, start + node.place.length, f"{quote}{words}{quote}")


def _edit(root: Node | None, difference: Difference, lines: _Lines) -> _Edit | None:
    found = next(_expected(root, difference), None) if root is not None else None
    if found is None:
        return None
    node, is_in_row = found
    start = lines.offset(node)
    end = _end(node, start, lines.content)
    if end is None:
        return None
    words = flow(difference.found, is_list=isinstance(node, Listing))
    edit = _Edit(start, end, words)
    return _aligned(edit, lines.content) if is_in_row else edit


def _expected(root: Node, difference: Difference) -> Iterator[tuple[Node, bool]]:
    """The node of what a test expects, and whether it stands in a row of a table."""
    tests = root.get("tests") if isinstance(root, Mapping) else None
    for entry in tests.items if isinstance(tests, Listing) else ():
        if not isinstance(entry, Mapping):
            continue
        columns, rows, story = entry.get("columns"), entry.get("rows"), entry.get("story")
        if isinstance(columns, Listing) and isinstance(rows, Listing):
            for row in rows.items:
                if row.place == difference.place and isinstance(row, Listing):
                    yield from ((cell, True) for cell in _cells(columns, row, difference.what))
        for holder in (entry, *(story.items if isinstance(story, Listing) else ())):
            if holder.place == difference.place and isinstance(holder, Mapping):
                yield from ((node, False) for node in _named(holder, difference.what))


def _cells(columns: Listing, row: Listing, what: str) -> Iterator[Node]:
    for head, cell in zip(columns.items, row.items, strict=False):
        if isinstance(head, Scalar) and head.text == what:
            yield cell


def _named(holder: Mapping, what: str) -> Iterator[Node]:
    expect = holder.get("expect")
    due, _, name = what.partition(" ")
    if isinstance(expect, Mapping):
        node = expect.get(what)
        inner = expect.get(due) if name else None
        if node is not None:
            yield node
        elif isinstance(inner, Mapping) and (at := inner.get(name)) is not None:
            yield at


def _end(node: Node, start: int, content: str) -> int | None:
    """Where a node ends; None where it cannot be told simply, as for lists of lines."""
    if isinstance(node, Scalar):
        end = start + node.place.length
        written = content[start:end]
        return end if written == node.text or (node.is_quoted and written[0] in "'\"") else None
    if not isinstance(node, Listing) or content[start] != "[":
        return None
    depth, quote = 0, ""
    for at in range(start, len(content)):
        letter = content[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "[]":
            depth += 1 if letter == "[" else -1
            if depth == 0:
                return at + 1
    return None


def _aligned(edit: _Edit, content: str) -> _Edit:
    """The edit with the spaces after it, so that the columns of a table stay under each other."""
    padded = _PADDED.match(content, edit.end)
    if padded is None:
        return edit
    width = padded.end() - edit.start - 1
    return _Edit(edit.start, padded.end(), f"{edit.words},".ljust(width) + " ")
