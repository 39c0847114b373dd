"""A table's CSV as a sheet: its rows by id, each cell with its place, slips noted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from aftersales.definitions.interchange.csv_text import CsvCell, Row
from aftersales.definitions.interchange.tables import OR, OTHERWISE, Table
from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import FactSchema, FactType, did_you_mean, ticked
from aftersales.domain.problem import Place

_WHEN = "when "
_SPREADSHEET = {"TRUE": "yes", "FALSE": "no"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the cells that have words in them, by column."""

    cells: Mapping[str, CsvCell]


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A rule of the sheet: its first row, and those that begin with `or`."""

    id: CsvCell
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rules of a sheet by id, in order, and its columns."""

    entries: Mapping[str, SheetEntry]
    columns: Collection[str]


def sheet_of(
    rows: Sequence[Row], table: Table, schema: FactSchema, notes: Notes, *, file: str
) -> Sheet | None:
    """The sheet written in `rows`, or None with the slips noted."""
    if not rows and not notes.has_errors:
        help = "export the table, and edit what comes out"
        notes.error("I902", Place(file, 1, 1), "there is no row of column names", help)
    heads = _heads(rows[0], table, schema, notes) if rows else []
    if notes.has_errors:
        return None
    entries: dict[str, SheetEntry] = {}
    last = ""
    for row in rows[1:]:
        last = _take(row, heads, table, schema, entries, last, notes)
    return None if notes.has_errors else Sheet(entries, tuple(filter(None, heads)))


def fact_of(head: str, table: Table) -> str | None:
    """The fact of a column, or None if it is something that is answered."""
    if not table.has_conditions or head in table.keys or head == table.first:
        return None
    return head.removeprefix(_WHEN)


def _heads(row: Row, table: Table, schema: FactSchema, notes: Notes) -> list[str]:
    heads: list[str] = []
    for cell in row:
        if cell.text and cell.text in heads:
            notes.error("I904", cell.place, f"the column `{cell.text}` is there twice", "keep one")
        elif cell.text:
            _check_head(cell, table, schema, notes)
        heads.append(cell.text)
    if table.first not in heads and not notes.has_errors:
        help = f"begin the first row with `{table.first}`"
        notes.error("I903", row[0].place, f"there is no column `{table.first}`", help)
    return heads


def _check_head(cell: CsvCell, table: Table, schema: FactSchema, notes: Notes) -> None:
    head, known = cell.text, [table.first, *table.keys]
    fact = fact_of(head, table)
    if head in known or (fact is not None and schema.declared(fact)) or table.sort == "lines":
        return
    help = did_you_mean(head, [*known, *(schema.all if table.has_conditions else ())])
    more = " and the facts" if table.has_conditions else ""
    message = f"`{head}` is not a column of this table"
    notes.error("I902", cell.place, message, help or f"its columns are {ticked(known)}{more}")


def _take(
    row: Row,
    heads: Sequence[str],
    table: Table,
    schema: FactSchema,
    entries: dict[str, SheetEntry],
    last: str,
    notes: Notes,
) -> str:
    """Add one row; the id of the rule it belongs to."""
    cells = {}
    for number, cell in enumerate(row):
        head = heads[number] if number < len(heads) else ""
        if cell.text and not head:
            help = "quote a text with the delimiter in it, or name the column"
            notes.error("I905", cell.place, f"`{cell.text}` stands under no column", help)
        elif cell.text:
            cells[head] = _as_read(cell, head, table, schema)
    id = cells.pop(table.first, None)
    if id is None:
        help = "give the rule a name that no other has"
        notes.error("I903", row[0].place, f"the row has no `{table.first}`", help)
    elif id.text == OR and table.has_conditions:
        return _also(id, cells, table, entries, last, notes)
    elif id.text in entries:
        first = entries[id.text].id
        help = f"the first is in line {first.place.line}; choose another"
        notes.error("I904", id.place, f"`{id.text}` is the id of another row", help)
    else:
        _check_otherwise(id, cells, table, notes)
        entries[id.text] = SheetEntry(id, (SheetRow(cells),))
        return id.text
    return last


def _also(
    id: CsvCell,
    cells: Mapping[str, CsvCell],
    table: Table,
    entries: dict[str, SheetEntry],
    last: str,
    notes: Notes,
) -> str:
    answered = [cell for head, cell in cells.items() if fact_of(head, table) is None]
    if last not in entries or last == OTHERWISE:
        help = "`or` begins another condition of the rule above it"
        notes.error("I903", id.place, "there is no rule above this `or`", help)
    elif answered:
        help = "what a rule answers stands in its first row"
        notes.error("I905", answered[0].place, "a row with `or` holds conditions only", help)
    else:
        entry = entries[last]
        entries[last] = SheetEntry(entry.id, (*entry.rows, SheetRow(cells)))
    return last


def _check_otherwise(id: CsvCell, cells: Mapping[str, CsvCell], table: Table, notes: Notes) -> None:
    if id.text != OTHERWISE or not table.may_have_otherwise:
        return
    for head, cell in cells.items():
        if fact_of(head, table) is not None:
            message = "`otherwise` has no conditions: it is for all that no row fits"
            notes.error("I905", cell.place, message, "empty this cell, or give the row an id")


def _as_read(cell: CsvCell, head: str, table: Table, schema: FactSchema) -> CsvCell:
    """A spreadsheet writes yes and no in capitals of its own."""
    declared = schema.declared(fact_of(head, table) or "")
    is_yes_no = declared is not None and declared.type is FactType.YES_NO
    if is_yes_no and cell.text in _SPREADSHEET:
        return CsvCell(_SPREADSHEET[cell.text], cell.place, cell.name)
    return cell
