"""The parts that schemas are made of: texts, words, lists, mappings with their meanings.

A schema is never stricter than the readers: an editor types scalars (`3`, `true`), so texts admit
them, and what an author may write in many ways is a pattern that lets all of them through.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

Schema = dict[str, Any]

RENEW = "run `aftersales schema` again if it is new"
_TYPED: Mapping[str, Any] = {"true": True, "false": False, "null": None}


def text() -> Schema:
    """One text, whatever an editor takes it for."""
    return ref("text")


def text_definition() -> Schema:
    """What `text` refers to: said so that an editor does not offer `true` and `false`."""
    others = ["string", "number", "object", "array", "null"]
    return {"anyOf": [{"type": ["string", "number"]}, {"not": {"type": others}}]}


def yes_no() -> Schema:
    """`true`, `false`, or in words."""
    return {"enum": [True, False, "yes", "no"]}


def words(of: Iterable[str], told: Mapping[str, str] | None = None) -> Schema:
    """One of these words and no other; `told` says what each means."""
    listed = list(dict.fromkeys(of))
    schema: Schema = {"enum": [_TYPED.get(word, word) for word in listed]}
    if told:
        schema["markdownEnumDescriptions"] = [told.get(word, "") for word in listed]
    return schema


def written(
    pattern: str, slip: str, offered: Iterable[str] = (), told: Mapping[str, str] | None = None
) -> Schema:
    """A text of a form; `slip` is said of another, `offered` are completed."""
    form: Schema = {"type": "string", "pattern": pattern, "patternErrorMessage": slip}
    listed = list(offered)
    if not listed:
        return form
    return {"anyOf": [{**words(listed, told), "errorMessage": slip}, form]}


def name(offered: Iterable[str] = (), told: Mapping[str, str] | None = None) -> Schema:
    """A name that authors make up; those known are completed, new ones are right too."""
    listed = sorted(offered)
    return {"anyOf": [words(listed, told), text()]} if listed else text()


def among(known: Iterable[str], what: str, told: Mapping[str, str] | None = None) -> Schema:
    """A name that must be known. If none is: whatever is written."""
    listed = sorted(known)
    if not listed:
        return text()
    slip = f"this is not {what} that the schema knows: {RENEW}"
    return {**words(listed, told), "errorMessage": slip}


def one_or_list(item: Schema, *, least: int = 0) -> Schema:
    """One thing, or a list of such things."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": least}]}


def list_of(item: Schema, **more: object) -> Schema:
    """A list; where the reader takes a single thing for a list of one, so does the schema."""
    return {**one_or_list(item), **more}


def by_name(values: Schema, **more: object) -> Schema:
    """`name: value` pairs whose names the author chooses."""
    return {"type": "object", "additionalProperties": values, **more}


def mapping(
    what: str,
    keys: Mapping[str, Schema],
    *,
    needs: Sequence[str] = (),
    others: Schema | bool = False,
    **more: object,
) -> Schema:
    """`what` as its reader reads it: these keys and no others, each with its meaning."""
    told = meanings().get(what, {})
    properties = {key: _told(schema, told.get(key)) for key, schema in keys.items()}
    schema: Schema = {"title": what, "type": "object", "properties": properties, **more}
    if needs:
        schema["required"] = list(needs)
    return {**schema, "additionalProperties": others}


def _told(schema: Schema, meaning: str | None) -> Schema:
    return schema if meaning is None or "description" in schema else described(schema, meaning)


def described(schema: Schema, meaning: str) -> Schema:
    """`schema` with what an editor shows of it: in Markdown too, if there is any in it."""
    plain = meaning.replace("`", "").replace("**", "")
    if plain == meaning:
        return {**schema, "description": meaning} if meaning else schema
    return {**schema, "description": plain, "markdownDescription": meaning}


def ref(definition: str) -> Schema:
    """What is described once, under `definitions`."""
    return {"$ref": f"#/definitions/{definition}"}


def snippet(label: str, body: object, description: str = "") -> Schema:
    """Something to begin with, offered by the editor."""
    return {"label": label, "description": description or label, "body": body}


def either(names: Iterable[str]) -> str:
    """A pattern that fits any of `names`, the longest first."""
    escaped = (re.sub(r"([\\^$.|?*+()\[\]{}/])", r"\\\1", name) for name in set(names))
    return "|".join(sorted(escaped, key=lambda one: (-len(one), one)))


def when_named(key: str, cases: Mapping[str, Schema], other: Schema) -> Schema:
    """The schema of `cases` for the value of `key`, else `other`."""
    chosen: list[Schema] = [
        {"if": _is(key, [name]), "then": schema} for name, schema in sorted(cases.items())
    ]
    if not cases:
        return other
    return {"allOf": [*chosen, {"if": _is(key, sorted(cases)), "else": other}]}


def _is(key: str, values: list[str]) -> Schema:
    return {"required": [key], "properties": {key: {"enum": values}}}


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """What each key means, as the reference tells it: by what is read, and key."""
    file = files("aftersales.definitions.schemas").joinpath("meanings.json")
    found: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return found
