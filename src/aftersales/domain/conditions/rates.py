"""Rates of exchange, exact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from aftersales.domain.errors import RateMissing, ValueUnreadable
from aftersales.domain.money import Money, exponent


@dataclass(frozen=True)
class Rates:
    """What one whole unit of `base` buys of each currency. `Rates.none()` converts nothing."""

    base: str = ""
    per_base: Mapping[str, Fraction] = field(default_factory=dict)

    @cached_property
    def _factors(self) -> dict[tuple[str, str], Fraction]:
        return {}

    @classmethod
    def none(cls) -> "Rates":
        """No rates: only amounts of the same currency can be compared."""
        return _NONE

    @classmethod
    def of(cls, base: str, rates: Mapping[str, str]) -> "Rates":
        """`Rates.of("EUR", {"USD": "1.08"})`: one euro buys 1.08 dollars."""
        return cls(base, {currency: _rate(currency, text) for currency, text in rates.items()})

    def convert(self, money: Money, currency: str) -> Fraction:
        """`money` in minor units of `currency`, unrounded. FactMissing without a rate for both."""
        if currency == money.currency or money.is_zero:
            return Fraction(money.minor)
        return money.minor * self.factor(money.currency, currency)

    def factor(self, given: str, wanted: str) -> Fraction:
        """Minor units of `wanted` for one of `given`. FactMissing without a rate for both."""
        if given == wanted:
            return _ITSELF
        found = self._factors.get((given, wanted))
        if found is None:
            buys = self._per_base(wanted, given, wanted) / self._per_base(given, given, wanted)
            found = buys * Fraction(10 ** exponent(wanted), 10 ** exponent(given))
            self._factors[given, wanted] = found
        return found

    def texts(self) -> dict[str, str]:
        """The rates as texts, for storing with an offer."""
        return {currency: _decimal_text(rate) for currency, rate in sorted(self.per_base.items())}

    def _per_base(self, currency: str, given: str, wanted: str) -> Fraction:
        if currency == self.base:
            return Fraction(1)
        if currency not in self.per_base:
            raise RateMissing(given, wanted)
        return self.per_base[currency]


_NONE = Rates()
_ITSELF = Fraction(1)


def _rate(currency: str, text: str) -> Fraction:
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdecimal()) or Fraction(text) == 0:
        raise ValueUnreadable(
            f"`{text}` is not a rate for {currency}", help="write a number above 0, like `1.08`"
        )
    return Fraction(text)


def _decimal_text(rate: Fraction) -> str:
    return f"{Decimal(rate.numerator) / Decimal(rate.denominator):f}"
