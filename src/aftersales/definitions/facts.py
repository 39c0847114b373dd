"""Reads `facts/1`: the facts that conditions may read, with their groups and bands."""

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from aftersales.definitions.conditions import cell
from aftersales.definitions.keys import Keys
from aftersales.definitions.labels import read_label
from aftersales.definitions.notes import Notes
from aftersales.definitions.pairs import pairs
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.definitions.workflow_names import ROLES
from aftersales.domain.conditions import (
    BUILT_IN,
    RESERVED,
    ByPolicy,
    Cell,
    CellKind,
    DaysBetween,
    FactDeclaration,
    FactSchema,
    FactType,
    Test,
    bands_slip,
    closest,
    ticked,
    word_help,
)
from aftersales.domain.duration import Unit

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TYPES = tuple(str(type) for type in FactType if type is not FactType.NAME)
_DAYS = re.compile(r"days from ([a-z0-9_]+) to ([a-z0-9_]+)")
_POLICY = re.compile(r"by policy ([a-z0-9_]+)")
_UNITS = {
    FactType.DURATION: (Unit.HOURS, Unit.MINUTES, Unit.DAYS),
    FactType.BUSINESS_DURATION: (Unit.BUSINESS_DAYS, Unit.BUSINESS_HOURS),
}


def read_facts(root: Mapping, notes: Notes) -> FactSchema:
    """The schema written in `root`. A fact with a slip is `doubtful`: its uses are not judged."""
    keys = Keys(root, notes, what="the file of facts")
    for name in ("aftersales", "about", "because", "source", "read_on", "from", "until"):
        keys.node(name)
    facts = keys.pairs("facts", required=True)
    groups = keys.pairs("groups")
    bands = keys.pairs("bands")
    keys.done()
    schema = _declarations(facts, notes)
    for declaration in schema.declarations.values():
        _check_derived(declaration, schema, notes)
    for key, node in groups:
        schema = _with_groups(key, node, schema, notes)
    for key, node in bands:
        schema = _with_bands(key, node, schema, notes)
    return schema


def read_bands(node: Node, fact: str, schema: FactSchema, notes: Notes) -> dict[str, Cell]:
    """Named slices of a declared fact's range, at `node`. That they cover it once is checked."""
    if not isinstance(node, Mapping):
        help = "write it like `{small: under 20 USD, large: at least 20 USD}`"
        notes.error("C104", node, "bands are written as `name: cell` pairs", help)
        return {}
    declaration = schema.declaration(fact)
    before = len(notes.problems)
    found: dict[str, Cell] = {}
    for key, value in pairs(node, notes):
        _check_name(key, _taken_by(declaration, {}), "a band", notes)
        found[key.text] = cell(value, fact, schema, notes)
        if found[key.text].kind is not CellKind.MATCHES and len(notes.problems) == before:
            help = "write the values it holds, like `20 USD to under 100 USD`"
            notes.error("C104", value, f"`{found[key.text]}` cannot be a band", help)
    slip = bands_slip(declaration, found) if len(notes.problems) == before else None
    if slip:
        help = "together the bands must cover the whole range, each value once"
        notes.error("C107", node.place, slip, help)
    return found


def _declarations(facts: Sequence[tuple[Scalar, Node]], notes: Notes) -> FactSchema:
    found: dict[str, FactDeclaration] = {}
    doubtful: set[str] = set()
    for key, node in facts:
        is_named = _check_name(key, BUILT_IN, "a fact", notes)
        declaration = _declaration(key, node, notes) if is_named else None
        if declaration is None:
            doubtful.add(key.text)
        else:
            found[key.text] = declaration
    return FactSchema(found, doubtful=frozenset(doubtful))


