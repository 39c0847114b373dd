"""What tests can reach: every rule of every policy, each edge of an interval, states and events."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from aftersales.domain.conditions import Bound, Cell, Condition, Interval
from aftersales.domain.policy import OptionPolicy, Policies, RowsTable, RuleRef
from aftersales.domain.workflow import Workflow

Sort = Literal[
    "row", "cell", "exception", "swap", "extra", "approval", "return", "limit", "channel", "law",
    "edge", "state", "event", "deadline",
]  # fmt: skip
OF_WORKFLOWS = frozenset({"state", "event", "deadline"})
"""What a workflow has, and a policy has not."""
OPTION = frozenset({"option", "remedy", "cost", "cost_share"})
"""Facts that are known of an option only."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a test should reach: of which policy or workflow, what, and where it is."""

    sort: Sort
    of: str
    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Edge:
    """One threshold of a rule: `at` is the value itself, `beside` is where the answer changes.

    `step` is -1 where the interval is told from what lies below, 1 where from what lies above.
    `rest` are the other cells that must hold for the threshold to matter.
    """

    rule: RuleRef
    fact: str
    bound: Bound
    order: tuple[str, ...]
    step: Literal[-1, 1]
    rest: tuple[tuple[str, Cell], ...]

    @property
    def text(self) -> str:
        return f"{self.fact} {self.bound.text}"


Conditioned = tuple[Sort, RuleRef, Condition]


def rules_of_options(policy: OptionPolicy) -> Iterator[Conditioned]:
    """Each rule of a compensation policy with its condition; cells without that of the matrix."""
    always = Condition(((),))
    for cell in policy.base.cells.values() if policy.base else ():
        yield "cell", cell.ref, always
    yield from (("row", rule.ref, rule.when) for rule in policy.rows)
    if policy.otherwise is not None:
        yield "row", policy.otherwise.ref, always
    yield from (("exception", rule.ref, rule.when) for rule in policy.exceptions)
    yield from (("swap", swap.ref, swap.when) for swap in policy.swaps)
    yield from (("extra", extra.ref, extra.when) for extra in policy.extras)
    yield from (("approval", band.ref, band.when) for band in policy.approval)
    yield from (("return", ref, when) for _, ref, when in _rows(policy.returns))
    limits = policy.limits
    yield from (("limit", cap.ref, always) for cap in (limits.each_option, limits.per_customer)
                if cap is not None)  # fmt: skip
    # Without extras nothing is put together but what `check` has looked at.
    if limits.never_together and limits.ref is not None and policy.extras:
        yield "limit", limits.ref, always


def rules_of_rows(table: RowsTable) -> Iterator[Conditioned]:
    """Each row of a table with its condition."""
    yield from _rows(table)


def rules_around(policies: Policies) -> Iterator[Conditioned]:
    """The rules of the channels, and the floors of law."""
    yield from (("channel", rule.ref, rule.when) for rule in policies.channels.rules)
    yield from (("law", floor.ref, floor.when) for floor in policies.floors.floors)


def matrix_edges(policy: OptionPolicy) -> Iterator[Edge]:
    """The thresholds of the lines and columns of a matrix."""
    if policy.base is None:
        return
    first = next(iter(policy.base.cells.values()))
    rule = RuleRef(policy.name, "base", first.ref.file, first.ref.line)
    for label in policy.base.labels:
        yield from edges_of(rule, label.when)


def approval_edges(policy: OptionPolicy) -> Iterator[Edge]:
    """The thresholds of the approval bands: each is one, though two bands name it."""
    for band in policy.approval:
        rule = RuleRef(policy.name, "approval", band.ref.file, policy.approval[0].ref.line)
        yield from edges_of(rule, band.when)


def edges_of(rule: RuleRef, when: Condition) -> Iterator[Edge]:
    """The thresholds of a condition, each once; single values are none."""
    for box in when.boxes:
        for fact, cell in box:
            rest = tuple(pair for pair in box if pair[0] != fact)
            for test in cell.plain_tests():
                if isinstance(test, Interval) and not _is_point(test):
                    yield from _ends(rule, fact, cell, test, rest)


def workflow_targets(workflow: Workflow) -> Iterator[Target]:
    """The states, the events in each state and anywhere, and the deadlines."""

    def target(sort: Sort, name: str, place: Any) -> Target:
        place = place or workflow.place
        return Target(
            sort, workflow.name, name, place.file if place else "", place.line if place else 0
        )

    for state in workflow.states.values():
        yield target("state", state.name, state.place)
        for event, ways in state.events.items():
            yield target("event", f"{state.name}.{event}", ways[0].place)
        for deadline in state.deadlines.values():
            yield target("deadline", f"{state.name}.{deadline.name}", deadline.place)
    for event, ways in workflow.anywhere.items():
        yield target("event", f"anywhere.{event}", ways[0].place)
    for deadline in workflow.case_deadlines.values():
        yield target("deadline", deadline.name, deadline.place)


def _rows(table: RowsTable | None) -> Iterator[Conditioned]:
    if table is None:
        return
    yield from (("row", row.ref, row.when) for row in table.rows)
    if table.otherwise is not None:
        yield "row", table.otherwise.ref, Condition(((),))


def _is_point(test: Interval) -> bool:
    return test.low is not None and test.high is not None and test.low.text == test.high.text


def _ends(
    rule: RuleRef, fact: str, cell: Cell, test: Interval, rest: tuple[tuple[str, Cell], ...]
) -> Iterator[Edge]:
    if test.low is not None:
        yield Edge(rule, fact, test.low, cell.order, -1 if test.low.is_included else 1, rest)
    if test.high is not None:
        yield Edge(rule, fact, test.high, cell.order, 1 if test.high.is_included else -1, rest)
