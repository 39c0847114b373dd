"""The compensation table of one policy: remedies, a base matrix or rows, what bends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aftersales.domain.conditions import ALWAYS, Condition, Facts, Masks
from aftersales.domain.duration import Duration
from aftersales.domain.policy.amounts import Amount
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.channels import Channels
from aftersales.domain.policy.decision import ReturnAnswer, RuleRef, Undecided
from aftersales.domain.policy.floors import Floors
from aftersales.domain.policy.handling import Handling
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.rows import Conditional, RowsTable, fits, two_fit

NONE_NEEDED = "none_needed"
BANDS = (NONE_NEEDED, "agent", "supervisor", "manager")  # from the lowest to the highest

Combination = tuple[str, ...]  # the names of remedies given together


@dataclass(frozen=True, slots=True)
class OptionsRule:
    """A cell, a row or an exception: where `when` holds, the customer chooses among these."""

    ref: RuleRef
    options: tuple[Combination, ...]
    when: Condition = ALWAYS
    wins_over: frozenset[str] = frozenset()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """One line or column of a matrix: a value, band or group of its fact."""

    name: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Matrix:
    """Bands of one fact down, values of another across, options in the cells.

    Without a fact across, `columns` is empty and the cells are keyed by (line, "").
    """

    down: str
    lines: tuple[Label, ...]
    cells: Mapping[tuple[str, str], OptionsRule]
    across: str = ""
    columns: tuple[Label, ...] = ()

    @property
    def labels(self) -> tuple[Label, ...]:
        """Those of the lines and of the columns."""
        return (*self.lines, *self.columns)


@dataclass(frozen=True, slots=True)
class Swap:
    """Use another remedy wherever one stands."""

    ref: RuleRef
    when: Condition
    instead_of: str
    use: str


@dataclass(frozen=True, slots=True)
class Extra:
    """Add a remedy to each option that can bear it."""

    ref: RuleRef
    when: Condition
    add: str


@dataclass(frozen=True, slots=True)
class GoodwillCap:
    """What one customer may get beyond what is owed, within so many days."""

    ref: RuleRef
    at_most: Amount
    within: Duration


@dataclass(frozen=True, slots=True)
class EachOptionCap:
    """What one option may cost."""

    ref: RuleRef
    at_most: Amount


@dataclass(frozen=True, slots=True)
class Limits:
    """What no option may do."""

    never_together: tuple[frozenset[str], ...] = ()
    each_option: EachOptionCap | None = None
    per_customer: GoodwillCap | None = None
    ref: RuleRef | None = None


@dataclass(frozen=True, slots=True)
class ApprovalBand:
    """A slice of cost, and who must approve in it."""

    ref: RuleRef
    name: str
    when: Condition


@dataclass(frozen=True)
class Judged:
    """Who must approve an option, whether the goods come back, and by which rules."""

    band: str
    band_rule: RuleRef
    returns: ReturnAnswer
    return_rule: RuleRef | None

    @cached_property
    def returned(self) -> str:
        """The return answer in words."""
        return str(self.returns)


@dataclass(frozen=True)
class OptionPolicy:
    """A policy that says what may be offered, from `base` or from `rows`.

    `channel_must_allow` are things without which the policy offers nothing, as `review_contact`.
    `is_armed_after_simulation` says that a strict check wants a simulation of it on record.
    What is compiled from it is kept beside its fields: it is no part of what the policy is.
    """

    name: str
    ref: RuleRef
    remedies: Mapping[str, RemedyRule]
    applies_to: Condition = ALWAYS
    about: str = ""
    because: str = ""
    base: Matrix | None = None
    rows: tuple[OptionsRule, ...] = ()
    rows_choose_first: bool = False
    otherwise: OptionsRule | None = None
    exceptions: tuple[OptionsRule, ...] = ()
    swaps: tuple[Swap, ...] = ()
    extras: tuple[Extra, ...] = ()
    limits: Limits = field(default_factory=Limits)
    approval: tuple[ApprovalBand, ...] = ()
    returns: RowsTable | None = None
    channel_must_allow: tuple[str, ...] = ()
    is_armed_after_simulation: bool = False

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Those asked of a case, before its options are known."""
        rules: tuple[Conditional, ...] = (*self.rows, *self.exceptions, *self.swaps, *self.extras)
        return (
            self.applies_to,
            *(rule.when for rule in rules),
            *(remedy.only_if for remedy in self.remedies.values()),
            *(label.when for label in (self.base.labels if self.base else ())),
        )

    @cached_property
    def reads(self) -> frozenset[str]:
        """The facts that some rule of the policy reads."""
        return self.read_of_options.union(*(condition.reads for condition in self.conditions))

    @cached_property
    def read_of_options(self) -> frozenset[str]:
        """The facts that are read of each option: for its approval, and its return."""
        read = frozenset[str]().union(*(band.when.reads for band in self.approval))
        return read | (self.returns.reads if self.returns else frozenset())

    @cached_property
    def masks_of_options(self) -> Masks:
        """The conditions that are asked of each option: of the approval bands, and the return."""
        returns = self.returns.rows if self.returns else ()
        rules: tuple[Conditional, ...] = (*self.approval, *returns)
        return Masks([rule.when for rule in rules])

    @cached_property
    def judged(self) -> dict[int, Judged]:
        """How options were judged, by what masks leave of those conditions, and nothing else."""
        return {}


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies that bind a case."""

    compensation: Mapping[str, OptionPolicy] = field(default_factory=dict)
    rows: Mapping[str, RowsTable] = field(default_factory=dict)
    channels: Channels = field(default_factory=Channels)
    floors: Floors = field(default_factory=Floors)
    handling: Handling = field(default_factory=Handling)

    def reads(self, name: str) -> frozenset[str]:
        """The facts that an offer by the policy `name` hangs on, with channels and floors."""
        around = frozenset().union(*(condition.reads for condition in self.around))
        return around | self.compensation[name].reads

    @property
    def around(self) -> tuple[Condition, ...]:
        """Those that every offer hangs on, whatever its policy: of channels, and floors of law."""
        rules: tuple[Conditional, ...] = (*self.channels.rules, *self.floors.floors)
        return tuple(rule.when for rule in rules)

    def for_kind(self, facts: Facts) -> str | Undecided:
        """The compensation policy that applies, by `applies_to`: used where none is named.

        FactMissing if a fact that an `applies_to` reads is not known.
        """
        applicable = [_Applicable(p.name, p.ref, p.applies_to) for p in self.compensation.values()]
        reads = frozenset().union(*(policy.when.reads for policy in applicable))
        facts = with_answers(self.rows, facts, reads)
        fitting, _ = fits(sorted(applicable, key=lambda policy: policy.name), facts)
        if not fitting:
            return Undecided("compensation", "no compensation policy applies to this case")
        return fitting[0].name if len(fitting) == 1 else two_fit("compensation", fitting)


@dataclass(frozen=True, slots=True)
class _Applicable:
    name: str
    ref: RuleRef
    when: Condition
