"""A failed test as people read it: expected and found side by side, and why."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

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


def _whys(difference: "Difference", result: "StoryResult") -> Iterable[str]:
    """Why it is so; first in which step, if the test is a story."""
    if difference.place != result.place:
        yield f"at {difference.place}"
    yield from difference.why


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "nothing"
