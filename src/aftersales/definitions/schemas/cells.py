"""Conditions in schemas: the facts that may be read, and for each what its cell may say."""

from collections.abc import Iterable

from aftersales.definitions.schemas.common import LENGTH, MONEY, by_currency
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.parts import (
    Schema,
    among,
    described,
    either,
    one_or_list,
    ref,
    text,
    words,
)
from aftersales.domain.conditions import FactDeclaration, FactSchema, FactType

_VALUES = {  # what one value looks like, by type; of other types everything is let through
    FactType.MONEY: MONEY,
    FactType.NUMBER: r"-?[0-9][0-9.]*",
    FactType.PERCENT: r"-?[0-9][0-9./]*\s*%",
    FactType.DURATION: LENGTH.strip(r"\s*"),
    FactType.BUSINESS_DURATION: LENGTH.strip(r"\s*"),
    FactType.DATE: r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    FactType.COUNTRY: "[A-Z]{2}",
    FactType.LANGUAGE: "[a-z]{2}(?:-[A-Za-z0-9]{2,8})*",
    FactType.YES_NO: "yes|no|true|false",
}
_EXAMPLES = {
    FactType.MONEY: ("at least 100 USD", "under 20 USD", "20 USD to under 100 USD"),
    FactType.NUMBER: ("at least 1", "at most 30", "1 to 5"),
    FactType.PERCENT: ("over 120%",),
    FactType.DURATION: ("over 24 hours",),
    FactType.BUSINESS_DURATION: ("over 2 business days",),
    FactType.DATE: ("2026-11-20 to 2026-11-30", "at least 2026-03-01"),
    FactType.INSTANT: ("at least 2026-03-02 09:00 Europe/Berlin",),
    FactType.COUNTRY: ("not US nor CA",),
    FactType.LANGUAGE: ("en", "de"),
}
_QUOTED = """'[^']*'|"[^"]*\""""
# Symbols, which are read where they are quoted, and amounts by currency: check judges those.
_SYMBOLS = r"[<>=!()\[\]{}]|\.\.|^\s*-\s*$"
_LIMITS = ("at least", "over", "under", "at most")


def condition_definitions(names: Names) -> dict[str, Schema]:
    """A cell for each fact, and the conditions that files may write with them."""
    cells: dict[str, Schema] = {}
    for fact in dict.fromkeys([*names.all_facts, "cost"]):
        cells |= _cells_of(fact, names)
    readable = [fact for fact in names.all_facts if not _is_personal(fact, names)]
    early = [fact for fact in readable if _may_size_remedies(fact, names)]
    return {
        **cells,
        "limits": _limits(),
        "pairs": _pairs(readable, names),
        "offer_pairs": _pairs(early, names),
        "condition": _condition("pairs"),
        "offer_condition": _condition("offer_pairs"),
        **{f"a_{type.replace(' ', '_')}": _fact_of(names, type) for type in ("money", "instant")},
        "a_fact": _fact_of(names),
    }


def condition() -> Schema:
    """A condition that may read every fact but personal ones."""
    return ref("condition")


def offer_condition() -> Schema:
    """A condition of a policy that offers remedies: nothing about reviews, nothing known later."""
    return ref("offer_condition")


def fact(type: str = "fact") -> Schema:
    """The name of a fact: `money`, `instant`, or any."""
    return ref(f"a_{type}")


def _fact_of(names: Names, *types: str) -> Schema:
    return among(fact_names(names, *types), "a fact", told_facts(names))


def fact_names(names: Names, *types: str) -> list[str]:
    """The facts of these types, or all of them."""
    listed = [f for f, d in names.facts.items() if not types or str(d.type) in types]
    return [*listed, *sorted(names.doubtful)] if names.schemas else []


def told_facts(names: Names) -> dict[str, str]:
    """What each fact is, in a line."""
    return {fact: _meaning(declaration) for fact, declaration in names.facts.items()}


def values_of(declaration: FactDeclaration) -> list[str]:
    """The values of a fact that has few."""
    is_yes_no = declaration.type is FactType.YES_NO
    return ["yes", "no"] if is_yes_no else list(declaration.choices)


def _condition(pairs: str) -> Schema:
    """Pairs that must all hold, or a list of such pairs of which one must."""
    return one_or_list(ref(pairs), least=1)


def _pairs(facts: Iterable[str], names: Names) -> Schema:
    known = {fact: _pair(fact, names) for fact in facts}
    return {"type": "object", "properties": known, "additionalProperties": not names.schemas}


def _pair(fact: str, names: Names) -> Schema:
    declaration = names.facts.get(fact)
    cell = ref(f"cell_{fact}")
    return described(cell, _meaning(declaration)) if declaration else cell


