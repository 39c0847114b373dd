"""What is known of a case, as values. Nothing here reads a clock or a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from aftersales.domain.calendar import Run
from aftersales.domain.money import Money
from aftersales.domain.policy import Option, OptionsDecision
from aftersales.domain.workflow import Action

Role = Literal["customer", "agent", "supervisor", "manager", "platform", "bank", "system"]
OfferStatus = Literal["proposed", "open", "accepted", "declined", "withdrawn", "expired"]
LedgerStatus = Literal["reserved", "confirmed", "failed", "reversed"]
Lane = Literal["money", "message", "alert"]
EffectStatus = Literal[
    "waiting", "leased", "done", "failed", "unknown", "withdrawn", "overtaken", "dead"
]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who submits an event, and in which role."""

    id: str
    role: Role

    @classmethod
    def customer(cls, id: str) -> "Actor":
        return cls(id, "customer")

    @classmethod
    def agent(cls, id: str) -> "Actor":
        return cls(id, "agent")

    @classmethod
    def supervisor(cls, id: str) -> "Actor":
        return cls(id, "supervisor")

    @classmethod
    def manager(cls, id: str) -> "Actor":
        return cls(id, "manager")

    @classmethod
    def platform(cls, id: str) -> "Actor":
        return cls(id, "platform")

    @classmethod
    def bank(cls, id: str) -> "Actor":
        return cls(id, "bank")

    @classmethod
    def system(cls, id: str = "aftersales") -> "Actor":
        return cls(id, "system")

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


@dataclass(frozen=True, slots=True)
class Line:
    """Items the matter is about. `value` is what the customer paid for them, tax included."""

    sku: str
    quantity: int
    value: Money
    title: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """The armed moment of a deadline or of one of its warnings.

    Identity: round, visit (0 for a case deadline), deadline, number. `due_at` is None until the
    message in `waits_for` was handed over, and while it is paused, since `paused_at`. `warning` is
    the index of the warning, None for the deadline itself. `why` explains the due date, as data.
    `run` and the finished `pauses` are what it is counted again from; pauses from before a move
    are in the run already. `not_before` is a run too: an edit would have made it late at once, and
    it is not due until that ends. `do` is what a warning does: that of the ladder it was armed by,
    whatever the policy would answer later.
    """

    round: int
    visit: int
    deadline: str
    number: int
    due_at: datetime | None
    warning: int | None = None
    waits_for: str | None = None
    started_at: datetime | None = None
    why: Mapping[str, Any] = field(default_factory=dict)
    run: Run | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    paused_at: datetime | None = None
    not_before: Run | None = None
    do: tuple[Action, ...] = ()

    @property
    def id(self) -> str:
        """`1/2/answer/0`, and `1/2/answer/0/warning-1` for its second warning."""
        warning = "" if self.warning is None else f"/warning-{self.warning}"
        return f"{self.round}/{self.visit}/{self.deadline}/{self.number}{warning}"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a case deadline did not run, armed or not. `end` is None while it lasts."""

    deadline: str
    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A snapshot of options with amounts, steps, approval and digest."""

    id: str
    status: OfferStatus
    decision: OptionsDecision
    currency: str
    digest: str
    made_by: Actor
    made_at: datetime
    case_version: int
    policy: str
    approved_by: Actor | None = None
    accepted_option: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # what the decision read

    @property
    def options(self) -> tuple[Option, ...]:
        return self.decision.options

    @property
    def approval(self) -> str:
        return self.decision.approval

    def option(self, id: str) -> Option | None:
        return next((option for option in self.options if option.id == id), None)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One remedy granted, by a stable id. `case_id` is empty for one entered for an order only."""

    id: str
    case_id: str
    order_id: str | None
    customer_key: str
    remedy: str
    sort: str
    status: LedgerStatus
    cost: Money
    amount: Money | None
    counts_as: str
    by: Literal["us", "platform", "bank", "hand"]
    granted_at: datetime
    offer_id: str = ""
    option_id: str = ""
    reference: str = ""
    reason: str = ""

    @property
    def moves_money(self) -> bool:
        return self.sort == "refund"


@dataclass(frozen=True, slots=True)
class Account:
    """The money truth of one order, across its cases. All in the order's currency."""

    scope: str  # order:ID or customer:ID
    paid: Money
    reserved: Money
    confirmed: Money
    external: Money
    held_by: str = ""  # the case whose dispute contests the order
    version: int = 0

    @property
    def left(self) -> Money:
        """What may still be refunded. Below zero where an outside party paid on top."""
        return self.paid - self.reserved - self.confirmed - self.external


@dataclass(frozen=True, slots=True)
class Effect:
    """An instruction to the outside world, with a stable key. References, never rendered text."""

    key: str  # shop/case/version/n
    case_id: str
    lane: Lane
    sort: str  # message, alert, refund, resend, coupon ..., or an internal one
    name: str  # template, role, remedy
    due_at: datetime  # not before
    status: EffectStatus = "waiting"
    order_id: str | None = None
    ledger_id: str = ""
    offer_id: str = ""
    amount: Money | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0
    when_unknown: str = "hold for a person"
    round: int = 1
    visit: int = 0  # a warning is overtaken when the visit or the deadline it warns of is over
    timer_id: str = ""
    reference: str = ""
    reason: str = ""

    @property
    def version(self) -> int:
        """The version of the case that caused it."""
        return int(self.key.rsplit("/", 2)[1])


@dataclass(frozen=True, slots=True)
class Case:
    """The file on one after-sales matter of one order. Facts are canonical texts, by name."""

    shop: str
    id: str
    kind: str
    state: str
    version: int
    round: int
    visit: int
    rulebook: str  # digest
    currency: str
    opened_at: datetime
    last_effective_at: datetime
    order_id: str | None = None
    customer_key: str = ""
    parent_id: str = ""
    priority: str = ""
    calendar: str = ""  # answered by policy at opening; empty: the workflow's own
    assignee: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    timers: tuple[Timer, ...] = ()
    pauses: tuple[Pause, ...] = ()  # of the case deadlines of this round, in the order of begin
    counts: Mapping[str, int] = field(
        default_factory=dict
    )  # uses of bounded transitions, `once` deadlines
    closed_at: datetime | None = None
    outcome: str = ""
    needs_person: str = ""  # why a person must look; empty when nobody must
    offer_id: str = ""  # the offer that counts now
    stands_since: int = 1  # the version at which state, visit or offer last changed

    @property
    def due_at(self) -> datetime | None:
        """The earliest armed timer."""
        return min((t.due_at for t in self.timers if t.due_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version of a case: what was put to it, when it happened, and what it changed."""

    case_id: str
    version: int
    event: str
    actor: Actor
    effective_at: datetime
    recorded_at: datetime
    round: int
    state_before: str
    state_after: str
    facts: Mapping[str, str] = field(default_factory=dict)  # as given, personal ones left out
    did: tuple[str, ...] = ()  # actions done, in words of the workflow
    rule: str = ""  # which transition, timer or policy rule, with file:line
    note: str = ""
