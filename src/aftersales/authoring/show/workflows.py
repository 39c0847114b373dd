"""A workflow as a grid: where a case stands, who is waited on, until when, what can happen."""

from collections.abc import Iterable, Mapping

from aftersales.authoring.show.grid import Cell, Grid, Shown, cell, grid
from aftersales.domain.conditions import ALWAYS
from aftersales.domain.workflow import Deadline, State, Transition, Workflow


def shown_workflow(workflow: Workflow) -> Shown:
    """The states and what leads from one to another; what runs and happens anywhere."""
    calendar = workflow.calendar or f"answered by policy {workflow.calendar_by_policy}"
    lead = [f"starts in {workflow.starts_in}", f"calendar: {calendar}"]
    if workflow.needs:
        lead.append(f"needs {', '.join(workflow.needs)}")
    waiting = [state for state in workflow.states.values() if not state.is_final]
    final = [state for state in workflow.states.values() if state.is_final]
    grids = (
        grid("States", ("state", "waits for", "until", "what can happen"), map(_waits, waiting)),
        grid("Ends", ("state", "outcome", "can be reopened"), map(_ends, final)),
        _anywhere(workflow.anywhere),
        grid("Deadlines of the case", ("deadline", "says"), _running(workflow)),
    )
    shown = tuple(one for one in grids if one.rows)
    return Shown(workflow.name, "a workflow", workflow.about, tuple(lead), shown)


def _waits(state: State) -> tuple[Cell, ...]:
    until = [f"{d.name}: {_within(d)}, then {d.when_over}" for d in state.deadlines.values()]
    return (
        cell(state.name, remark=state.label),
        cell(state.waiting_for or ""),
        cell(*until),
        cell(*_events(state.events)),
    )


def _events(events: Mapping[str, Iterable[Transition]]) -> list[str]:
    return [_way(event, way) for event, ways in events.items() for way in ways]


def _way(event: str, way: Transition) -> str:
    guard = "" if way.guard == ALWAYS else f", if {way.guard}"
    where = f" → {way.go_to}" if way.go_to else ""
    return f"{event}{where} (by {' or '.join(way.by)}{guard})"


def _within(deadline: Deadline) -> str:
    return str(deadline.within) if deadline.within else f"by policy {deadline.by_policy}"


def _ends(state: State) -> tuple[Cell, ...]:
    reopen = state.reopen
    again = f"by {' or '.join(reopen.by)} within {reopen.within} → {reopen.go_to}" if reopen else ""
    return cell(state.name, remark=state.label), cell(state.outcome or ""), cell(again)


def _anywhere(events: Mapping[str, Iterable[Transition]]) -> Grid:
    rows = [(cell(e), cell(*(_way(e, way) for way in ways))) for e, ways in events.items()]
    return grid("Anywhere", ("event", "what follows"), rows)


def _running(workflow: Workflow) -> list[tuple[Cell, ...]]:
    return [
        (cell(d.name), cell(f"{_within(d)} from {d.starts}, then {d.when_over}"))
        for d in workflow.case_deadlines.values()
    ]
