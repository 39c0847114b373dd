"""The tables of a policy: which there are, and each as rows of texts, ids first."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from aftersales.definitions.interchange.source import Part

OTHERWISE = "otherwise"
OR = "or"  # instead of an id: another condition under which the rule above fits
_REASONS = ("because", "source", "read_on", "in_force_from")
_NOT_ANSWERS = ("id", "when")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: where it stands, and what its columns may be besides facts.

    `rules` are entries with an id and a condition; `lines` are those of a base, whose columns are
    the values of another fact; `pairs` are names with one cell each.
    """

    name: str
    path: tuple[str, ...]
    sort: str
    keys: tuple[str, ...]
    first: str = "id"
    may_have_otherwise: bool = False
    has_facts_inside: bool = False  # facts stand in the row itself, not under `when`

    @property
    def has_conditions(self) -> bool:
        """Whether its columns may be facts."""
        return self.sort == "rules"


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, line or pair as it is written: its texts by column, and the part it is made of.

    `boxes` are the mappings of its conditions; a rule with several takes several rows.
    """

    id: str
    part: Part
    whole: Part
    boxes: tuple[Part, ...] = ()


def tables_of(root: Part, answers: Collection[str] = ()) -> dict[str, Table]:
    """The tables of a policy's text by name. `answers` are those that its other files declare."""
    found = [
        _rules("rows", ("can", "coupons", "review_contact", *_REASONS), has_facts_inside=True)
        if _text(root, "policy") == "channels"
        else _rules("rows", (*_answers(root, answers), *_REASONS), may_have_otherwise=True),
        _rules("floors", ("must_offer_one_of", *_REASONS)),
        _rules("exceptions", ("options", "wins_over", *_REASONS)),
        _rules("swaps", ("instead_of", "use", *_REASONS)),
        _rules("extras", ("add", *_REASONS)),
        Table("return_required", ("return_required", "rows"), "rules",
              ("answer", "within", *_REASONS), may_have_otherwise=True),
        Table("approval", ("approval",), "pairs", ("cost",), first="band"),
    ]  # fmt: skip
    base = root.get("base")
    if base is not None:
        lines = base.get("cells")
        keys = dict.fromkeys(
            k.text for _, line in (lines.pairs if lines else ()) for k, _ in line.pairs
        )
        across = _text(base, "across")
        first = _text(base, "down") or "line"
        columns = tuple(keys) if across else ("options",)
        sort = "lines" if across else "pairs"
        found.insert(0, Table("base", ("base", "cells"), sort, columns, first=first))
    return {table.name: table for table in found if container(root, table) is not None}


def container(root: Part, table: Table) -> Part | None:
    """The list or mapping that holds the entries."""
    part: Part | None = root
    for key in table.path:
        part = part.get(key) if part is not None else None
    return part


def entries_of(root: Part, table: Table) -> list[Entry]:
    """The entries in order; `otherwise` is the last."""
    held = container(root, table)
    if held is None:
        return []
    if not table.has_conditions:
        return [Entry(name.text, value, name) for name, value in held.pairs]
    found = [_rule(item) for item in held.items]
    outer = container(root, Table("", table.path[:-1], "", ()))
    last = outer.get(OTHERWISE) if outer and table.may_have_otherwise else None
    return [*found, Entry(OTHERWISE, last, last)] if last else found


def columns_of(table: Table, entries: Collection[Entry]) -> list[str]:
    """The heads of the columns: the id, the facts, then what is answered."""
    facts = dict.fromkeys(fact for entry in entries for fact in _facts(entry, table))
    written = {key for entry in entries for key, _ in _answered(entry, table)}
    keys = [key for key in table.keys if key in written]
    return [table.first, *(head_of(fact, table) for fact in facts), *keys]


def rows_of(table: Table, entries: Collection[Entry]) -> list[list[str]]:
    """The entries as rows under `columns_of`."""
    heads = columns_of(table, entries)
    return [
        [texts.get(head, "") for head in heads]
        for entry in entries
        for texts in texts_of(entry, table)
    ]


def texts_of(entry: Entry, table: Table) -> list[dict[str, str]]:
    """The texts of an entry by column: one row, or one for each of its conditions."""
    answers = {key: value.in_line for key, value in _answered(entry, table)}
    boxes = [
        {head_of(fact.text, table): value.in_line for fact, value in box.pairs}
        for box in entry.boxes
    ]
    first, *others = boxes or [{}]
    inside = {head_of(k.text, table): v.in_line for k, v in facts_inside(entry, table)}
    rows = [{table.first: entry.id} | inside | first | answers]
    return rows + [{table.first: OR} | box for box in others]


def head_of(fact: str, table: Table) -> str:
    """The head of a fact's column; one that is also answered is told apart."""
    return f"when {fact}" if fact in table.keys or fact == table.first else fact


def facts_inside(entry: Entry, table: Table) -> Iterator[tuple[Part, Part]]:
    """The facts that stand in the row itself."""
    if table.has_facts_inside:
        for key, value in entry.part.pairs:
            if key.text not in (*table.keys, *_NOT_ANSWERS):
                yield key, value


def _rules(
    name: str,
    keys: tuple[str, ...],
    *,
    may_have_otherwise: bool = False,
    has_facts_inside: bool = False,
) -> Table:
    return Table(name, (name,), "rules", keys, "id", may_have_otherwise, has_facts_inside)


def _rule(item: Part) -> Entry:
    id, when = item.get("id"), item.get("when")
    boxes = when.items if when and when.sort == "list" else (when,) if when else ()
    return Entry(id.text if id else "", item, item, boxes)


def _facts(entry: Entry, table: Table) -> Iterator[str]:
    yield from (key.text for key, _ in facts_inside(entry, table))
    for box in entry.boxes:
        yield from (key.text for key, _ in box.pairs)


def _answered(entry: Entry, table: Table) -> Iterator[tuple[str, Part]]:
    if table.sort == "pairs":
        yield table.keys[0], entry.part
        return
    for key, value in entry.part.pairs:
        if key.text in table.keys or table.sort == "lines":  # a sheet may bring a new column
            yield key.text, value


def _answers(root: Part, others: Collection[str]) -> tuple[str, ...]:
    """What the rows answer: `options` in a policy of remedies."""
    own = root.get("answers")
    named = [key.text for key, _ in own.pairs] if own else list(others)
    return tuple(named) or ("options",)


def _text(part: Part, key: str) -> str:
    value = part.get(key)
    return value.text if value is not None and value.sort == "text" else ""
