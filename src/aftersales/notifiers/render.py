"""Replies rendered: a template and plain values become a subject and a text. The home of Jinja2.

Pure: no clock, no file, no network. Values are never read as templates.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from jinja2 import StrictUndefined, Template, TemplateError, Undefined, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from aftersales.domain.case import Effect
from aftersales.domain.duration import Duration
from aftersales.domain.errors import AftersalesError, ValueUnreadable
from aftersales.domain.money import Money
from aftersales.notifiers.allowed import check_template, names_used
from aftersales.notifiers.speech import Speaker

T = TypeVar("T")

MAX_RENDERED_LENGTH = 50_000
MAX_TEXT_LENGTH = 5_000
MAX_ITEMS = 100
MAX_SUBJECT_LENGTH = 300


class ReplyNotRenderable(AftersalesError):
    """A reply cannot be written, so it is not sent."""


class ReplyText(Protocol):
    """A reply as its author wrote it."""

    @property
    def needs(self) -> Sequence[str]: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """A subject, on one line, and a text."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed to whoever sends: the effect, and its text in `language`."""

    effect: Effect
    language: str
    subject: str
    body: str


def compose(
    effect: Effect, reply: ReplyText, values: Mapping[str, Any], *, language: str, zone: str = "UTC"
) -> Message:
    """The message of `effect`. ReplyNotRenderable if something it needs is not known."""
    rendered = render(reply, values, language=language, zone=zone)
    return Message(effect, language, rendered.subject, rendered.body)


def render(
    reply: ReplyText, values: Mapping[str, Any], *, language: str, zone: str = "UTC"
) -> Rendered:
    """Write `reply` with `values`, which may hold more than it uses.

    What it uses must be plain: texts, numbers, Money, durations, dates, instants, lists of those,
    and lists of mappings of those. None stands for what is not known. ReplyNotRenderable says
    everything that is missing.
    """
    missing = [name for name in reply.needs if values.get(name) is None]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise ReplyNotRenderable(f"the reply needs {names}, which is not known")
    try:
        subject = _write(language, zone, reply.subject, values)
        body = _write(language, zone, reply.body, values)
    except ValueUnreadable as error:
        raise ReplyNotRenderable(str(error)) from None
    return Rendered(_one_line(subject), body.strip() + "\n")


class _Replies(ImmutableSandboxedEnvironment):
    """The sandbox, narrowed: `a.b` looks up a key of a mapping, never an attribute of an object."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            undefined=StrictUndefined,
            finalize=_defined(speaker.speak),
            autoescape=False,  # plain text, not HTML
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.filters = {
            "date_time": _defined(speaker.date_time),
            "date": _defined(speaker.date),
            "money": _defined(speaker.money),
            "list": _defined(speaker.list),
            "if_known": lambda value, form: _if_known(speaker, value, form),
            _ITEMS: _defined(_items),
        }
        self.tests = {"known": _is_known}
        self.globals = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, str(argument))


@lru_cache(maxsize=64)
def _environment(language: str, zone: str) -> _Replies:
    return _Replies(Speaker.of(language, zone))


@lru_cache(maxsize=512)
def _template(language: str, zone: str, text: str) -> tuple[Template, frozenset[str]]:
    problems = check_template(text)
    if problems:
        message, line = problems[0]
        raise ReplyNotRenderable(f"the reply's template is not allowed (line {line}): {message}")
    environment = _environment(language, zone)
    tree = environment.parse(text)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _ITEMS, [], [], None, None, lineno=loop.lineno)
    return environment.from_string(tree), names_used(text)


def _write(language: str, zone: str, text: str, values: Mapping[str, Any]) -> str:
    template, names = _template(language, zone, text)
    used = {name: _plain(name, values[name]) for name in names if values.get(name) is not None}
    written: list[str] = []
    length = 0
    try:
        for piece in template.generate(used):
            length += len(piece)
            if length > MAX_RENDERED_LENGTH:
                raise ReplyNotRenderable(
                    f"the reply would be longer than {MAX_RENDERED_LENGTH} characters"
                )
            written.append(piece)
    except UndefinedError as error:
        raise ReplyNotRenderable(f"the reply uses what is not known: {error.message}") from None
    except TemplateError as error:
        raise ReplyNotRenderable(f"the reply cannot be written: {error.message}") from None
    return "".join(written)


def _plain(name: str, value: object) -> object:
    """`value`, if it is plain all the way down, with control characters taken out of texts."""
    match value:
        case str():
            return _printable(value[:MAX_TEXT_LENGTH])
        case bool() | int() | Decimal() | Fraction() | Money() | Duration() | date():
            return value
        case Mapping() if len(value) <= MAX_ITEMS:
            return {str(key): _plain(name, each) for key, each in _known(value).items()}
        case list() | tuple() if len(value) <= MAX_ITEMS:
            return [_plain(name, item) for item in value]
        case Mapping() | list() | tuple():
            raise ReplyNotRenderable(f"`{name}` is too long for a reply")
    raise ReplyNotRenderable(f"`{name}` is a {type(value).__name__}, not a plain value")


def _known(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _printable(text: str) -> str:
    """`text` without control characters and marks that turn the direction of writing."""
    return "".join(
        c
        for c in text
        if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNS)
    )


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _one_line(subject: str) -> str:
    """`subject` for a mail's header: one line, no encoded words. Else it is refused."""
    line = subject.strip()
    if "=?" in line or any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in line):
        raise ReplyNotRenderable("the subject holds a line break or an encoded word")
    if len(line) > MAX_SUBJECT_LENGTH:
        raise ReplyNotRenderable(f"the subject is longer than {MAX_SUBJECT_LENGTH} characters")
    return line


_ITEMS = "items of"  # no author can write it: put around what a loop runs over


def _items(value: object) -> object:
    """`value`, if it is a list: nothing else is looped over, least of all a long text."""
    if not isinstance(value, list):
        raise ValueUnreadable("a loop wants a list")
    return value


def _defined(speak: Callable[[Any], T]) -> Callable[[Any], T]:
    """`speak`, but for what is not known: that stops the sending."""

    def only_defined(value: Any) -> T:
        if isinstance(value, Undefined):
            str(value)  # raises, and names what is not known
        return speak(value)

    return only_defined


def _is_known(value: object) -> bool:
    return not isinstance(value, Undefined) and value not in ("", [], ())


def _if_known(speaker: Speaker, value: object, form: str) -> str:
    """`form` with the value in place of its one `{}`; nothing where the value is not known."""
    if not _is_known(value):
        return ""
    before, gap, after = form.partition("{}")
    return f"{before}{speaker.speak(value) if gap else ''}{after}"
