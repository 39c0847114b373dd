"""The schema of `policy/1`: which sort of policy a file is decides what it may say."""

from aftersales.definitions.inside import OF_OPTIONS
from aftersales.definitions.schemas.cells import condition_definitions
from aftersales.definitions.schemas.common import common_definitions
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.offers import offer_definitions, offers
from aftersales.definitions.schemas.parts import Schema, ref, snippet, when_named
from aftersales.definitions.schemas.tables import table, table_definitions

_OF_TABLES = ("answers", "choose", "otherwise", "rows")
_SORTS = ("table_", "floors", "handling")


def policy_schema(names: Names) -> Schema:
    """Channels by name, floors and compensation by their keys, all else a rows table."""
    by_keys: Schema = {
        "if": {"required": ["must_offer_one_of"]},
        "then": ref("one_floor"),
        "else": {
            "if": {"anyOf": [{"required": ["floors"]}, _has_floor_rows()]},
            "then": {"if": {"required": ["floors"]}, "then": ref("floors"), "else": {}},
            "else": {
                "if": {"required": ["handled_by"]},
                "then": ref("handling"),
                "else": _offers_or_rows(names),
            },
        },
    }
    return {
        "type": "object",
        "required": ["aftersales"],
        **when_named("policy", {"channels": ref("channels")}, by_keys),
        "defaultSnippets": _beginnings(),
        "definitions": {
            **condition_definitions(names),
            **offer_definitions(names),
            **table_definitions(names),
            **common_definitions(names),
            "undecided": _undecided(names),
        },
    }


def _offers_or_rows(names: Names) -> Schema:
    """Compensation by its keys; a rows table by its own; else what can be either still."""
    table_else: Schema = {
        "if": {"anyOf": [{"required": [key]} for key in _OF_TABLES]},
        "then": when_named("policy", {t: table(t) for t in names.columns}, table("")),
        "else": ref("undecided"),
    }
    return {
        "if": {"anyOf": [{"required": [key]} for key in sorted(OF_OPTIONS)]},
        "then": when_named("policy", {p: offers(p) for p in names.offering}, offers("")),
        "else": table_else,
    }


def _undecided(names: Names) -> Schema:
    """A file that does not show its sort yet: what any sort may say."""
    sorts = [offer_definitions(names)["offers_"], *(table_definitions(names)[s] for s in _SORTS)]
    keys = {key: value for sort in reversed(sorts) for key, value in sort["properties"].items()}
    return {"type": "object", "properties": keys, "additionalProperties": False}


def _has_floor_rows() -> Schema:
    """Floors may stand under `rows`, too."""
    row = {"type": "object", "required": ["must_offer_one_of"]}
    return {"required": ["rows"], "properties": {"rows": {"type": "array", "contains": row}}}


def _beginnings() -> list[Schema]:
    begin = {"aftersales": "policy/1", "policy": "${1:name}"}
    offers = {
        **begin,
        "about": "${2:what it answers}",
        "because": "${3:why}",
        "applies_to": {"kind": "${4:kind}"},
        "remedies": {"${5:full_refund}": {"refund": "100% of affected_value"}},
        "rows": [{"id": "${6:anything}", "when": {"${7:fact}": "$8"}, "options": "$5"}],
    }
    rows = {
        **begin,
        "choose": "${2:one}",
        "answers": {"${3:answer}": ["${4:one}", "${5:other}"]},
        "rows": [{"id": "${6:first}", "when": {"${7:fact}": "$8"}, "$3": "$4"}],
        "otherwise": {"$3": "$5"},
    }
    return [
        snippet("a compensation policy", offers, "what may be offered, and how much of it"),
        snippet("a rows table", rows, "any other question"),
    ]