def _check_name(key: Scalar, taken: Container[str], what: str, notes: Notes) -> bool:
    name = key.text
    if name in RESERVED:
        help = "it is a word of the cell language; use another"
    elif not _NAME.fullmatch(name):
        help = "use small letters, digits and `_`, and begin with a letter"
    elif name in taken:
        help = "it means something else already; use another"
    else:
        return True
    notes.error("C106", key, f"`{name}` cannot be the name of {what}", help)
    return False


def _declaration(key: Scalar, node: Node, notes: Notes) -> FactDeclaration | None:
    before = len(notes.problems)
    keys = Keys(node, notes, what=f"the fact `{key.text}`")
    type_name = keys.choice("type", _TYPES, required=True)
    type = FactType(type_name) if type_name else FactType.TEXT
    declaration = FactDeclaration(
        key.text,
        type,
        choices=_choices(keys, type, notes),
        in_order=keys.yes_no("in_order"),
        may_be_missing=keys.yes_no("may_be_missing"),
        personal=keys.yes_no("personal"),
        set_by=_roles(keys, notes),
        whole=keys.yes_no("whole"),
        unit=_unit(keys, type),
        derived=_derived(keys, notes),
        about_review=keys.yes_no("about_review"),
        labels=read_label(keys),
        place=key.place,
    )
    range_node = keys.node("range")
    keys.done()
    if type_name:
        _check_fit(keys, declaration, notes)
    if len(notes.problems) > before:
        return None
    return _with_range(declaration, range_node, notes)


def _choices(keys: Keys, type: FactType, notes: Notes) -> tuple[str, ...]:
    scalars = keys.scalars("of", required=type is FactType.CHOICE)
    for number, scalar in enumerate(scalars if type is FactType.CHOICE else ()):
        if scalar.text in [other.text for other in scalars[:number]]:
            notes.error("C106", scalar, f"`{scalar.text}` is there twice", "remove one of the two")
        else:
            _check_name(scalar, (), "a choice", notes)
    return tuple(scalar.text for scalar in scalars)


def _roles(keys: Keys, notes: Notes) -> tuple[str, ...]:
    scalars = keys.scalars("set_by")
    for scalar in scalars:
        if scalar.text not in ROLES:
            help = word_help(scalar.text, ROLES)
            notes.error("C108", scalar, f"`{scalar.text}` is not a role", help)
    return tuple(scalar.text for scalar in scalars)


def _unit(keys: Keys, type: FactType) -> Unit | None:
    units = _UNITS.get(type)
    if units is None:
        keys.node("unit")  # known, though it says nothing here: `_check_fit` tells
        return None
    text = keys.choice("unit", [str(unit) for unit in units])
    return Unit(text) if text else units[0]


def _derived(keys: Keys, notes: Notes) -> DaysBetween | ByPolicy | None:
    scalar = keys.scalar("is")
    if scalar is None:
        return None
    days, policy = _DAYS.fullmatch(scalar.text), _POLICY.fullmatch(scalar.text)
    if days:
        return DaysBetween(days[1], days[2])
    if policy:
        return ByPolicy(policy[1])
    help = "write `days from FACT to FACT` or `by policy NAME`"
    notes.error("C105", scalar, f"`{scalar.text}` is not a way to work out a fact", help)
    return None


_ONLY_FOR = {
    "of": (FactType.CHOICE,),
    "in_order": (FactType.CHOICE,),
    "whole": (FactType.NUMBER,),
    "unit": tuple(_UNITS),
}


def _check_fit(keys: Keys, declaration: FactDeclaration, notes: Notes) -> None:
    """Keys that say nothing about a fact of this type."""
    for name, types in _ONLY_FOR.items():
        if name in keys and declaration.type not in types:
            message = f"`{name}` says nothing about a fact of type {declaration.type}"
            help = f"remove it; it is for {ticked(types)}"
            notes.error("C101", keys.place(name), message, help)
    if "range" in keys and not declaration.has_order:
        message = f"a fact of type {declaration.type} has no range"
        notes.error("C101", keys.place("range"), message, "remove it")


