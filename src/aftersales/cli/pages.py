"""Pages of lines for people: on a terminal folded below their own beginning, heads in bold."""

import sys
from collections.abc import Iterable

import click

from aftersales.cli.output import clean, folded, put, terminal_width

_HANG = 4


def wrapped(lines: Iterable[str]) -> list[str]:
    """The lines, on a terminal folded to its width."""
    width = terminal_width(sys.stdout)
    return [part for line in lines for part in folded(line, width, _HANG)]


def put_page(lines: Iterable[str], *, bold: str = "") -> None:
    """Put the lines; on a terminal those without a margin, which are heads, in bold.

    `bold` is a colour for them.
    """
    width = terminal_width(sys.stdout)
    if width is None:
        for line in lines:
            put(line)
        return
    for line in lines:
        is_head = bool(line) and not line.startswith(" ")
        for part in folded(clean(line), width, _HANG):
            click.echo(click.style(part, bold=True, fg=bold or None) if is_head else part)
