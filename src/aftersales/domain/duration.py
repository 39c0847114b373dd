"""Durations as authors write them: an amount and a unit that never mixes with another."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
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


_PERCENT = re.compile(r"[0-9]{0,12}\.?[0-9]{0,12}(?<=[0-9])")
_LONGEST, _LONGEST_DAYS = 99_999, 9_999
_SPELLINGS = {str(unit): unit for unit in Unit} | {str(unit)[:-1]: unit for unit in Unit}


_IN_DAYS = {"week": 7, "month": 30, "year": 365}
_SAME = {
    **dict.fromkeys(("working day", "work day", "workday", "weekday", "bd"), Unit.BUSINESS_DAYS),
    **dict.fromkeys(("working hour", "work hour", "open hour", "bh"), Unit.BUSINESS_HOURS),
    **dict.fromkeys(("business day", "busines day", "buisness day"), Unit.BUSINESS_DAYS),
    **dict.fromkeys(("business hour", "busines hour", "buisness hour"), Unit.BUSINESS_HOURS),
    **dict.fromkeys(("calendar day", "day", "d"), Unit.DAYS),
    **dict.fromkeys(("hour", "hr", "h"), Unit.HOURS),
    **dict.fromkeys(("minute", "min", "m"), Unit.MINUTES),
}
"""Other words, without their plural, for what is counted."""


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
            help = _meant(text) or "write a whole number and one of: " + ", ".join(map(str, Unit))
            raise ValueUnreadable(f"`{text}` is not a duration", help=help)
        longest = _LONGEST_DAYS if "days" in known else _LONGEST
        if len(amount) > 5 or int(amount) > longest:
            message = f"`{text}` is longer than any deadline"
            raise ValueUnreadable(message, help=f"at most {longest}")
        return cls(int(amount), known)

    def __str__(self) -> str:
        unit = str(self.unit)
        return f"{self.amount} {unit[:-1] if self.amount == 1 else unit}"


def _meant(text: str) -> str:
    """What to write for `3 working days` or `1 week`; empty if nothing is known to be meant."""
    found = re.fullmatch(r"\s*(\d{1,5})\s*([a-z]+(?:[ _-][a-z]+)?)\.?\s*", text.lower(), re.ASCII)
    if not found:
        return ""
    amount, word = int(found[1]), found[2].replace("_", " ").replace("-", " ")
    one = word if word in _SAME else word.removesuffix("s")
    if one in _IN_DAYS:
        amount = min(amount * _IN_DAYS[one], _LONGEST_DAYS)
        days = Duration(amount, Unit.DAYS)
        about = "" if one == "week" else f"how long a {one} is differs; "
        return f"{about}count days: `{days}`"
    unit = _SAME.get(one)
    if unit is None:
        near = get_close_matches(one, _SAME, n=1, cutoff=0.6)
        return _meant(f"{amount} {near[0]}") if near else ""
    if "days" in unit and amount > _LONGEST_DAYS:
        return ""
    return f"did you mean `{Duration(amount, unit)}`?"


def parse_percent(text: str) -> Fraction:
    """Read `20%` as a fifth, exactly. ValueUnreadable if it is not a percentage."""
    number = text.strip()
    digits = number.removesuffix("%").strip()
    if not number.endswith("%") or not _PERCENT.fullmatch(digits):
        meant = digits.replace(",", ".")
        is_number = _PERCENT.fullmatch(meant) and number.count("%") < 2
        help = f"did you mean `{meant}%`?" if is_number else "write it like `20%`"
        raise ValueUnreadable(f"`{text}` is not a percentage", help=help)
    return Fraction(digits) / 100
