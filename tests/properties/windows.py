"""Watching the customer's windows: each wait for him, counted again from when he could be told."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from unittest.mock import patch

from aftersales.domain.case import Case, Change, Timer
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Deadline
from aftersales.store import Transaction

Wait = tuple[str, int, int, str]  # case, round, visit, deadline


@contextmanager
def each_change(judge: Callable[[Change], None]) -> Iterator[None]:
    """Show `judge` every change at the moment it is saved."""
    save = Transaction.save

    def noting(tx: Transaction, change: Change) -> None:
        save(tx, change)
        judge(change)

    with patch.object(Transaction, "save", noting):
        yield


@dataclass(slots=True)
class Windows:
    """What is wrong with the waits for the customer, judged change by change.

    `told_at` says when each message was handed over, by the key of its effect.
    """

    rulebook: Rulebook
    told_at: Mapping[str, datetime]
    seen: int = 0
    full: int = 0
    wrong: list[str] = field(default_factory=list)
    _messages: dict[Wait, str] = field(default_factory=dict)  # the one that a wait starts with
    _starts: dict[Wait, datetime] = field(default_factory=dict)

    def judge(self, change: Change) -> None:
        """Each window that this change has armed, and the one whose end it is."""
        if change.case.kind != self.rulebook.kind:
            return
        self._judge_end(change)
        state = self.rulebook.workflow.states[change.case.state]
        if state.waiting_for != "customer":
            return
        before = change.before.timers if change.before else ()
        self._note_messages(change)
        for timer in change.case.timers:
            if timer.visit == change.case.visit and timer.warning is None and timer not in before:
                self._judge_window(change, timer, state.deadlines[timer.deadline])

    def _judge_end(self, change: Change) -> None:
        """A timer ends strictly after it was due, whichever it is."""
        ended = change.history.rule.removeprefix("timer ")
        for timer in change.before.timers if change.before else ():
            if timer.id == ended and not _is_over(timer, change.history.recorded_at):
                self.wrong.append(f"{timer.id} of {timer.due_at} ended too early")

    def _note_messages(self, change: Change) -> None:
        """Which messages the waits of a new visit start with."""
        case, before = change.case, change.before
        if before is not None and (before.round, before.visit) == (case.round, case.visit):
            return
        for deadline in self.rulebook.workflow.states[case.state].deadlines.values():
            for effect in change.effects:
                if effect.lane == "message" and effect.name == deadline.starts_when_sent:
                    self._messages[_wait(case, deadline.name)] = effect.key

    def _judge_window(self, change: Change, timer: Timer, deadline: Deadline) -> None:
        wait = _wait(change.case, deadline.name)
        message = self._messages.get(wait)
        if message is not None and message not in self.told_at:
            if timer.due_at is not None:
                self.wrong.append(f"{wait} runs, but the customer was not told")
            return
        if timer.due_at is None:
            self.wrong.append(f"{wait} does not run, but the customer was told")
            return
        self.seen += 1
        full = self._due(change.case, deadline, self._told(change, timer, wait, message))
        inner = self._inner(change.case, deadline)
        self.full += timer.due_at >= full
        if timer.due_at < full and (inner is None or timer.due_at < inner):
            self.wrong.append(f"{wait} is due {timer.due_at}, a full one {full}, inner {inner}")

    def _told(self, change: Change, timer: Timer, wait: Wait, message: str | None) -> datetime:
        """When this wait could start at the earliest: told, recorded, or its end before it."""
        is_another = change.history.rule == f"timer {_id_before(timer)}"
        if wait not in self._starts or is_another:
            handed_over = self.told_at[message] if message and not is_another else None
            self._starts[wait] = handed_over or change.history.recorded_at
        return self._starts[wait]

    def _due(self, case: Case, deadline: Deadline, start: datetime) -> datetime:
        assert deadline.within is not None  # no shipped wait for a customer asks a policy
        calendar = self.rulebook.calendar(deadline.calendar, of_case=case.calendar)
        return calendar.due(start, deadline.within, due_at=deadline.due_at).at

    def _inner(self, case: Case, deadline: Deadline) -> datetime | None:
        """The inner due time of the case deadline that this wait names by `at_latest`."""
        return next(
            (
                timer.due_at
                for timer in case.timers
                if (timer.visit, timer.deadline, timer.warning) == (0, deadline.at_latest, None)
            ),
            None,
        )


def _is_over(timer: Timer, at: datetime) -> bool:
    return timer.due_at is not None and timer.due_at < at


def _wait(case: Case, deadline: str) -> Wait:
    return (case.id, case.round, case.visit, deadline)


def _id_before(timer: Timer) -> str:
    return f"{timer.round}/{timer.visit}/{timer.deadline}/{timer.number - 1}"
