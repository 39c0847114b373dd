"""The facts that are declared, and the facts known about one case."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from aftersales.domain.conditions.built_in import BUILT_IN
from aftersales.domain.conditions.cell import Cell, Test, Value
from aftersales.domain.conditions.declaration import (
    ByPolicy,
    DaysBetween,
    FactDeclaration,
)
from aftersales.domain.conditions.rates import Rates
from aftersales.domain.conditions.values import read_value, text_of, write_value
from aftersales.domain.conditions.words import word_help
from aftersales.domain.errors import FactMissing, ValueUnreadable

Names = Mapping[str, tuple[Test, ...]]
_NOTHING = frozenset[str]()


@dataclass(frozen=True)
class FactSchema:
    """All declared and built-in facts, with the groups and bands that have names."""

    declarations: Mapping[str, FactDeclaration] = field(default_factory=dict)
    groups: Mapping[str, Names] = field(default_factory=dict)  # by fact, or by type for all of it
    band_cells: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()  # declared with a slip, which is reported already

    @cached_property
    def all(self) -> Mapping[str, FactDeclaration]:
        """Every declaration by name, built-in ones too."""
        return {**BUILT_IN, **self.declarations}

    @cached_property
    def derived_by_policy(self) -> Mapping[str, str]:
        """The policy that answers each fact declared `is: by policy NAME`."""
        return {
            name: declaration.derived.policy
            for name, declaration in self.all.items()
            if isinstance(declaration.derived, ByPolicy)
        }

    def answered_among(self, reads: frozenset[str]) -> tuple[str, ...]:
        """Those of `reads` that policies answer, by name."""
        found = self._answered_among.get(reads)
        if found is None:
            found = tuple(sorted(reads & self.derived_by_policy.keys()))
            self._answered_among[reads] = found
        return found

    @cached_property
    def _answered_among(self) -> dict[frozenset[str], tuple[str, ...]]:
        return {}

    @cached_property
    def _answers(self) -> dict[tuple[str, str], Value]:
        return {}

    @cached_property
    def computed(self) -> Mapping[str, DaysBetween]:
        """How each derived fact is computed from others."""
        return {
            name: declaration.derived
            for name, declaration in self.all.items()
            if isinstance(declaration.derived, DaysBetween)
        }

    @cached_property
    def may_be_missing(self) -> frozenset[str]:
        """The facts of which a case may know nothing."""
        return frozenset(name for name, fact in self.all.items() if fact.may_be_missing)

    @cached_property
    def moves_computed(self) -> frozenset[str]:
        """The facts by which a derived one changes, and the derived ones themselves."""
        ends = (end for days in self.computed.values() for end in (days.start, days.end))
        return frozenset(ends) | self.computed.keys()

    def declared(self, name: str) -> FactDeclaration | None:
        """What is declared of the fact `name`, or None."""
        return self.all.get(name)

    def declaration(self, name: str) -> FactDeclaration:
        """What is declared of the fact `name`. ValueUnreadable if nothing is."""
        found = self.all.get(name)
        if found is None:
            raise ValueUnreadable(f"`{name}` is not a fact", help=word_help(name, self.all))
        return found

    def read(self, name: str, text: str) -> Value:
        """`text` as a value of the fact, in its range. ValueUnreadable with a help."""
        declaration = self.declaration(name)
        value = read_value(declaration, text)
        if not is_in_range(declaration, value):
            raise ValueUnreadable(
                f"`{text}` is out of the range of `{name}`", help=f"it is {declaration.range}"
            )
        return value

    def read_answer(self, name: str, text: str) -> Value:
        """`read`, kept: for the texts that tables answer, which are few."""
        value = self._answers.get((name, text))
        if value is None:
            value = self._answers[name, text] = self.read(name, text)
        return value

    def write(self, name: str, value: Value) -> str:
        """The canonical text of `value`; `read` gives it back."""
        return write_value(self.declaration(name), value)

    def canonical_text(self, name: str, value: object) -> str:
        """The canonical text of what a program gave: a text or a typed value, in its range."""
        text = text_of(self.declaration(name), value)
        self.read(name, text)
        return text

    def typed(
        self, facts: Mapping[str, str], *, rates: Rates | None = None, **builtins: Value
    ) -> "Facts":
        """The facts of a case from their texts, with derived ones computed."""
        values = {name: self.read(name, text) for name, text in facts.items()}
        return Facts(self, {**values, **builtins}, rates or Rates.none())

    def names(self, fact: str) -> Names:
        """The groups and bands that may be named in a cell of `fact`, each with its tests."""
        declaration = self.all.get(fact)
        by_type = self.groups.get(str(declaration.type), {}) if declaration else {}
        bands = {name: cell.tests for name, cell in self.bands(fact).items()}
        return {**by_type, **self.groups.get(fact, {}), **bands}

    def bands(self, fact: str) -> Mapping[str, Cell]:
        """The named slices of the fact's range, in the author's order."""
        return self.band_cells.get(fact, {})

    def with_bands(self, fact: str, bands: Mapping[str, Cell]) -> "FactSchema":
        """This schema with bands of a policy's own, in place of those declared."""
        return replace(self, band_cells={**self.band_cells, fact: bands})

    def with_words(self, fact: str, words: Iterable[str]) -> "FactSchema":
        """This schema with the words that a built-in fact of names can be, once they are known."""
        declaration = replace(self.declaration(fact), choices=tuple(words))
        return replace(self, declarations={**self.declarations, fact: declaration})