def _with_range(
    declaration: FactDeclaration, node: Node | None, notes: Notes
) -> FactDeclaration | None:
    if node is None:
        return declaration
    alone = FactSchema({declaration.name: declaration})
    before = len(notes.problems)
    range = cell(node, declaration.name, alone, notes)
    if len(notes.problems) == before and range.kind is not CellKind.MATCHES:
        help = "write it like `at least 0` or `1 to 5`"
        notes.error("C103", node, f"`{range}` cannot be a range", help)
    return replace(declaration, range=range) if len(notes.problems) == before else None


def _check_derived(declaration: FactDeclaration, schema: FactSchema, notes: Notes) -> None:
    derived = declaration.derived
    if not isinstance(derived, DaysBetween):
        return
    if declaration.type is not FactType.NUMBER:
        help = f"declare `{declaration.name}` with `type: number, whole: true`"
        notes.error("C105", declaration.place, "days are a whole number", help)
    for name in (derived.start, derived.end):
        source = schema.declared(name)
        if source is None and name not in schema.doubtful:
            help = word_help(name, schema.all)
            message = f"`{declaration.name}` is worked out from `{name}`, which is not a fact"
            notes.error("C203", declaration.place, message, help)
        elif source and (source.derived or source.type not in (FactType.DATE, FactType.INSTANT)):
            help = "name a fact of type date or instant that is given"
            message = f"`{declaration.name}` cannot be worked out from `{name}`"
            notes.error("C105", declaration.place, message, help)


def _fact_named(
    key: Scalar, schema: FactSchema, notes: Notes, also: Sequence[str] = ()
) -> FactDeclaration | None:
    declaration = schema.declared(key.text)
    if declaration is None and key.text not in (*schema.doubtful, *also):
        near = closest(key.text, [*schema.declarations, *also])
        help = f"did you mean `{near}`?" if near else word_help(key.text, schema.declarations)
        notes.error("C203", key, f"`{key.text}` is not a fact", help)
    return declaration


def _taken_by(declaration: FactDeclaration, names: Container[str]) -> Container[str]:
    return declaration.choices or names


def _with_groups(key: Scalar, node: Node, schema: FactSchema, notes: Notes) -> FactSchema:
    """Groups of a fact; those of `country` or `language` serve every fact of that type."""
    declaration = schema.declared(key.text)
    if declaration is None and key.text in ("country", "language"):
        declaration = FactDeclaration(key.text, FactType(key.text))
    declaration = declaration or _fact_named(key, schema, notes)
    if declaration is None:
        return schema
    reading = replace(schema, declarations={**schema.declarations, key.text: declaration})
    if not isinstance(node, Mapping):
        help = "write it like `{home: [US], nearby: [CA, MX]}`"
        notes.error("C104", node, "groups are written as `name: [values]` pairs", help)
        return schema
    names: dict[str, tuple[Test, ...]] = {}
    for name, value in pairs(node, notes):
        if _check_name(name, _taken_by(declaration, names), "a group", notes):
            reading = replace(reading, groups={**schema.groups, key.text: dict(names)})
            names[name.text] = _members(value, key.text, reading, notes)
    return replace(schema, groups={**schema.groups, key.text: names})


def _members(node: Node, fact: str, schema: FactSchema, notes: Notes) -> tuple[Test, ...]:
    before = len(notes.problems)
    members = cell(node, fact, schema, notes)
    if members.kind is not CellKind.MATCHES and len(notes.problems) == before:
        help = "list the values, like `[CA, MX]`"
        notes.error("C104", node, f"`{members}` cannot be a group", help)
    return members.tests


def _with_bands(key: Scalar, node: Node, schema: FactSchema, notes: Notes) -> FactSchema:
    declaration = _fact_named(key, schema, notes)
    if declaration is None:
        return schema
    return schema.with_bands(key.text, read_bands(node, key.text, schema, notes))
