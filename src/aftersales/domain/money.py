"""Money: exact, in integer minor units of one currency."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from aftersales.domain.errors import CurrencyMismatch, ValueUnreadable

# ISO 4217 currencies whose minor unit is not a hundredth. Source: ISO 4217 list one.
_EXPONENTS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"], 0),
    **dict.fromkeys(["RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
MOST_DIGITS = 15


def exponent(currency: str) -> int:
    """How many decimals the minor unit of `currency` has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, init=False, order=False)
class Money:
    """An exact amount of one currency: `Money("39.90", "EUR")`. Floats are refused."""

    minor: int
    currency: str

    def __init__(self, amount: str | int | Decimal, currency: str) -> None:
        """Read `amount` in whole units of `currency`; ValueUnreadable if it is finer."""
        _check_currency(currency)
        object.__setattr__(self, "minor", _to_minor(amount, currency))
        object.__setattr__(self, "currency", currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> "Money":
        """`Money.from_minor(3990, "EUR")` is 39.90 EUR."""
        _check_currency(currency)
        money = cls.__new__(cls)
        object.__setattr__(money, "minor", minor)
        object.__setattr__(money, "currency", currency)
        return money

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read `39.90 EUR`. ValueUnreadable says what is wrong and what to write."""
        amount, _, currency = text.strip().partition(" ")
        if not currency:
            raise ValueUnreadable(
                f"`{text}` has no currency", help="write the amount and the currency: `39.90 EUR`"
            )
        return cls(amount, currency.strip())

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, with all its decimals."""
        digits = tuple(int(digit) for digit in str(abs(self.minor)))
        return Decimal((int(self.minor < 0), digits, -exponent(self.currency)))

    @property
    def is_zero(self) -> bool:
        return self.minor == 0

    def share(self, part: Fraction) -> "Money":
        """`part` of this amount, rounded half up to the minor unit."""
        return self.rounded(Fraction(self.minor) * part, self.currency)

    @staticmethod
    def rounded(minor: Fraction, currency: str) -> "Money":
        """An unrounded number of minor units, rounded half up (away from zero)."""
        # In integers: a Decimal context of the host's must not change a cent.
        doubled = 2 * abs(minor.numerator) + minor.denominator
        whole = doubled // (2 * minor.denominator)
        return Money.from_minor(whole if minor >= 0 else -whole, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money.from_minor(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money.from_minor(self.minor - self._same(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self} and {other} are of different currencies")
        return other.minor


def zero(currency: str) -> Money:
    """Nothing, in `currency`."""
    return Money.from_minor(0, currency)


@lru_cache
def _check_currency(currency: str) -> None:
    if len(currency) != 3 or not (currency.isascii() and currency.isupper()):
        raise ValueUnreadable(
            f"`{currency}` is not a currency", help="three capital letters, as in `39.90 EUR`"
        )


def _to_minor(amount: str | int | Decimal, currency: str) -> int:
    if isinstance(amount, (float, bool)):
        raise ValueUnreadable(
            f"{amount!r} is not an exact amount",
            help='give a text or a Decimal: Money("39.90", "EUR")',
        )
    if isinstance(amount, str) and ("_" in amount or not amount.isascii()):
        raise ValueUnreadable(f"`{amount}` is not an amount", help="write it like `39.90`")
    try:
        exact = Decimal(amount)
    except InvalidOperation:
        raise ValueUnreadable(
            f"`{amount}` is not an amount", help="write it like `39.90`"
        ) from None
    if not exact.is_finite() or exact.adjusted() > MOST_DIGITS:
        raise ValueUnreadable(f"`{amount}` is not an amount", help="write it like `39.90`")
    minor = Fraction(exact) * 10 ** exponent(currency)
    if minor.denominator != 1:
        raise ValueUnreadable(
            f"`{amount} {currency}` is finer than the smallest unit of {currency}",
            help=f"{currency} has {exponent(currency)} decimals",
        )
    return int(minor.numerator)
