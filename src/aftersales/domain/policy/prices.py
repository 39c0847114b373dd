"""What the remedies and limits of a policy come to in one currency, kept: for very many cases.

They are worked out as for one case alone; what hangs on no case, or on amounts that come again, is
worked out once.
"""

from collections.abc import Callable, Mapping

from aftersales.domain.conditions import Facts, Value
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import Amount, Worth, floor
from aftersales.domain.policy.decision import Spent
from aftersales.domain.policy.draft import given_within
from aftersales.domain.policy.remedies import RemedyRule, given, goods_cost
from aftersales.domain.policy.table import OptionPolicy

NO_LIMIT = 10**30  # minor units
_MOST_KEPT = 4096  # amounts of one remedy


class Prices:
    """What the remedies of a policy come to in one currency at some rates, in minor units."""

    def __init__(self, policy: OptionPolicy, currency: str, facts: Facts) -> None:
        """The rates, and the schema, are those of `facts`."""
        self.policy, self.currency = policy, currency
        self.rates, self.schema = facts.rates, facts.schema
        self._fixed: dict[int, Worth] = {}
        self._remedies: dict[str, Kept] = {}
        cap, goodwill = policy.limits.each_option, policy.limits.per_customer
        self._most = self._limit(cap.at_most) if cap else None
        self._goodwill = self._limit(goodwill.at_most) if goodwill else None

    def of(self, name: str) -> "Kept":
        """What the remedy costs us."""
        found = self._remedies.get(name)
        if found is None:
            rule = self.policy.remedies[name]
            found = Kept(_facts_of(rule), self.currency, lambda facts: self._price(rule, facts))
            self._remedies[name] = found
        return found

    def most(self, facts: Facts) -> int:
        """What an option may cost. FactMissing if that is not known."""
        return NO_LIMIT if self._most is None else self._most(facts)

    def goodwill(self, facts: Facts, spent: Spent) -> int:
        """What an option may come to in goodwill. FactMissing if that is not known."""
        cap = self.policy.limits.per_customer
        if cap is None or self._goodwill is None:
            return NO_LIMIT
        free = self._goodwill(facts)
        if spent.goodwill_of_customer:
            free -= given_within(cap, spent, facts, self.currency)
        return max(free, 0)

    def _limit(self, amount: Amount) -> "Kept":
        """A limit in whole minor units, as it is never exceeded."""
        of = (amount.of,) if amount.of else ()
        return Kept(of, self.currency, lambda facts: (floor(self._worth(amount, facts)), True))

    def _price(self, rule: RemedyRule, facts: Facts) -> tuple[int, bool]:
        """The price, and whether it hangs on the facts of the rule alone.

        What goods cost where a rate is missing hangs on what is taken instead.
        """

        def worth_of(amount: Amount) -> Worth:
            return self._worth(amount, facts)

        if rule.amount is None:
            cost, missing = goods_cost(rule, worth_of)
            return cost, missing is None
        return given(rule, rule.amount, worth_of, self.currency)[0], True

    def _worth(self, amount: Amount, facts: Facts) -> Worth:
        if amount.of:
            return amount.worth(facts, self.currency)
        found = self._fixed.get(id(amount))
        if found is None:
            found = self._fixed[id(amount)] = amount.worth(facts, self.currency)
        return found


class Kept:
    """An amount that hangs on some money facts, kept by what these are; a call gives it."""

    __slots__ = ("_currency", "_fact", "_facts", "_kept", "_work_out")

    def __init__(
        self, facts: tuple[str, ...], currency: str, work_out: Callable[[Facts], tuple[int, bool]]
    ) -> None:
        """`work_out` also says whether it hangs on `facts` alone: only then is it kept."""
        self._facts, self._fact = facts, facts[0] if len(facts) == 1 else ""
        self._currency, self._work_out = currency, work_out
        self._kept: dict[int | tuple[int, ...], int] = {}

    def __call__(self, facts: Facts) -> int:
        """What it comes to. FactMissing if that is not known."""
        key = self._key(facts.known)
        if key is None:
            return self._work_out(facts)[0]
        found = self._kept.get(key)
        if found is None:
            found, hangs_on_them = self._work_out(facts)
            if hangs_on_them and len(self._kept) < _MOST_KEPT:
                self._kept[key] = found
        return found

    def _key(self, known: Mapping[str, Value]) -> int | tuple[int, ...] | None:
        """The amounts that it hangs on; None if one is not known, or in another currency."""
        if not self._facts:
            return ()
        if self._fact:
            value = known.get(self._fact)
            if isinstance(value, Money) and value.currency == self._currency:
                return value.minor
            return None
        values = [known.get(fact) for fact in self._facts]
        own = [v.minor for v in values if isinstance(v, Money) and v.currency == self._currency]
        return tuple(own) if len(own) == len(values) else None


def _facts_of(rule: RemedyRule) -> tuple[str, ...]:
    """The facts that the price of a remedy hangs on, where they are known."""
    amounts = rule.costs if rule.amount is None else (rule.amount, rule.at_least, rule.at_most)
    return tuple(dict.fromkeys(amount.of for amount in amounts if amount and amount.of))
