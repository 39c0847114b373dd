"""The schemas of rows tables, channels and floors of law."""

from collections.abc import Sequence

from aftersales.definitions import known
from aftersales.definitions.policy_answers import TYPES
from aftersales.definitions.policy_remedies import GOODS_SORTS, VALUE_SORTS
from aftersales.definitions.policy_rows import CHOOSE
from aftersales.definitions.schemas.cells import condition, fact, offer_condition
from aftersales.definitions.schemas.common import (
    MONEY,
    day,
    duration,
    format_of,
    reasons,
    warnings,
)
from aftersales.definitions.schemas.names import Names, pairs
from aftersales.definitions.schemas.parts import (
    Schema,
    among,
    by_name,
    described,
    list_of,
    mapping,
    name,
    one_or_list,
    ref,
    snippet,
    text,
    words,
    yes_no,
)
from aftersales.definitions.workflow_names import STAFF
from aftersales.domain.policy import Column

_SAYS_CHOOSE = {
    "one": "exactly one row may fit",
    "first": "the first row that fits",
    "most_urgent": "of the rows that fit, the one whose first answer is listed first",
    "all": "the answers of all rows that fit, in lists",
}


def table_definitions(names: Names) -> dict[str, Schema]:
    """A schema for each rows table by its answers, one for any other, channels and floors."""
    found = {f"table_{table}": _table(columns, names) for table, columns in names.columns.items()}
    return found | {
        "table_": _table(None, names),
        "channels": _channels(names),
        "floor": _floor(_floor_keys()),
        "floors": _floors(),
        "handling": _handling(),
        "one_floor": {**_floor({**_floor_keys(), **_top()}), "title": "one floor of law"},
        "remedy_or_sort": _remedy_or_sort(names),
        "answer_declared": _answer_declared(),
    }


def table(policy: str) -> Schema:
    """The schema of the rows table of that name; of an empty one, of any not known yet."""
    return ref(f"table_{policy}")


def _top() -> dict[str, Schema]:
    return {
        "aftersales": format_of("policy"),
        "policy": name(),
        "about": text(),
        "from": day(),
        "until": day(),
    }


def _table(columns: Sequence[Column] | None, names: Names) -> Schema:
    rows = _row(columns, names)
    keys = {
        **_top(),
        **reasons(),
        "choose": words(CHOOSE, _SAYS_CHOOSE),
        "answers": by_name(ref("answer_declared")),
        "applies_to": condition(),
        "bands": ref("own_bands"),
        "rows": list_of(rows),
        "otherwise": _otherwise(columns, names),
    }
    return mapping("a policy", keys, needs=["policy"])


def _row(columns: Sequence[Column] | None, names: Names) -> Schema:
    keys = {"id": name(), "when": condition(), **reasons()}
    if columns is None:
        return mapping("a row", keys, needs=["id", "when"], others=True)
    answers = {column.name: _answer(column, names) for column in columns}
    needed = [column.name for column in columns if _is_needed(column)]
    body: dict[str, object] = {"id": "${1:what_it_is_about}", "when": {"${2:fact}": "$3"}}
    body |= {answer: f"${number}" for number, answer in enumerate(needed, start=4)}
    return mapping(
        "a row",
        {**keys, **answers},
        needs=["id", "when", *needed],
        defaultSnippets=[snippet("a new row", body)],
    )


def _otherwise(columns: Sequence[Column] | None, names: Names) -> Schema:
    if columns is None:
        return mapping("`otherwise`", reasons(), others=True)
    answers = {column.name: _answer(column, names) for column in columns}
    needed = [column.name for column in columns if _is_needed(column)]
    return mapping("`otherwise`", {**answers, **reasons()}, needs=needed)


def _is_needed(column: Column) -> bool:
    return column.default is None and not column.may_be_left_out


def _answer(column: Column, names: Names) -> Schema:
    of = words(column.of) if column.of else None
    schemas: dict[str, Schema] = {
        "choice": of or text(),
        "text": of or text(),
        "list": one_or_list(of or text()),
        "duration": duration(),
        "money": {"type": "string", "pattern": rf"^\s*{MONEY}\s*$", "examples": ["100 USD"]},
        "number": {"type": ["number", "string"]},
        "percent": {"type": "string", "pattern": r"%\s*$", "examples": ["20%"]},
        "yes_no": yes_no(),
        "calendar": among(names.calendars, "a calendar"),
        "fact": fact(),
        "ladder": warnings(),
    }
    return described(schemas[column.type], f"What the table answers: a {column.type}.")


