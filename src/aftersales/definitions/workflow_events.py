"""Events of a workflow: by whom, if what, whereto, and what is done."""

import re
from typing import Literal

from aftersales.definitions.conditions import condition
from aftersales.definitions.keys import Keys
from aftersales.definitions.text import Listing, Node, Scalar
from aftersales.definitions.workflow_actions import read_actions
from aftersales.definitions.workflow_names import ACTORS, OF_DEADLINES, OF_EVENTS, STAFF, Reading
from aftersales.domain.conditions import ALWAYS, Condition, ticked
from aftersales.domain.workflow import Transition

_TIMES = re.compile(r"([1-9]\d{0,3}) times?")
Takes = dict[str, Literal["required", "optional"]]


def read_event(
    key: Scalar, node: Node, state: str | None, reading: Reading
) -> tuple[Transition, ...]:
    """The ways the event `key` may be taken in `state`, or anywhere if that is None."""
    if reading.is_misplaced(key, node, of_others=OF_DEADLINES, own=OF_EVENTS, others="deadlines"):
        return ()
    name = reading.name_of(key, "an event")
    if name == "reopen":
        help = "a final state says `reopen: {by: ..., within: ..., go_to: ...}`"
        reading.notes.error("W500", key, "`reopen` is the engine's own event", help)
    ways = node.items if isinstance(node, Listing) else (node,)
    found = (_transition(name, way, state, reading) for way in ways)
    return tuple(way for way in found if way is not None)


def _transition(name: str, node: Node, state: str | None, reading: Reading) -> Transition | None:
    keys = Keys(node, reading.notes, what=f"the event `{name}`")
    by = read_roles(keys, reading)
    takes = _takes(keys, by, reading)
    guard = read_guard(keys, reading)
    go_to = _go_to(keys, reading)
    at_most = read_times(keys.scalar("at_most"), reading)
    after_that = _after_that(keys, state, reading)
    do = read_actions(keys.nodes("do"), reading)
    keys.done()
    if not by:
        return None
    return Transition(name, by, guard, takes, go_to, do, at_most, after_that, keys.place())


def read_roles(keys: Keys, reading: Reading) -> tuple[str, ...]:
    """The roles of `by:`."""
    scalars = keys.scalars("by", required=True)
    return tuple(reading.refer(scalar, ACTORS, "W507", "role") for scalar in scalars)


def read_guard(keys: Keys, reading: Reading) -> Condition:
    """The condition of `if:`; without one, always."""
    node = keys.node("if")
    if node is None:
        return ALWAYS
    return condition(node, reading.known.schema, reading.notes, "a guard")


def read_times(scalar: Scalar | None, reading: Reading) -> int | None:
    """`2 times` as a number."""
    if scalar is None:
        return None
    match = _TIMES.fullmatch(scalar.text)
    if match is None:
        help = "write it like `1 time` or `3 times`"
        reading.notes.error("W517", scalar, f"`{scalar.text}` is not a number of times", help)
        return None
    return int(match[1])


def read_goal(scalar: Scalar, reading: Reading) -> str:
    """The state that `go_to:` names. Where no states can be read, that is told, once."""
    if not reading.outline.states:
        return scalar.text
    return reading.refer(scalar, reading.outline.states, "W504", "state of this workflow")


def _go_to(keys: Keys, reading: Reading) -> str | None:
    goal, stays = keys.scalar("go_to"), keys.yes_no("stay")
    if goal and stays:
        help = "keep one of the two"
        reading.notes.error("W508", goal, f"{keys.what} cannot go and stay", help)
    elif goal is None and not stays and "go_to" not in keys and keys.is_mapping:
        help = "write `go_to: STATE`, or `stay: true`"
        reading.notes.error("W508", keys.place(), f"{keys.what} does not say where it leads", help)
    return read_goal(goal, reading) if goal else None


def _after_that(keys: Keys, state: str | None, reading: Reading) -> str | None:
    scalar = keys.scalar("after_that")
    if scalar is None:
        return None
    reading.put_by_system.append((scalar, state))
    if "at_most" not in keys:
        help = "write `at_most: 3 times` beside it"
        reading.notes.error("W508", scalar, "`after_that` needs `at_most`", help)
    return scalar.text


def _takes(keys: Keys, by: tuple[str, ...], reading: Reading) -> Takes:
    takes: Takes = {}
    for key, node in keys.pairs("takes"):
        word = node.text if isinstance(node, Scalar) else ""
        if word not in ("required", "optional"):
            help = f"write `{key.text}: required` or `{key.text}: optional`"
            reading.notes.error("K105", node, f"`{word}` is neither required nor optional", help)
        reading.refer_fact(key, key.text)
        _refuse_if_not_theirs(key, by, reading)
        takes[key.text] = "optional" if word == "optional" else "required"
    return takes


def _refuse_if_not_theirs(key: Scalar, by: tuple[str, ...], reading: Reading) -> None:
    """A fact that only some roles may set cannot be taken where none of them is allowed."""
    declared = reading.known.schema.declared(key.text)
    if declared is None or declared.is_built_in or not declared.set_by or not by:
        return
    if not any(_may_set(role, declared.set_by) for role in by):
        help = f"let one of them submit the event, or widen `set_by` of `{key.text}`"
        owners = ticked(declared.set_by)
        reading.notes.error("W519", key, f"`{key.text}` may only be set by {owners}", help)


def _may_set(role: str, set_by: tuple[str, ...]) -> bool:
    if role == "approvers":
        return any(owner in STAFF for owner in set_by)
    below = STAFF[: STAFF.index(role) + 1] if role in STAFF else (role,)
    return any(owner in below for owner in set_by)
