"""The answers of a rows table: how columns are declared, and what may stand in them."""

import json
import re
from collections.abc import Callable, Collection

from aftersales.definitions.keys import Keys
from aftersales.definitions.other_words import other_value
from aftersales.definitions.policy_reading import Reading
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import word_help
from aftersales.domain.duration import Duration, parse_percent
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money
from aftersales.domain.policy import Column, ColumnType

TYPES: tuple[ColumnType, ...] = (
    "choice", "duration", "money", "number", "percent", "yes_no", "text", "list", "calendar",
    "fact", "ladder",
)  # fmt: skip
# Defaults that are words for people: the table then does not answer, and the reader of it knows.
_NOT_ANSWERED = ("of the workflow", "by unit", "none")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_YES_NO = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}


def read_columns(keys: Keys, reading: Reading) -> tuple[Column, ...]:
    """The `answers:`: a list of words, a type, or `{type: ..., of: [...], default: ...}`."""
    return tuple(_column(name, node, reading) for name, node in keys.pairs("answers"))


def _column(name: Scalar, node: Node, reading: Reading) -> Column:
    if isinstance(node, Listing):
        return Column(name.text, "choice", _words(node, reading))
    if isinstance(node, Scalar):
        return Column(name.text, _type(node, reading))
    keys = Keys(node, reading.notes, what=f"the answer `{name.text}`")
    of = tuple(scalar.text for scalar in keys.scalars("of"))
    type_node = keys.scalar("type", required=not of)
    type = _type(type_node, reading) if type_node else "choice"
    default = keys.scalar("default")
    is_optional = keys.yes_no("optional")
    keys.done()
    bare = Column(name.text, type, of)
    if default is None:
        return Column(name.text, type, of, may_be_left_out=is_optional)
    if default.text in _NOT_ANSWERED and default.text not in of:
        return Column(name.text, type, of, may_be_left_out=True)
    return Column(name.text, type, of, default=answer(bare, default, reading, None))


def _words(node: Listing, reading: Reading) -> tuple[str, ...]:
    words: list[str] = []
    for item in node.items:
        parts = re.split(r"\s*[;,|/]\s*", item.text) if isinstance(item, Scalar) else []
        if len(parts) != 1:
            help = f"write the words with commas: `[{', '.join(parts or ('red', 'blue'))}]`"
            reading.notes.error("P411", item, "an answer is one word", help)
        words += parts
    return tuple(words)


def _type(scalar: Scalar, reading: Reading) -> ColumnType:
    for type in TYPES:
        if type == scalar.text:
            return type
    help = word_help(other_value(scalar.text, TYPES) or scalar.text, TYPES)
    reading.notes.error("P411", scalar, f"`{scalar.text}` is not a type of answer", help)
    return "text"


def answer(
    column: Column, node: Node, reading: Reading, calendars: Collection[str] | None
) -> str | None:
    """The canonical text of one answer, or None with the slip noted (P412)."""
    try:
        if column.type == "list":
            return _list(column, node)
        if column.type == "ladder":
            return _ladder(node)
        if not isinstance(node, Scalar):
            raise ValueUnreadable(
                f"`{column.name}` is one text", help=f"write `{column.name}: ...`"
            )
        if column.type == "fact" and reading.schema.declared(node.text) is None:
            help = word_help(node.text, reading.schema.all)
            raise ValueUnreadable(f"`{node.text}` is not a fact", help=help)
        if column.type == "calendar" and calendars is not None and node.text not in calendars:
            help = word_help(node.text, sorted(calendars))
            raise ValueUnreadable(f"`{node.text}` is not a calendar", help=help)
        if column.of and node.text not in column.of:
            _refuse_word(column, node.text)
        return _READ[column.type](node.text)
    except ValueUnreadable as slip:
        reading.notes.error("P412", node, str(slip), slip.help)
        return None


def _refuse_word(column: Column, text: str) -> None:
    help = word_help(text, column.of)
    raise ValueUnreadable(f"`{text}` is not an answer for `{column.name}`", help=help)


def _matching(pattern: re.Pattern[str], what: str, example: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueUnreadable(f"`{text}` is not {what}", help=f"write it like `{example}`")
        return text

    return read


def _yes_no(text: str) -> str:
    if text not in _YES_NO:
        raise ValueUnreadable(f"`{text}` is neither yes nor no", help="write `yes` or `no`")
    return _YES_NO[text]


def _percent(text: str) -> str:
    parse_percent(text)
    return text.replace(" ", "")


_READ: dict[ColumnType, Callable[[str], str]] = {
    "choice": str,
    "text": str,
    "calendar": str,
    "fact": str,
    "duration": lambda text: str(Duration.parse(text)),
    "money": lambda text: str(Money.parse(text)),
    "number": _matching(_NUMBER, "a number", "3"),
    "percent": _percent,
    "yes_no": _yes_no,
}


def _list(column: Column, node: Node) -> str:
    items = node.items if isinstance(node, Listing) else (node,)
    texts = []
    for item in items:
        if not isinstance(item, Scalar) or "," in item.text:
            raise ValueUnreadable(f"`{column.name}` is a list of words", help="write `[one, two]`")
        if column.of and item.text not in column.of:
            _refuse_word(column, item.text)
        texts.append(item.text)
    return ", ".join(texts)


def _ladder(node: Node) -> str:
    """Times and actions as JSON, in an order that does not hang on how they were written."""
    if not isinstance(node, Mapping):
        help = "write `{50%: [alert assignee], 3 business days: [alert supervisor]}`"
        raise ValueUnreadable("warnings are written as `time: [actions]` pairs", help=help)
    steps = [(_rung(key.text), _actions(value)) for key, value in node.items]
    return json.dumps([[at, actions] for (_, at), actions in sorted(steps)], ensure_ascii=False)


def _rung(text: str) -> tuple[tuple[int, int, str], str]:
    """The place of a time in the ladder, and the time: fractions first, then by unit and amount."""
    if text.endswith("%"):
        part = parse_percent(text)
        if not 0 < part < 1 or (part * 100).denominator != 1:
            raise ValueUnreadable(
                f"`{text}` is not a part of a deadline", help="write `1%` to `99%`"
            )
        return (0, int(part * 100), ""), f"{int(part * 100)}%"
    duration = Duration.parse(text)
    return (1, duration.amount, str(duration.unit)), str(duration)


def _actions(node: Node) -> list[str]:
    items = node.items if isinstance(node, Listing) else (node,)
    texts = [item.text for item in items if isinstance(item, Scalar) and item.text]
    if len(texts) != len(items) or not texts:
        raise ValueUnreadable("a warning names its actions", help="write `[alert assignee]`")
    return texts
