"""The names a workflow may use: its own, and those that other files declare."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from aftersales.definitions.notes import Notes
from aftersales.definitions.other_words import other_value
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.domain.conditions import FactSchema, word_help
from aftersales.domain.problem import Place

OF_DEADLINES = {"within", "when_over", "warn"}
OF_EVENTS = {"by", "go_to", "do", "stay", "takes"}
ROLES = ("customer", "agent", "supervisor", "manager", "platform", "bank", "system")
STAFF = ("agent", "supervisor", "manager")  # each may do what those before it may
ACTORS = (*ROLES, "approvers")
_BY_POLICY = "by policy "


@dataclass(frozen=True, slots=True)
class Known:
    """What other files declare. A set that is None is not known here, so it is not checked."""

    schema: FactSchema
    templates: frozenset[str] | None = None
    policies: frozenset[str] | None = None  # policies that make offers
    tables: frozenset[str] | None = None  # rows tables
    remedies: frozenset[str] | None = None
    calendars: frozenset[str] | None = None
    kinds: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """The names that a workflow itself declares, read before anything refers to them."""

    states: tuple[str, ...]
    final: frozenset[str]
    events: dict[str, tuple[str, ...]]
    anywhere: tuple[str, ...]
    case_deadlines: tuple[str, ...]
    deadlines: frozenset[str]

    @classmethod
    def of(cls, root: Mapping) -> "Outline":
        """The names written in `root`, whatever else is wrong with it."""
        states = {key.text: value for key, value in _pairs(root.get("states"))}
        parts = {name: state for name, state in states.items() if isinstance(state, Mapping)}
        own = {name for state in parts.values() for name in _names(state.get("deadlines"))}
        case_deadlines = _names(root.get("case_deadlines"))
        return cls(
            states=tuple(states),
            final=frozenset(name for name, state in parts.items() if state.key("final")),
            events={name: _names(state.get("events")) for name, state in parts.items()},
            anywhere=_names(root.get("anywhere")),
            case_deadlines=case_deadlines,
            deadlines=frozenset(own.union(case_deadlines)),
        )

    def events_in(self, state: str | None) -> list[str]:
        """The events of `state` and those accepted anywhere; without a state, every event."""
        own = self.events.get(state, ()) if state else _flat(self.events.values())
        return [*own, *self.anywhere]


@dataclass(slots=True)
class Reading:
    """One workflow being read: what may be named, what was found, what is to be looked at last."""

    known: Known
    notes: Notes
    outline: Outline
    file: str = ""
    sent: set[str] = field(default_factory=set)  # templates that some action sends
    sent_named: list[Scalar] = field(
        default_factory=list
    )  # `sent TEMPLATE`, to be sent by some action
    put_by_system: list[tuple[Scalar, str | None]] = field(
        default_factory=list
    )  # event, in which state

    def refer(self, name: Scalar, known: Collection[str] | None, code: str, what: str) -> str:
        """The text of `name`, noted as a problem if it is not among the `known` names."""
        self.refer_text(name, name.text, known, code, what)
        return name.text

    def refer_text(
        self, where: Scalar, text: str, known: Collection[str] | None, code: str, what: str
    ) -> None:
        """Note `text`, a part of `where`, as a problem if it is not among the `known` names."""
        if known is not None and text not in known:
            help = (
                word_help(other_value(text, known) or text, sorted(known))
                or f"none is declared: there is no {what} to name"
            )
            self.notes.error(code, part_of(where, text), f"`{text}` is not {_a(what)}", help)

    def by_policy(self, scalar: Scalar) -> str | None:
        """The table of `by policy TABLE`, noted if there is none; None for any other text."""
        if not scalar.text.startswith(_BY_POLICY):
            return None
        table = scalar.text.removeprefix(_BY_POLICY).strip()
        self.refer_text(scalar, table, self.known.tables, "W513", "table of rows")
        return table

    def refer_fact(self, where: Scalar, name: str) -> None:
        """Note `name` as a problem if no fact of that name is declared."""
        schema = self.known.schema
        if schema.declared(name) is None and name not in schema.doubtful:
            help = word_help(name, schema.all)
            self.notes.error("C203", part_of(where, name), f"`{name}` is not a fact", help)

    def is_misplaced(
        self, key: Scalar, node: Node, *, of_others: set[str], own: set[str], others: str
    ) -> bool:
        """Whether what stands at `key` belongs under `others`: told once, not key by key (K101)."""
        written = {name.text for name, _ in _pairs(node)}
        if len(written & of_others) < 2 or written & own:
            return False
        message = f"`{key.text}` has the keys of what stands under `{others}`"
        self.notes.error("K101", key, message, f"move it under `{others}`")
        return True

    def name_of(self, key: Scalar, what: str) -> str:
        """The text of `key` where an author makes up a name: small letters, digits and `_`."""
        if not is_name(key.text):
            help = "use small letters, digits and `_`, and begin with a letter"
            self.notes.error("W500", key, f"`{key.text}` cannot be the name of {what}", help)
        return key.text


def is_name(text: str) -> bool:
    """Whether `text` is small ASCII letters, digits and `_`, beginning with a letter."""
    return text.isascii() and text.isidentifier() and text == text.lower() and text[0] != "_"


def part_of(where: Scalar, text: str) -> Place:
    """Where `text`, a part of a scalar of one line, is written."""
    start = where.text.rfind(text)
    if start < 0 or "\n" in where.text or where.place.length < len(where.text):
        return where.place
    column = where.place.column + start + (1 if where.is_quoted else 0)
    return replace(where.place, column=column, length=max(len(text), 1))


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _pairs(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.items if isinstance(node, Mapping) else ()


def _names(node: Node | None) -> tuple[str, ...]:
    return tuple(key.text for key, _ in _pairs(node))


def _flat(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))
