"""The tokens of a YAML text with their spans: all that is between them is space and comments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import yaml

from aftersales.definitions.text import Loader


class Sort(StrEnum):
    """What a token is. The first four have no length: they open and close block collections."""

    MAPPING = "block mapping"
    SEQUENCE = "block list"
    END = "block end"
    KEY = "key"
    ENTRY = "-"
    EXPLICIT = "?"
    VALUE = ":"
    COMMA = ","
    OPEN = "{ or ["
    CLOSE = "} or ]"
    SCALAR = "text"
    OTHER = "other"


_SORTS: dict[type, Sort] = {
    yaml.BlockMappingStartToken: Sort.MAPPING,
    yaml.BlockSequenceStartToken: Sort.SEQUENCE,
    yaml.BlockEndToken: Sort.END,
    yaml.KeyToken: Sort.KEY,
    yaml.BlockEntryToken: Sort.ENTRY,
    yaml.ValueToken: Sort.VALUE,
    yaml.FlowEntryToken: Sort.COMMA,
    yaml.FlowMappingStartToken: Sort.OPEN,
    yaml.FlowSequenceStartToken: Sort.OPEN,
    yaml.FlowMappingEndToken: Sort.CLOSE,
    yaml.FlowSequenceEndToken: Sort.CLOSE,
    yaml.ScalarToken: Sort.SCALAR,
}
_STREAM = (yaml.StreamStartToken, yaml.StreamEndToken)
_STRUCTURE = frozenset({Sort.MAPPING, Sort.SEQUENCE, Sort.END, Sort.KEY})


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `style` is the quote of a text, `|`, `>` or nothing; line and column from 1."""

    sort: Sort
    start: int
    end: int
    line: int
    column: int
    style: str = ""
    is_key: bool = False
    in_flow: bool = False

    @property
    def is_structure(self) -> bool:
        """Whether it has no text of its own."""
        return self.sort in _STRUCTURE

    @property
    def is_block_text(self) -> bool:
        """Whether it is a text written below `|` or `>`."""
        return self.style in ("|", ">")


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a text that has been read without a problem."""
    depth, follows_key = 0, False
    for found in yaml.scan(text, Loader=Loader):
        if isinstance(found, _STREAM):
            continue
        start, end = found.start_mark.index, found.end_mark.index
        sort = _SORTS.get(type(found), Sort.OTHER)
        if sort is Sort.KEY and end > start:
            sort = Sort.EXPLICIT
        style = (found.style or "") if isinstance(found, yaml.ScalarToken) else ""
        if style in ("|", ">"):
            end = _end_of_block_text(text, start, end)
        mark = found.start_mark
        place = (start, end, mark.line + 1, mark.column + 1)
        depth -= sort is Sort.CLOSE
        yield Token(sort, *place, style, is_key=follows_key, in_flow=depth > 0)
        depth += sort is Sort.OPEN
        follows_key = sort in (Sort.KEY, Sort.EXPLICIT)


def _end_of_block_text(text: str, start: int, end: int) -> int:
    """Where its last line ends; blank lines after that belong to it only under `+`."""
    header, *lines = text[start:end].split("\n")
    if "+" in header.partition("#")[0]:
        return end
    indent = body_indent(lines)
    while lines and not lines[-1].strip(" ") and len(lines[-1]) <= indent:
        lines.pop()
    return start + len("\n".join([header, *lines]))


def body_indent(lines: Iterable[str]) -> int:
    """By how many spaces the lines of a text below `|` or `>` are indented."""
    return min((len(n) - len(n.lstrip(" ")) for n in lines if n.strip(" ")), default=0)
