"""Reads `workflow/1`: one kind of case, as a state machine with deadlines."""

from dataclasses import replace

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, Node
from aftersales.definitions.workflow_actions import read_action, read_actions
from aftersales.definitions.workflow_checks import check_whole
from aftersales.definitions.workflow_deadlines import read_case_deadline
from aftersales.definitions.workflow_events import read_event, read_guard
from aftersales.definitions.workflow_names import Known, Outline, Reading
from aftersales.definitions.workflow_states import read_states, read_waiting_state
from aftersales.domain.workflow import Action, Always, Workflow

_EVER = " ever"


def read_workflow(root: Mapping, known: Known, notes: Notes) -> Workflow | None:
    """The workflow written in `root`. None where it cannot be used; `notes` then say why."""
    before = set(notes.problems)
    reading = Reading(known, notes, Outline.of(root), root.place.file)
    keys = Keys(root, notes, what="a workflow")
    for name in ("aftersales", "because", "source", "read_on", "from", "until"):
        keys.node(name)
    workflow = _workflow(keys, reading)
    keys.done()
    if workflow is not None:
        check_whole(workflow, reading)
    has_slips = any(p.severity == "error" for p in notes.problems if p not in before)
    return None if has_slips else workflow


def _workflow(keys: Keys, reading: Reading) -> Workflow | None:
    name = keys.scalar("workflow", required=True)
    about = keys.text("about", required=True)
    starts_in = keys.scalar("starts_in", required=True)
    calendar = keys.scalar("calendar", required=True)
    if name:
        reading.name_of(name, "a kind of case")
    if starts_in:
        read_waiting_state(starts_in, reading)
    asked = reading.by_policy(calendar) if calendar else None
    if calendar and asked is None:
        reading.refer(calendar, reading.known.calendars, "W514", "calendar")
    needs = keys.scalars("needs")
    for fact in needs:
        reading.refer_fact(fact, fact.text)
    case_deadlines = [read_case_deadline(k, n, reading) for k, n in keys.pairs("case_deadlines")]
    when_opened = read_actions(keys.nodes("when_opened"), reading)
    anywhere = {k.text: read_event(k, n, None, reading) for k, n in keys.pairs("anywhere")}
    states = read_states(keys, reading)
    always = [_always(node, reading) for node in keys.nodes("always")]
    if name is None or starts_in is None or calendar is None:
        return None
    return Workflow(
        name=name.text,
        about=about or "",
        starts_in=starts_in.text,
        calendar="" if asked is not None else calendar.text,
        states=states,
        needs=tuple(fact.text for fact in needs),
        when_opened=when_opened,
        case_deadlines={deadline.name: deadline for deadline in case_deadlines if deadline},
        anywhere={event: ways for event, ways in anywhere.items() if ways},
        always=tuple(law for law in always if law is not None),
        calendar_by_policy=asked,
        calendar_place=calendar.place,
        place=name.place,
    )


def _always(node: Node, reading: Reading) -> Always | None:
    keys = Keys(node, reading.notes, what="a law of the workflow")
    never = keys.keys("never", what="`never`")
    once = keys.scalar("at_most_once", required=never is None)
    law = _never(never, reading) if never else None
    keys.done()
    if law is None and once is not None:
        action = replace(once, text=once.text.removesuffix(_EVER))
        return _once(_named(action, reading), is_ever=once.text.endswith(_EVER))
    return law


def _once(action: Action | None, *, is_ever: bool) -> Always | None:
    return Always(at_most_once=str(action), is_ever=is_ever) if action else None


def _named(node: Node, reading: Reading) -> Action | None:
    """An action that a law names. That it is named does not mean that it is done."""
    sent = set(reading.sent)
    action = read_action(node, reading)
    reading.sent = sent
    return action


def _never(keys: Keys, reading: Reading) -> Always | None:
    do = keys.node("do", required=True)
    action = _named(do, reading) if do else None
    unless_after = keys.scalar("unless_after")
    if unless_after:
        reading.refer(unless_after, reading.outline.events_in(None), "W505", "event")
    guard = read_guard(keys, reading)
    keys.done()
    if action is None:
        return None
    after = unless_after.text if unless_after else None
    return Always(never=str(action), unless_after=after, guard=guard)
