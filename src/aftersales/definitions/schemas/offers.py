"""The schema of compensation policies: remedies, base, exceptions, swaps, extras, limits."""

from collections.abc import Iterable, Sequence

from aftersales.definitions.policy_remedies import GOODS_SORTS, VALUE_SORTS
from aftersales.definitions.schemas.cells import (
    condition,
    fact,
    fact_names,
    offer_condition,
    values_of,
)
from aftersales.definitions.schemas.common import (
    MONEY,
    NUMBER,
    by_currency,
    day,
    duration,
    format_of,
    reasons,
)
from aftersales.definitions.schemas.names import Names, pairs
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
    words,
    written,
)
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.policy import BANDS

_THINGS = ("coupons", "review_contact")
_SORTS = (*VALUE_SORTS, *GOODS_SORTS)
_RULE = "${1:what_it_is_about}"


def offer_definitions(names: Names) -> dict[str, Schema]:
    """What compensation policies share, and for each known one its own remedies and base."""
    found = {
        "amount": _amount(names),
        "remedy": _remedy(),
        "approval": _approval(),
        "returns": _returns(names),
        "own_bands": bands(names),
    }
    for policy in sorted(names.offering):
        found |= _of_one(policy, names.compensation(policy), names)
    return found | _of_one("", [], names)


def offers(policy: str) -> Schema:
    """The schema of the policy of that name; of an empty one, of any that is not known yet."""
    return ref(f"offers_{policy}")


def _of_one(policy: str, roots: Sequence[Mapping], names: Names) -> dict[str, Schema]:
    remedies = {k.text: _in_words(v) for r in roots for k, v in pairs(r.get("remedies"))}
    one = ref(f"remedy_of_{policy}")
    options = ref(f"options_of_{policy}")
    return {
        f"remedy_of_{policy}": among(remedies, "a remedy of this policy", remedies),
        f"options_of_{policy}": _options(remedies, roots),
        f"offers_{policy}": _policy(policy, one, options, _base(roots, options, names)),
    }


def _in_words(node: Node) -> str:
    """How a remedy is written, for whoever chooses among them."""
    said = [f"{k.text}: {v.text}" for k, v in pairs(node) if isinstance(v, Scalar)]
    return ", ".join(said)


def _options(remedies: dict[str, str], roots: Sequence[Mapping]) -> Schema:
    """`a`, `a + b`, or a list of these: the customer chooses."""
    one = f"(?:{either(remedies)})" if remedies else r"[A-Za-z_]\w*"
    together = [
        text for root in roots for text in _texts(root) if "+" in text and _is_known(text, remedies)
    ]
    slip = f"this is no remedy of this policy, nor several joined by `+`: {RENEW}"
    told = remedies | dict.fromkeys(together, "both together")
    option = written(rf"^\s*{one}(?:\s*\+\s*{one})*\s*$", slip, [*remedies, *together], told)
    return {
        **one_or_list(option, least=1),
        "defaultSnippets": [snippet("the customer chooses", ["${1:one}", "${2:other}"])],
    }


def _is_known(option: str, remedies: Iterable[str]) -> bool:
    return {part.strip() for part in option.split("+")} <= set(remedies)


def _texts(node: Node) -> Iterable[str]:
    if isinstance(node, Scalar):
        return [node.text]
    if isinstance(node, Listing):
        return [text for item in node.items for text in _texts(item)]
    return [text for key, value in node.items for text in _texts(value) if key.text != "remedies"]


def _policy(policy: str, remedy: Schema, options: Schema, base: Schema) -> Schema:
    named = among([policy], "this policy") if policy else name()
    keys = {
        "aftersales": format_of("policy"),
        "policy": named,
        "about": text(),
        "from": day(),
        "until": day(),
        **reasons(),
        "applies_to": offer_condition(),
        "remedies": by_name(ref("remedy"), defaultSnippets=_new_remedies()),
        "base": base,
        "rows": list_of(_row(options)),
        "choose": words(["one", "first"]),
        "otherwise": mapping("`otherwise`", {"options": options, **reasons()}, needs=["options"]),
        "exceptions": list_of(_exception(options)),
        "swaps": list_of(_swap(remedy)),
        "extras": list_of(_extra(remedy)),
        "limits": _limits(remedy),
        "approval": ref("approval"),
        "return_required": ref("returns"),
        "bands": ref("own_bands"),
        "channel_must_allow": one_or_list(words(_THINGS)),
        "arm": words(["after simulate"]),
    }
    return mapping("a compensation policy", keys, needs=["policy", "remedies"])