def _answer_declared() -> Schema:
    types = words(TYPES)
    keys = {"type": types, "of": one_or_list(text()), "default": text(), "optional": yes_no()}
    return {
        "anyOf": [types, {"type": "array", "items": text()}, mapping("the answer", keys)],
        "defaultSnippets": [
            snippet("a list of words", ["${1:yes}", "${2:no}"]),
            snippet("a type", {"type": "${1:duration}", "optional": True}),
        ],
    }


def _channels(names: Names) -> Schema:
    facts = {} if not names.schemas else _facts_in_rows(names)
    keys = {
        "id": described(name(), "Its name in explanations."),
        "when": described(offer_condition(), "The condition, if its facts do not stand here."),
        "can": described(one_or_list(ref("remedy_or_sort")), "What may be given; `[]`: nothing."),
        "coupons": words(["never", "allowed"]),
        "review_contact": words(["never", "allowed"]),
        **reasons(),
    }
    row = mapping("a channel", {**facts, **keys}, others=not names.schemas)
    body = {"id": "${1:name}", "platform": "$2", "can": ["$3"], "source": "$4"}
    row["defaultSnippets"] = [snippet("a new channel", body)]
    top = {**_top(), **reasons(), "rows": list_of(row)}
    return mapping("the channels", top, needs=["rows"])


def _facts_in_rows(names: Names) -> dict[str, Schema]:
    """Facts may stand in the row itself; words of the row stand before facts of that name."""
    return {f: ref(f"cell_{f}") for f in names.all_facts if not _is_personal(f, names)}


def _is_personal(fact: str, names: Names) -> bool:
    return fact in names.facts and names.facts[fact].personal


def _floor_keys() -> dict[str, Schema]:
    one_of = one_or_list(ref("remedy_or_sort"))
    return {"id": name(), "when": offer_condition(), "must_offer_one_of": one_of, **reasons()}


def _floor(keys: dict[str, Schema]) -> Schema:
    body = {"id": "${1:name}", "when": {"${2:country}": "$3"}, "must_offer_one_of": ["$4"],
            "source": "$5", "read_on": "$6"}  # fmt: skip
    return mapping(
        "a floor",
        keys,
        needs=["id", "when", "must_offer_one_of"],
        defaultSnippets=[snippet("a new floor", body)],
    )


def _floors() -> Schema:
    rows = list_of(ref("floor"))
    keys = {**_top(), **reasons(), "floors": rows}
    return mapping("the floors of law", keys, needs=["floors"])


def _handling() -> Schema:
    """Which cases are for some roles of the desk only."""
    keys = {"id": name(), "when": condition(), "only": one_or_list(words(STAFF)), **reasons()}
    body = {"id": "${1:name}", "when": {"${2:fact}": "$3"}, "only": ["${4:supervisor}"]}
    rule = mapping(
        "a rule of who handles",
        keys,
        needs=["id", "when", "only"],
        defaultSnippets=[snippet("a new rule", body)],
    )
    top = {**_top(), **reasons(), "handled_by": list_of(rule)}
    return mapping("a policy of who handles", top, needs=["policy", "handled_by"])


def _remedy_or_sort(names: Names) -> Schema:
    """A remedy by name or by sort; a sort of the shop's own is one too."""
    offers = known.policies(names.documents, "options")
    own = {
        key.text
        for document in offers
        for _, remedy in pairs(document.root.get("remedies"))
        for key, _ in pairs(remedy)
    }
    sorts = [*VALUE_SORTS, *GOODS_SORTS]
    told = dict.fromkeys(sorts, "every remedy of this sort")
    listed = list(dict.fromkeys([*sorted(names.remedies), *sorts]))
    offered = words(listed, told)
    hidden = sorted(own - set(listed))
    return {"anyOf": [offered, {"enum": hidden, "doNotSuggest": True}]} if hidden else offered
