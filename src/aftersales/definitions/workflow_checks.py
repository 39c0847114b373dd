"""What can only be seen once a whole workflow was read: events of timers, ways to each state."""

from collections.abc import Iterator

from aftersales.definitions.text import Scalar
from aftersales.definitions.workflow_names import Reading, part_of
from aftersales.definitions.workflow_pauses import check_pauses
from aftersales.domain.conditions import word_help
from aftersales.domain.workflow import State, Transition, Workflow


def check_whole(workflow: Workflow, reading: Reading) -> None:
    """Note what does not fit together. Proofs that every case ends are made elsewhere."""
    for event, state in () if _misses_events(reading) else reading.put_by_system:
        _check_event(event, state, workflow, reading)
    for named in reading.sent_named:
        _check_sent(named, reading)
    if not _has_slips(reading):
        _check_reached(workflow, reading)
        check_pauses(workflow, reading)


def _misses_events(reading: Reading) -> bool:
    """Whether the events of some state are written in another shape, or under another key."""
    return any(
        p.place.file == reading.file and p.code in ("K101", "K104") and "event" in p.message
        for p in reading.notes.problems
    )


def _has_slips(reading: Reading) -> bool:
    """Whether keys or a `go_to` of this file are wrong; then what is reached cannot be told."""
    return any(
        p.place.file == reading.file and (p.code.startswith("K") or p.code in ("W504", "W500"))
        for p in reading.notes.problems
    )


def _check_event(event: Scalar, state: str | None, workflow: Workflow, reading: Reading) -> None:
    """An event that a timer puts must exist where it may be due, and be open to `system`."""
    declared = reading.outline.events_in(state)
    if event.text not in declared:
        where = f"the state `{state}`" if state else "this workflow"
        help = word_help(event.text, declared)
        reading.notes.error("W505", event, f"`{event.text}` is not an event of {where}", help)
        return
    ways = list(_ways(event.text, state, workflow))
    if ways and not any("system" in way.by for way in ways):
        help = f"add `system` to `by` of `{event.text}`: it is the clock that acts here"
        reading.notes.error("W506", event, f"`{event.text}` may not be done by `system`", help)


def _ways(event: str, state: str | None, workflow: Workflow) -> Iterator[Transition]:
    """The ways to take `event` in `state`, whose own hide those of `anywhere`; else in any."""
    anywhere = workflow.anywhere.get(event, ())
    if state is not None:
        own = workflow.states[state].events.get(event, ()) if state in workflow.states else ()
        yield from own or anywhere
        return
    yield from anywhere
    for part in workflow.states.values():
        yield from part.events.get(event, ())


def _check_sent(named: Scalar, reading: Reading) -> None:
    template = named.text.removeprefix("sent ").strip()
    if template not in reading.sent:
        help = word_help(template, sorted(reading.sent)) or f"add `send {template}` to a `do`"
        message = f"no action of this workflow sends `{template}`"
        reading.notes.error("W512", part_of(named, template), message, help)


def _check_reached(workflow: Workflow, reading: Reading) -> None:
    reached = _reached(workflow)
    for state in workflow.states.values():
        if state.name not in reached and state.place:
            help = f"let an event `go_to: {state.name}`, or remove the state"
            message = f"no event leads to the state `{state.name}`"
            reading.notes.error("W511", state.place, message, help)


def _reached(workflow: Workflow) -> set[str]:
    reached: set[str] = set()
    waiting = [workflow.starts_in]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in workflow.states:
            continue
        reached.add(name)
        waiting.extend(_next(workflow.states[name], workflow))
    return reached


def _next(state: State, workflow: Workflow) -> Iterator[str]:
    """The states that can follow `state` directly."""
    if state.reopen:
        yield state.reopen.go_to
    if state.is_final:
        return
    for events in (state.events, workflow.anywhere):
        for ways in events.values():
            yield from (way.go_to for way in ways if way.go_to)
