"""That deadlines are paused where they run, and that no case can wait for ever because of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aftersales.definitions.workflow_names import Reading
from aftersales.domain.conditions import ticked
from aftersales.domain.problem import NOWHERE
from aftersales.domain.workflow import Action, State, Transition, Workflow

_VERBS = ("pause", "resume")


@dataclass(frozen=True, slots=True)
class _Use:
    """A deadline paused or resumed, and the states in which the case then is."""

    action: Action
    states: frozenset[str]


def check_pauses(workflow: Workflow, reading: Reading) -> None:
    """Note pauses of what does not run there, of platforms' clocks, and those without an end."""
    uses = [use for use in _uses(workflow) if use.action.verb in _VERBS]
    for use in uses:
        if use.action.argument in workflow.case_deadlines:
            _check_whose(use, workflow, reading)
        elif use.action.argument in reading.outline.deadlines:
            _check_runs(use, workflow, reading)
    _check_resumed(uses, workflow, reading)
    for state in workflow.states.values():
        _check_ends(state, uses, reading)


def _check_whose(use: _Use, workflow: Workflow, reading: Reading) -> None:
    name = use.action.argument
    if workflow.case_deadlines[name].stamped_by is not None:
        message = f"`{name}` is a platform's deadline: `{use.action}` would not stop its clock"
        help = "pause a deadline of your own, without `stamped_by`"
        reading.notes.error("W524", use.action.place or NOWHERE, message, help)
    elif not use.states:
        _note_not_running(use, "a closed case has no deadlines: remove it", reading)


def _check_runs(use: _Use, workflow: Workflow, reading: Reading) -> None:
    name = use.action.argument
    if not any(name in workflow.states[s].deadlines for s in use.states if s in workflow.states):
        holders = [s.name for s in workflow.states.values() if name in s.deadlines]
        help = f"it is a deadline of {ticked(holders)}: write it at an event that leads there"
        _note_not_running(use, help, reading)


def _note_not_running(use: _Use, help: str, reading: Reading) -> None:
    where = f"in {ticked(sorted(use.states))}" if use.states else "then"
    message = f"`{use.action.argument}` does not run {where}"
    reading.notes.error("W525", use.action.place or NOWHERE, message, help)


def _check_resumed(uses: Iterable[_Use], workflow: Workflow, reading: Reading) -> None:
    """A case deadline that nothing resumes would never be over."""
    resumed = {use.action.argument for use in uses if use.action.verb == "resume"}
    own = {d.name for d in workflow.case_deadlines.values() if d.stamped_by is None}
    for use in uses:
        name = use.action.argument
        if use.action.verb == "pause" and name in own - resumed:
            help = f"add `resume {name}` to the event that ends the pause"
            message = f"nothing resumes `{name}`: once paused it would never be over"
            reading.notes.error("W522", use.action.place or NOWHERE, message, help)


def _check_ends(state: State, uses: Iterable[_Use], reading: Reading) -> None:
    """A state in which every deadline can be paused would keep a case that nobody looks after."""
    paused = {use.action.argument for use in uses if _pauses_in(use, state)}
    lasting = [d.name for d in state.deadlines.values() if not d.is_once_per_case]
    if paused & set(state.deadlines) and not set(lasting) - paused:
        help = "add a deadline to it that is never paused, for when nobody resumes"
        message = f"every deadline of `{state.name}` can be paused: a case could wait for ever"
        reading.notes.error("W523", state.place or NOWHERE, message, help)


def _pauses_in(use: _Use, state: State) -> bool:
    return use.action.verb == "pause" and state.name in use.states


def _uses(workflow: Workflow) -> Iterator[_Use]:
    """Every action, with the states in which the case can be once it is done."""
    waiting = frozenset(s.name for s in workflow.states.values() if not s.is_final)
    yield from _each(workflow.when_opened, frozenset({workflow.starts_in}))
    for event, ways in workflow.anywhere.items():
        own = {name for name in waiting if event in workflow.states[name].events}
        yield from _of_ways(ways, waiting - own)
    for deadline in workflow.case_deadlines.values():
        for warning in deadline.warn:
            yield from _each(warning.do, waiting)
    for state in workflow.states.values():
        here = frozenset({state.name})
        for ways in state.events.values():
            yield from _of_ways(ways, here)
        for of_state in state.deadlines.values():
            for warning in of_state.warn:
                yield from _each(warning.do, here)
        if state.follow_up is not None:
            yield from _each(state.follow_up.do, frozenset())


def _of_ways(ways: Iterable[Transition], stays: frozenset[str]) -> Iterator[_Use]:
    for way in ways:
        yield from _each(way.do, frozenset({way.go_to}) if way.go_to else stays)


def _each(actions: Iterable[Action], states: frozenset[str]) -> Iterator[_Use]:
    return (_Use(action, states) for action in actions)
