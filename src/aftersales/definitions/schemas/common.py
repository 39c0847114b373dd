"""What several formats share: days, durations, actions, warnings, reasons."""

from collections.abc import Iterable

from aftersales.definitions.documents import FORMATS
from aftersales.definitions.policy_reading import REASONS
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.parts import (
    Schema,
    described,
    either,
    one_or_list,
    ref,
    snippet,
    text,
    text_definition,
    words,
    written,
)
from aftersales.definitions.workflow_actions import ALERTED, VERBS
from aftersales.domain.duration import Unit

_UNITS = "|".join(str(unit).replace(" ", r"\s+") + "?" for unit in Unit)
LENGTH = rf"\s*[0-9]{{1,5}}\s+(?:{_UNITS})\s*"
_NO_LENGTH = "a duration is a whole number and a unit, like `2 business days`"
_LENGTHS = (
    "4 hours",
    "24 hours",
    "2 business hours",
    "1 business day",
    "2 business days",
    "7 days",
)
NUMBER = r"[-+]?[0-9.]+"
MONEY = r"[-+.0-9]\S*\s+[A-Z]{3}"
TIMES = {
    "type": "string",
    "pattern": "^[1-9][0-9]{0,3} times?$",
    "patternErrorMessage": "write it like `1 time` or `3 times`",
    "examples": ["1 time", "2 times", "3 times"],
}


def format_of(format: str) -> Schema:
    """The first key of a file."""
    assert format in FORMATS
    return described({"enum": [f"{format}/1"]}, f"The format of this file: `{format}/1`.")


def common_definitions(names: Names) -> dict[str, Schema]:
    """What the functions here refer to."""
    step = ref("action")
    return {
        "text": text_definition(),
        "duration": written(rf"^{LENGTH}$", _NO_LENGTH, _LENGTHS),
        "day": _day(),
        **_reasons(),
        "action": _action(names),
        "actions": {
            **one_or_list(step),
            "defaultSnippets": [snippet("a list of actions", ["${1:alert supervisor}"])],
        },
        "warnings": _warnings(),
        "by_currency": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[A-Z]{3}$"},
            "additionalProperties": text(),
        },
    }


def duration(offered: Iterable[str] = ()) -> Schema:
    """`2 business days`."""
    listed = list(offered)
    return {"anyOf": [words(listed), ref("duration")]} if listed else ref("duration")


def day() -> Schema:
    """A day of the calendar."""
    return ref("day")


def by_currency() -> Schema:
    """`{USD: 15, EUR: 14}`."""
    return ref("by_currency")


def reasons() -> dict[str, Schema]:
    """Why something is as it is."""
    return {key: ref(key) for key in REASONS}


def action() -> Schema:
    """One action of `do:`."""
    return ref("action")


def actions() -> Schema:
    """Actions, in order."""
    return ref("actions")


def warnings() -> Schema:
    """`{50%: [alert assignee], 3 business days: [send reminder]}`."""
    return ref("warnings")


def _day() -> Schema:
    slip = "write a day like `2026-03-01`"
    form = r"^\d{4}-?\d\d-?\d\d$|^\d{4}-?W"
    return {"type": "string", "pattern": form, "patternErrorMessage": slip}


def _reasons() -> dict[str, Schema]:
    told = {
        "because": "Why it is so, for people: `aftersales case explain` shows it.",
        "source": "Where it is said: a page, a contract, a law.",
        "read_on": "The day on which you read the source.",
        "in_force_from": "From when the source says that it is so.",
    }
    days = {"read_on", "in_force_from"}
    return {key: described(_day() if key in days else text(), told[key]) for key in REASONS}


def _action(names: Names) -> Schema:
    """Verbs of a closed list, each with what it is done to."""
    things: dict[str, Iterable[str] | None] = {
        "nothing": (),
        "template": names.templates,
        "policy or nothing": names.offering,
        "remedy": names.remedies,
        "fact": names.all_facts,
        "role": ALERTED,
        "kind": names.kinds,
        "deadline": names.deadlines,
        "word": None,
    }
    forms, offered = [], []
    for verb, sort in VERBS.items():
        written_verb = verb.replace(" ", r"\s+")
        known = sorted(things[sort] or ())
        if sort in ("nothing", "policy or nothing"):
            offered.append(verb)
            forms.append(written_verb)
        if sort != "nothing":
            likely = [thing for thing in known if sort != "fact" or _is_told(thing, names)]
            offered += [f"{verb} {thing}" for thing in likely]
            forms.append(rf"{written_verb}\s+(?:{either(known) or '[^ ].*'})")
    slip = "this is not an action on something the schema knows, like `send offer`"
    return written(rf"^\s*(?:{'|'.join(forms)})\s*$", slip, offered)


def _is_told(fact: str, names: Names) -> bool:
    """Whether others than the customer tell it: such facts are put on record."""
    declaration = names.facts.get(fact)
    return declaration is not None and bool(declaration.set_by) and not declaration.is_built_in


def _warnings() -> Schema:
    """`{50%: [alert assignee], 3 business days: [send reminder]}`."""
    slip = "a time from the start: `50%` or `3 business days`"
    return {
        "type": "object",
        "propertyNames": {
            "pattern": rf"^(?:\s*[0-9.]+\s*%\s*|{LENGTH})$",
            "patternErrorMessage": slip,
        },
        "additionalProperties": actions(),
        "defaultSnippets": [snippet("warn halfway", {"${1:50%}": ["${2:alert assignee}"]})],
    }
