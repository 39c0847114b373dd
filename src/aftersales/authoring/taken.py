"""What of a workflow a case came through: states, events, and deadlines that ended."""

from collections.abc import Iterator, Sequence

from aftersales.authoring.results import Moment
from aftersales.authoring.targets import Sort
from aftersales.domain.case import Case, HistoryEntry
from aftersales.domain.workflow import Transition, Workflow

Reach = tuple[Sort, str]
"""The sort and the name of a target, as `workflow_targets` names it."""


def taken(
    workflow: Workflow, moments: Sequence[Moment], *, before: Case | None = None
) -> Iterator[Reach]:
    """What the changes of a case came through, in order; `before` is the case before the first.

    An event put in the place of one that was used up is taken as that one is.
    """
    for moment in moments:
        entry, case = moment.change.history, moment.change.case
        yield "state", case.state
        if before is not None and not entry.note:  # a note says why nothing was taken
            for event in _events(workflow, before, entry):
                yield "event", _named(workflow, entry.state_before, event)
            yield from _deadline(before, entry)
        before = case


def _named(workflow: Workflow, state: str, event: str) -> str:
    is_own = event in workflow.states[state].events
    is_anywhere = not is_own and event in workflow.anywhere
    return f"anywhere.{event}" if is_anywhere else f"{state}.{event}"


def _events(workflow: Workflow, before: Case, entry: HistoryEntry) -> Iterator[str]:
    """The event that was put, and those that came in its place."""
    event: str | None = entry.event
    seen: set[str] = set()
    while event is not None and event not in seen:
        seen.add(event)
        yield event
        event = _instead(workflow, before, event)


def _instead(workflow: Workflow, before: Case, event: str) -> str | None:
    """What `after_that` names, if the event was used up."""
    state = workflow.states[before.state]
    ways: Sequence[Transition] = state.events.get(event) or workflow.anywhere.get(event, ())
    for number, way in enumerate(ways):
        count = before.counts.get(workflow.counted_as(state.name, event, number), 0)
        if way.at_most is not None and way.after_that is not None and count >= way.at_most:
            return way.after_that
    return None


def _deadline(before: Case, entry: HistoryEntry) -> Iterator[Reach]:
    """The deadline whose timer this change fired, if it fired one that is no warning."""
    for timer in before.timers:
        if timer.warning is None and entry.rule == f"timer {timer.id}":
            name = timer.deadline
            yield "deadline", f"{entry.state_before}.{name}" if timer.visit else name
