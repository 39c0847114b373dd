"""Where amounts bend: the values of one money fact at which an offer can change its course.

What a remedy comes to is a straight line along the fact, rounded; an option adds some of them up.
None ever falls as the fact grows, so that whether it is above a limit changes at few values only:
where the straight lines cross, or, by rounding, not far from there. Those are looked for one by
one, so that between two of them nothing new can happen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise, product
from math import ceil, floor, gcd, lcm

from aftersales.domain.conditions import Facts
from aftersales.domain.money import exponent
from aftersales.domain.policy.amounts import Amount, Rounding, half_up, total
from aftersales.domain.policy.remedies import RemedyRule

MOST_POINTS = 4_000
FAR = 10**9  # minor units: beyond every threshold, for what has no end
_NOTHING = Fraction(0)


class TooFine(Exception):
    """The amounts change their course at more values than can be tried."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """So much of each minor unit of the fact, on top of a height, rounded to multiples of `size`.

    A size of 0 is not rounded: a limit, with which amounts are only compared.
    """

    slope: Fraction
    height: Fraction
    size: int = 0
    way: str = "nearest"
    _whole: tuple[int, int, int] = field(init=False, repr=False, compare=False)
    """Slope and height as whole numbers, of so many parts: several times as fast to reckon with."""

    def __post_init__(self) -> None:
        parts = lcm(self.slope.denominator, self.height.denominator)
        whole = int(self.slope * parts), int(self.height * parts), parts
        object.__setattr__(self, "_whole", whole)

    def at(self, value: int) -> Fraction | int:
        """What it comes to, in minor units."""
        slope, height, parts = self._whole
        exact, size = slope * value + height, self.size
        if not size:
            return Fraction(exact, parts) if exact % parts else exact // parts
        if self.way == "up":
            return -(-exact // (parts * size)) * size
        half = parts * size if self.way == "nearest" else 0
        return (2 * exact + half) // (2 * parts * size) * size

    def jumps(self, low: int, high: int) -> Iterator[int]:
        """The last values before each change of the rounded amount, from `low` to `high`."""
        if not self.size or not self.slope:
            return
        slope, height, parts = (2 * number for number in self._whole)
        step = parts * self.size
        start = height - step // 2 if self.way == "nearest" else height
        first, last = (slope * low + start) // step, (slope * (high + 1) + start) // step + 1
        for at in range(first * step - start, last * step - start + 1, step):
            before = at // slope if self.way == "up" else -(-at // slope) - 1
            if low <= before <= high:
                yield before


@dataclass(frozen=True)
class Sum:
    """Lines that add up: what an option comes to, or a limit."""

    parts: tuple[Line, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.parts)

    @cached_property
    def slope(self) -> Fraction:
        return sum((part.slope for part in self.parts), _NOTHING)

    @cached_property
    def height(self) -> Fraction:
        return sum((part.height for part in self.parts), _NOTHING)

    @cached_property
    def wobble(self) -> int:
        """How far, in minor units, rounding may take it from its straight line."""
        return sum(part.size for part in self.parts)

    @cached_property
    def period(self) -> int:
        """After how many minor units of the fact its rounding repeats."""
        found = 1
        for part in (part for part in self.parts if part.size and part.slope):
            whole = part.size * part.slope.denominator
            found = lcm(found, whole // gcd(part.slope.numerator, whole))
        return found

    def at(self, value: int) -> Fraction | int:
        """What they come to together, in minor units."""
        return sum(part.at(value) for part in self.parts)

    def cut(self) -> "Sum":
        """The limit as it is never exceeded: rounded down."""
        return _sum(_cut(part) for part in self.parts)

    def plus(self, other: "Sum") -> "Sum":
        """Both together."""
        return _sum((*self.parts, *other.parts))

    def many(self, low: int, high: int) -> int:
        """About how many jumps there are between two values."""
        return ceil(sum(p.slope * (high - low) / p.size for p in self.parts if p.size))

    def jumps(self, low: int, high: int) -> set[int]:
        """The last values before each change of any rounded part. TooFine if too many."""
        if self.many(low, high) > MOST_POINTS:
            raise TooFine
        return {at for part in self.parts for at in part.jumps(low, high)}


def fixed(minor: Fraction | int) -> Sum:
    """The same at every value."""
    return Sum((Line(_NOTHING, Fraction(minor)),))


def share(of: Fraction) -> Sum:
    """A share of the fact, not rounded."""
    return Sum((Line(of, _NOTHING),))


WHOLE = share(Fraction(1))
"""All that the fact comes to."""


def _sum(parts: Iterable[Line]) -> Sum:
    """The same parts are the same sum, however they are ordered; what is fixed is one of them."""
    found = list(parts)
    height = sum((part.height for part in found if not part.slope), _NOTHING)
    bent = sorted(part for part in found if part.slope)
    return Sum((*bent, Line(_NOTHING, height)) if height or not bent else tuple(bent))


@dataclass(frozen=True, slots=True)
class Bends:
    """What can bend an offer: its remedies' own lines, and the limits they are held against."""

    facts: Facts
    fact: str  # the money fact along which all else stays the same
    currency: str

    def line(self, amount: Amount) -> Line | None:
        """The amount along the fact, not rounded; None if it hangs on another one."""
        if amount.share is not None:
            return Line(amount.share, _NOTHING) if amount.of == self.fact else None
        return Line(_NOTHING, Fraction(*amount.worth(self.facts, self.currency)))

    def forms(self, rule: RemedyRule) -> tuple[Sum, ...]:
        """What a remedy can come to, piece by piece: its share, its least, its most; or its cost.

        Of goods those costs that hang on no case; what the others add is for the caller to try.
        """
        if rule.amount is None:
            known = [a.worth(self.facts, self.currency) for a in rule.costs if not a.of]
            line = self.line(rule.if_missing) if rule.if_missing else None
            found = [Line(_NOTHING, Fraction(half_up(total(known))))]
            return _forms([*found, _rounded(line)] if line else found)
        rounded = [line for a in (rule.amount, rule.at_least) if a and (line := self.line(a))]
        cut = [line for a in (rule.at_most, rule.at_least) if a and (line := self.line(a))]
        most = self.line(rule.at_most) if rule.at_most else None
        both = [*rounded, *([most] if most else [])]
        own = [_rounded(line, rule.round, self.currency) for line in both]
        # What is never exceeded, and what is hardly worth giving, are rounded down by themselves.
        return _forms([*own, *(_cut(line) for line in cut)])

    def most(self, rule: RemedyRule, value: int) -> Fraction | int:
        """What a remedy of money comes to at most, up to a value of the fact."""
        named = [line for a in (rule.amount, rule.at_least) if a and (line := self.line(a))]
        came = [_rounded(line, rule.round, self.currency).at(value) for line in named]
        top = self.line(rule.at_most) if rule.at_most else None
        return min([max(came, default=0), *([_cut(top).at(value)] if top else [])])


