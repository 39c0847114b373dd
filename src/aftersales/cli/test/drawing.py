"""A failed test as people read it: expected and found side by side, and why."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aftersales.cli.output import clean, put

if TYPE_CHECKING:
    from aftersales.authoring import Difference, StoryResult

_HEADS = ("", "EXPECTED", "FOUND")


def failed_lines(result: "StoryResult") -> list[str]:
    """The name of a test, where it stands, and each thing that is not as expected."""
    page = [f"{result.name} ({result.place})"]
    compared = [found for found in result.differences if found.what]
    cells = [_HEADS, *((d.what, _listed(d.expected), _listed(d.found)) for d in compared)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    told: tuple[str, ...] = ()
    for number, cell in enumerate(cells if compared else ()):
        page.append("    " + "  ".join(map(str.ljust, cell, widths)).rstrip())
        if number:
            difference = compared[number - 1]
            told = tuple(dict.fromkeys((*told, *_whys(difference, result))))
    page += [f"    {difference}" for difference in result.differences if not difference.what]
    return [*page, *(f"      {why}" for why in told), ""]


def styled(lines: Iterable[str]) -> None:
    """Put the lines, on a terminal with the name of the test in bold."""
    if not sys.stdout.isatty():
        for line in lines:
            put(line)
        return
    from rich.console import Console  # here: only a terminal needs it
    from rich.text import Text

    console = Console()
    for number, line in enumerate(lines):
        style = "bold red" if number == 0 else "dim" if line.startswith("      ") else ""
        console.print(Text(clean(line), style=style))


def _whys(difference: "Difference", result: "StoryResult") -> Iterable[str]:
    """Why it is so; first in which step, if the test is a story."""
    if difference.place != result.place:
        yield f"at {difference.place}"
    yield from difference.why


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "nothing"
