"""The `laws:` of tests files: what must be so for every case that a policy can meet."""

from collections.abc import Iterator
from dataclasses import dataclass

from aftersales.definitions import text
from aftersales.definitions.calendars import Top
from aftersales.definitions.conditions import condition
from aftersales.definitions.contents import Contents
from aftersales.definitions.documents import file_content, text_of
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import FOLDERS
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import (
    ALWAYS,
    Condition,
    FactDeclaration,
    FactSchema,
    FactType,
    word_help,
)
from aftersales.domain.policy import Column, OptionPolicy, Policies, RowsTable, RuleRef
from aftersales.domain.policy.prove import MEASURES, Law
from aftersales.domain.problem import Place

_SORTS = ("never", "always", "never_less")
_UP = "up"
_OPTIONS = "options"  # what a test expects is called so; of one option it is `option`


@dataclass(frozen=True, slots=True)
class LawFile:
    """The laws of one tests file, not yet understood, and the policy they are about."""

    policy: str
    place: Place
    laws: Listing


def law_files(top: Top, notes: Notes) -> list[LawFile]:
    """Every tests file of `top` that states laws. Its other slips are for its own reader."""
    found = []
    for file, content in _tests(top):
        root = _root(content, file)
        named = root.get("for") if root else None
        laws = root.get("laws") if root else None
        if isinstance(laws, Listing) and isinstance(named, Scalar):
            found.append(LawFile(named.text, named.place, laws))
        elif laws is not None:
            help = "write one law a line: `- never: {cost_share: over 120%}`"
            notes.error("P440", laws, "laws are a list", help)
    return found


def read_laws(
    file: LawFile, policies: Policies, schema: FactSchema, notes: Notes
) -> list[tuple[Law, Place]]:
    """The laws of a file, each with its place."""
    policy = policies.compensation.get(file.policy)
    table = policies.rows.get(file.policy)
    if policy is None and table is None:
        names = [*policies.compensation, *policies.rows]
        message = f"`{file.policy}` is not a policy, and its tests state laws"
        notes.error("P440", file.place, message, word_help(file.policy, names))
        return []
    own = _of_options(policy, schema) if policy else _of_rows(table, schema)
    read = (_law(node, file.policy, own, table is not None, notes) for node in file.laws.items)
    return [law for law in read if law is not None]


def _tests(top: Top) -> Iterator[tuple[str, str | None]]:
    """The files of tests by name, with their texts."""
    if isinstance(top, Contents):
        for file, raw in top.tests():
            yield file, text_of(raw, file, Notes())
        return
    paths = (path for name in FOLDERS for path in (top / name).rglob("*.tests.yaml"))
    for path in sorted(paths):
        file = path.relative_to(top).as_posix()
        yield file, file_content(path, file, Notes())


def _root(content: str | None, shown: str) -> Mapping | None:
    root, _ = text.read(content, shown) if content is not None else (None, [])
    return root if isinstance(root, Mapping) else None


def _of_options(policy: OptionPolicy, schema: FactSchema) -> FactSchema:
    sorts = (rule.sort for rule in policy.remedies.values())
    return schema.with_words("remedy", dict.fromkeys([*policy.remedies, *sorts]))


def _of_rows(table: RowsTable | None, schema: FactSchema) -> FactSchema:
    """The schema with the table's answers as facts: of a table's law they are what it answers."""
    declared = {column.name: _answer(column) for column in table.columns} if table else {}
    return FactSchema(
        {**schema.declarations, **declared}, schema.groups, schema.band_cells, schema.doubtful
    )


def _answer(column: Column) -> FactDeclaration:
    if column.of:
        return FactDeclaration(column.name, FactType.CHOICE, choices=column.of, may_be_missing=True)
    kind = FactType.YES_NO if column.type == "yes_no" else FactType.TEXT
    return FactDeclaration(column.name, kind, may_be_missing=True)