def _row(options: Schema) -> Schema:
    keys = {"id": name(), "when": offer_condition(), "options": options, **reasons()}
    return mapping("a row", keys, needs=["id", "when", "options"])


def _exception(options: Schema) -> Schema:
    keys = {
        "id": name(),
        "when": offer_condition(),
        "options": options,
        "wins_over": one_or_list(name()),
        **reasons(),
    }
    body = {"id": _RULE, "when": {"${2:fact}": "$3"}, "options": "$4", "because": "${5:why}"}
    return mapping(
        "an exception",
        keys,
        needs=["id", "when", "options"],
        defaultSnippets=[snippet("a new exception", body)],
    )


def _swap(remedy: Schema) -> Schema:
    keys = {"id": name(), "when": offer_condition(), "instead_of": remedy, "use": remedy}
    body = {"id": _RULE, "when": {"${2:fact}": "$3"}, "instead_of": "$4", "use": "$5"}
    return mapping(
        "a swap",
        {**keys, **reasons()},
        needs=list(keys),
        defaultSnippets=[snippet("a new swap", body)],
    )


def _extra(remedy: Schema) -> Schema:
    keys = {"id": name(), "when": offer_condition(), "add": remedy}
    body = {"id": _RULE, "when": {"${2:fact}": "$3"}, "add": "$4"}
    return mapping(
        "an extra",
        {**keys, **reasons()},
        needs=list(keys),
        defaultSnippets=[snippet("a new extra", body)],
    )


def _limits(remedy: Schema) -> Schema:
    each = mapping(
        "the limit of each option", {"at_most": ref("amount"), **reasons()}, needs=["at_most"]
    )
    most = written(r"^\s*at most ", "a limit says `at most`", ["at most 150 USD"])
    customer = mapping(
        "the limit per customer",
        {
            "goodwill": {"anyOf": [most, by_currency()]},
            "within": duration(["90 days"]),
            **reasons(),
        },
        needs=["goodwill", "within"],
    )
    together = {"type": "array", "minItems": 2, "items": remedy}
    keys = {
        "never_together": list_of(together),
        "each_option": each,
        "per_customer": customer,
        **reasons(),
    }
    return mapping("the limits", keys)


def _approval() -> Schema:
    told = {band: f"The costs that need {band.replace('_', ' ')}." for band in BANDS}
    bands = {band: described(ref("cell_cost"), told[band]) for band in BANDS}
    return {
        "type": "object",
        "properties": bands,
        "additionalProperties": False,
        "required": ["none_needed"],
    }


def _returns(names: Names) -> Schema:
    answer = name(names.return_answers)
    row = {
        "id": name(),
        "when": condition(),
        "answer": answer,
        "within": duration(["14 days"]),
    }
    last = {"answer": answer, "within": duration(["14 days"])}
    keys = {
        "choose": words(["one", "first"]),
        "rows": list_of(mapping("a row", {**row, **reasons()}, needs=["id", "when", "answer"])),
        "otherwise": mapping("`otherwise`", {**last, **reasons()}, needs=["answer"]),
        **reasons(),
    }
    return mapping("`return_required`", keys)


def bands(names: Names) -> Schema:
    """Named slices of facts. A fact that the schema does not know may have some too."""
    slices = {name: by_name(ref(f"cell_{name}")) for name in names.all_facts}
    if not names.schemas:
        return by_name(by_name({}))
    return {"type": "object", "properties": slices, "additionalProperties": False}


