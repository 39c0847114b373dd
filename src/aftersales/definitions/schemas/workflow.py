"""The schema of `workflow/1`: of each known kind with its own states, events and deadlines."""

from collections.abc import Iterable, Sequence
from typing import get_args

from aftersales.definitions.schemas.cells import (
    condition,
    condition_definitions,
    fact,
    fact_names,
    told_facts,
)
from aftersales.definitions.schemas.common import (
    TIMES,
    action,
    actions,
    common_definitions,
    day,
    duration,
    format_of,
    warnings,
)
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.parts import (
    RENEW,
    Schema,
    among,
    by_name,
    described,
    either,
    list_of,
    mapping,
    name,
    one_or_list,
    ref,
    snippet,
    text,
    when_named,
    words,
    written,
    yes_no,
)
from aftersales.definitions.workflow_names import ACTORS, Outline
from aftersales.domain.workflow import Party

_OF_WAITING = ("waiting_for", "deadlines", "events")
_OF_FINAL = ("outcome", "follow_up", "reopen")
_IS_FINAL: Schema = {
    "required": ["final"],
    "properties": {"final": {"enum": [True, "true", "yes"]}},
}


def workflow_schema(names: Names) -> Schema:
    """The schema of the kind that a file is of; of a kind not known yet, names are open."""
    kinds = {kind: ref(f"workflow_{kind}") for kind in names.outlines}
    definitions = {
        **condition_definitions(names),
        **common_definitions(names),
        "within": _within(names),
        "sent": _sent(names),
        "takes": _takes(names),
    }
    for kind, outlines in {**names.outlines, "": ()}.items():
        definitions |= _Kind(kind, outlines, names).definitions()
    return {
        "type": "object",
        "required": ["aftersales"],
        **when_named("workflow", kinds, ref("workflow_")),
        "definitions": definitions,
    }


class _Kind:
    """The parts of one kind's workflow, with the names that it declares."""

    def __init__(self, kind: str, outlines: Sequence[Outline], names: Names) -> None:
        self.kind = kind
        self.names = names
        states = [state for outline in outlines for state in outline.states]
        final = {state for outline in outlines for state in outline.final}
        waiting = [state for state in states if state not in final]
        self.state = among(states, "a state of this workflow")
        self.waiting_state = among(waiting, "a state of this workflow that waits")
        events = {event for outline in outlines for event in outline.events_in(None)}
        self.events = events | {"reopen"} if events else events
        self.event = ref(f"name_of_event_of_{kind}")
        case_deadlines = {name for outline in outlines for name in outline.case_deadlines}
        self.case_deadline = among(case_deadlines, "a case deadline of this workflow")

    def definitions(self) -> dict[str, Schema]:
        """Everything that the schema of this kind refers to."""
        return {
            f"workflow_{self.kind}": self._workflow(),
            f"state_of_{self.kind}": self._state(),
            f"event_of_{self.kind}": one_or_list(ref(f"way_of_{self.kind}")),
            f"way_of_{self.kind}": self._way(),
            f"name_of_event_of_{self.kind}": among(self.events, "an event of this workflow"),
        }

    def _workflow(self) -> Schema:
        events = by_name(ref(f"event_of_{self.kind}"), defaultSnippets=_new_events())
        keys = {
            "aftersales": format_of("workflow"),
            "workflow": among([self.kind], "this kind") if self.kind else name(),
            "about": text(),
            **{key: text() for key in ("because", "source")},
            **{key: day() for key in ("read_on", "from", "until")},
            "starts_in": self.waiting_state,
            "calendar": _or_by_policy(self.names.calendars, self.names),
            "needs": one_or_list(fact()),
            "when_opened": actions(),
            "case_deadlines": by_name(self._case_deadline()),
            "anywhere": events,
            "states": by_name(ref(f"state_of_{self.kind}"), defaultSnippets=_new_states()),
            "always": list_of(self._law()),
        }
        needs = ["workflow", "about", "starts_in", "calendar", "states"]
        return mapping("a workflow", keys, needs=needs)

    def _state(self) -> Schema:
        keys = {
            "waiting_for": words(get_args(Party)),
            "label": text(),
            "deadlines": by_name(self._deadline(), defaultSnippets=_new_deadlines()),
            "events": by_name(ref(f"event_of_{self.kind}"), defaultSnippets=_new_events()),
            "final": yes_no(),
            "outcome": name(),
            "follow_up": self._follow_up(),
            "reopen": self._reopen(),
        }
        schema = mapping("the state", keys)
        final = {"required": ["outcome"], "properties": dict.fromkeys(_OF_WAITING, False)}
        waiting = {"required": list(_OF_WAITING), "properties": dict.fromkeys(_OF_FINAL, False)}
        return {**schema, "if": _IS_FINAL, "then": final, "else": waiting}

    def _way(self) -> Schema:
        """One way in which an event may be taken."""
        keys = {
            "by": _roles(),
            "if": condition(),
            "takes": ref("takes"),
            "go_to": self.state,
            "stay": yes_no(),
            "at_most": TIMES,
            "after_that": self.event,
            "do": actions(),
        }
        return mapping("the event", keys, needs=["by"])

    def _common(self) -> dict[str, Schema]:
        return {
            "within": ref("within"),
            "when_over": self.event,
            "calendar": among(self.names.calendars, "a calendar"),
            "due_at": words(["close", "midnight", "same_time"]),
            "if_closed": words(["keep", "following"]),
            "warn": warnings(),
        }

    def _deadline(self) -> Schema:
        keys = {
            **self._common(),
            "at_latest": self.case_deadline,
            "starts_when": ref("sent"),
            "once": words(["per case"]),
        }
        return mapping("the deadline", keys, needs=["within", "when_over"])

    def _case_deadline(self) -> Schema:
        instant = fact("instant")
        ending = {"anyOf": [self.event, ref("sent")]} if self.events else text()
        keys = {
            **self._common(),
            "starts": instant,
            "stamped_by": instant,
            "buffer": duration(),
            "ends_with": one_or_list(ending),
        }
        return mapping("the case deadline", keys, needs=["within", "when_over", "starts"])

    def _follow_up(self) -> Schema:
        events = sorted(self.events)
        after = written(r"^event\s+\S+\s*$", "write `event NAME`", [f"event {e}" for e in events])
        keys = {"after": after, "wait": duration(), "do": actions()}
        return mapping("a follow-up", keys, needs=list(keys))

    def _reopen(self) -> Schema:
        keys = {
            "by": _roles(),
            "within": duration(),
            "go_to": self.waiting_state,
            "at_most": TIMES,
        }
        return mapping("`reopen`", keys, needs=list(keys))

    def _law(self) -> Schema:
        never = {"do": action(), "unless_after": self.event, "if": condition()}
        once = {"anyOf": [action(), {"type": "string", "pattern": r" ever$"}]}
        keys = {"never": mapping("`never`", never, needs=["do"]), "at_most_once": once}
        return {**mapping("a law of the workflow", keys), "minProperties": 1}


