"""JSON Schemas of the formats, made with the names of one shop, for editors to complete from."""

from collections.abc import Callable, Mapping
from typing import Any

from aftersales.definitions.documents import Folder
from aftersales.definitions.schemas.calendars import calendars_schema
from aftersales.definitions.schemas.facts import facts_schema
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.parts import Schema
from aftersales.definitions.schemas.people import rates_schema, replies_schema, team_schema
from aftersales.definitions.schemas.policy import policy_schema
from aftersales.definitions.schemas.tests import tests_schema
from aftersales.definitions.schemas.workflow import workflow_schema

__all__ = ["ALL", "FORMATS", "schemas_of"]

_DRAFT = "http://json-schema.org/draft-07/schema#"  # what yaml-language-server reads best
_MAKERS: Mapping[str, Callable[[Names], Schema]] = {
    "facts": facts_schema,
    "policy": policy_schema,
    "workflow": workflow_schema,
    "replies": replies_schema,
    "calendars": calendars_schema,
    "team": team_schema,
    "rates": rates_schema,
    "tests": tests_schema,
}
FORMATS = tuple(_MAKERS)
ALL = "aftersales"
"""The schema that looks at the first line of a file, and is then that of its format."""


def schemas_of(folder: Folder) -> dict[str, dict[str, Any]]:
    """The schema of each format, and `aftersales`, which chooses among them."""
    names = Names.of(folder)
    made = {
        format: _headed(f"aftersales: {format}/1", _MAKERS[format](names)) for format in FORMATS
    }
    return {**made, ALL: _headed("Any file of aftersales", _any())}


def _headed(title: str, schema: Schema) -> Schema:
    """A whole schema: its draft first, and of its definitions those that are referred to."""
    definitions = schema.get("definitions", {})
    rest = {key: value for key, value in schema.items() if key != "definitions"}
    used = _used(rest, definitions)
    kept = {name: definitions[name] for name in sorted(used)}
    return {"$schema": _DRAFT, "title": title, **rest, **({"definitions": kept} if kept else {})}


def _used(schema: Schema, definitions: Schema) -> set[str]:
    found: set[str] = set()
    waiting: list[object] = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).removeprefix("#/definitions/")
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found


def _any() -> Schema:
    def says(format: str) -> Schema:
        return {"required": [ALL], "properties": {ALL: {"const": f"{format}/1"}}}

    first = {ALL: {"enum": [f"{format}/1" for format in FORMATS]}}
    chosen = [{"if": says(f), "then": {"$ref": f"{f}.json"}} for f in FORMATS]
    return {"type": "object", "required": [ALL], "properties": first, "allOf": chosen}
