"""What the readers of policies share: references, conditions, combinations of remedies, reasons."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from aftersales.definitions.calendar_dates import day_help
from aftersales.definitions.conditions import condition, note_not_known
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import ALWAYS, Condition, FactSchema, Where, known_in, word_help
from aftersales.domain.policy import Combination, RuleRef
from aftersales.domain.problem import Place

# What is known only once options are worked out, so that no rule before that may read it.
_KNOWN_LATER = frozenset({"cost", "cost_share", "option", "remedy", "approval", "return_required"})
REASONS = ("because", "source", "read_on", "in_force_from")


@dataclass(slots=True)
class Reading:
    """One policy being read."""

    policy: str
    schema: FactSchema
    notes: Notes
    remedies: Collection[str] | None = ()  # None: not known, since they are not listed
    ids: dict[str, Place] = field(default_factory=dict)
    offers_remedies: bool = True
    where: Where = "a rule"

    def ref(self, rule: str, where: Node | Place) -> RuleRef:
        """The rule's name and where it is written."""
        place = where if isinstance(where, Place) else where.place
        return RuleRef(self.policy, rule, place.file, place.line)

    def id(self, keys: Keys, what: str) -> RuleRef:
        """The `id:` of a rule, which nothing else in the policy may have (P406)."""
        scalar = keys.scalar("id", required=True)
        place = keys.place("id")
        if scalar is None:
            return self.ref(what, place)
        first = self.ids.setdefault(scalar.text, scalar.place)
        if first is not scalar.place:
            message = f"`{scalar.text}` is the id of another rule"
            self.notes.error("P406", scalar, message, f"the first is at {first}; choose another")
        return self.ref(scalar.text, place)

    def when(self, keys: Keys, *, required: bool = True) -> Condition:
        """The `when:` of a rule; holds for every case if it may be left out and is."""
        node = keys.node("when", required=required)
        return ALWAYS if node is None else self.condition(node)

    def condition(self, node: Node, *, schema: FactSchema | None = None) -> Condition:
        """A condition that reads nothing a rule here may not read (P420, P421).

        `schema` is another one, for what is asked of finished options.
        """
        if self.offers_remedies:
            for fact in _facts_named(node):
                self.refuse_fact(fact, fact.text, may_read_option=schema is not None)
            where: Where | None = "`approval`" if schema is not None else None
        else:
            where = self.where
        return condition(node, schema or self.schema, self.notes, where)

    def refuse_fact(self, where: Node, name: str, *, may_read_option: bool = False) -> bool:
        """Whether a fact may not stand in a policy that offers remedies; noted if so."""
        declaration = self.schema.declared(name)
        if declaration is not None and declaration.about_review:
            message = f"`{name}` is about a review: a policy that offers remedies may not read it"
            help = "size remedies by what went wrong: its value, its severity"
            self.notes.error("P420", where, message, help)
            return True
        if name in _KNOWN_LATER and not may_read_option:
            message = f"`{name}` is not known yet when this rule is read"
            help = "ask for it in `approval` or `return_required`"
            self.notes.error("P421", where, message, help)
            return True
        places = known_in(name)
        if places is not None and not may_read_option and "a rule" not in places:
            note_not_known(where, name, "a rule", self.notes)
            return True
        return False

    def fits(self, fact: str, cell: Scalar, *, schema: FactSchema | None = None) -> Condition:
        """The condition that `fact` is as the text of `cell` says."""
        pair = Mapping(((Scalar(fact, cell.place), cell),), cell.place)
        return condition(pair, schema or self.schema, self.notes)

    def remedy(self, scalar: Scalar | None) -> str:
        """The name of a remedy of this policy (P404)."""
        if scalar is None:
            return ""
        self._known_remedy(scalar.text, scalar.place)
        return scalar.text

    def combinations(self, node: Node | None) -> tuple[Combination, ...]:
        """`a`, `a + b`, or a list of these: the customer chooses."""
        if node is None:
            return ()
        items = node.items if isinstance(node, Listing) else (node,)
        if not items:
            help = "name an option; a limit or a channel may still leave it out"
            self.notes.error("P401", node, "some cases have no option", help)
        return tuple(c for item in items if (c := self._combination(item)))

    def _combination(self, node: Node) -> Combination:
        if not isinstance(node, Scalar):
            help = "write `resend + small_coupon` for both together, a list for a choice"
            self.notes.error("P404", node, "an option is one text", help)
            return ()
        names, start = [], 0
        for part in node.text.split("+"):
            name = part.strip()
            at = start + part.index(name) + (1 if node.is_quoted else 0)
            place = replace(node.place, column=node.place.column + at, length=max(len(name), 1))
            self._known_remedy(name, place)
            names.append(name)
            start += len(part) + 1
        return tuple(names)

    def _joined(self, name: str) -> str:
        """What to write where remedies were joined by other words than ours."""
        parts = _parts(name)
        if len(parts) < 2 or not all(part in (self.remedies or ()) for part in parts):
            return ""
        choice = f"`[{', '.join(parts)}]` for a choice"
        return f"write `{' + '.join(parts)}` for both together, or {choice}"

    def _known_remedy(self, name: str, place: Place) -> None:
        if self.remedies is not None and name not in self.remedies:
            help = self._joined(name) or word_help(name, self.remedies)
            help = help or "declare it under `remedies`"
            self.notes.error("P404", place, f"`{name}` is not a remedy of this policy", help)


def both(one: Condition, other: Condition) -> Condition:
    """What holds where both hold."""
    return Condition(tuple(mine + more for mine in one.boxes for more in other.boxes))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\s*[,;&/]\s*|\s+(?:and|or)\s+", text)]


def reason(keys: Keys) -> str:
    """Why a rule is as it is, for people: its `because:`, else its `source:`."""
    because, source = keys.text("because"), keys.text("source")
    read_on, _ = _day(keys, "read_on"), _day(keys, "in_force_from")
    since = f" (read on {read_on})" if read_on else ""
    return because or (f"{source}{since}" if source else "")


def _day(keys: Keys, name: str) -> str:
    scalar = keys.scalar(name)
    if scalar is None:
        return ""
    try:
        return date.fromisoformat(scalar.text).isoformat()
    except ValueError:
        message = f"`{name}` is not a day: `{scalar.text}`"
        help = day_help(scalar.text) or "write it like `2026-03-01`"
        keys.notes.error("K104", scalar, message, help)
        return ""


def _facts_named(node: Node) -> Iterator[Scalar]:
    for part in node.items if isinstance(node, Listing) else (node,):
        if isinstance(part, Mapping):
            yield from (key for key, _ in part.items)
