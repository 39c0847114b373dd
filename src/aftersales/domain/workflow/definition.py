"""What a workflow declares: states, events, deadlines, actions. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aftersales.domain.calendar import DueKind, IfClosed
from aftersales.domain.conditions import ALWAYS, Condition, Labels, label_in
from aftersales.domain.duration import Duration
from aftersales.domain.problem import Place

Party = Literal["desk", "customer", "platform", "bank", "carrier"]


@dataclass(frozen=True, slots=True)
class Action:
    """One line of `do:`: a verb of the closed list and what it is done to."""

    verb: str
    argument: str = ""
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.verb} {self.argument}".strip()


@dataclass(frozen=True, slots=True)
class Transition:
    """One way an event may be taken: who, if what, whereto, and what is done.

    `go_to` is None where the case stays. `at_most` counts uses per round; then `after_that` is
    the event put in its place.
    """

    event: str
    by: tuple[str, ...]
    guard: Condition = ALWAYS
    takes: Mapping[str, Literal["required", "optional"]] = field(default_factory=dict)
    go_to: str | None = None
    do: tuple[Action, ...] = ()
    at_most: int | None = None
    after_that: str | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Warning:
    """Something done before a deadline: at a percentage of it, or after a time from its start."""

    at: Duration | int  # an int is percent
    do: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long, warn when, then what. `within` None means: by the policy named in `by_policy`."""

    name: str
    when_over: str
    within: Duration | None = None
    by_policy: str | None = None
    calendar: str | None = None
    due_at: DueKind | None = None
    if_closed: IfClosed = "keep"  # of calendar days: whether a closed last day is moved on
    warn: tuple[Warning, ...] = ()
    is_once_per_case: bool = False
    at_latest: str | None = None  # a case deadline whose inner due time ends this wait
    starts_when_sent: str | None = None  # a template: the wait starts at its first hand-over
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CaseDeadline(Deadline):
    """A deadline that runs whatever the state, from a fact, often stamped from outside."""

    starts: str = "opened_at"  # a fact of type instant, or `opened_at`
    stamped_by: str | None = None  # a fact of type instant: the outer due time, when known
    buffer: Duration | None = None  # inner due time = outer minus this
    ends_with: tuple[str, ...] = ()  # events by name, or `sent TEMPLATE`


@dataclass(frozen=True, slots=True)
class FollowUp:
    """In a final state: after an event, wait, then do. It sends, it never moves."""

    after: str
    wait: Duration
    do: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Reopen:
    """How a closed case may be opened again, in a new round."""

    by: tuple[str, ...]
    within: Duration
    go_to: str
    at_most: int


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand."""

    name: str
    waiting_for: Party | None = None  # None in a final state
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    events: Mapping[str, tuple[Transition, ...]] = field(default_factory=dict)
    outcome: str | None = None  # set in a final state, and only there
    follow_up: FollowUp | None = None
    reopen: Reopen | None = None
    labels: Labels = ()  # what it is called for people
    place: Place | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """The label in English, else in the language that was written first; may be empty."""
        return label_in(self.labels)

    @property
    def is_final(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Always:
    """A law of the workflow: never do this unless after that; do this at most once."""

    never: str | None = None
    unless_after: str | None = None
    guard: Condition = ALWAYS
    at_most_once: str | None = None
    is_ever: bool = False  # at most once ever, not per round


@dataclass(frozen=True, slots=True)
class Workflow:
    """The definition of one kind of case.

    `calendar` is empty where the policy `calendar_by_policy` answers it for each case.
    """

    name: str
    about: str
    starts_in: str
    calendar: str
    states: Mapping[str, State]
    needs: tuple[str, ...] = ()
    when_opened: tuple[Action, ...] = ()
    case_deadlines: Mapping[str, CaseDeadline] = field(default_factory=dict)
    anywhere: Mapping[str, tuple[Transition, ...]] = field(default_factory=dict)
    always: tuple[Always, ...] = ()
    calendar_by_policy: str | None = None
    calendar_place: Place | None = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)

    def counted_as(self, state: str, event: str, number: int) -> str:
        """Under which name the uses of an event's nth way are counted in a case in `state`.

        Those of `anywhere` are counted over all states together.
        """
        owner = state if event in self.states[state].events else "anywhere"
        return f"{owner}.{event}.{number}"
