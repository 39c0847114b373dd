"""How far a case is from an event or a deadline: what a search for the way there goes by."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from aftersales.authoring.taken import Reach
from aftersales.domain.case import Case
from aftersales.domain.conditions import Condition
from aftersales.domain.workflow import CaseDeadline, Workflow

_A_WAIT = timedelta(days=4)  # about so long is waited in one step
_ENDED = 12  # steps until a clock that ended runs again and out
_PAUSED = 5  # steps until one that is paused does


def distances(workflow: Workflow, wanted: Reach) -> Mapping[str, int]:
    """How many events at least lie between each state and what is wanted; without, no way leads."""
    before: dict[str, set[str]] = {}
    for state in workflow.states.values():
        for after in _next_states(workflow, state.name):
            before.setdefault(after, set()).add(state.name)
    found = dict.fromkeys(_where(workflow, wanted), 1)
    waiting = deque(found)
    while waiting:
        state_name = waiting.popleft()
        for earlier in before.get(state_name, ()):
            if earlier not in found:
                found[earlier] = found[state_name] + 1
                waiting.append(earlier)
    return found


def _next_states(workflow: Workflow, name: str) -> Iterator[str]:
    state = workflow.states[name]
    if state.is_final:
        yield from (state.reopen.go_to,) if state.reopen is not None else ()
        return
    for event in (*state.events, *workflow.anywhere):
        ways = state.events.get(event) or workflow.anywhere[event]
        yield from (way.go_to for way in ways if way.go_to is not None)


def _where(workflow: Workflow, wanted: Reach) -> list[str]:
    """The states in which it may happen."""
    sort, name = wanted
    state, _, event = name.rpartition(".")
    if state in workflow.states:
        return [state]
    if wanted == ("state", workflow.starts_in):
        return [workflow.starts_in]
    waiting = [s for s in workflow.states.values() if not s.is_final]
    if sort == "state":
        return [s.name for s in workflow.states.values() if name in _next_states(workflow, s.name)]
    return [s.name for s in waiting if sort == "deadline" or event not in s.events]


def guards_towards(
    workflow: Workflow, wanted: Reach, left: Mapping[str, int]
) -> Iterator[Condition]:
    """What the events ask for that lead nearer, and the one that is wanted itself.

    `left` are the distances of the states.
    """
    sort, event = wanted[0], wanted[1].rpartition(".")[2]
    for name, far in left.items():
        state = workflow.states[name]
        if state.is_final or far > left[workflow.starts_in]:
            continue
        for ways in {**workflow.anywhere, **state.events}.values():
            for way in ways:
                is_nearer = way.go_to is not None and left.get(way.go_to, far) < far
                is_last = event == (way.go_to if sort == "state" else way.event)
                if is_nearer or (far == 1 and is_last):
                    yield way.guard


def clock_of(workflow: Workflow, wanted: Reach) -> CaseDeadline | None:
    """The case deadline that must be over for what is wanted to happen; None if there is none."""
    sort, name = wanted
    if sort == "deadline":
        return workflow.case_deadlines.get(name)
    event = name.rpartition(".")[2]
    ways = workflow.anywhere.get(event, ()) if name.startswith("anywhere.") else ()
    over = (d for d in workflow.case_deadlines.values() if d.when_over == event)
    return next(over, None) if all(way.by == ("system",) for way in ways) else None


def uses_left(workflow: Workflow, case: Case, name: str) -> int:
    """How often another event must still be taken before one comes in its place; 0 for others."""
    state, _, event = name.rpartition(".")
    own = workflow.states[state].events if state in workflow.states else {}
    if any(set(way.by) - {"system"} for way in own.get(event, ())):
        return 0
    left = [
        way.at_most - case.counts.get(workflow.counted_as(state, first, number), 0)
        for first, ways in own.items()
        for number, way in enumerate(ways)
        if way.after_that == event and way.at_most is not None
    ]
    return min(left, default=0)


def until_over(case: Case, clock: CaseDeadline, at: datetime) -> int:
    """About how many waits until a deadline is over."""
    timers = [t for t in case.timers if t.deadline == clock.name and t.warning is None]
    if not timers:
        is_ended = clock.starts == "opened_at" or clock.starts in case.facts
        return _ENDED if is_ended else 1
    due_at = timers[0].due_at
    return _PAUSED if due_at is None else max(due_at - at, timedelta()) // _A_WAIT
