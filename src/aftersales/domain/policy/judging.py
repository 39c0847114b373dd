"""What is asked of each option, its approval and its return, by masks: the case's share once."""

from collections.abc import Iterable
from fractions import Fraction

from aftersales.domain.conditions import Facts
from aftersales.domain.policy.amounts import Worth, money_of
from aftersales.domain.policy.table import OptionPolicy

OF_OPTION = frozenset({"option", "remedy", "cost", "cost_share"})
MATTER = "affected_value"  # what the share of a cost is taken of


def matter_of(facts: Facts, currency: str) -> Worth | None:
    """What the case is about, if that is known. FactMissing if it cannot be converted."""
    return None if facts.known.get(MATTER) is None else money_of(facts, MATTER, currency)


class Judging:
    """The conditions that one case's options are asked, narrowed by all but the option itself."""

    __slots__ = ("_by_fact", "_currency", "_facts", "_left", "_matter")

    def __init__(
        self, policy: OptionPolicy, facts: Facts, currency: str, matter: Worth | None
    ) -> None:
        """`matter` is what the case is about, in the currency of the order."""
        self._facts, self._currency, self._matter = facts, currency, matter
        self._by_fact = policy.masks_of_options.by_fact(facts.schema)
        self._left = self._by_fact.without(OF_OPTION, facts)

    def named(self, id: str, words: Iterable[str]) -> int:
        """What an option's id, and the names and sorts of its remedies, say of any case."""
        option = self._by_fact.of_one("option", id, self._facts.rates)
        return option & self._by_fact.of_one("remedy", frozenset(words), self._facts.rates)

    def share(self, cost: int) -> Fraction | None:
        """The part that `cost` is of what the case is about; None if that is not known."""
        if self._matter is None:
            return None
        minor, parts = self._matter
        return Fraction(cost * parts, minor) if minor else Fraction(0)

    def of(self, named: int, cost: int, with_earlier: int) -> int:
        """What the masks of all facts leave of the conditions, as `Masks.found` says it.

        `cost` is that of the option, `with_earlier` with what was given on the order before.
        """
        rates, by_fact = self._facts.rates, self._by_fact
        left = self._left & named
        left &= by_fact.of_money("cost", with_earlier, self._currency, rates)
        if by_fact.reads("cost_share"):
            share = self.share(cost)
            left &= by_fact.of_one(
                "cost_share", self._facts.get("cost_share") if share is None else share, rates
            )
        return left
