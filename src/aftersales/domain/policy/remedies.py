"""How a remedy is declared, and what it comes to for one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from aftersales.domain.conditions import ALWAYS, Condition, Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import Amount, Rounding, floor, half_up
from aftersales.domain.policy.decision import CountsAs, Remedy, RuleRef, Step, WhenUnknown


@dataclass(frozen=True, slots=True)
class RemedyRule:
    """A remedy as the policy declares it. `amount` is None for goods, which have `costs`."""

    name: str
    sort: str
    ref: RuleRef
    amount: Amount | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    round: Rounding | None = None
    costs: tuple[Amount, ...] = ()
    if_missing: Amount | None = None  # the cost, where a fact it is made of is not known
    only_if: Condition = ALWAYS
    counts_as: CountsAs = "owed"
    when_unknown: WhenUnknown = "hold for a person"
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priced:
    """A remedy with its amount for one case, and how it came about.

    `least` is the smallest amount worth giving. `is_cut` says that a limit of ours made it less
    than the policy declares, so that it no longer stands for what is owed.
    """

    remedy: Remedy
    least: Money | None = None
    steps: tuple[Step, ...] = ()
    is_cut: bool = False

    @property
    def is_goodwill(self) -> bool:
        return self.remedy.counts_as == "goodwill"

    @property
    def can_shrink(self) -> bool:
        """Money and vouchers can be made less; goods cannot."""
        return self.remedy.amount is not None

    def cut_to(self, amount: Money, step: Step, *, by_own_limit: bool) -> "Priced":
        """The same remedy with a smaller amount."""
        remedy = replace(self.remedy, amount=amount, cost=amount)
        return replace(
            self,
            remedy=remedy,
            steps=(*self.steps, step),
            is_cut=self.is_cut or by_own_limit,
        )


def price(rule: RemedyRule, facts: Facts, currency: str) -> Priced:
    """What the remedy comes to. FactMissing if a fact or rate it needs is not known."""
    return _goods(rule, facts, currency) if rule.amount is None else _money(rule, facts, currency)


def _money(rule: RemedyRule, facts: Facts, currency: str) -> Priced:
    assert rule.amount is not None
    worth = rule.amount.worth(facts, currency)
    steps = [
        Step(f"{rule.name}: {rule.amount.explained(facts)}", _shown(worth, currency), rule.ref)
    ]

    def became(words: str, now: Fraction) -> Fraction:
        if now != worth:
            steps.append(Step(f"{rule.name}: {words}", _shown(now, currency), rule.ref))
        return now

    if rule.at_least:
        least = rule.at_least.worth(facts, currency)
        worth = became(f"at least {rule.at_least.explained(facts)}", max(worth, least))
    most = rule.at_most.worth(facts, currency) if rule.at_most else None
    if rule.at_most and most is not None:
        worth = became(f"at most {rule.at_most.explained(facts)}", min(worth, most))
    if rule.round:
        worth = became(f"rounded {rule.round.text}", rule.round.apply(worth, currency))
    if rule.at_most and most is not None:
        worth = became(f"at most {rule.at_most.explained(facts)}", min(worth, most))
    amount = half_up(worth, currency)
    if most is not None and amount.minor > most:
        amount = floor(most, currency)
    remedy = _remedy(rule, amount, amount)
    return Priced(remedy, _least(rule, facts, currency, amount), tuple(steps))


def _least(rule: RemedyRule, facts: Facts, currency: str, amount: Money) -> Money | None:
    """The smallest amount worth giving; never above what it came to by itself."""
    if rule.at_least is None:
        return None
    least = floor(rule.at_least.worth(facts, currency), currency)
    return min(least, amount)


def _goods(rule: RemedyRule, facts: Facts, currency: str) -> Priced:
    try:
        cost = sum((part.worth(facts, currency) for part in rule.costs), Fraction(0))
        words = " + ".join(part.explained(facts) for part in rule.costs) or "nothing"
    except FactMissing as missing:
        if rule.if_missing is None:
            raise
        cost = rule.if_missing.worth(facts, currency)
        words = f"{rule.if_missing.explained(facts)}, as {missing}"
    total = half_up(cost, currency)
    step = Step(f"{rule.name}: costs us {words}", str(total), rule.ref)
    return Priced(_remedy(rule, total, None), steps=(step,))


def _remedy(rule: RemedyRule, cost: Money, amount: Money | None) -> Remedy:
    return Remedy(
        name=rule.name,
        sort=rule.sort,
        cost=cost,
        amount=amount,
        counts_as=rule.counts_as,
        details=rule.details,
        when_unknown=rule.when_unknown,
    )


def _shown(worth: Fraction, currency: str) -> str:
    return str(half_up(worth, currency))
