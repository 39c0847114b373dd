"""The XML of a DMN file as elements with places. Document types and entities are refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from aftersales.definitions.notes import Notes
from aftersales.domain.problem import Place

MAX_BYTES = 4_000_000
_MAX_DEPTH = 50
_SPACES = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")


@dataclass(slots=True)
class Element:
    """One element: its name without a prefix, what it holds, and where it begins."""

    name: str
    attributes: dict[str, str]
    place: Place
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Element"]:
        """The children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element | None":
        """The first child of that name."""
        return next(self.all(name), None)

    def said(self, *path: str) -> str:
        """The text at the end of a path of children; empty if there is none."""
        element: Element | None = self
        for name in path:
            element = element.first(name) if element else None
        return element.text.strip() if element else ""

    @property
    def called(self) -> str:
        """Its name for people, else its id."""
        return self.attributes.get("name") or self.attributes.get("id", "")


def read_dmn(raw: bytes, file: str, notes: Notes) -> Element | None:
    """The `definitions` of a DMN file, or None with what is wrong noted (I911)."""
    help = "save it as DMN 1.1 to 1.5 in your modeler"
    if len(raw) > MAX_BYTES:
        notes.error("I911", Place(file, 1, 1), f"the file has over {MAX_BYTES:,} bytes", help)
        return None
    try:
        root, space = _Reader(file).read(raw)
    except expat.ExpatError as error:
        place = Place(file, error.lineno, error.offset + 1)
        notes.error("I911", place, f"this is not XML: {expat.ErrorString(error.code)}", help)
        return None
    except _Refused as refused:
        notes.error("I911", refused.place, str(refused), "remove it: a DMN file needs none")
        return None
    if root.name != "definitions" or not space.startswith(_SPACES):
        notes.error("I911", root.place, "this is not a DMN file", help)
        return None
    return root


class _Refused(Exception):
    """Something that no DMN file needs and that could do harm."""

    def __init__(self, what: str, place: Place) -> None:
        super().__init__(what)
        self.place = place


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.open: list[Element] = []
        self.root: Element | None = None
        self.space = ""
        self.raw = b""

    def read(self, raw: bytes) -> tuple[Element, str]:
        """The root element and its namespace."""
        self.raw = raw
        self.parser.Parse(raw, True)
        assert self.root is not None
        return self.root, self.space

    def _place(self) -> Place:
        return Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        element = Element(
            name, {k.rpartition(" ")[2]: v for k, v in attributes.items()}, self._place()
        )
        if len(self.open) > _MAX_DEPTH:
            raise _Refused("the file is nested too deep", self._place())
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root, self.space = element, space
        self.open.append(element)

    def _end(self, _: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text

    def _refuse(self, *_: object) -> None:
        raise _Refused("a document type or an entity is declared here", self._opened())

    def _opened(self) -> Place:
        """Where the declaration begins that is being read: expat tells of it at its end."""
        before, sign, _ = self.raw[: self.parser.CurrentByteIndex + 1].rpartition(b"<!")
        if not sign:
            return self._place()
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace"))
        return Place(self.file, before.count(b"\n") + 1, column + 1)
