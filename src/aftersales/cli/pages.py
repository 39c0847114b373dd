"""Pages of lines for people: on a terminal folded below their own beginning, heads in bold."""

import shutil
import sys
import textwrap
from collections.abc import Iterable

import click

from aftersales.cli.output import clean, put

_NARROWEST = 40


def wrapped(lines: Iterable[str]) -> list[str]:
    """The lines, on a terminal folded to its width."""
    if not sys.stdout.isatty():
        return list(lines)
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    return [part for line in lines for part in _folded(line, width)]


def put_page(lines: Iterable[str], *, bold: str = "") -> None:
    """Put the lines; on a terminal those without a margin, which are heads, in bold.

    `bold` is a colour for them.
    """
    if not sys.stdout.isatty():
        for line in lines:
            put(line)
        return
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    for line in lines:
        is_head = bool(line) and not line.startswith(" ")
        for part in _folded(clean(line), width):
            click.echo(click.style(part, bold=True, fg=bold or None) if is_head else part)


def _folded(line: str, width: int) -> list[str]:
    margin = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(
        line, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    ) or [""]
