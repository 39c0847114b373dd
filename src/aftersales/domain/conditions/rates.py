"""Rates of exchange, exact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from aftersales.domain.errors import FactMissing, ValueUnreadable
from aftersales.domain.money import Money, exponent


@dataclass(frozen=True, slots=True)
class Rates:
    """What one whole unit of `base` buys of each currency. `Rates.none()` converts nothing."""

    base: str = ""
    per_base: Mapping[str, Fraction] = field(default_factory=dict)

    @classmethod
    def none(cls) -> "Rates":
        """No rates: only amounts of the same currency can be compared."""
        return cls()

    @classmethod
    def of(cls, base: str, rates: Mapping[str, str]) -> "Rates":
        """`Rates.of("EUR", {"USD": "1.08"})`: one euro buys 1.08 dollars."""
        return cls(base, {currency: _rate(currency, text) for currency, text in rates.items()})

    def convert(self, money: Money, currency: str) -> Fraction:
        """`money` in minor units of `currency`, unrounded. FactMissing without a rate for both."""
        if currency == money.currency or money.is_zero:
            return Fraction(money.minor)
        in_base = Fraction(money.amount) / self._per_base(money.currency, money, currency)
        whole = in_base * self._per_base(currency, money, currency)
        return whole * Fraction(10 ** exponent(currency))

    def texts(self) -> dict[str, str]:
        """The rates as texts, for storing with an offer."""
        return {currency: _decimal_text(rate) for currency, rate in sorted(self.per_base.items())}

    def _per_base(self, currency: str, money: Money, wanted: str) -> Fraction:
        if currency == self.base:
            return Fraction(1)
        if currency not in self.per_base:
            raise FactMissing(f"rate {money.currency}->{wanted}")
        return self.per_base[currency]


def _rate(currency: str, text: str) -> Fraction:
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdecimal()) or Fraction(text) == 0:
        raise ValueUnreadable(
            f"`{text}` is not a rate for {currency}", help="write a number above 0, like `1.08`"
        )
    return Fraction(text)


def _decimal_text(rate: Fraction) -> str:
    return f"{Decimal(rate.numerator) / Decimal(rate.denominator):f}"
