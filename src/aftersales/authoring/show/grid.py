"""What is shown of a definition, as values: a page of grids. How it is drawn is left to others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HOTTEST = 6
"""The heat of the dearest cell of a grid; 0 costs next to nothing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its lines, a remark in small letters, and how dear it is. None: not asked."""

    lines: tuple[str, ...] = ()
    remark: str = ""
    heat: int | None = None

    @property
    def text(self) -> str:
        """All of it in one line."""
        return ", ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under columns. The first cell of a row is what the row is about."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    @property
    def is_hot(self) -> bool:
        """Whether its cells tell how dear they are."""
        return any(cell.heat is not None for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Shown:
    """One definition as a page: what it is, in lines; its grids; what was taken for granted."""

    name: str
    sort: str
    about: str = ""
    lead: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    assumed: tuple[str, ...] = ()


def cell(*lines: str, remark: str = "", heat: int | None = None) -> Cell:
    """A cell of these lines; empty ones are left out."""
    return Cell(tuple(line for line in lines if line), remark, heat)


def grid(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], note: str = ""
) -> Grid:
    """A grid without the columns, but the first, in which nothing is said."""
    listed = [tuple(row) for row in rows]
    kept = [n for n in range(len(columns)) if n == 0 or any(row[n].lines for row in listed)]
    named = tuple(columns[n] for n in kept)
    return Grid(title, named, tuple(tuple(row[n] for n in kept) for row in listed), note)


def as_mapping(shown: Shown) -> Mapping[str, object]:
    """For machines: names, and texts by column."""
    return {
        "name": shown.name,
        "sort": shown.sort,
        "about": shown.about,
        "says": shown.lead,
        "assumed": shown.assumed,
        "grids": [_plain(one) for one in shown.grids],
    }


def _plain(grid: Grid) -> Mapping[str, object]:
    rows = [
        {name: found.lines for name, found in zip(grid.columns, row, strict=True)}
        for row in grid.rows
    ]
    return {"title": grid.title, "columns": grid.columns, "rows": rows, "note": grid.note}