def _law(
    node: Node, policy: str, schema: FactSchema, is_of_rows: bool, notes: Notes
) -> tuple[Law, Place] | None:
    before = len(notes.problems)
    keys = Keys(node, notes, what="a law")
    parts = {sort: keys.node(sort) for sort in _SORTS}
    when, given = keys.node("when"), [sort for sort, part in parts.items() if part is not None]
    keys.node("because")
    keys.done()
    if not keys.is_mapping or (not given and len(notes.problems) > before):
        return None  # that its key is misspelt was told
    if len(given) != 1:
        help = "write `never:`, `always:` or `never_less:`, and one of them only"
        notes.error("P440", node, "a law says one thing", help)
        return None
    sort, part = given[0], parts[given[0]]
    place = keys.place(sort)
    assert part is not None
    # With its column: of two laws on one line each is a rule of its own.
    ref = RuleRef(policy, f"law at {place}:{place.column}", place.file, place.line)
    told = f"`{sort}: {_written(part)}`"
    holds_where = ALWAYS if when is None else condition(when, schema, notes)
    if sort == "never_less":
        law = _never_less(part, ref, told, schema, is_of_rows, notes)
    elif sort == "never":
        law = Law(ref, "never", told, _offer(part, schema, notes), holds_where)
    else:
        law = Law(ref, "always", told, _offer(part, schema, notes), holds_where)
    return None if law is None or len(notes.problems) > before else (law, place)


def _offer(part: Node, schema: FactSchema, notes: Notes) -> Condition:
    return condition(_singular(part), schema, notes)


def _singular(node: Node) -> Node:
    """`options: full_refund` speaks of one of the options: the fact is `option`."""
    if isinstance(node, Listing):
        return Listing(tuple(map(_singular, node.items)), node.place)
    if not isinstance(node, Mapping):
        return node
    pairs = [(Scalar("option", k.place) if k.text == _OPTIONS else k, v) for k, v in node.items]
    return Mapping(tuple(pairs), node.place)


def _never_less(
    part: Node, ref: RuleRef, told: str, schema: FactSchema, is_of_rows: bool, notes: Notes
) -> Law | None:
    keys = Keys(part, notes, what="`never_less`")
    measure = keys.choice("measure", MEASURES, required=True)
    when = keys.node("when", required=True)
    keys.choice("all_else", ("same",))
    keys.done()
    if is_of_rows:
        notes.error("P440", part, "a rows table has no measure", "write `never:` or `always:`")
        return None
    fact, others = _growing(when, notes)
    if measure is None or fact is None:
        return None
    declared = schema.declared(fact.text)
    if declared is None:
        help = word_help(fact.text, schema.declarations)
        notes.error("C203", fact, f"`{fact.text}` is not a fact", help)
        return None
    if not declared.has_order:
        help = "name money, or a choice that is `in_order`"
        notes.error("P440", fact, f"`{fact.text}` has no order in which it could grow", help)
        return None
    within = condition(others, schema, notes) if others.items else ALWAYS
    return Law(ref, "never_less", told, when=within, measure=measure, along=fact.text)


def _growing(when: Node | None, notes: Notes) -> tuple[Scalar | None, Mapping]:
    """The fact that grows, as in `when: {affected_value: up, severity: major}`, and the others."""
    pairs = when.items if isinstance(when, Mapping) else ()
    growing = [key for key, value in pairs if isinstance(value, Scalar) and value.text == _UP]
    others = tuple(pair for pair in pairs if pair[0] not in growing)
    place = when.place if when is not None else Place("", 1, 1)
    if when is not None and len(growing) != 1:
        help = "write `when: {affected_value: up}`, with other facts beside it if you like"
        notes.error("P440", when, "`when` of `never_less` names one fact that grows", help)
        return None, Mapping((), place)
    return (growing[0] if growing else None), Mapping(others, place)


def _written(node: Node) -> str:
    """The node as an author writes it in one line."""
    return ", ".join(_parts(node)) if isinstance(node, Scalar) else _in_braces(node)


def _in_braces(node: Node) -> str:
    left, right = ("[", "]") if isinstance(node, Listing) else ("{", "}")
    return f"{left}{', '.join(_parts(node))}{right}"


def _parts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Listing):
        yield from (_written(item) for item in node.items)
    else:
        yield from (f"{key.text}: {_written(value)}" for key, value in node.items)
