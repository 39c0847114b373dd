"""Which deadlines of a case were met and which were missed, read off its history."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from aftersales.domain.case import Case, HistoryEntry
from aftersales.domain.rulebook import Rulebook

Ending = Literal["met", "missed", "running"]
OUTSIDE = "clocks of platforms and banks"
PROMISED = "dates we gave to customers"


@dataclass(frozen=True, slots=True)
class Ended:
    """One deadline of one case: whose it was, and how it ended."""

    party: str
    name: str
    ending: Ending


@dataclass(frozen=True, slots=True)
class _Visit:
    round: int
    number: int
    state: str
    is_over: bool


def endings(rulebook: Rulebook, case: Case, history: Sequence[HistoryEntry]) -> Iterator[Ended]:
    """How every deadline that ran on the case ended: those of its states, then its own."""
    fired = Counter(_deadline_of(entry.rule) for entry in history if _is_deadline(entry.rule))
    once: set[str] = set()
    for visit in _visits(history):
        state = rulebook.workflow.states[visit.state]
        for deadline in state.deadlines.values():
            if deadline.is_once_per_case and deadline.name in once:
                continue
            once.add(deadline.name)
            missed = fired[f"{visit.round}/{visit.number}/{deadline.name}"] > 0
            ending: Ending = "missed" if missed else "met" if visit.is_over else "running"
            yield Ended(state.waiting_for or "", deadline.name, ending)
    for name, of_case in rulebook.workflow.case_deadlines.items():
        if case.counts.get(f"armed:{name}"):
            missed = fired[f"{case.round}/0/{name}"] > 0
            is_running = any(timer.deadline == name for timer in case.timers)
            party = OUTSIDE if of_case.stamped_by else PROMISED
            yield Ended(party, name, "missed" if missed else "running" if is_running else "met")


def _visits(history: Sequence[HistoryEntry]) -> Iterator[_Visit]:
    """The stays of the case in its states, in order, final ones left out by their lack of any."""
    current, number = history[0], 1
    for entry in history[1:]:
        if entry.state_after == current.state_after and entry.round == current.round:
            continue
        yield _Visit(current.round, number, current.state_after, is_over=True)
        number = 1 if entry.round != current.round else number + 1
        current = entry
    yield _Visit(current.round, number, current.state_after, is_over=False)


def _is_deadline(rule: str) -> bool:
    return rule.startswith("timer ") and "/warning-" not in rule


def _deadline_of(rule: str) -> str:
    """`1/2/answer` of `timer 1/2/answer/0`."""
    return rule.removeprefix("timer ").rpartition("/")[0]
