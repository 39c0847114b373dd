"""Stretches of an amount in which the same is offered: where a rule, a limit or a band begins.

What could change the answer is looked at on both sides of each threshold; between two amounts of
which the answers differ, the cent at which they do is searched for.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from aftersales.domain.conditions import Cell, Facts
from aftersales.domain.money import Money, exponent

_FAR = 10  # times the greatest threshold: what has no end is looked at so far


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the least amount to the greatest, and a round one of it; None is without end."""

    least: Money
    most: Money | None
    example: Money

    def __str__(self) -> str:
        if self.most is None:
            return f"from {self.least} on"
        first = f"{self.least}".partition(" ")[0]
        return f"{self.most}" if self.least == self.most else f"{first} to {self.most}"


def stretches(
    facts: Facts,
    fact: str,
    band: Cell,
    thresholds: Iterable[int],
    answer: Callable[[Facts], Hashable],
) -> list[Stretch]:
    """The stretches of `band` in which `answer` is the same; `facts` have an amount in it.

    Below one whole unit only an amount that is alone in the band is looked at.
    """
    given = facts[fact]
    assert isinstance(given, Money)
    currency = given.currency

    def asked(minor: int) -> Hashable:
        return answer(facts.having(**{fact: Money.from_minor(minor, currency)}))

    def is_in(minor: int) -> bool:
        return band.matches(Money.from_minor(minor, currency), facts.rates)

    whole = 10 ** exponent(currency)
    beside = {at + step for at in {*thresholds, given.minor, whole} for step in (-1, 0, 1)}
    far = max(beside) * _FAR
    inside = sorted(at for at in {*beside, far} if at >= min(whole, given.minor) and is_in(at))
    found = list(_runs(inside, asked))
    ends = [before - 1 for before, _ in found[1:]] + [inside[-1]]
    is_open = inside[-1] == far
    return [
        Stretch(
            Money.from_minor(first, currency),
            None if is_open and last == far else Money.from_minor(last, currency),
            Money.from_minor(_example(first, last, given.minor), currency),
        )
        for (first, _), last in zip(found, ends, strict=True)
    ]


def _runs(inside: list[int], asked: Callable[[int], Hashable]) -> Iterator[tuple[int, Hashable]]:
    """The least amount of each run of equal answers."""
    before, said = inside[0], asked(inside[0])
    yield before, said
    for at in inside[1:]:
        then = asked(at)
        while then != said:
            low, high = before, at
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if asked(middle) == said else (low, middle)
            before, said = high, asked(high)
            yield before, said
        before = at


def _example(first: int, last: int, given: int) -> int:
    """The given amount, if it is in the stretch, else the least of those with the fewest digits."""
    if first <= given <= last:
        return given
    rounded: list[int] = [-(-first // 10**zeros) * 10**zeros for zeros in range(len(f"{last}"))]
    return min((at for at in rounded if at <= last), key=_digits)


def _digits(minor: int) -> tuple[int, int]:
    return len(f"{minor}".rstrip("0")), minor