def _forms(lines: Iterable[Line]) -> tuple[Sum, ...]:
    return tuple(dict.fromkeys(_sum([line]) for line in lines))


def _rounded(line: Line, rounding: Rounding | None = None, currency: str = "") -> Line:
    """The line as a remedy rounds it; a fixed amount is rounded once and for all."""
    size, way = 1, "nearest"
    if rounding is not None:
        whole = 10 ** exponent(currency) if rounding.unit == "whole" else 1
        size, way = rounding.count * whole, rounding.way
    found = Line(line.slope, line.height, size, way)
    return found if line.slope else Line(line.slope, Fraction(found.at(0)))


def _cut(line: Line) -> Line:
    found = Line(line.slope, line.height, 1, "down")
    return found if line.slope else Line(line.slope, Fraction(found.at(0)))


def sums(parts: Sequence[Sequence[Sum]]) -> set[Sum]:
    """All that an option can add up to, of one form of each part."""
    several = product(*(part for part in parts if part))
    return {_sum(line for form in chosen for line in form.parts) for chosen in several}


def bends(forms: Sequence[Sum]) -> set[int]:
    """The values beside which straight lines cross: there one takes over from the other."""
    found: set[int] = set()
    for one, other in combinations(forms, 2):
        if one.slope != other.slope:
            at = (other.height - one.height) / (one.slope - other.slope)
            found |= {floor(at), floor(at) + 1}
    return found


