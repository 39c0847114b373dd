"""What remedies and limits are worth: shares of facts, fixed amounts, roundings. All exact."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing, InvariantBroken
from aftersales.domain.money import Money, exponent


def money_of(facts: Facts, name: str, currency: str) -> Fraction:
    """The money fact `name` in unrounded minor units of `currency`. FactMissing if not known."""
    value = facts.get(name)
    if value is None:
        raise FactMissing(name)
    if not isinstance(value, Money):
        raise InvariantBroken(f"the fact `{name}` should be money and is not")
    return in_currency(value, facts, currency)


def in_currency(money: Money, facts: Facts, currency: str) -> Fraction:
    """`money` in unrounded minor units of `currency`, at the rates of the case."""
    if money.currency == currency:
        return Fraction(money.minor)
    return facts.rates.convert(money, currency)


def half_up(minor: Fraction, currency: str) -> Money:
    """An unrounded amount that is not below zero, rounded half up to the minor unit."""
    return Money.from_minor(
        (2 * minor.numerator + minor.denominator) // (2 * minor.denominator), currency
    )


def floor(minor: Fraction, currency: str) -> Money:
    """An unrounded amount rounded down to the minor unit: for limits, which are never exceeded."""
    return Money.from_minor(minor.numerator // minor.denominator, currency)


@dataclass(frozen=True, slots=True)
class Amount:
    """A share of a money fact (`20% of affected_value`), or a fixed amount, one a currency.

    `text` is what the author wrote.
    """

    text: str
    share: Fraction | None = None
    of: str = ""
    fixed: tuple[Money, ...] = ()

    def worth(self, facts: Facts, currency: str) -> Fraction:
        """In unrounded minor units of `currency`. FactMissing for an unknown fact or rate."""
        if self.share is not None:
            return self.share * money_of(facts, self.of, currency)
        own = next((money for money in self.fixed if money.currency == currency), None)
        # Of several foreign amounts the first by currency counts, however they were ordered.
        chosen = own or min(self.fixed, key=lambda money: money.currency)
        return in_currency(chosen, facts, currency)

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

    def apply(self, minor: Fraction, currency: str) -> Fraction:
        """The rounded amount, in minor units; the nearest is half up."""
        size = self.count * (10 ** exponent(currency) if self.unit == "whole" else 1)
        parts = minor / size
        if self.way == "up":
            return Fraction(-(-parts.numerator // parts.denominator) * size)
        if self.way == "nearest":
            parts += Fraction(1, 2)
        return Fraction(parts.numerator // parts.denominator * size)
