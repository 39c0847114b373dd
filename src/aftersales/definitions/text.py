"""YAML read as text with places. Home of PyYAML.

Nothing is typed here: each scalar is the text its author wrote. Tags, anchors, aliases, merge
keys and duplicate keys are problems, and size, depth and number of nodes are capped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from aftersales.definitions.syntax import syntax_problem
from aftersales.domain.problem import Place, Problem

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 30
MAX_NODES = 100_000

_YAML_TAG = "tag:yaml.org,2002:"
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text. `is_quoted` tells `"x"` from `x`; an empty unquoted text is a value left out."""

    text: str
    place: Place
    is_quoted: bool = False

    @property
    def is_left_out(self) -> bool:
        return not self.text and not self.is_quoted


@dataclass(frozen=True, slots=True)
class Listing:
    """A YAML list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """A YAML mapping. Keys are unique and keep the author's order."""

    items: tuple[tuple[Scalar, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        return next((value for name, value in self.items if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        return next((name for name, _ in self.items if name.text == key), None)


Node = Scalar | Listing | Mapping


def read(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The one document in `text`, or None with the problems that kept it from being read."""
    if len(text) > MAX_CHARACTERS:
        return None, [
            _problem(
                "Y101",
                Place(file, 1, 1),
                f"the file has over {MAX_CHARACTERS:,} characters",
                "split it into several files",
            )
        ]
    try:
        return _Builder(file).build(yaml.parse(text, Loader=Loader))
    except yaml.YAMLError as error:
        return None, [syntax_problem(error, text, file)]


def _problem(code: str, place: Place, message: str, help: str) -> Problem:
    return Problem(code, place, message, help)


_KEY_HELP: dict[type, str] = {
    Mapping: 'a value in double braces wants quotes: `"{{ order_id }}"`',
    Listing: "write a pair for each of them",
}


class _Builder:
    """Turns the parser's events into nodes, without recursion, and notes what is not allowed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        # Each open collection: is it a mapping, where, and what it holds so far.
        self.open: list[tuple[bool, Place, list[Node]]] = []
        self.roots: list[Node] = []
        self.nodes = 0
        self.second: Place | None = None  # the `---` of a second document

    def build(self, events: Iterator[Any]) -> tuple[Node | None, list[Problem]]:
        for event in events:
            self.nodes += 1
            if self.nodes > MAX_NODES or len(self.open) > MAX_DEPTH:
                self._note(
                    "Y101",
                    event,
                    "the file is nested too deep or has too many values",
                    "split it into several files",
                )
                return None, self.problems
            self._take(event)
        if not self.roots:
            self.problems.append(
                _problem(
                    "Y102",
                    Place(self.file, 1, 1),
                    "the file is empty",
                    "its first line names the format, such as `aftersales: policy/1`",
                )
            )
        elif len(self.roots) > 1:
            self.problems.append(
                _problem(
                    "Y103",
                    self.second or self.roots[1].place,
                    "a second document starts here",
                    "one file, one document: remove `---`",
                )
            )
        return (None if self.problems else self.roots[0]), self.problems

    def _take(self, event: Any) -> None:
        match event:
            case yaml.AliasEvent():
                self._note(
                    "Y104",
                    event,
                    f"aliases are not allowed: `*{event.anchor}`",
                    "write the value out, or put it in quotes if the star is meant",
                )
                self._add(Scalar("", self._place(event)))
            case yaml.DocumentStartEvent() if self.roots and self.second is None:
                self.second = self._place(event)
            case yaml.ScalarEvent():
                self._refuse_marks(event)
                self._add(Scalar(event.value, self._place(event), bool(event.style)))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_marks(event)
                self.open.append(
                    (isinstance(event, yaml.MappingStartEvent), self._place(event), [])
                )
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()

    def _close(self) -> None:
        is_mapping, place, held = self.open.pop()
        self._add(self._mapping(held, place) if is_mapping else Listing(tuple(held), place))

    def _mapping(self, held: list[Node], place: Place) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        for key, value in zip(held[::2], held[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(
                    _problem(
                        "Y105",
                        key.place,
                        "a key must be a word",
                        _KEY_HELP[type(key)],
                    )
                )
            elif key.text == "<<":
                self.problems.append(
                    _problem(
                        "Y104", key.place, "merge keys are not allowed", "write the values out"
                    )
                )
            elif key.text in seen:
                self.problems.append(
                    _problem(
                        "Y106",
                        key.place,
                        f"`{key.text}` is written twice",
                        f"the first is in line {seen[key.text].line}; keep one",
                    )
                )
            else:
                seen[key.text] = key.place
                pairs.append((key, value))
        return Mapping(tuple(pairs), place)

    def _add(self, node: Node) -> None:
        (self.open[-1][2] if self.open else self.roots).append(node)

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor:
            self._note(
                "Y104",
                event,
                f"anchors are not allowed: `&{event.anchor}`",
                "write the value out where it is needed",
            )
        if event.tag and event.tag != "!":
            self._note(
                "Y104",
                event,
                f"tags are not allowed: `{event.tag.replace(_YAML_TAG, '!!')}`",
                _tag_help(event.tag),
            )

    def _note(self, code: str, event: Any, message: str, help: str) -> None:
        self.problems.append(_problem(code, self._place(event), message, help))

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return Place(self.file, start.line + 1, start.column + 1, max(length, 1))


def _tag_help(tag: str) -> str:
    if tag.lower() in ("!include", "!import", "!extends"):
        return "a file stands alone: write it out here"
    if tag.startswith("!"):
        return "write `not`, as in `not US`, or put the text in quotes"
    return "remove it, or put the text in quotes"


def plain(node: Node) -> Any:
    """`node` as dicts, lists and texts: what is hashed and stored."""
    match node:
        case Scalar():
            return node.text
        case Listing():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node.items}


def places(node: Node) -> list[list[int]]:
    """Line, column and length of each key and value, in reading order, for `rebuilt`."""
    own = [[node.place.line, node.place.column, node.place.length]]
    match node:
        case Scalar():
            return own
        case Listing():
            return own + [place for item in node.items for place in places(item)]
        case Mapping():
            return own + [p for key, value in node.items for p in (*places(key), *places(value))]


def rebuilt(content: Any, file: str, written_at: list[list[int]]) -> Node:
    """The node that `plain` and `places` were made of."""
    rest = iter(written_at)

    def build(part: Any) -> Node:
        line, column, length = next(rest)
        place = Place(file, line, column, length)
        if isinstance(part, str):
            return Scalar(part, place, is_quoted=True)
        if isinstance(part, list):
            return Listing(tuple(build(item) for item in part), place)
        pairs = []
        for key, value in part.items():
            name = build(key)
            assert isinstance(name, Scalar)
            pairs.append((name, build(value)))
        return Mapping(tuple(pairs), place)

    return build(content)
