"""What a policy author states must be so for every case: a law."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Literal

from aftersales.domain.conditions import (
    ALWAYS,
    Box,
    Cell,
    CellKind,
    Condition,
    Facts,
    Interval,
    Value,
)
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.decision import Option, OptionsDecision, RuleRef
from aftersales.domain.policy.table import Combination, OptionPolicy

MATTER = "affected_value"  # what a case is about, in money

BEST_VALUE = "best_value_to_customer"
MEASURES = (BEST_VALUE, "cost", "cheapest_cost")
OF_OPTION = frozenset(
    {
        "option", "remedy", "cost", "cost_share", "approval", "return_required",
        BEST_VALUE,
    }
)  # fmt: skip
"""Facts that are known only once an option is worked out."""
OF_NAME = frozenset({"option", "remedy"})
"""Those that its remedies alone tell."""


@dataclass(frozen=True, slots=True)
class Law:
    """`never`: no option is as `offer` says. `always`: some option is, where `when` holds.

    `never_less`: the `measure` of what is offered does not fall when the fact `along` grows and
    all else stays the same. `text` is what the author wrote.
    """

    ref: RuleRef
    sort: Literal["never", "always", "never_less"]
    text: str
    offer: Condition = ALWAYS
    when: Condition = ALWAYS
    measure: str = ""
    along: str = ""
    _spoken_of: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    @property
    def bends(self) -> bool:
        """Whether some amount could begin to break it, where the options stay the same."""
        asked = {"cost", "cost_share", "approval", "return_required", BEST_VALUE}
        return bool(self.offer.reads & asked)

    def about(self, given: Sequence[Combination], policy: OptionPolicy) -> tuple[Combination, ...]:
        """The options, of those that may be given, by which the law could be broken."""
        if self.sort != "never" or BEST_VALUE in self.offer.reads:
            return tuple(given)  # which options there are beside one counts too
        return tuple(names for names in given if self._may_be(names, policy))

    def _may_be(self, names: Combination, policy: OptionPolicy) -> bool:
        """Whether an option of these remedies, or a part of it, can be as `offer` says."""
        parts = [c for n in range(len(names), 0, -1) for c in combinations(names, n)]
        boxes = [box for box in self.offer.boxes if not _is_above(box, policy)]
        return any(_is_option(part, box, policy) for box in boxes for part in parts)

    def breach(self, decision: OptionsDecision, facts: Facts, currency: str) -> str | None:
        """What breaks a law of the sort `never` or `always` in one case, in words; None if kept."""
        named = [option for option in decision.options if self._speaks_of(option)]
        has_answer = bool(named) if self.sort == "never" else bool(decision.options)
        if not has_answer or not _holds(self.when, facts):
            return None
        fitting = self._first_as_told(named, decision, facts, currency)
        if self.sort == "never" and fitting is not None:
            return f"{in_words(fitting, facts, currency)}, by `{decision.rule.rule}`"
        if self.sort == "always" and fitting is None:
            names = ", ".join(option.id for option in decision.options)
            return f"offered are only {names}, by `{decision.rule.rule}`"
        return None

    def _speaks_of(self, option: Option) -> bool:
        """Whether its name and its remedies are as `offer` says; the rest hangs on the case."""
        found = self._spoken_of.get(option.id)
        if found is None:
            asked = _named(option)
            found = any(_is_named(box, asked) for box in self.offer.boxes)
            self._spoken_of[option.id] = found
        return found

    def _first_as_told(
        self, named: Sequence[Option], decision: OptionsDecision, facts: Facts, currency: str
    ) -> Option | None:
        reads = self.offer.reads
        if reads <= OF_NAME:
            return next(iter(named), None)
        if BEST_VALUE in reads:
            worth = getattr(facts.get(MATTER), "minor", 0)
            best = measured(decision, BEST_VALUE, currency, worth)
            facts = facts.having(**{BEST_VALUE: Money.from_minor(best, currency)})
        judged = _judged(named, facts, currency)
        return next((o for o, asked in judged if _holds(self.offer, asked)), None)


def measured(decision: OptionsDecision, measure: str, currency: str, worth: int) -> int:
    """The measure of an offer in minor units; `worth` is the value of the goods."""
    if not decision.options:
        return 0
    if measure == BEST_VALUE:
        return max(_value(option, worth) for option in decision.options)
    costs = [option.cost(currency).minor for option in decision.options]
    return max(costs) if measure == "cost" else min(costs)


def in_words(option: Option, facts: Facts, currency: str) -> str:
    """`half_refund` costs 40 USD, 50% of the affected value, approval none_needed."""
    cost = option.cost(currency)
    minor = getattr(facts.get(MATTER), "minor", 0)
    tenths = round(Fraction(1000 * cost.minor, minor)) if minor else 0
    percent = f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
    share = f", {percent}% of the affected value" if minor else ""
    return f"`{option.id}` costs {cost}{share}, approval {option.approval}"


def words_of(names: Combination, policy: OptionPolicy) -> dict[str, Value]:
    """What is known of an option by its remedies alone: the facts of `OF_NAME`."""
    words = frozenset(word for name in names for word in (name, policy.remedies[name].sort))
    return {"option": " + ".join(names), "remedy": words}


def case_part(condition: Condition) -> Condition:
    """The condition without what is known of an option only: where it may hold at all."""
    boxes = (tuple(p for p in box if p[0] not in OF_OPTION) for box in condition.boxes)
    return Condition(tuple(boxes))


def _is_option(names: Combination, box: Box, policy: OptionPolicy) -> bool:
    return _is_named(box, words_of(names, policy))


def _is_named(box: Box, asked: Mapping[str, Value]) -> bool:
    return all(cell.matches(asked[fact]) for fact, cell in box if fact in asked)


def _is_above(box: Box, policy: OptionPolicy) -> bool:
    """Whether it asks for a greater share of the matter than the limit of each option lets be."""
    cap = policy.limits.each_option
    if cap is None or cap.at_most.share is None or cap.at_most.of != MATTER:
        return False
    shares = [cell for fact, cell in box if fact == "cost_share"]
    return any(not _reaches(cell, cap.at_most.share) for cell in shares)


def _reaches(cell: Cell, most: Fraction) -> bool:
    """Whether some share from 0 to `most` fits."""
    if cell.kind is not CellKind.MATCHES:
        return True
    tests = [test for test in cell.plain_tests() if isinstance(test, Interval)]
    return any(
        test.low is None or (test.low.key <= most if test.low.is_included else test.low.key < most)
        for test in tests
    )


def _judged(
    options: Sequence[Option], facts: Facts, currency: str
) -> Iterator[tuple[Option, Facts]]:
    """These options, each with the facts of the case and its own."""
    affected = getattr(facts.get(MATTER), "minor", 0)
    for option in options:
        cost = option.cost(currency)
        yield (
            option,
            facts.having(
                **_named(option),
                cost=cost,
                cost_share=Fraction(cost.minor, affected) if affected else Fraction(0),
                approval=option.approval,
                return_required=option.returns.answer,
            ),
        )


def _named(option: Option) -> dict[str, Value]:
    words = frozenset(word for r in option.remedies for word in (r.name, r.sort))
    return {"option": option.id, "remedy": words}


def _value(option: Option, worth: int) -> int:
    """What an option is worth to the customer: money and vouchers as they are, goods as bought."""
    return sum(r.amount.minor if r.amount is not None else worth for r in option.remedies)


def _holds(condition: Condition, facts: Facts) -> bool:
    try:
        return condition.holds(facts)
    except FactMissing:
        return False
