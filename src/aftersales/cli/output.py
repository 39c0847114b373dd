"""Data to standard output, words to standard error. Tables are drawn on a terminal only."""

import dataclasses
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, TextIO

import click

# What could move the cursor or hide text: a case's texts come from outside. Newline and tab stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_NARROWEST = 40  # columns: below it nothing is folded further


def say(text: str) -> None:
    """Words about the work, for people: to standard error, on a terminal folded to its width."""
    click.echo(_in_width(text, sys.stderr), err=True)


def put_words(text: str) -> None:
    """Words that are what was asked for: to standard output, folded as `say` does."""
    click.echo(_in_width(text, sys.stdout))


def _in_width(text: str, stream: TextIO) -> str:
    width, lines = terminal_width(stream), clean(text).split("\n")
    return "\n".join(part for line in lines for part in folded(line, width, 0))


def put(text: str = "") -> None:
    """A line of data: to standard output."""
    click.echo(clean(text))


def put_styled(text: str) -> None:
    """Lines that are clean already and may hold colours of ours; click drops them off a terminal.

    NO_COLOR, set to anything, and a dumb terminal get none.
    """
    wants_none = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    click.echo(text, color=False if wants_none else None)


def put_json(value: object) -> None:
    """One JSON document, indented on a terminal, in one line elsewhere."""
    indent = 2 if sys.stdout.isatty() else None
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=indent))


def put_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under their column names: drawn on a terminal, else padded text."""
    if sys.stdout.isatty():
        _draw(columns, rows)
        return
    for line in aligned([[name.upper() for name in columns], *rows]):
        put(line)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Each row as a line, its columns padded to the widest, two spaces between."""
    if not rows:
        return []
    cleaned = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cleaned
    ]


def terminal_width(stream: TextIO) -> int | None:
    """How many columns the terminal has that `stream` goes to; None: it goes to none."""
    if not stream.isatty():
        return None
    return max(shutil.get_terminal_size().columns, _NARROWEST)


def folded(line: str, width: int | None, hang: int) -> list[str]:
    """The line, folded at blanks; the rest stands `hang` columns right of where it begins."""
    if width is None or len(line) <= width:
        return [line]
    import textwrap  # here: only a terminal needs it

    margin = " " * (len(line) - len(line.lstrip()) + hang)
    return textwrap.wrap(
        line, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    ) or [""]


def clean(text: str) -> str:
    """Without characters that a terminal obeys."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def plain(value: object) -> Any:
    """A value as JSON holds it: money as its text, instants in UTC, dataclasses by field."""
    if value is None or isinstance(value, str | int):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if type(value).__name__ == "Money":
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return str(value)


def _draw(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console  # here: only a terminal needs it
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")  # a name that is cut off names nothing
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    Console().print(table)
