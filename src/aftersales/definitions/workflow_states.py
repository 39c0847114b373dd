"""States of a workflow: those that wait for somebody, and those in which a case ends."""

from typing import cast, get_args

from aftersales.definitions.keys import Keys
from aftersales.definitions.labels import read_label
from aftersales.definitions.text import Node, Scalar
from aftersales.definitions.workflow_actions import read_actions
from aftersales.definitions.workflow_deadlines import read_deadline
from aftersales.definitions.workflow_events import read_event, read_goal, read_roles, read_times
from aftersales.definitions.workflow_names import Reading
from aftersales.domain.workflow import FollowUp, Party, Reopen, State

_AFTER = "event "
_OF_WAITING = ("waiting_for", "deadlines", "events")
_OF_FINAL = ("outcome", "follow_up", "reopen")


def read_state(key: Scalar, node: Node, reading: Reading) -> State | None:
    """The state `key`, or None where what it must say is missing."""
    name = reading.name_of(key, "a state")
    keys = Keys(node, reading.notes, what=f"the state `{name}`")
    if not keys.is_mapping:
        return None
    is_final = keys.yes_no("final") or _is_final_unsaid(keys, reading)
    _refuse_keys_of_the_other(keys, reading, is_final=is_final)
    read = _final if is_final else _waiting
    return read(name, key, keys, reading)


def _is_final_unsaid(keys: Keys, reading: Reading) -> bool:
    """Whether a state has keys of a final one only: then `final: true` was forgotten (W509)."""
    given = [name for name in _OF_FINAL if name in keys]
    if "final" in keys or not given or any(name in keys for name in _OF_WAITING):
        return False
    message = f"only a final state can have `{given[0]}`"
    reading.notes.error("W509", keys.place(given[0]), message, "add `final: true`")
    return True


def _waiting(name: str, key: Scalar, keys: Keys, reading: Reading) -> State | None:
    party = keys.choice("waiting_for", get_args(Party), required=True)
    labels = read_label(keys)
    deadlines = [read_deadline(k, n, name, reading) for k, n in keys.pairs("deadlines")]
    events = {k.text: read_event(k, n, name, reading) for k, n in keys.pairs("events")}
    keys.done(also=_OF_FINAL)
    if keys.lacks("deadlines"):
        help = "add `deadlines: {NAME: {within: 2 business days, when_over: EVENT}}`"
        reading.notes.error("W510", key, f"the state `{name}` waits without a deadline", help)
    if keys.lacks("events"):
        help = "add the events that may happen here, at least the one of its deadline"
        reading.notes.error("W520", key, f"the state `{name}` has no events of its own", help)
    return State(
        name,
        waiting_for=cast(Party | None, party),
        deadlines={deadline.name: deadline for deadline in deadlines if deadline},
        events={event: ways for event, ways in events.items() if ways},
        labels=labels,
        place=key.place,
    )


def _final(name: str, key: Scalar, keys: Keys, reading: Reading) -> State | None:
    outcome = keys.scalar("outcome", required=True)
    labels = read_label(keys)
    follow_up = _follow_up(keys, reading)
    reopen = _reopen(keys, reading)
    keys.done(also=_OF_WAITING)
    if outcome is None:
        return None
    return State(
        name,
        outcome=reading.name_of(outcome, "an outcome"),
        follow_up=follow_up,
        reopen=reopen,
        labels=labels,
        place=key.place,
    )


def _refuse_keys_of_the_other(keys: Keys, reading: Reading, *, is_final: bool) -> None:
    others = _OF_WAITING if is_final else _OF_FINAL
    for name in others:
        if name in keys and is_final:
            help = "a case that ended waits for nothing: remove it, or say `follow_up` or `reopen`"
            message = f"a final state cannot have `{name}`"
            reading.notes.error("W509", keys.place(name), message, help)
        elif name in keys:
            message = f"only a final state can have `{name}`"
            reading.notes.error(
                "W509", keys.place(name), message, "add `final: true`, or remove it"
            )


def _follow_up(keys: Keys, reading: Reading) -> FollowUp | None:
    inner = keys.keys("follow_up", what="a follow-up")
    if inner is None:
        return None
    after = inner.scalar("after", required=True)
    wait = inner.duration("wait", required=True)
    do = read_actions(inner.nodes("do", required=True), reading)
    inner.done()
    if after is None or wait is None:
        return None
    event = after.text.removeprefix(_AFTER).strip()
    if not after.text.startswith(_AFTER) or not event:
        help = "write `after: event NAME`, as in `after: event resend_delivered`"
        reading.notes.error("W503", after, f"`{after.text}` is nothing to follow up", help)
        return None
    return FollowUp(event, wait, do)


def _reopen(keys: Keys, reading: Reading) -> Reopen | None:
    inner = keys.keys("reopen", what="`reopen`")
    if inner is None:
        return None
    by = read_roles(inner, reading)
    within = inner.duration("within", required=True)
    goal = inner.scalar("go_to", required=True)
    times = inner.scalar("at_most", required=True)
    at_most = read_times(times, reading)
    inner.done()
    if goal is not None:
        read_waiting_state(goal, reading)
    if within is None or goal is None or at_most is None:
        return None
    return Reopen(by, within, goal.text, at_most)


def read_waiting_state(scalar: Scalar, reading: Reading) -> str:
    """The name of a state that is not final."""
    name = read_goal(scalar, reading)
    if name in reading.outline.final:
        waiting = [state for state in reading.outline.states if state not in reading.outline.final]
        help = (
            f"name a state that waits, such as `{waiting[0]}`"
            if waiting
            else "add a state that waits"
        )
        reading.notes.error(
            "W504", scalar, f"`{name}` is a final state: nothing can happen there", help
        )
    return name


def read_states(keys: Keys, reading: Reading) -> dict[str, State]:
    """All states of the workflow, in the author's order."""
    found = [read_state(key, node, reading) for key, node in keys.pairs("states", required=True)]
    return {state.name: state for state in found if state is not None}