def round_values(low: int, high: int | None) -> list[int]:
    """Round values between, so that a counter-example is one that a person would take."""
    values = (digit * 10**power for power in range(8) for digit in (1, 2, 5))
    return [v for v in values if low <= v and (high is None or v <= high)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The values of the fact that are looked at, from the least to the greatest."""

    low: int
    high: int

    def inside(self, values: Iterable[int]) -> set[int]:
        """Both ends, and those of the values that lie between. TooFine if they are too many."""
        found = {self.low, self.high, *(at for at in values if self.low <= at <= self.high)}
        if len(found) > MOST_POINTS:
            raise TooFine
        return found

    def crossings(self, pairs: Iterable[tuple[Sum, Sum]], bends: Iterable[int] = ()) -> set[int]:
        """The values on both sides of each change of an amount from below its limit to above.

        An amount that runs along its limit for ever is looked at for a period after each other
        change, and each of the `bends`. TooFine if there are too many.
        """
        found, level = set(bends), []
        for one, limit in dict.fromkeys(pairs):
            if one.slope != limit.slope:
                low, high = self._near(one, limit)
                found |= _changes(one, limit, _turns(one, limit, low, high))
            elif abs(one.height - limit.height) <= one.wobble:
                level.append((one, limit))
        period = lcm(*(one.period for one, _ in level))
        for after in sorted({self.low, *found}) if level else ():
            low, high = max(after, self.low), min(after + period, self.high)
            for one, limit in level:
                found |= _changes(one, limit, _turns(one, limit, low, high))
            self.inside(found)
        return self.inside(found)

    def meetings(
        self, ones: Iterable[Sum], others: Iterable[Sum], bends: Iterable[int] = ()
    ) -> set[int]:
        """Values at which one of some amounts is above one of others, wherever that is anywhere.

        It is enough to look where the amounts of one side jump: until they do, or since they did,
        the others only grow. TooFine if there are too many.
        """
        near = [
            (pair, window)
            for pair in product(ones, others)
            for window in self._windows(*pair, bends)
        ]
        count = [sum(pair[side].many(*window) for pair, window in near) for side in (0, 1)]
        side = 0 if count[0] <= count[1] else 1
        turns = {at for _, window in near for at in window}
        for pair, window in near:
            turns |= {at + n for at in pair[side].jumps(*window) for n in (0, 1)}
        found: set[int] = set()
        for (one, other), (low, high) in near:
            found |= _changes(one, other, sorted(at for at in turns if low <= at <= high))
        return self.inside(found)

    def _near(self, one: Sum, other: Sum) -> tuple[int, int]:
        """Where rounding may put either above the other: around where their lines cross."""
        slope = one.slope - other.slope
        at = (other.height - one.height) / slope
        reach = Fraction(one.wobble + other.wobble) / abs(slope)
        return max(self.low, floor(at - reach) - 1), min(self.high, ceil(at + reach) + 1)

    def _windows(self, one: Sum, other: Sum, bends: Iterable[int]) -> list[tuple[int, int]]:
        if one == other:
            return []
        if one.slope != other.slope:
            low, high = self._near(one, other)
            return [(low, high)] if low <= high else []
        if abs(one.height - other.height) > one.wobble + other.wobble:
            return []
        period = lcm(one.period, other.period)
        starts = sorted(at for at in {self.low, *bends} if self.low <= at <= self.high)
        return [(at, min(at + period, self.high)) for at in starts]


def _turns(one: Sum, limit: Sum, low: int, high: int) -> list[int]:
    """The values beside each at which `one` may get above a limit that is not rounded, or below."""
    if low > high:
        return []
    jumps = sorted(one.jumps(low, high))
    found = {low, high, *jumps, *(at + 1 for at in jumps)}
    if limit.slope:  # between two jumps only the limit grows
        for before, last in pairwise([low - 1, *jumps, high]):
            even = (one.at(before + 1) - limit.height) / limit.slope
            beside = (ceil(even) - 1, floor(even), floor(even) + 1)
            found |= {at for at in beside if before < at <= last}
    return sorted(at for at in found if low <= at <= high)


def _changes(one: Sum, other: Sum, values: Sequence[int]) -> set[int]:
    """Those values between which one gets above the other, beside it, or below."""
    found: set[int] = set()
    signs = [(at, _sign(one.at(at) - other.at(at))) for at in values]
    for (before, was), (after, now) in pairwise(signs):
        if was != now:
            found |= {before, after}
    return found


def _sign(number: Fraction | int) -> int:
    return (number > 0) - (number < 0)
