"""Ladders of warnings that rows tables answer: `{50%: [alert assignee]}` as warnings to arm."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map

from aftersales.definitions.documents import Document
from aftersales.definitions.known import policies
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Listing, Mapping, Node
from aftersales.definitions.workflow_actions import read_actions, split
from aftersales.definitions.workflow_names import Known, Outline, Reading
from aftersales.domain.duration import Duration, parse_percent
from aftersales.domain.policy import RowsTable, ladder
from aftersales.domain.workflow import Action, Warning


def ladders_of(tables: Iterable[RowsTable]) -> dict[str, tuple[Warning, ...]]:
    """Every ladder that some row answers, by its text."""
    return {
        text: tuple(Warning(_moment(at), _actions(do)) for at, do in ladder(text))
        for table in tables
        for text in _texts(table)
    }


def check_ladders(
    documents: Iterable[Document], tables: Map[str, RowsTable], known: Known, notes: Notes
) -> None:
    """Note the actions of ladders that are none, or that name what does not exist."""
    for document in policies(documents, "rows"):
        table = tables.get(document.name)
        names = {c.name for c in table.columns if c.type == "ladder"} if table else set()
        reading = Reading(known, notes, Outline.of(document.root))
        for node in _ladders_in(document.root, names):
            read_actions(node.items if isinstance(node, Listing) else (node,), reading)


def _ladders_in(root: Mapping, names: set[str]) -> Iterator[Node]:
    """The actions of each rung of each ladder."""
    rows = root.get("rows")
    nodes = [*(rows.items if isinstance(rows, Listing) else ()), root.get("otherwise")]
    for row in (node for node in nodes if isinstance(node, Mapping)):
        for rungs in (row.get(name) for name in names):
            if isinstance(rungs, Mapping):
                yield from (value for _, value in rungs.items)


def _texts(table: RowsTable) -> set[str]:
    columns = {column.name for column in table.columns if column.type == "ladder"}
    rows = [*table.rows, *([table.otherwise] if table.otherwise else [])]
    found = {text for row in rows for name, text in row.answers.items() if name in columns}
    return {text for text in found if text.startswith("[")}


def _moment(at: str) -> Duration | int:
    return int(parse_percent(at) * 100) if at.endswith("%") else Duration.parse(at)


def _actions(texts: Iterable[str]) -> tuple[Action, ...]:
    return tuple(Action(*split(text)) for text in texts)
