"""Where amounts bend: the values of one money fact at which an offer can change its course.

Between two such values everything an option comes to is a straight line, before rounding. A
rounded line repeats itself after as many minor units as its shares have in their denominators, so
the first and the last such stretch of each piece stand for the whole of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import floor, lcm

from aftersales.domain.conditions import Facts
from aftersales.domain.money import exponent
from aftersales.domain.policy.amounts import Amount
from aftersales.domain.policy.remedies import RemedyRule

Line = tuple[Fraction, Fraction]  # slope, and height at 0 in minor units

MOST_PERIOD = 400
MOST_POINTS = 4_000
FAR = 10**9  # minor units: beyond every threshold, for what has no end


class TooFine(Exception):
    """The amounts repeat after too long a stretch to try each of its values."""


@dataclass(frozen=True, slots=True)
class Bends:
    """What can bend an offer: its remedies' own lines, what they add up to, and thresholds."""

    facts: Facts
    fact: str  # the money fact along which all else stays the same
    currency: str

    def line(self, amount: Amount) -> Line | None:
        """The amount along the fact; None if it hangs on another one."""
        if amount.share is not None:
            return (amount.share, Fraction(0)) if amount.of == self.fact else None
        return (Fraction(0), Fraction(*amount.worth(self.facts, self.currency)))

    def forms(self, rule: RemedyRule) -> tuple[Line, ...]:
        """The lines that a remedy can follow: its share, its least, its most; or its cost."""
        if rule.amount is None:
            named = [rule.if_missing] if rule.if_missing else []
            own = [*rule.costs, *named] if all(not a.of for a in rule.costs) else named
        else:
            own = [a for a in (rule.amount, rule.at_least, rule.at_most) if a is not None]
        return tuple(line for amount in own if (line := self.line(amount)) is not None)

    def period(self, rules: Iterable[RemedyRule], limits: Iterable[Amount]) -> int:
        """After how many minor units the rounding of all of them repeats. TooFine if too many."""
        size = 1
        for rule in rules:
            own = [rule.amount, rule.at_least, rule.at_most, rule.if_missing, *rule.costs]
            for amount in (a for a in own if a is not None and a.share is not None):
                assert amount.share is not None
                step = amount.share.denominator
                if rule.round is not None:
                    whole = 10 ** exponent(self.currency) if rule.round.unit == "whole" else 1
                    step *= rule.round.count * whole
                size = lcm(size, step)
        for amount in limits:
            size = lcm(size, amount.share.denominator if amount.share is not None else 1)
        if size > MOST_PERIOD:
            raise TooFine
        return size


def sums(parts: Sequence[Sequence[Line]]) -> set[Line]:
    """Every line that an option can add up to, of a line of each part."""
    found: set[Line] = set()
    for chosen in product(*(part or ((Fraction(0), Fraction(0)),) for part in parts)):
        found.add(
            (sum((a for a, _ in chosen), Fraction(0)), sum((b for _, b in chosen), Fraction(0)))
        )
    return found


def bends(own: Iterable[Sequence[Line]], added: Iterable[Line], limits: Iterable[Line]) -> set[int]:
    """The last whole minor unit before, or at, every crossing.

    Those of a remedy's lines with each other, of what options add up to with the limits, and of
    the limits with each other.
    """
    lines, tops = list(added), list(limits)
    pairs = [pair for forms in own for pair in combinations(forms, 2)]
    pairs += list(product(lines, tops))
    pairs += list(combinations(tops, 2))
    found: set[int] = set()
    for (a, b), (c, d) in pairs:
        if a != c:
            found.add(floor((d - b) / (a - c)))
    return found


def points(low: int, high: int | None, at: Iterable[int], period: int) -> list[int]:
    """The values from `low` to `high` that stand for all: beside each bend, `period` of them.

    Without an upper end, some far out stand for the rest. TooFine if they are too many.
    """
    end = FAR + period if high is None else high
    found = {low, end}
    for bend in sorted({low, *(bend for bend in at if low <= bend < end)}):
        found.update(range(max(low, bend - period + 1), min(end, bend + period) + 1))
        if len(found) > MOST_POINTS:
            raise TooFine
    if period > 1:
        found.update(range(max(low, end - period), end))
    return sorted(found)


def round_values(low: int, high: int | None) -> list[int]:
    """Round values between, so that a counter-example is one that a person would take."""
    values = (digit * 10**power for power in range(8) for digit in (1, 2, 5))
    return [v for v in values if low <= v and (high is None or v <= high)]
