"""A sheet put back into its policy: what is the same stays byte for byte, the rest is edited."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aftersales.definitions.interchange.csv_text import CsvCell
from aftersales.definitions.interchange.segments import arranged
from aftersales.definitions.interchange.sheets import Sheet, SheetEntry, fact_of
from aftersales.definitions.interchange.source import (
    Edit,
    Part,
    as_read,
    as_value,
    drop_pair,
    edited,
    parsed,
    set_pair,
)
from aftersales.definitions.interchange.tables import (
    OTHERWISE,
    Entry,
    Table,
    container,
    entries_of,
    facts_inside,
    texts_of,
)
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.problem import Place, Problem

_MOST_EDITS = 1_000  # of one entry: each edit settles one cell


@dataclass(frozen=True, slots=True)
class Merged:
    """The new text of the policy, and the ids of the rules that are other than before."""

    text: str
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def merged(text: str, table: Table, sheet: Sheet) -> Merged:
    """`text` with its table as the sheet has it."""
    entries = {entry.id: entry for entry in entries_of(parsed(text), table)}
    changed = []
    for id, wanted in sheet.entries.items():
        if id in entries and (new := _with_cells(text, id, table, wanted)) != text:
            text = new
            changed.append(id)
    added = [id for id in sheet.entries if id not in entries]
    removed = [id for id in entries if id not in sheet.entries]
    text = _arranged(text, table, sheet)
    return Merged(text, tuple(changed), tuple(added), tuple(removed))


def told_in_csv(problem: Problem, text: str, table: Table, sheet: Sheet) -> Problem | None:
    """The same problem where it stands in the sheet; None if it is about something else."""
    at = _index(text, problem.place)
    for entry in entries_of(parsed(text), table):
        wanted = sheet.entries.get(entry.id)
        if wanted is not None and min(entry.whole.start, entry.part.start) <= at < entry.part.last:
            cell, head = _cell_at(at, entry, table, wanted)
            note = f"cell {cell.name}, column `{head}` of `{entry.id}`"
            return replace(problem, place=cell.place, notes=(*problem.notes, note))
    return None


def _with_cells(text: str, id: str, table: Table, wanted: SheetEntry) -> str:
    """`text` with one entry as the sheet has it: one edit at a time, each on the text so far."""
    for _ in range(_MOST_EDITS):
        entry = next(e for e in entries_of(parsed(text), table) if e.id == id)
        edit = _next_edit(text, entry, table, wanted)
        if edit is None:
            return text
        text = edited(text, [edit])
    raise InvariantBroken(f"`{id}` cannot be made as the sheet has it")


def _next_edit(text: str, entry: Entry, table: Table, wanted: SheetEntry) -> Edit | None:
    rows = [{head: cell.text for head, cell in row.cells.items()} for row in wanted.rows]
    have = texts_of(entry, table)
    if len(rows) != len(have):
        return set_pair(text, entry.part, "when", _conditions(rows, table))
    for number, (row, old) in enumerate(zip(rows, have, strict=True)):
        old.pop(table.first)
        for head in dict.fromkeys([*row, *old]):
            if as_read(row.get(head, "")) != as_read(old.get(head, "")):
                return _edit(text, entry, number, head, row.get(head, ""), table)
    return None


def _edit(text: str, entry: Entry, number: int, head: str, new: str, table: Table) -> Edit:
    """The edit that makes one cell of an entry `new`; nothing removes it."""
    if table.sort == "pairs":
        part = entry.part
        return (part.start, part.last, as_value(new, in_flow=False))
    fact = fact_of(head, table)
    if fact is None:
        return _set(text, entry.part, head, new)
    if fact in {key.text for key, _ in facts_inside(entry, table)}:
        return _set(text, entry.part, fact, new)
    if not entry.boxes:
        if table.has_facts_inside:
            return _set(text, entry.part, fact, new)
        return set_pair(text, entry.part, "when", f"{{{fact}: {as_value(new, in_flow=True)}}}")
    return _set(text, entry.boxes[number], fact, new)


def _set(text: str, mapping: Part, key: str, new: str) -> Edit:
    if not new:
        return drop_pair(text, mapping, key)
    return set_pair(text, mapping, key, as_value(new, in_flow=mapping.is_flow))


def _arranged(text: str, table: Table, sheet: Sheet) -> str:
    """`text` with the entries that the sheet has, in its order."""
    root = parsed(text)
    ids = [entry.id for entry in entries_of(root, table) if entry.id != OTHERWISE]
    has_otherwise = table.may_have_otherwise
    order = [id for id in sheet.entries if not (has_otherwise and id == OTHERWISE)]
    if order != ids:
        new = {id: _new_entry(sheet.entries[id], table) for id in order if id not in ids}
        text = arranged(text, table, order, new)
    return _with_otherwise(text, table, sheet) if has_otherwise else text


def _with_otherwise(text: str, table: Table, sheet: Sheet) -> str:
    outer = container(parsed(text), Table("", table.path[:-1], "", ()))
    assert outer is not None
    wanted, old = sheet.entries.get(OTHERWISE), outer.get(OTHERWISE)
    if wanted is None and old is not None:
        return edited(text, [drop_pair(text, outer, OTHERWISE)])
    if wanted is not None and old is None:
        answers = _answers(wanted, table, in_flow=True)
        value = "{" + ", ".join(f"{key}: {text}" for key, text in answers) + "}"
        return edited(text, [set_pair(text, outer, OTHERWISE, value)])
    return text


def _new_entry(wanted: SheetEntry, table: Table) -> list[tuple[str, str]]:
    """A new entry as `key: value` pairs, as they are written in brackets."""
    if table.sort == "pairs":
        return [(wanted.id.text, as_value(wanted.rows[0].cells[table.keys[0]].text, in_flow=True))]
    answers = _answers(wanted, table, in_flow=True)
    if table.sort == "lines":
        return [(wanted.id.text, "{" + ", ".join(f"{k}: {v}" for k, v in answers) + "}")]
    rows = [{head: cell.text for head, cell in row.cells.items()} for row in wanted.rows]
    id = as_value(wanted.id.text, in_flow=True)
    return [("id", id), ("when", _conditions(rows, table)), *answers]


def _answers(wanted: SheetEntry, table: Table, *, in_flow: bool) -> list[tuple[str, str]]:
    cells = wanted.rows[0].cells
    keys = [head for head in cells if fact_of(head, table) is None]
    return [(key, as_value(cells[key].text, in_flow=in_flow)) for key in keys]


def _conditions(rows: Sequence[dict[str, str]], table: Table) -> str:
    boxes = []
    for row in rows:
        facts = {fact_of(head, table): text for head, text in row.items()}
        pairs = [f"{f}: {as_value(text, in_flow=True)}" for f, text in facts.items() if f]
        boxes.append("{" + ", ".join(pairs) + "}")
    return boxes[0] if len(boxes) == 1 else "[" + ", ".join(boxes) + "]"


def _cell_at(at: int, entry: Entry, table: Table, wanted: SheetEntry) -> tuple[CsvCell, str]:
    """The cell of the sheet that wrote what stands at `at`, and its column."""
    spots = [(key, value, key.text, 0) for key, value in entry.part.pairs]
    for number, box in enumerate(entry.boxes):
        spots += [(key, value, key.text, number) for key, value in box.pairs]
    if table.sort == "pairs":
        spots = [(entry.part, entry.part, table.keys[0], 0)]
    inner = [spot for spot in spots if spot[0].start <= at < max(spot[1].last, spot[0].last)]
    for _, _, name, number in sorted(inner, key=lambda spot: -spot[0].start):
        for head in (name, f"when {name}"):
            is_fact = fact_of(head, table) is not None
            row = wanted.rows[number if is_fact and number < len(wanted.rows) else 0]
            if head in row.cells:
                return row.cells[head], head
    return wanted.id, table.first


def _index(text: str, place: Place) -> int:
    start = 0
    for _ in range(place.line - 1):
        start = text.find("\n", start) + 1
    return start + place.column - 1