def _meaning(declaration: FactDeclaration) -> str:
    """The label, the type, and what it can be."""
    said = f"{declaration.label[:1].upper()}{declaration.label[1:]}." if declaration.label else ""
    parts = [said, f"A fact of type {declaration.type}."]
    if declaration.choices:
        order = ", from the least to the most" if declaration.in_order else ""
        parts.append("One of " + ", ".join(declaration.choices) + f"{order}.")
    if declaration.range and not declaration.is_built_in:
        parts.append(f"It is {declaration.range}.")
    if declaration.derived:
        parts.append(f"Worked out: {declaration.derived}.")
    if declaration.set_by and not declaration.is_built_in:
        parts.append(f"Set by {', '.join(declaration.set_by)}.")
    if declaration.may_be_missing:
        parts.append("It may be missing: then only missing and any fit.")
    return " ".join(part for part in parts if part)


def _is_personal(fact: str, names: Names) -> bool:
    return fact in names.facts and names.facts[fact].personal


def _may_size_remedies(fact: str, names: Names) -> bool:
    later = {"cost", "cost_share", "option", "remedy", "approval", "return_required"}
    return fact not in later and not (fact in names.facts and names.facts[fact].about_review)


def _cells_of(fact: str, names: Names) -> dict[str, Schema]:
    """The cell of a fact, and what one item of a list in it may be, in any version of the facts."""
    schemas = [schema for schema in names.schemas if schema.declared(fact)]
    if not schemas or fact in names.doubtful:
        return {f"cell_{fact}": {}}
    one: list[Schema] = []
    for schema in schemas:
        one += [
            part
            for part in _cell(_with_words(fact, schema, names), fact, schema, names)
            if part not in one
        ]
    item = ref(f"in_{fact}")
    listed: Schema = {"type": "array", "minItems": 1, "items": item}
    return {f"in_{fact}": {"anyOf": one}, f"cell_{fact}": {"anyOf": [item, listed, ref("limits")]}}


def _with_words(fact: str, schema: FactSchema, names: Names) -> FactDeclaration:
    """The declaration; of a built-in fact with the words it can be, where check knows them."""
    known: dict[str, Iterable[str]] = {
        "kind": names.kinds,
        "deadline": names.deadlines,
        "return_required": names.return_answers,
    }
    found = sorted(known.get(fact, ()))
    return schema.with_words(fact, found).declaration(fact) if found else schema.declaration(fact)


def _cell(
    declaration: FactDeclaration, fact: str, schema: FactSchema, names: Names
) -> list[Schema]:
    named = schema.names(fact)
    slices = [*named, *sorted(names.own_bands.get(fact, frozenset()) - named.keys())]
    told = {name: ", ".join(map(str, tests)) for name, tests in named.items()}
    values = values_of(declaration)
    whole = ["any", "known", *(["missing"] if declaration.may_be_missing else [])]
    told |= {"any": "everything", "known": "every value", "missing": "only while it is not known"}
    offered = [*values, *slices, *_examples(declaration), *whole]
    test = _test(declaration, [*values, *slices])
    told = {word: told[word] for word in offered if word in told}
    slip = f"this is not what a cell of {declaration.name} can say"
    texts = _texts(declaration, test, whole)
    return [{**words(offered, told), "errorMessage": slip}, {**texts, "patternErrorMessage": slip}]


def _examples(declaration: FactDeclaration) -> list[str]:
    if declaration.in_order:
        return [f"at least {word}" for word in declaration.choices[1:]]
    return list(_EXAMPLES.get(declaration.type, ()))


def _texts(declaration: FactDeclaration, test: str | None, whole: list[str]) -> Schema:
    """Everything that can be written in one text."""
    if test is None:
        return text()
    together = rf"{test}(?:\s+or\s+{test})*|not\s+{test}(?:\s+nor\s+{test})*"
    pattern = rf"^\s*(?:{'|'.join(whole)}|{together})\s*$|{_SYMBOLS}"
    typed = {
        FactType.NUMBER: ["string", "number"],
        FactType.YES_NO: ["string", "boolean"],
    }
    return {"type": typed.get(declaration.type, "string"), "pattern": pattern}


def _test(declaration: FactDeclaration, known: list[str]) -> str | None:
    """The pattern of one test; None where anything may stand."""
    value = either(known) if declaration.choices else _VALUES.get(declaration.type)
    if value is None:
        return None
    either_of = "|".join(dict.fromkeys(filter(None, (value, either(known), _QUOTED))))
    one = f"(?:{either_of})"
    if not declaration.has_order:
        return one
    compared = r"(?:at\s+least\s+|at\s+most\s+|over\s+|under\s+)?"
    return rf"(?:{compared}{one}(?:\s+to\s+(?:under\s+)?{one})?)"


def _limits() -> Schema:
    """Amounts by currency, or limits that each have several: `{at least: {USD: 100, EUR: 95}}`."""
    limit = {"anyOf": [text(), by_currency()]}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": dict.fromkeys(_LIMITS, limit),
        "patternProperties": {"^[A-Z]{3}$": text()},
        "additionalProperties": False,
    }
