"""A YAML text with the span of each of its nodes, to be edited in place."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from aftersales.definitions.formatting.quoting import written
from aftersales.definitions.text import Loader

Edit = tuple[int, int, str]  # from, to, instead


@dataclass(frozen=True, slots=True)
class Part:
    """A node and its text: one scalar, a list or a mapping. `is_flow`: in brackets, or a scalar."""

    start: int
    end: int
    text: str = ""
    items: tuple["Part", ...] = ()
    pairs: tuple[tuple["Part", "Part"], ...] = ()
    sort: str = "text"
    is_flow: bool = True

    def get(self, key: str) -> "Part | None":
        """The value of a key."""
        return next((value for name, value in self.pairs if name.text == key), None)

    @property
    def in_line(self) -> str:
        """The node as one line: a text as it is, others in brackets."""
        if self.sort == "text":
            return self.text
        if self.sort == "list":
            return "[" + ", ".join(_inner(item) for item in self.items) + "]"
        return (
            "{" + ", ".join(f"{_inner(k, is_key=True)}: {_inner(v)}" for k, v in self.pairs) + "}"
        )

    @property
    def last(self) -> int:
        """Where its last character stands, without what follows a block."""
        if self.is_flow:
            return self.end
        inner = [*self.items, *(part for pair in self.pairs for part in pair)]
        return max((part.last for part in inner), default=self.end)


def _inner(part: Part, *, is_key: bool = False) -> str:
    if part.sort != "text":
        return part.in_line
    return written(part.text, style="", in_flow=True, is_key=is_key) if part.text else '""'


def parsed(text: str) -> Part:
    """The parts of a text that has been read without a problem."""
    return _part(yaml.compose(text, Loader=Loader), text)


def as_value(text: str, *, in_flow: bool) -> str:
    """What a cell of a spreadsheet says, as YAML: brackets stay, other texts may want quotes."""
    if text[:1] in ("[", "{") and _is_collection(text):
        return text
    return written(text, style="", in_flow=in_flow, is_key=False)


def as_read(text: str) -> str:
    """What a cell says, however it is spaced: to be compared with `Part.in_line`."""
    text = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    return parsed(text).in_line if text[:1] in ("[", "{") and _is_collection(text) else text


def edited(text: str, edits: list[Edit]) -> str:
    """`text` with all edits made."""
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def set_pair(text: str, mapping: Part, key: str, value: str) -> Edit:
    """The edit that gives `key` another value, or adds it."""
    for name, old in mapping.pairs:
        if name.text == key:
            return _replaced(text, name, old, value)
    if mapping.is_flow:
        at = text.rindex("}", mapping.start, mapping.end)
        at = len(text[:at].rstrip())
        return (at, at, f"{', ' if mapping.pairs else ''}{key}: {value}")
    at = _line_end(text, mapping.last)
    return (at, at, f"\n{_indent(text, mapping)}{key}: {value}")


def drop_pair(text: str, mapping: Part, key: str) -> Edit:
    """The edit that removes `key` and its value."""
    number = next(n for n, (name, _) in enumerate(mapping.pairs) if name.text == key)
    name, old = mapping.pairs[number]
    if not mapping.is_flow:
        start = text.rfind("\n", 0, name.start) + 1
        if text[start : name.start].strip():  # behind the dash of its item: the next one moves up
            after = mapping.pairs[number + 1][0].start if number + 1 < len(mapping.pairs) else None
            return (name.start, after if after is not None else old.last, "")
        return (start, min(_line_end(text, old.last) + 1, len(text)), "")
    if number + 1 < len(mapping.pairs):
        return (name.start, mapping.pairs[number + 1][0].start, "")
    start = mapping.pairs[number - 1][1].end if number else name.start
    return (start, old.end, "")


def _replaced(text: str, name: Part, old: Part, value: str) -> Edit:
    between = text[name.end : old.start]
    if "\n" in between and "#" not in between:
        return (name.end, old.last, f": {value}")
    padding = re.match(r",( {2,})", text[old.last : old.last + 200])
    if padding is None:
        return (old.start, old.last, value)
    space = max(1, len(padding[1]) - len(value) + old.last - old.start)
    return (old.start, old.last + len(padding[0]), value + "," + " " * space)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _indent(text: str, part: Part) -> str:
    return " " * (part.start - text.rfind("\n", 0, part.start) - 1)


def _is_collection(text: str) -> bool:
    """Whether brackets are those of YAML and not of a range such as `[1..3]`."""
    try:
        part = parsed(text)
    except yaml.YAMLError:
        return False
    return part.sort != "text" and not re.fullmatch(r"[\[(].*\.\..*[\])]", text)


def _part(node: Any, text: str) -> Part:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        if node.style in ("|", ">"):
            end = start + len(text[start:end].rstrip("\n "))
        return Part(start, end, node.value)
    is_flow = bool(node.flow_style)
    if isinstance(node, yaml.SequenceNode):
        items = tuple(_part(item, text) for item in node.value)
        return Part(start, end, items=items, sort="list", is_flow=is_flow)
    pairs = tuple((_part(key, text), _part(value, text)) for key, value in node.value)
    return Part(start, end, pairs=pairs, sort="mapping", is_flow=is_flow)
