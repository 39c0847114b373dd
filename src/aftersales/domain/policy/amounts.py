"""What remedies and limits are worth: shares of facts, fixed amounts, roundings. All exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing, InvariantBroken
from aftersales.domain.money import Money, exponent

Worth = tuple[int, int]
"""Unrounded minor units: a number over another that is above 0, not shortened: ten times as fast
as a Fraction, and as exact."""


def money_of(facts: Facts, name: str, currency: str) -> Worth:
    """The money fact `name` in `currency`. FactMissing if it is not known."""
    value = facts.known.get(name)
    if value is None:
        raise FactMissing(name)
    if not isinstance(value, Money):
        raise InvariantBroken(f"the fact `{name}` should be money and is not")
    return in_currency(value, facts, currency)


def in_currency(money: Money, facts: Facts, currency: str) -> Worth:
    """`money` in `currency`, at the rates of the case."""
    if money.currency == currency or not money.minor:
        return money.minor, 1
    factor = facts.rates.factor(money.currency, currency)
    return money.minor * factor.numerator, factor.denominator


def is_less(one: Worth, other: Worth) -> bool:
    """Whether `one` is the smaller."""
    return one[0] * other[1] < other[0] * one[1]


def total(worths: Iterable[Worth]) -> Worth:
    """All of them together."""
    over, under = 0, 1
    for minor, parts in worths:
        over, under = over * parts + minor * under, under * parts
    return over, under


def half_up(worth: Worth) -> int:
    """An amount that is not below zero, rounded half up to the minor unit."""
    minor, parts = worth
    return (2 * minor + parts) // (2 * parts)


def floor(worth: Worth) -> int:
    """An amount rounded down to the minor unit: for limits, which are never exceeded."""
    return worth[0] // worth[1]


def ceiling(worth: Worth) -> int:
    """An amount in minor units, rounded up: for what was given already."""
    return -(-worth[0] // worth[1])


@dataclass(frozen=True)
class Amount:
    """A share of a money fact (`20% of affected_value`), or a fixed amount, one a currency.

    `text` is what the author wrote.
    """

    text: str
    share: Fraction | None = None
    of: str = ""
    fixed: tuple[Money, ...] = ()

    def worth(self, facts: Facts, currency: str) -> Worth:
        """What it comes to in `currency`. FactMissing for an unknown fact or rate."""
        if self.share is not None:
            minor, parts = money_of(facts, self.of, currency)
            return minor * self.share.numerator, parts * self.share.denominator
        own = self._by_currency.get(currency)
        if own is not None:
            return own.minor, 1
        # Of several foreign amounts the first by currency counts, however they were ordered.
        return in_currency(self._by_currency[min(self._by_currency)], facts, currency)

    @cached_property
    def _by_currency(self) -> dict[str, Money]:
        return {money.currency: money for money in reversed(self.fixed)}

    def explained(self, facts: Facts) -> str:
        """The author's words with the value they stand on: `20% of affected_value (80.00 EUR)`."""
        return f"{self.text} ({facts.get(self.of)})" if self.of else self.text


@dataclass(frozen=True, slots=True)
class Rounding:
    """To what an amount is rounded: `up to 5 whole units`. Units are those of the currency."""

    count: int
    unit: Literal["whole", "minor"]
    way: Literal["nearest", "up", "down"]
    text: str

    def apply(self, worth: Worth, currency: str) -> Worth:
        """The rounded amount; the nearest is half up."""
        size = self.count * (10 ** exponent(currency) if self.unit == "whole" else 1)
        minor, parts = worth[0], worth[1] * size
        if self.way == "up":
            return -(-minor // parts) * size, 1
        if self.way == "nearest":
            minor, parts = 2 * minor + parts, 2 * parts
        return minor // parts * size, 1
