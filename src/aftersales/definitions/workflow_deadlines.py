"""Deadlines of a workflow: how long, warn when, then what."""

from typing import Any

from aftersales.definitions.keys import Keys
from aftersales.definitions.text import Listing, Node, Scalar
from aftersales.definitions.workflow_actions import read_actions
from aftersales.definitions.workflow_names import OF_DEADLINES, OF_EVENTS, Reading
from aftersales.domain.conditions import FactType
from aftersales.domain.duration import Duration, Unit, parse_percent
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.workflow import CaseDeadline, Deadline, Warning

_SENT = "sent "


def read_deadline(key: Scalar, node: Node, state: str, reading: Reading) -> Deadline | None:
    """A deadline of `state`, or None where what it must say is missing."""
    if reading.is_misplaced(key, node, of_others=OF_EVENTS, own=OF_DEADLINES, others="events"):
        return None
    name = reading.name_of(key, "a deadline")
    keys = Keys(node, reading.notes, what=f"the deadline `{name}`")
    if name in reading.outline.case_deadlines:
        help = "give one of the two another name"
        reading.notes.error("W515", key, f"`{name}` is also a case deadline", help)
    common = _common(name, key, keys, state, reading)
    at_latest = keys.scalar("at_latest")
    if at_latest:
        reading.refer(at_latest, reading.outline.case_deadlines, "W515", "case deadline")
    starts_when = keys.scalar("starts_when")
    template = _sent(starts_when, reading) if starts_when else None
    once = keys.choice("once", ["per case"])
    keys.done()
    if common is None:
        return None
    return Deadline(
        **common,
        is_once_per_case=once is not None,
        at_latest=at_latest.text if at_latest else None,
        starts_when_sent=template,
    )


def read_case_deadline(key: Scalar, node: Node, reading: Reading) -> CaseDeadline | None:
    """A deadline that runs whatever the state, or None where what it must say is missing."""
    name = reading.name_of(key, "a case deadline")
    keys = Keys(node, reading.notes, what=f"the case deadline `{name}`")
    common = _common(name, key, keys, None, reading)
    starts = _instant_fact(keys.scalar("starts", required=True), reading)
    stamped_by = _instant_fact(keys.scalar("stamped_by"), reading)
    buffer = keys.duration("buffer")
    ends_with = tuple(_ending(scalar, reading) for scalar in keys.scalars("ends_with"))
    keys.done()
    if common is None or starts is None:
        return None
    return CaseDeadline(
        **common, starts=starts, stamped_by=stamped_by, buffer=buffer, ends_with=ends_with
    )


def _common(
    name: str, key: Scalar, keys: Keys, state: str | None, reading: Reading
) -> dict[str, Any] | None:
    within, by_policy = _within(keys, reading)
    calendar = keys.scalar("calendar")
    if calendar:
        reading.refer(calendar, reading.known.calendars, "W514", "calendar")
    due_at = keys.choice("due_at", ["close", "midnight", "same_time"])
    if_closed = _if_closed(keys, within, reading)
    warn = tuple(_warnings(keys, within, reading))
    when_over = keys.scalar("when_over", required=True)
    if when_over is None or (within is None and by_policy is None):
        return None
    reading.put_by_system.append((when_over, state))
    return {
        "name": name,
        "when_over": when_over.text,
        "within": within,
        "by_policy": by_policy,
        "calendar": calendar.text if calendar else None,
        "due_at": due_at,
        "if_closed": if_closed,
        "warn": warn,
        "place": key.place,
    }


def _if_closed(keys: Keys, within: Duration | None, reading: Reading) -> str:
    """What becomes of a last calendar day that is closed; business time never ends on one."""
    word = keys.choice("if_closed", ["keep", "following"])
    if word and within and within.unit is not Unit.DAYS:
        message = f"`if_closed` is for calendar days, not for `{within}`"
        help = "remove it, or write `within` in days, as in `14 days`"
        reading.notes.error("W526", keys.place("if_closed"), message, help)
    return word or "keep"


def _within(keys: Keys, reading: Reading) -> tuple[Duration | None, str | None]:
    scalar = keys.scalar("within", required=True)
    if scalar is None:
        return None, None
    if (table := reading.by_policy(scalar)) is not None:
        return None, table
    return _duration(scalar, reading), None


def _duration(scalar: Scalar, reading: Reading) -> Duration | None:
    try:
        duration = Duration.parse(scalar.text)
    except ValueUnreadable as slip:
        reading.notes.unreadable("W517", scalar, slip)
        return None
    if duration.amount == 0:
        help = "write at least one, as in `1 business day`"
        reading.notes.error("W517", scalar, f"`{scalar.text}` is no time at all", help)
    return duration


def _warnings(keys: Keys, within: Duration | None, reading: Reading) -> list[Warning]:
    found = []
    for key, node in keys.pairs("warn"):
        at = _moment(key, within, reading)
        actions = read_actions(node.items if isinstance(node, Listing) else (node,), reading)
        if at is not None:
            found.append(Warning(at, actions))
    return found


def _moment(key: Scalar, within: Duration | None, reading: Reading) -> Duration | int | None:
    """When to warn: a whole percentage of the deadline, or a time from its start."""
    if key.text.endswith("%"):
        return _percentage(key, reading)
    at = _duration(key, reading)
    if at and within and at.unit == within.unit and at.amount >= within.amount:
        help = f"write less than `{within}`: it counts from the start"
        reading.notes.error("W518", key, f"`{at}` is not before the deadline of `{within}`", help)
    return at


def _percentage(key: Scalar, reading: Reading) -> int | None:
    try:
        share = parse_percent(key.text) * 100
    except ValueUnreadable as slip:
        reading.notes.unreadable("W517", key, slip)
        return None
    if share.denominator != 1 or not 0 < share < 100:
        help = "write a whole percentage from `1%` to `99%`"
        reading.notes.error("W518", key, f"`{key.text}` is not a share of a deadline", help)
        return None
    return int(share)


def _instant_fact(scalar: Scalar | None, reading: Reading) -> str | None:
    if scalar is None:
        return None
    declared = reading.known.schema.declared(scalar.text)
    if declared is None:
        reading.refer_fact(scalar, scalar.text)
    elif declared.type is not FactType.INSTANT:
        help = "name a fact of type instant, or `opened_at`"
        reading.notes.error("W516", scalar, f"`{scalar.text}` is not an instant", help)
    return scalar.text


def _ending(scalar: Scalar, reading: Reading) -> str:
    if scalar.text.startswith(_SENT):
        _sent(scalar, reading)
    else:
        reading.refer(scalar, reading.outline.events_in(None), "W505", "event")
    return scalar.text


def _sent(scalar: Scalar, reading: Reading) -> str | None:
    """The template of `sent TEMPLATE`; that some action sends it is looked at last."""
    template = scalar.text.removeprefix(_SENT).strip()
    if not scalar.text.startswith(_SENT) or not template:
        help = "write `sent` and a template, as in `sent offer`"
        reading.notes.error(
            "W503", scalar, f"`{scalar.text}` is nothing a wait can start with", help
        )
        return None
    reading.sent_named.append(scalar)
    return template
