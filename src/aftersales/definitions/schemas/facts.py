"""The schema of `facts/1`: declarations, groups and bands."""

from aftersales.definitions.schemas.common import common_definitions, day, format_of
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.offers import one_or_a_language
from aftersales.definitions.schemas.parts import (
    Schema,
    by_name,
    either,
    mapping,
    name,
    one_or_list,
    snippet,
    text,
    words,
    written,
    yes_no,
)
from aftersales.definitions.workflow_names import ROLES
from aftersales.domain.conditions import FactType
from aftersales.domain.duration import Unit

_TYPES = [str(type) for type in FactType if type is not FactType.NAME]
_TOLD = {
    "choice": "one of the words `of`",
    "money": "`39.90 EUR`, always with the currency",
    "number": "`3`",
    "percent": "`20%`",
    "duration": "`24 hours`",
    "business duration": "`2 business days`",
    "date": "`2026-03-02`",
    "instant": "`2026-03-02 09:00 Europe/Berlin`, always with a zone",
    "yes_no": "`yes` or `no`",
    "country": "two capital letters: `NO` is Norway",
    "language": "`de`",
    "zone": "`Europe/Berlin`",
    "text": "any text",
}


def facts_schema(names: Names) -> Schema:
    """The whole file. New facts, groups and bands are right too."""
    bands = {"type": "object", "additionalProperties": {"type": ["string", "number", "object"]}}
    groups = by_name(one_or_list(text()))
    keys = {
        "aftersales": format_of("facts"),
        "about": text(),
        "because": text(),
        "source": text(),
        "read_on": day(),
        "from": day(),
        "until": day(),
        "facts": by_name(_fact(names), defaultSnippets=_new_facts()),
        "groups": by_name(groups, properties={"country": groups}),
        "bands": by_name(bands, properties=dict.fromkeys(sorted(_ordered(names)), bands)),
    }
    schema = mapping("the file of facts", keys, needs=["facts"])
    return {**schema, "definitions": common_definitions(names)}


def _ordered(names: Names) -> list[str]:
    return [f for f, d in names.facts.items() if d.has_order and not d.is_built_in]


def _fact(names: Names) -> Schema:
    tables = [f"by policy {table}" for table in sorted(names.columns)]
    worked_out = written(
        rf"^(?:days from [a-z0-9_]+ to [a-z0-9_]+|by policy (?:{either(names.tables) or '.*'}))$",
        "write `days from FACT to FACT` or `by policy NAME`",
        ["days from placed_on to opened_at", *tables],
    )
    keys = {
        "type": words(_TYPES, _TOLD),
        "of": one_or_list(name()),
        "in_order": yes_no(),
        "range": {"type": ["string", "number", "object"], "examples": ["over 0 USD", "1 to 5"]},
        "whole": yes_no(),
        "unit": words([str(unit) for unit in Unit]),
        "may_be_missing": yes_no(),
        "personal": yes_no(),
        "set_by": one_or_list(words(ROLES)),
        "is": worked_out,
        "about_review": yes_no(),
        "label": one_or_a_language(),
    }
    is_choice = {"required": ["type"], "properties": {"type": {"const": "choice"}}}
    then = {"required": ["of"]}
    return {**mapping("the fact", keys, needs=["type"]), "if": is_choice, "then": then}


def _new_facts() -> list[Schema]:
    choice = {"type": "choice", "of": ["${2:one}", "${3:other}"], "label": "${4:what it is}"}
    money = {"type": "money", "range": "over 0 USD", "label": "${2:what it is}"}
    yes = {"type": "yes_no", "may_be_missing": True, "label": "${2:whether it is so}"}
    return [
        snippet("a new choice", {"${1:name}": choice}),
        snippet("a new amount of money", {"${1:name}": money}),
        snippet("a new yes or no", {"${1:name}": yes}),
    ]
