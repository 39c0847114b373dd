"""The schemas of what is written, who works here and what money is worth: replies, team, rates."""

from aftersales.definitions.calendar_hours import WEEKDAYS
from aftersales.definitions.schemas.common import common_definitions, day, format_of
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.parts import (
    Schema,
    by_name,
    mapping,
    name,
    one_or_list,
    ref,
    snippet,
    text,
    words,
)
from aftersales.definitions.workflow_names import STAFF

_DAY = f"(?:{'|'.join(WEEKDAYS)})"
_CURRENCY = {"pattern": "^[A-Z]{3}$", "patternErrorMessage": "three capital letters: `EUR`"}


def replies_schema(names: Names) -> Schema:
    """Replies by name; those of other languages are completed, new ones are right too."""
    reply = ref("reply")
    known = dict.fromkeys(sorted(names.templates), reply)
    body = {"needs": ["${2:order_id}"], "subject": '"${3:subject}"', "body": "|\n  ${4:text}"}
    keys = {
        "aftersales": format_of("replies"),
        "language": {"type": ["string", "boolean"], "examples": ["en", "de", "pt-BR"]},
        "manners": text(),
        "about": text(),
        "because": text(),
        "from": day(),
        "until": day(),
        "replies": by_name(
            reply, properties=known, defaultSnippets=[snippet("a new reply", {"${1:name}": body})]
        ),
    }
    schema = mapping("a file of replies", keys, needs=["language", "replies"])
    return {**schema, "definitions": {"reply": _reply(names), **common_definitions(names)}}


def _reply(names: Names) -> Schema:
    values = ["order_id", "case_id", "items", "options", "option", "amount", "answer_by"]
    needs = one_or_list(name([*values, *names.all_facts]))
    keys = {"needs": needs, "subject": text(), "body": text()}
    return mapping("the reply", keys, needs=list(keys))


def team_schema(names: Names) -> Schema:
    """The people, by id."""
    shift = mapping("a shift", {"zone": text()}, needs=["zone"])
    hours = {"type": "string", "examples": ["09:00-17:00"]}
    shift["patternProperties"] = {rf"^{_DAY}(?:-{_DAY})?$": hours}
    keys = {
        "roles": one_or_list(words(STAFF)),
        "skills": one_or_list(text()),
        "languages": one_or_list(text()),
        "shift": shift,
        "at_most": {
            "type": "string",
            "pattern": r"^[1-9][0-9]{0,4} open$",
            "patternErrorMessage": "write it like `40 open`",
            "examples": ["40 open"],
        },
    }
    agent = mapping("the agent", keys, needs=["roles"])
    top = {"aftersales": format_of("team"), "about": text(), "because": text()}
    body = {"${1:ann}": {"roles": ["${2:agent}"], "languages": ["${3:en}"]}}
    agents = by_name(agent, defaultSnippets=[snippet("a new colleague", body)])
    schema = mapping("a team", {**top, "agents": agents}, needs=["agents"])
    return {**schema, "definitions": common_definitions(names)}


def rates_schema(names: Names) -> Schema:
    """What one unit of the base buys of each currency."""
    rate = {"type": ["number", "string"]}
    keys = {
        "aftersales": format_of("rates"),
        "base": {"type": "string", **_CURRENCY, "examples": ["USD", "EUR"]},
        "rates": {"type": "object", "propertyNames": _CURRENCY, "additionalProperties": rate},
        "from": day(),
        "about": text(),
        "because": text(),
        "source": text(),
        "read_on": day(),
    }
    schema = mapping("a file of rates", keys, needs=["base", "rates"])
    return {**schema, "definitions": common_definitions(names)}
