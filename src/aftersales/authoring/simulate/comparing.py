"""Two outcomes of one case beside each other: what is reckoned for each, and what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from aftersales.authoring.simulate.deciding import Outcome
from aftersales.domain.policy import Brief

Takes = Literal["dearest", "cheapest", "first", "mean"]
TAKES: tuple[Takes, ...] = ("dearest", "cheapest", "first", "mean")


class Taken(NamedTuple):
    """The option that the customer is reckoned to take, and what it costs us in minor units."""

    option: str
    cost: int


def taken(options: tuple[Brief, ...], takes: Takes) -> Taken:
    """What is reckoned for an offer. Of equal options the first; the mean is of all of them."""
    match takes:
        case "dearest":
            chosen = options[0]
            for option in options:
                if option.cost > chosen.cost:
                    chosen = option
        case "cheapest":
            chosen = min(options, key=lambda option: option.cost)
        case "first":
            chosen = options[0]
        case "mean":
            total, count = sum(option.cost for option in options), len(options)
            label = " or ".join(option.id for option in options)
            return Taken(label, (2 * total + count) // (2 * count))
    return Taken(chosen.id, chosen.cost)


Factor = tuple[int, int]  # so many minor units of the report for so many of another currency


def in_currency(minor: int, factor: Factor) -> int:
    """Minor units in the currency of the report, rounded half up."""
    over, under = factor
    return (2 * minor * over + under) // (2 * under)


@dataclass(frozen=True, slots=True)
class Differs:
    """In what two offers differ."""

    lost: bool = False  # an option is offered no more, neither alone nor with more added to it
    gained: bool = False  # an option is new
    amounts: bool = False  # an option that stays costs us something else
    approval: bool = False
    returns: bool = False

    def __bool__(self) -> bool:
        return self.lost or self.gained or self.amounts or self.approval or self.returns


SAME = Differs()


def differs(then: Outcome, now: Outcome) -> Differs:
    """How two offers differ; the order of options means nothing."""
    if then.options == now.options:
        return SAME
    before = {option.id: option for option in then.options}
    after = {option.id: option for option in now.options}
    stay = [(before[id], after[id]) for id in before.keys() & after.keys()]
    return Differs(
        lost=any(_is_lost(id, after) for id in before.keys() - after.keys()),
        gained=bool(after.keys() - before.keys()),
        amounts=any(old.cost != new.cost for old, new in stay),
        approval=any(old.approval != new.approval for old, new in stay),
        returns=any(old.returns != new.returns for old, new in stay),
    )


def _is_lost(id: str, after: Iterable[str]) -> bool:
    """Whether no option gives all that this one gave; where a remedy is added, nothing is lost."""
    gave = _remedies(id)
    return not any(gave <= _remedies(other) for other in after)


@cache
def _remedies(id: str) -> frozenset[str]:
    """The remedies of an option, by its id: `resend + small_coupon`."""
    return frozenset(id.split(" + "))