def _roles() -> Schema:
    return one_or_list(words(ACTORS, {"approvers": "the roles that reach the band of the offer"}))


def _or_by_policy(known: Iterable[str], names: Names) -> Schema:
    """A calendar, or the table that answers it."""
    return {"anyOf": [among(known, "a calendar"), _by_table(names, "calendar")]}


def _within(names: Names) -> Schema:
    """A duration, or the table that answers it."""
    return {"anyOf": [_by_table(names, "within"), duration()]}


def _by_table(names: Names, answer: str) -> Schema:
    """The tables that have such an answer are offered; any other is left to check."""
    tables = [f"by policy {table}" for table in names.answering(answer)]
    pattern = rf"^by policy\s+(?:{either(names.tables) or '.*'})\s*$"
    return written(pattern, f"there is no such table of rows: {RENEW}", tables)


def _sent(names: Names) -> Schema:
    templates = sorted(names.templates)
    pattern = rf"^sent\s+(?:{either(templates) or '.*'})\s*$"
    slip = "write `sent` and a reply, as in `sent offer`"
    return written(pattern, slip, [f"sent {template}" for template in templates])


def _takes(names: Names) -> Schema:
    facts, told = fact_names(names), told_facts(names)
    given = words(["required", "optional"])
    known = {name: described(given, told.get(name, "")) for name in facts}
    return {"type": "object", "properties": known, "additionalProperties": not facts}


def _new_states() -> list[Schema]:
    deadline = {"${3:decide}": {"within": "${4:2 business days}", "when_over": "${5:escalate}"}}
    event = {"by": "system", "go_to": "$6", "do": ["alert supervisor"]}
    waits = {"waiting_for": "${2:desk}", "deadlines": deadline, "events": {"$5": event}}
    ends = {"final": True, "outcome": "${2:compensated}"}
    return [
        snippet("a state that waits", {"${1:name}": waits}),
        snippet("a state in which a case ends", {"${1:name}": ends}),
    ]


def _new_deadlines() -> list[Schema]:
    body = {"${1:name}": {"within": "${2:2 business days}", "when_over": "${3:event}"}}
    return [snippet("a new deadline", body)]


def _new_events() -> list[Schema]:
    way = {"by": "${2:agent}", "go_to": "${3:state}", "do": ["${4:send offer}"]}
    return [snippet("a new event", {"${1:name}": way})]
