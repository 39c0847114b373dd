"""Money: exact, in integer minor units of one currency."""

import re
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
_MOST_PLACES = 30
_WRITTEN = re.compile(r"[+-]?(\d{1,16})?(?:\.(\d*))?", re.ASCII)
_CURRENCIES = {
    **dict.fromkeys(("$", "us$", "dollar", "dollars"), "USD"),
    **dict.fromkeys(("€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("£", "pound", "pounds"), "GBP"),
    "¥": "JPY",
}
_LOOSE = re.compile(r"([^\d\s.,+-]*)\s*(\d[\d.,'’\s]*?)\s*([^\d\s.,+-]*)")
_PLAIN = re.compile(r"(-?(?:0|[1-9][0-9]{0,11}))(?:\.([0-9]{1,4}))? ([A-Z]{3})")


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
        plain = _PLAIN.fullmatch(text)  # nearly every text; the rest is read with more care
        if plain is not None:
            whole, part, currency = plain.groups(default="")
            if len(part) <= exponent(currency):
                return cls.from_minor(int(whole + part.ljust(exponent(currency), "0")), currency)
        amount, _, currency = (part.strip() for part in text.strip().partition(" "))
        meant = meant_amount(text)
        help = f"did you mean `{meant}`?" if meant else ""
        if not currency:
            number = (plain_number(amount) if "," in amount else "") or "39.90"
            like = f"write the amount and the currency: `{number} EUR`"
            raise ValueUnreadable(f"`{text}` has no currency", help=help or like)
        decimals = _decimals(amount)
        if meant != f"{amount} {currency}" and (help or decimals is None):
            message = f"`{text}` is not an amount of money"
            raise ValueUnreadable(message, help=help or "write it like `39.90 EUR`")
        if decimals == 3 and exponent(currency) < 3 and amount.endswith("000"):
            # A thousand in German, one in English: nobody writes three decimals of a cent.
            short = amount.partition(".")[0]
            help = f"write `{short}000 {currency}` or `{short} {currency}`, whichever is meant"
            raise ValueUnreadable(f"`{text}` can be read in two ways", help=help)
        return cls(amount, currency)

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


def meant_amount(text: str) -> str:
    """What to write for `$100`, `USD 100` or `1.000,00 eur`; empty if that is not clear."""
    found = _LOOSE.fullmatch(text.strip()) if len(text) < 60 else None
    if not found:
        return ""
    before, number, after = found.groups()
    names = [name for name in (_currency(before), _currency(after)) if name]
    plain = plain_number(number)
    if len(set(names)) != 1 or (before and after and len(names) < 2) or not plain:
        return ""
    try:
        Money(plain, names[0])
    except ValueUnreadable:
        return ""
    return f"{plain} {names[0]}"


def plain_number(text: str) -> str:
    """`1.000,50` or `1,000.50` as `1000.50`; empty if it is not clear which number it is."""
    digits = re.sub(r"[\s'’]", "", text)
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", digits, re.ASCII):
        return ""
    marks = re.findall("[.,]", digits)
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        whole, _, rest = digits.rpartition(marks[-1])
        return f"{re.sub('[.,]', '', whole)}.{rest}"
    if len(marks) == 1 and not (marks == [","] and len(digits.rpartition(",")[2]) == 3):
        return digits.replace(",", ".")
    is_grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})*", digits, re.ASCII)
    return re.sub("[.,]", "", digits) if is_grouped or not marks else ""


def _currency(text: str) -> str:
    known = _CURRENCIES.get(text.lower(), "")
    return known or (text.upper() if len(text) == 3 and text.isascii() and text.isalpha() else "")


def _decimals(amount: str) -> int | None:
    """How many digits stand after the point; None if this is not written as an amount."""
    found = _WRITTEN.fullmatch(amount)
    return len(found[2] or "") if found and (found[1] or found[2]) else None


def _places(exact: Decimal) -> int:
    """How many decimals a finite number is written with."""
    return -int(exact.as_tuple().exponent)


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
    if not exact.is_finite() or exact.adjusted() > MOST_DIGITS or _places(exact) > _MOST_PLACES:
        raise ValueUnreadable(f"`{amount}` is not an amount", help="write it like `39.90`")
    minor = Fraction(exact) * 10 ** exponent(currency)
    if minor.denominator != 1:
        raise ValueUnreadable(
            f"`{amount} {currency}` is finer than the smallest unit of {currency}",
            help=f"{currency} has {exponent(currency)} decimals",
        )
    return int(minor.numerator)
