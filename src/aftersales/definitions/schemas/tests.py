"""The schema of `tests/1`: stories and examples."""

from collections.abc import Iterable

from aftersales.definitions.schemas.cells import (
    condition_definitions,
    fact_names,
    told_facts,
    values_of,
)
from aftersales.definitions.schemas.common import common_definitions, duration, format_of
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.parts import (
    Schema,
    described,
    mapping,
    name,
    one_or_list,
    ref,
    snippet,
    text,
    words,
)
from aftersales.definitions.story_files import RESULTS, ROLES
from aftersales.domain.policy.prove import MEASURES

_SO_FAR = (
    "state", "outcome", "priority", "calendar", "offer", "approval", "due", "sent", "effects",
    "needs_person", "refused",
)  # fmt: skip


def tests_schema(names: Names) -> Schema:
    """The whole file. What is expected is open: it may name any answer and any fact."""
    keys = {
        "aftersales": format_of("tests"),
        "for": name([*names.kinds, *names.offering, *names.tables]),
        "zone": {"type": "string", "examples": ["America/New_York", "Europe/Berlin", "UTC"]},
        "usual": ref("given"),
        "tests": {"type": "array", "items": _test(names)},
        "laws": {"type": "array", "items": _law()},
    }
    schema = mapping("a tests file", keys, needs=["for", "zone", "tests"])
    definitions = {
        **condition_definitions(names),
        **common_definitions(names),
        "given": _facts(names),
        "pairs_of_a_law": _pairs_of_a_law(names),
    }
    opening = {"opening": _facts(names, {"paid": text()})}
    return {**schema, "definitions": definitions | opening}


def _law() -> Schema:
    """A law over all cases."""
    offer = one_or_list(ref("pairs_of_a_law"), least=1)
    growing = {
        "measure": words(MEASURES),
        "when": {"type": "object", "additionalProperties": {"not": {"type": "null"}}},
        "all_else": words(["same"]),
    }
    less = mapping("`never_less`", growing, needs=["measure", "when"])
    keys = {
        "never": offer,
        "always": offer,
        "never_less": less,
        "when": one_or_list(ref("pairs_of_a_law"), least=1),
        "because": text(),
    }
    never = {"never": {"${1:cost_share}": "${2:over 120%}"}}
    grows = {"measure": "${1:best_value_to_customer}", "when": {"${2:fact}": "up"}}
    new = [snippet("never", never), snippet("never less", {"never_less": grows})]
    return mapping("a law", keys, defaultSnippets=new)


def _pairs_of_a_law(names: Names) -> Schema:
    """A law reads facts, the options, and what the table it is about answers."""
    facts = {fact: ref(f"cell_{fact}") for fact in fact_names(names)}
    answers: dict[str, Schema] = {answer: {} for answer in _answers(names)}
    known = {**facts, **answers, "options": {}}
    return {"type": "object", "properties": known, "additionalProperties": not names.schemas}


def _test(names: Names) -> Schema:
    columns = name([*RESULTS, *fact_names(names)])
    keys = {
        "name": text(),
        "zone": text(),
        "story": {"type": "array", "items": _step(names)},
        "given": ref("given"),
        "expect": _expected([*RESULTS, *_answers(names)]),
        "columns": {"type": "array", "items": columns},
        "rows": {"type": "array", "items": {"type": "array"}},
    }
    example = {"name": "${1:what is so}", "given": {"${2:fact}": "$3"}, "expect": {"options": "$4"}}
    story = {
        "name": "${1:what happens}",
        "story": [
            {"at": "${2:2026-03-02 09:00}", "open": {"${3:fact}": "$4"}},
            {"by": "${5:agent}", "event": "$6", "expect": {"state": "$7"}},
        ],
    }
    new = [snippet("an example", example), snippet("a story", story)]
    return mapping("a test", keys, needs=["name"], defaultSnippets=new)


def _step(names: Names) -> Schema:
    events = {event for of in names.outlines.values() for o in of for event in o.events_in(None)}
    role = {"anyOf": [words(ROLES), {"type": "string", "pattern": f"^({'|'.join(ROLES)})( .+)?$"}]}
    keys = {
        "at": {"type": "string", "examples": ["2026-03-02 09:00"]},
        "wait": duration(),
        "open": ref("opening"),
        "by": role,
        "event": name([*events, "reopen"]),
        "with": ref("given"),
        "settle": words(["done", "failed"]),
        "expect": _expected(_SO_FAR),
    }
    return mapping("a step", keys)


def _answers(names: Names) -> list[str]:
    return [column.name for columns in names.columns.values() for column in columns]


def _expected(keys: Iterable[str]) -> Schema:
    """What must be so; besides what is offered, any fact by its name."""
    anything: Schema = {"type": ["string", "number", "boolean", "array", "object"]}
    known = dict.fromkeys(keys, anything)
    return {"type": "object", "properties": known, "additionalProperties": anything}


def _facts(names: Names, also: dict[str, Schema] | None = None) -> Schema:
    """Values of facts, each as its type is written."""
    told = told_facts(names)
    known = {fact: described(_value(fact, names), told.get(fact, "")) for fact in fact_names(names)}
    return {
        "type": "object",
        "properties": {**known, **(also or {})},
        "additionalProperties": not names.schemas,
    }


def _value(fact: str, names: Names) -> Schema:
    declaration = names.facts.get(fact)
    values = values_of(declaration) if declaration else []
    return {"anyOf": [words(values), one_or_list(text())]} if values else one_or_list(text())