class Facts(Mapping[str, Value]):
    """What is known about one case, typed. A fact that is not in it is missing.

    `known` has all of it as a plain mapping, derived facts too: quick to look up.
    """

    __slots__ = ("_computed", "known", "rates", "schema")

    def __init__(
        self, schema: FactSchema, values: Mapping[str, Value], rates: Rates | None = None
    ) -> None:
        self.schema = schema
        self.rates = rates or Rates.none()
        known = _computed(schema, values)
        self._computed = known.keys() - values.keys() if known else _NOTHING
        known.update(values)
        self.known: Mapping[str, Value] = known

    def __getitem__(self, name: str) -> Value:
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def __repr__(self) -> str:
        return f"Facts({self.known!r})"

    def needed(self, name: str) -> Value:
        """The value of a fact that must be known. FactMissing if it is not."""
        value = self.known.get(name)
        if value is None:
            raise FactMissing(name)
        return value

    def having(self, **more: Value | None) -> "Facts":
        """These facts with others set, or removed by None; derived facts are computed anew."""
        if None not in more.values() and self.schema.moves_computed.isdisjoint(more):
            return self._and(more)
        merged: dict[str, Value | None] = {**self._given(), **more}
        known = {name: value for name, value in merged.items() if value is not None}
        return Facts(self.schema, known, self.rates)

    def _and(self, more: Mapping[str, Any]) -> "Facts":
        """With others set by which no derived fact changes: nothing is computed."""
        facts = Facts.__new__(Facts)
        facts.schema, facts.rates, facts._computed = self.schema, self.rates, self._computed
        facts.known = {**self.known, **more}
        return facts

    def _given(self) -> dict[str, Value]:
        return {name: value for name, value in self.known.items() if name not in self._computed}

    def at_rates(self, rates: Rates) -> "Facts":
        """The same facts, converted at other rates."""
        return Facts(self.schema, self._given(), rates)

    def text(self, name: str) -> str:
        """The canonical text of a fact, or `not known`."""
        value = self.known.get(name)
        return "not known" if value is None else self.schema.write(name, value)

    def texts(self) -> dict[str, str]:
        """The canonical text of each known fact, by name."""
        return {name: self.text(name) for name in sorted(self.known)}


def is_in_range(declaration: FactDeclaration, value: Value) -> bool:
    """Whether `value` lies in the declared range; what only rates could tell counts as inside."""
    if declaration.range is None:
        return True
    try:
        return declaration.range.matches(value)
    except FactMissing:
        return True


def _computed(schema: FactSchema, given: Mapping[str, Value]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, days in schema.computed.items():
        start, end = given.get(days.start), given.get(days.end)
        if isinstance(start, date) and isinstance(end, date):
            found[name] = Decimal((_utc_date(end) - _utc_date(start)).days)
    return found


def _utc_date(value: date) -> date:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).date()
