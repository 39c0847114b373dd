"""An offer while it is being worked out: drafts of options, and what is noted on the way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from aftersales.domain.conditions import Condition, Facts
from aftersales.domain.money import Money
from aftersales.domain.policy.amounts import Amount, ceiling, floor, in_currency, total
from aftersales.domain.policy.decision import LeftOut, Option, RuleRef, Spent, Step, Undecided
from aftersales.domain.policy.judging import Judging, matter_of
from aftersales.domain.policy.remedies import Priced, price
from aftersales.domain.policy.rows import Rule, fits
from aftersales.domain.policy.table import Combination, GoodwillCap, OptionPolicy


@dataclass(frozen=True, slots=True)
class Draft:
    """One option so far. `steps` are those of the option, before those of its remedies."""

    parts: tuple[Priced, ...]
    steps: tuple[Step, ...] = ()

    @property
    def names(self) -> Combination:
        return tuple([part.remedy.name for part in self.parts])

    @property
    def id(self) -> str:
        return " + ".join(self.names)

    @property
    def cost(self) -> int:
        """In minor units."""
        return sum([part.remedy.cost.minor for part in self.parts])

    @property
    def refunded(self) -> int:
        """What it takes from what was paid, in minor units."""
        remedies = [part.remedy for part in self.parts]
        return sum([one.amount.minor for one in remedies if one.moves_money and one.amount])

    def with_step(self, step: Step) -> "Draft":
        return replace(self, steps=(*self.steps, step))


@dataclass(slots=True)
class Kept:
    """What is worked out once for all cases with the same amounts, where nothing is told.

    Prices and drafts by name, limits by the amount they are; what became of a draft by its id: all
    drafts that are asked about are kept here, so that an id stays theirs. `drafts` and `offers` are
    whole offers, by the number of what is left to be worked out.
    """

    prices: dict[str, Priced] = field(default_factory=dict)
    limits: dict[int, int] = field(default_factory=dict)
    within: dict[Combination, Draft | None] = field(default_factory=dict)
    given: dict[int, Draft | None] = field(default_factory=dict)
    options: dict[int, Option | Undecided] = field(default_factory=dict)
    drafts: dict[int, list[Draft]] = field(default_factory=dict)
    offers: dict[int, tuple[Option, ...] | Undecided] = field(default_factory=dict)


@dataclass(slots=True)
class Work:
    """What one working-out reads, and what it notes: steps taken, things left out.

    `holds` answers a condition; without it the condition is asked itself. Where nothing `is_told`
    nothing is noted, and it comes to the same. `kept` may be that of another case then, in which
    all is alike that prices, limits, approval and return hang on.
    """

    policy: OptionPolicy
    facts: Facts
    spent: Spent
    holds: Callable[[Condition], bool] = None  # type: ignore[assignment]
    is_told: bool = True
    steps: list[Step] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    currency: str = ""  # of the order: all amounts of the offer are in it
    kept: Kept = field(default_factory=Kept)
    _goodwill_given: int | None = None
    _given_on_order: int | None = None
    _judging: Judging | None = None

    def __post_init__(self) -> None:
        self.currency = self.spent.left_to_refund.currency
        if self.holds is None:
            facts = self.facts  # not of `self`: that would be a cycle, left to the collector
            self.holds = lambda condition: condition.holds(facts)

    def fits(self, rules: Iterable[Rule], *, first_only: bool = False) -> list[Rule]:
        """The rules whose condition holds; why the others do not is noted."""
        if self.is_told:
            fitting, left_out = fits(rules, self.facts, first_only=first_only)
            self.left_out.extend(left_out)
            return fitting
        found: list[Rule] = []
        for rule in rules:
            if self.holds(rule.when):
                found.append(rule)
                if first_only:
                    break
        return found

    def price(self, name: str) -> Priced:
        """The remedy of that name, priced once."""
        priced = self.kept.prices.get(name)
        if priced is None:
            rule = self.policy.remedies[name]
            priced = price(rule, self.facts, self.currency, is_told=self.is_told)
            self.kept.prices[name] = priced
        return priced

    def draft(self, names: Combination) -> Draft:
        return Draft(tuple([self.price(name) for name in names]))

    def limit(self, amount: Amount) -> int:
        """A limit in whole minor units, rounded down: it is never exceeded."""
        found = self.kept.limits.get(id(amount))
        if found is None:
            found = floor(amount.worth(self.facts, self.currency))
            self.kept.limits[id(amount)] = found
        return found

    def goodwill_given(self, cap: GoodwillCap) -> int:
        """What the customer was given within the cap's days, in minor units, rounded up."""
        if self._goodwill_given is None:
            self._goodwill_given = given_within(cap, self.spent, self.facts, self.currency)
        return self._goodwill_given

    def given_on_order(self) -> int:
        """What earlier remedies on the order cost us, in minor units, rounded up."""
        if self._given_on_order is None:
            self._given_on_order = cost_on_order(self.spent, self.facts, self.currency)
        return self._given_on_order

    def judging(self) -> Judging:
        """What the case says of the conditions that are asked of each option.

        FactMissing if their cost cannot be held against what the case is about.
        """
        if self._judging is None:
            matter = matter_of(self.facts, self.currency)
            self._judging = Judging(self.policy, self.facts, self.currency, matter)
        return self._judging

    def leave_out(self, what: str, why: str, rule: RuleRef | None = None) -> None:
        if self.is_told:
            self.left_out.append(LeftOut(what, why, rule))

    def note(self, what: str, result: str, rule: RuleRef | None = None) -> None:
        if self.is_told:
            self.steps.append(Step(what, result, rule))

    def merged(self, options: Iterable[Combination]) -> tuple[Combination, ...]:
        """Equal options once, in the order of the first, each remedy once in an option."""
        kept: dict[frozenset[str], Combination] = {}
        for names in options:
            single = tuple(dict.fromkeys(names))
            same = kept.setdefault(frozenset(single), single)
            if same is not single:
                self.note_merged(" + ".join(single), " + ".join(same))
        return tuple(kept.values())

    def note_merged(self, one: str, other: str) -> None:
        self.note(f"`{one}` and `{other}` come to the same", "offered once")

    def money(self, minor: int) -> Money:
        return Money.from_minor(minor, self.currency)


def given_within(cap: GoodwillCap, spent: Spent, facts: Facts, currency: str) -> int:
    """What the customer was given within the cap's days, in minor units, rounded up."""
    recent = [cost for days, cost in spent.goodwill_of_customer if days <= cap.within.amount]
    return ceiling(total([in_currency(cost, facts, currency) for cost in recent]))


def cost_on_order(spent: Spent, facts: Facts, currency: str) -> int:
    """What earlier remedies on the order cost us, in minor units, rounded up."""
    return ceiling(in_currency(spent.cost_on_order, facts, currency))
