"""Durations as authors write them: an amount and a unit that never mixes with another."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from aftersales.domain.errors import ValueUnreadable


class Unit(StrEnum):
    """What is counted. Days are calendar days, hours elapse, business time is open time."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_HOURS = "business hours"
    BUSINESS_DAYS = "business days"

    @property
    def is_business(self) -> bool:
        return self in (Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS)


_LONGEST, _LONGEST_DAYS = 99_999, 9_999
_SPELLINGS = {str(unit): unit for unit in Unit} | {str(unit)[:-1]: unit for unit in Unit}


@dataclass(frozen=True, slots=True)
class Duration:
    """So many of one unit: `2 business days`, `24 hours`."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read `2 business days`. ValueUnreadable says what is wrong and what to write."""
        amount, _, unit = " ".join(text.split()).partition(" ")
        known = _SPELLINGS.get(unit)
        if known is None or not (amount.isascii() and amount.isdecimal()):
            raise ValueUnreadable(
                f"`{text}` is not a duration",
                help="write a whole number and one of: " + ", ".join(map(str, Unit)),
            )
        longest = _LONGEST_DAYS if "days" in known else _LONGEST
        if len(amount) > 5 or int(amount) > longest:
            message = f"`{text}` is longer than any deadline"
            raise ValueUnreadable(message, help=f"at most {longest}")
        return cls(int(amount), known)

    def __str__(self) -> str:
        unit = str(self.unit)
        return f"{self.amount} {unit[:-1] if self.amount == 1 else unit}"


def parse_percent(text: str) -> Fraction:
    """Read `20%` as a fifth, exactly. ValueUnreadable if it is not a percentage."""
    number = text.strip()
    digits = number.removesuffix("%").strip()
    if not number.endswith("%") or not digits.replace(".", "", 1).isdecimal():
        raise ValueUnreadable(f"`{text}` is not a percentage", help="write it like `20%`")
    return Fraction(digits) / 100
