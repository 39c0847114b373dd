"""Grids as text: drawn on a terminal, aligned elsewhere, or as Markdown."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from aftersales.authoring.show import Cell, Grid, Shown
from aftersales.cli.output import clean, put
from aftersales.cli.pages import wrapped

_WIDEST = 44  # characters of a column of aligned text


def draw(shown: Shown) -> None:
    """The page to standard output."""
    for line in wrapped(_lead(shown)):
        put(line)
    for grid in shown.grids:
        put()
        put(grid.title)
        if sys.stdout.isatty():
            _rich(grid)
        else:
            for line in aligned(grid):
                put(line)
        if grid.note:
            put("\n".join(wrapped([grid.note])))


def _lead(shown: Shown) -> Iterator[str]:
    yield f"{shown.name}: {shown.sort}"
    if shown.about:
        yield shown.about
    yield from (f"  {line}" for line in shown.lead)
    if shown.assumed:
        yield "Taken for granted"
        yield from (f"  {line}" for line in shown.assumed)


def aligned(grid: Grid) -> Iterator[str]:
    """Rows under their columns; a cell of several lines stands in as many."""
    rows = [[_lines(cell) for cell in row] for row in grid.rows]
    heads = [[name.upper()] for name in grid.columns]
    widths = [
        max((len(line) for row in [heads, *rows] for line in row[n]), default=0)
        for n in range(len(grid.columns))
    ]
    for row in [heads, *rows]:
        for lines in zip_longest(*row, fillvalue=""):
            padded = (text.ljust(width) for text, width in zip(lines, widths, strict=True))
            yield ("  " + "  ".join(padded)).rstrip()


def _lines(cell: Cell) -> list[str]:
    said = [*cell.lines, *([f"({cell.remark})"] if cell.remark else [])]
    return [part for line in said for part in wrap(clean(line), _WIDEST) or [""]]


def _rich(grid: Grid) -> None:
    from rich import box  # here: only a terminal needs it
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", show_lines=False)
    for column in grid.columns:
        table.add_column(column, overflow="fold")  # a name that is cut off names nothing
    for row in grid.rows:
        texts = []
        for number, cell in enumerate(row):
            text = Text(clean("\n".join(cell.lines)), style="" if number else "bold")
            if cell.remark:
                text.append(("\n" if cell.lines else "") + clean(cell.remark), style="dim")
            texts.append(text)
        table.add_row(*texts)
    Console().print(table)


def markdown(shown: Shown) -> Iterator[str]:
    """The page as Markdown, whose tables every forge and wiki shows."""
    yield f"# {_escaped(shown.name)}"
    for line in [shown.about, *shown.lead]:
        if line:
            yield ""
            yield _escaped(line)
    if shown.assumed:
        yield ""
        yield from (f"- {_escaped(line)}" for line in ["Taken for granted:", *shown.assumed])
    for grid in shown.grids:
        yield ""
        yield f"## {_escaped(grid.title)}"
        yield ""
        yield from _table(grid.columns, grid.rows)
        if grid.note:
            yield ""
            yield _escaped(grid.note)


def _table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield f"| {' | '.join(map(_escaped, columns))} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        cells = ("<br>".join(_escaped(line) for line in _said(cell)) for cell in row)
        yield f"| {' | '.join(cells)} |"


def _said(cell: Cell) -> list[str]:
    return [*cell.lines, *([f"({cell.remark})"] if cell.remark else [])]


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is: no tags, no links, no new cells."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in clean(text).replace("\n", " "))
