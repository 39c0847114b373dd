"""What is asked of each option, its approval and its return, by masks: the case's share once."""

from collections.abc import Iterable
from fractions import Fraction

from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import money_of
from aftersales.domain.policy.table import OptionPolicy

OF_OPTION = frozenset({"option", "remedy", "cost", "cost_share"})
MATTER = "affected_value"  # what the share of a cost is taken of


class Judging:
    """The conditions that one case's options are asked, narrowed by all but the option itself.

    FactMissing if the cost cannot be held against what the case is about.
    """

    __slots__ = ("_by_fact", "_facts", "_left", "_matter")

    def __init__(self, policy: OptionPolicy, facts: Facts, currency: str) -> None:
        self._facts = facts
        self._by_fact = policy.masks_of_options.by_fact(facts.schema)
        self._left = self._by_fact.without(OF_OPTION, facts)
        is_known = facts.known.get(MATTER) is not None
        self._matter = money_of(facts, MATTER, currency) if is_known else None

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

    def of(self, named: int, cost: int, with_earlier: Money) -> tuple[int, int]:
        """The conditions that hold, and those that cannot be told, as `Masks.of` says them.

        `cost` is that of the option, `with_earlier` with what was given on the order before.
        """
        rates, by_fact = self._facts.rates, self._by_fact
        left = self._left & named & by_fact.of_one("cost", with_earlier, rates)
        if by_fact.reads("cost_share"):
            share = self.share(cost)
            left &= by_fact.of_one(
                "cost_share", self._facts.get("cost_share") if share is None else share, rates
            )
        return by_fact.told(left)
