"""How a remedy is declared, and what it comes to for one case."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftersales.domain.conditions import ALWAYS, Condition, Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import (
    Amount,
    Rounding,
    Worth,
    floor,
    half_up,
    is_less,
    total,
)
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

    def cut_to(self, amount: Money, steps: tuple[Step, ...], *, by_own_limit: bool) -> "Priced":
        """The same remedy with a smaller amount, and the steps that made it so."""
        remedy = replace(self.remedy, amount=amount, cost=amount)
        return replace(
            self,
            remedy=remedy,
            steps=self.steps + steps,
            is_cut=self.is_cut or by_own_limit,
        )


def price(rule: RemedyRule, facts: Facts, currency: str, *, is_told: bool = True) -> Priced:
    """What the remedy comes to. FactMissing if a fact or rate it needs is not known.

    Each step is kept if it `is_told`.
    """
    if rule.amount is None:
        return _goods(rule, facts, currency, is_told=is_told)
    return _money(rule, rule.amount, facts, currency, is_told=is_told)


_Stage = tuple[str, Amount | None, Worth]  # what was done, by which amount, and what it came to
WorthOf = Callable[[Amount], Worth]


def given(
    rule: RemedyRule, amount: Amount, worth_of: WorthOf, currency: str
) -> tuple[int, Worth | None, list[_Stage]]:
    """What `amount` of the rule comes to in minor units, its `at_least`, and the stages between.

    FactMissing if `worth_of` raises it.
    """
    worth = worth_of(amount)
    stages: list[_Stage] = [("", amount, worth)]
    least: Worth | None = None
    if rule.at_least:
        least = worth_of(rule.at_least)
        worth = least if is_less(worth, least) else worth
        stages.append(("at least ", rule.at_least, worth))
    most = worth_of(rule.at_most) if rule.at_most else None
    if most is not None:
        worth = most if is_less(most, worth) else worth
        stages.append(("at most ", rule.at_most, worth))
    if rule.round:
        worth = rule.round.apply(worth, currency)
        stages.append((f"rounded {rule.round.text}", None, worth))
    if rule.round and most is not None:
        worth = most if is_less(most, worth) else worth
        stages.append(("at most ", rule.at_most, worth))
    minor = half_up(worth)
    if most is not None and is_less(most, (minor, 1)):
        minor = floor(most)
    return minor, least, stages


def goods_cost(rule: RemedyRule, worth_of: WorthOf) -> tuple[int, FactMissing | None]:
    """What goods cost us in minor units, and what was missing where it is the `if_missing`."""
    try:
        return half_up(total([worth_of(part) for part in rule.costs])), None
    except FactMissing as missing:
        if rule.if_missing is None:
            raise
        return half_up(worth_of(rule.if_missing)), missing


def _money(
    rule: RemedyRule, amount: Amount, facts: Facts, currency: str, *, is_told: bool
) -> Priced:
    minor, least, stages = given(rule, amount, lambda a: a.worth(facts, currency), currency)
    steps = tuple(_steps(rule, stages, facts, currency)) if is_told else ()
    money = Money.from_minor(minor, currency)
    return Priced(_remedy(rule, money, money), _least(least, money), steps)


def _steps(
    rule: RemedyRule, stages: Sequence[_Stage], facts: Facts, currency: str
) -> Iterator[Step]:
    """The stages that changed what it came to, and the first."""
    before: Worth | None = None
    for words, amount, worth in stages:
        if before is None or is_less(before, worth) or is_less(worth, before):
            told = words + (amount.explained(facts) if amount else "")
            yield Step(
                f"{rule.name}: {told}", str(Money.from_minor(half_up(worth), currency)), rule.ref
            )
        before = worth


def _least(least: Worth | None, money: Money) -> Money | None:
    """The smallest amount worth giving; never above what it came to by itself."""
    if least is None:
        return None
    return Money.from_minor(min(floor(least), money.minor), money.currency)


def _goods(rule: RemedyRule, facts: Facts, currency: str, *, is_told: bool) -> Priced:
    minor, missing = goods_cost(rule, lambda amount: amount.worth(facts, currency))
    rounded = Money.from_minor(minor, currency)
    priced = Priced(_remedy(rule, rounded, None))
    if not is_told:
        return priced
    words = f"{rule.name}: costs us {_costs(rule, facts, missing)}"
    return replace(priced, steps=(Step(words, str(rounded), rule.ref),))


def _costs(rule: RemedyRule, facts: Facts, missing: FactMissing | None) -> str:
    if missing is not None and rule.if_missing is not None:
        return f"{rule.if_missing.explained(facts)}, as {missing}"
    return " + ".join(part.explained(facts) for part in rule.costs) or "nothing"


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