def _base(roots: Sequence[Mapping], options: Schema, names: Names) -> Schema:
    columns = {word: options for root in roots for word in _words_of(root, "across", names)}
    cells_of_line = {"type": "object", "properties": columns, "additionalProperties": options}
    line = {"anyOf": [options, cells_of_line]}
    lines = {word: line for root in roots for word in _words_of(root, "down", names)}
    cells = {
        "type": "object",
        "properties": lines,
        "additionalProperties": line,
    }
    return mapping(
        "the base", {"down": fact(), "across": fact(), "cells": cells}, needs=["down", "cells"]
    )


def _words_of(root: Mapping, side: str, names: Names) -> list[str]:
    """The bands or values of the fact that the base has `down` or `across`."""
    base = root.get("base")
    node = base.get(side) if isinstance(base, Mapping) else None
    if not isinstance(node, Scalar) or node.text not in names.facts:
        return []
    bands = root.get("bands")
    own = [
        key.text for key, _ in pairs(bands.get(node.text) if isinstance(bands, Mapping) else None)
    ]
    return own or list(names.schema.bands(node.text)) or values_of(names.facts[node.text])


def _amount(names: Names) -> Schema:
    """`20% of affected_value`, `15 USD`, or one a currency."""
    facts = [
        name
        for name in fact_names(names, "money")
        if not (name in names.facts and names.facts[name].is_built_in)
    ]
    known = either(facts) or r"\w+"
    pattern = rf"^\s*(?:{NUMBER}\s*%\s+of\s+(?:{known})|(?:{known})|{MONEY})\s*$"
    slip = "an amount is `20% of affected_value`, `15 USD` or `{USD: 15, EUR: 14}`"
    offered = [f"{share} of {f}" for f in facts[:1] for share in ("100%", "50%", "20%")]
    return {"anyOf": [written(pattern, slip, [*offered, *facts]), by_currency()]}


def _remedy() -> Schema:
    """A remedy has one sort as a key. A sort of the shop's own is any other word, alone."""
    amount = ref("amount")
    texts = one_or_a_language()
    keys = {
        **{sort: _sort(sort, amount) for sort in VALUE_SORTS},
        **{sort: _sort(sort, {"anyOf": [text(), by_currency()]}) for sort in GOODS_SORTS},
        "at_least": amount,
        "at_most": amount,
        "round": written(
            r"^\s*((up|down)\s+)?(to\s+)?([1-9][0-9]{0,5}\s+)?(whole|minor)\s+units?\s*$",
            "write `to whole units`, `up to 5 whole units` or `down to 50 minor units`",
            ["to whole units", "up to 5 whole units", "down to 50 minor units"],
        ),
        "costs": list_of(amount),
        "if_missing": amount,
        "only_if": offer_condition(),
        "counts_as": words(["owed", "goodwill"]),
        "if_unknown": words(["hold for a person", "retry with key"]),
        "valid_for": duration(["90 days"]),
        "minimum_spend": amount,
        "shipping": texts,
        "label": texts,
        "details": by_name(texts),
        **reasons(),
    }
    schema = mapping("the remedy", keys, others=True)
    known = [{"required": [sort]} for sort in _SORTS]
    no_others = {**words(keys), "errorMessage": "this is not a key of a remedy"}
    return {**schema, "if": {"anyOf": known}, "then": {"propertyNames": no_others}}


def _sort(sort: str, value: Schema) -> Schema:
    is_worth = sort in VALUE_SORTS
    meaning = "Its amount: `20% of affected_value`, `15 USD`." if is_worth else "Goods: says which."
    return described(value, f"A remedy of the sort `{sort}`. {meaning}")


def one_or_a_language() -> Schema:
    """One text, or one a language."""
    return {"anyOf": [text(), by_name(text())]}


def _new_remedies() -> list[Schema]:
    share = "${2:20%} of affected_value"
    refund = {"${1:part_refund}": {"refund": share, "at_most": "${3:60 USD}"}}
    coupon = {"${1:small_coupon}": {"coupon": share, "valid_for": "${3:90 days}"}}
    goods = {"${1:resend}": {"resend": "the ordered items", "costs": ["item_cost"]}}
    return [
        snippet("a new refund", refund),
        snippet("a new coupon", coupon),
        snippet("new goods", goods),
    ]
