"""What a policy decides, with each step kept so that it can be explained."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aftersales.domain.money import Money

CountsAs = Literal["owed", "goodwill"]
WhenUnknown = Literal["retry with key", "hold for a person"]
REFUND = "refund"  # the sort of remedy that takes from what the customer paid


@dataclass(frozen=True, slots=True)
class RuleRef:
    """The rule that decided: policy, id, and where it is written."""

    policy: str
    rule: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.rule} ({self.file}:{self.line})"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One single thing given, with its amount.

    `sort` is refund, resend, coupon ...; `name` is the author's.
    `amount` is what the customer gets in money or voucher value; None for goods and services.
    `cost` is what it costs us. `details` are texts for the handler: shipping, valid_for, items.
    """

    name: str
    sort: str
    cost: Money
    amount: Money | None = None
    counts_as: CountsAs = "owed"
    details: Mapping[str, str] = field(default_factory=dict)
    when_unknown: WhenUnknown = "hold for a person"

    @property
    def moves_money(self) -> bool:
        """A refund takes from what the customer paid; nothing else does."""
        return self.sort == REFUND


@dataclass(frozen=True, slots=True)
class ReturnAnswer:
    """Must the goods come back?

    `answer` is customer_keeps, prepaid_label ...; `within` a duration's text.
    """

    answer: str
    rule: str
    within: str = ""

    def __str__(self) -> str:
        return f"{self.answer} within {self.within}" if self.within else self.answer


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the working out: what was done, by which rule, with which result."""

    what: str
    result: str
    rule: RuleRef | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """What a customer can choose: one remedy or several together. The id is made of theirs."""

    id: str
    remedies: tuple[Remedy, ...]
    approval: str  # the band: none_needed, supervisor, manager
    returns: ReturnAnswer
    steps: tuple[Step, ...] = ()

    def refunded(self, currency: str) -> Money:
        """What this option takes from what was paid."""
        minor = sum(r.amount.minor for r in self.remedies if r.moves_money and r.amount)
        return Money.from_minor(minor, currency)

    def goodwill(self, currency: str) -> Money:
        """What this option gives beyond what is owed, at cost."""
        minor = sum(r.cost.minor for r in self.remedies if r.counts_as == "goodwill")
        return Money.from_minor(minor, currency)

    def cost(self, currency: str) -> Money:
        """What this option costs us."""
        return Money.from_minor(sum(r.cost.minor for r in self.remedies), currency)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An option or rule that was not used, and the first thing that ruled it out."""

    what: str
    why: str
    rule: RuleRef | None = None


@dataclass(frozen=True, slots=True)
class OptionsDecision:
    """The options offered, why these, and why not others. No options: a person must look."""

    options: tuple[Option, ...]
    rule: RuleRef
    steps: tuple[Step, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    approval: str = "none_needed"  # the highest band among the options


@dataclass(frozen=True, slots=True)
class RowsDecision:
    """What a rows table answered: the rule (or rules), and the answers by column."""

    rule: RuleRef
    answers: Mapping[str, str]
    others: tuple[RuleRef, ...] = ()  # rules that fit too: of `all`, or with an answer less urgent


@dataclass(frozen=True, slots=True)
class Undecided:
    """No rule fits, or two do and nothing orders them: a person decides, never a guess."""

    policy: str
    why: str
    rules: tuple[RuleRef, ...] = ()
    missing: str = ""  # the fact that is not known, where that is why


@dataclass(frozen=True, slots=True)
class Spent:
    """What was given before: what a decision about a further option must count in."""

    left_to_refund: Money  # of this order: paid minus reserved, confirmed and external
    cost_on_order: Money  # of earlier remedies on this order, for approval
    goodwill_of_customer: tuple[tuple[int, Money], ...] = ()  # days ago, cost
