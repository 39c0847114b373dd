"""A cell: what one fact must be for a rule to fit.

A cell is `any`, `missing`, `known`, or it matches or excludes some tests. A test is an interval
on an ordered fact (a single value is the interval from it to itself), a word on an unordered
one, or a named group of tests: values, so that proofs can cut them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from aftersales.domain.conditions.rates import Rates
from aftersales.domain.duration import Duration
from aftersales.domain.money import Money

Value = str | Money | Decimal | Fraction | Duration | date | datetime | bool | frozenset[str]
Single = str | Money | Decimal | Fraction | Duration | date | datetime | bool


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of an interval. `key` is the value on the fact's axis; money has amounts instead.

    `amounts` gives the same threshold in several currencies, in the order of their codes; for any
    other currency the first is converted.
    """

    text: str
    is_included: bool
    key: Any = None
    amounts: Mapping[str, Money] = field(default_factory=dict)

    def key_in(self, currency: str, rates: Rates) -> Fraction:
        """The threshold in minor units of `currency`, unrounded. FactMissing without a rate."""
        own = self.amounts.get(currency)
        if own is not None:
            return Fraction(own.minor)
        return rates.convert(next(iter(self.amounts.values())), currency)

    def __hash__(self) -> int:
        return hash((self.text, self.is_included))


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; None is open without end."""

    low: Bound | None
    high: Bound | None

    def holds(self, value: Any, key: Any, rates: Rates) -> bool:
        """Whether `value`, which is `key` on its axis, lies inside."""
        return self._is_above_low(value, key, rates) and self._is_below_high(value, key, rates)

    def _is_above_low(self, value: Any, key: Any, rates: Rates) -> bool:
        if self.low is None:
            return True
        low = _bound_key(self.low, value, rates)
        return bool(key >= low) if self.low.is_included else bool(key > low)

    def _is_below_high(self, value: Any, key: Any, rates: Rates) -> bool:
        if self.high is None:
            return True
        high = _bound_key(self.high, value, rates)
        return bool(key <= high) if self.high.is_included else bool(key < high)

    def __str__(self) -> str:
        low, high = self.low, self.high
        if low is None and high is None:
            return "any"
        if high is None:
            assert low is not None
            return f"{'at least' if low.is_included else 'over'} {low.text}"
        if low is None:
            return f"{'at most' if high.is_included else 'under'} {high.text}"
        if low.text == high.text and low.is_included and high.is_included:
            return low.text
        start = low.text if low.is_included else f"over {low.text}"
        return f"{start} to {'' if high.is_included else 'under '}{high.text}"


@dataclass(frozen=True, slots=True)
class Word:
    """Exactly one value of a fact without an order."""

    value: str | bool
    text: str

    def holds(self, value: Any, key: Any, rates: Rates) -> bool:  # noqa: ARG002
        """Whether `value` is this one."""
        return bool(value == self.value)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Named:
    """A group or band: a name that stands for its tests."""

    name: str
    tests: tuple["Test", ...]

    def holds(self, value: Any, key: Any, rates: Rates) -> bool:
        """Whether one of the tests holds."""
        return any(test.holds(value, key, rates) for test in self.tests)

    def __str__(self) -> str:
        return self.name


Test = Interval | Word | Named


class CellKind(StrEnum):
    """What a cell does with its tests."""

    ANY = "any"
    MISSING = "missing"
    KNOWN = "known"
    MATCHES = "matches"
    EXCLUDES = "excludes"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a fact must be. `order` are the choices of a fact in order, lowest first."""

    kind: CellKind
    tests: tuple[Test, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def reads(self) -> bool:
        """Whether the fact's value matters at all."""
        return self.kind is not CellKind.ANY

    def matches(self, value: Value | None, rates: Rates | None = None) -> bool:
        """Whether `value` fits; None is a missing value. FactMissing if a rate is not known."""
        kind = self.kind
        if kind is CellKind.ANY:
            return True
        if kind is CellKind.MISSING or kind is CellKind.KNOWN:
            return (value is None) is (kind is CellKind.MISSING)
        if value is None:
            return False
        singles = sorted(value) if isinstance(value, frozenset) else (value,)
        found = any(self._holds(single, rates or Rates.none()) for single in singles)
        return found is (kind is CellKind.MATCHES)

    def plain_tests(self) -> Iterator[Interval | Word]:
        """The tests with groups and bands written out, for proofs."""
        return _plain(self.tests)

    def __str__(self) -> str:
        if self.kind is CellKind.MATCHES:
            return " or ".join(map(str, self.tests))
        if self.kind is CellKind.EXCLUDES:
            return "not " + " nor ".join(map(str, self.tests))
        return str(self.kind)

    def _holds(self, value: Single, rates: Rates) -> bool:
        key = axis_key(value, self.order)
        return any(test.holds(value, key, rates) for test in self.tests)


ANY = Cell(CellKind.ANY)


def axis_key(value: Single, order: tuple[str, ...] = ()) -> Any:
    """Where `value` lies on its fact's axis: a number, date or instant that can be compared."""
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, Duration):
        return value.amount * (60 if value.unit == "hours" else 1)
    if isinstance(value, str) and order:
        return order.index(value) if value in order else -1
    return value


def _bound_key(bound: Bound, value: Any, rates: Rates) -> Any:
    if not isinstance(value, Money):
        return bound.key
    own = bound.amounts.get(value.currency)  # a whole number is the quicker to hold against
    return bound.key_in(value.currency, rates) if own is None else own.minor


def _plain(tests: tuple[Test, ...]) -> Iterator[Interval | Word]:
    for test in tests:
        if isinstance(test, Named):
            yield from _plain(test.tests)
        else:
            yield test
