"""Rows tables, channels and floors of law as grids: a column a fact, a row a rule."""

from collections.abc import Iterable, Sequence

from aftersales.authoring.show import grid as grids
from aftersales.authoring.show.grid import Grid, Shown, cell, grid
from aftersales.domain.conditions import Cell, Condition
from aftersales.domain.policy import Channels, Floors, Handling, Row, RowsTable, RuleRef

_CHOOSE = {
    "one": "exactly one row may fit",
    "first": "the first row that fits answers",
    "most_urgent": "of the rows that fit, the most urgent answers",
    "all": "all rows that fit answer",
}
_MOST_COLUMNS = 7  # of facts; a table that reads more shows its conditions in one


def shown_table(table: RowsTable) -> Shown:
    """A rows table."""
    answers = [
        f"answers {column.name}" + (f": {', '.join(column.of)}" if column.of else "")
        for column in table.columns
    ]
    return Shown(
        table.name,
        "a rows table",
        lead=(_CHOOSE[table.choose], *answers),
        grids=(rows_grid("Rows", table),),
    )


def rows_grid(title: str, table: RowsTable) -> Grid:
    """Id, what must hold by fact, what is answered, why. Where no row fits: the last."""
    facts = _facts(row.when for row in table.rows)
    is_wide = len(facts) > _MOST_COLUMNS
    heads = ["when"] if is_wide else facts
    names = [column.name for column in table.columns]
    rows = []
    for row in table.rows:
        for number, box in enumerate(row.when.boxes):
            pairs = dict(box)
            conditions = [_joined(box)] if is_wide else [_said(pairs.get(fact)) for fact in facts]
            rows.append(
                _line(row, f"or {row.ref.rule}" if number else row.ref.rule, conditions, names)
            )
    if table.otherwise is not None:
        rows.append(_line(table.otherwise, "otherwise", [""] * len(heads), names))
    shown = [[cell(*text.split("\n")) for text in line] for line in rows]
    return grid(title, ("id", *heads, *names, "because"), shown)


def _line(row: Row, name: str, conditions: list[str], names: list[str]) -> list[str]:
    answers = [_answer(row.answers.get(column, "")) for column in names]
    return [name, *conditions, *answers, row.because]


def _answer(text: str) -> str:
    """An answer as written; the ladder of warnings, which is kept as JSON, in words."""
    if not text.startswith("[["):
        return text
    import json  # here: few answers are ladders

    return "\n".join(f"{at}: {', '.join(actions)}" for at, actions in json.loads(text))


def _facts(conditions: Iterable[Condition]) -> list[str]:
    return list(dict.fromkeys(fact for when in conditions for box in when.boxes for fact, _ in box))


def _said(found: Cell | None) -> str:
    return "" if found is None else str(found)


def _joined(box: Sequence[tuple[str, Cell]]) -> str:
    return "\n".join(f"{fact} {cell}" for fact, cell in box)


def shown_channels(channels: Channels) -> Shown:
    """What each channel lets a seller do."""
    rows = [
        (
            cell(rule.ref.rule),
            cell(*_when(rule.when)),
            cell(*_can(rule.can)),
            cell(*sorted(rule.never)),
            cell(rule.source),
        )
        for rule in channels.rules
    ]
    columns = ("id", "when", "may be given", "never", "source")
    lead = ("all rows that hold count together; where none holds, everything is allowed",)
    return Shown("channels", "channels", lead=lead, grids=(grid("Channels", columns, rows),))


def _can(can: frozenset[str] | None) -> list[str]:
    if can is None:
        return ["everything"]
    return sorted(can) or ["nothing"]


def shown_floors(name: str, floors: Floors) -> Shown:
    """What must be offered, by law."""
    rows = [_row(f.ref, f.when, f.must_offer_one_of, f.source) for f in floors.floors]
    columns = ("id", "when", "one of these must be offered", "source")
    return Shown(name, "floors of law", grids=(grid("Floors of law", columns, rows),))


def shown_handling(name: str, handling: Handling) -> Shown:
    """Which cases are for some roles only."""
    rows = [_row(rule.ref, rule.when, rule.only, rule.because) for rule in handling.rules]
    columns = ("id", "when", "only", "because")
    lead = ("all rules that hold bind together; roles above those named may, too",)
    one = grid("Who may handle a case", columns, rows)
    return Shown(name, "who handles", lead=lead, grids=(one,))


def _row(ref: RuleRef, when: Condition, words: Iterable[str], why: str) -> tuple[grids.Cell, ...]:
    """A rule that says some words where its condition holds, and why."""
    return cell(ref.rule), cell(*_when(when)), cell(*words), cell(why)


def _when(condition: Condition) -> list[str]:
    if len(condition.boxes) == 1:
        return [f"{fact} {cell}" for fact, cell in condition.boxes[0]]
    return str(condition).split("; or ")
