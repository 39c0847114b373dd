"""Problems as people read them, with the line and a caret, and as data."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from textwrap import wrap
from typing import Any, Literal

from aftersales.domain.problem import Place, Problem

WIDEST = 160  # characters of a line that are shown

Part = Literal["place", "error", "warning", "note", "message", "margin", "caret", "help"]
Paint = Callable[[Part, str], str]


def plainly(_part: Part, text: str) -> str:
    """`text` as it is: how problems are painted where there are no colours."""
    return text


def render(
    problem: Problem,
    source: str | None = None,
    *,
    paint: Paint = plainly,
    width: int | None = None,
) -> str:
    """The problem with its line from `source`, a caret under the word, its notes and its help.

    `paint` may add colours; what is to be read is the same without. `width` is that of the
    terminal, where it is for one: words are folded to it, and a line is shown in part.
    """
    place = problem.place
    where, what = (
        f"{place.file}:{place.line}:{place.column}:",
        f"{problem.severity}[{problem.code}]",
    )
    margin = " " * len(str(place.line))
    sign, begins = paint("margin", "="), len(margin) + len(" = ")
    message = _folded(problem.message, len(f"{where} {what} "), begins, width)
    lines = [f"{paint('place', where)} {paint(problem.severity, what)} {paint('message', message)}"]
    if source is not None:
        lines += _snippet(place, source, margin, paint, width)
    for note in problem.notes:
        lines.append(f"{margin} {sign} {_folded(note, begins, begins + 2, width)}")
    if problem.help:
        help = _folded(problem.help, begins + len("help: "), begins + 2, width)
        lines.append(f"{margin} {sign} {paint('help', 'help:')} {help}")
    return "\n".join(lines)


def _folded(text: str, begins: int, hangs: int, width: int | None) -> str:
    """Words that begin in the column `begins`, folded to `width`; the rest begins in `hangs`."""
    safe = _safe(text)
    if width is None or begins + len(safe) <= width:
        return safe
    lines = wrap(
        safe,
        width,
        initial_indent=" " * begins,
        subsequent_indent=" " * hangs,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)[begins:]


def render_all(
    problems: Iterable[Problem],
    sources: Mapping[str, str],
    *,
    paint: Paint = plainly,
    width: int | None = None,
) -> str:
    """All problems, an empty line between them, and how many there are. `sources` are by file."""
    found = list(problems)
    parts = [
        render(problem, sources.get(problem.place.file), paint=paint, width=width)
        for problem in found
    ]
    return "\n\n".join([*parts, summary(found)]) + "\n"


def summary(problems: Iterable[Problem]) -> str:
    """`2 errors, 1 warning, 3 notes`, or `no problems`."""
    severities = [problem.severity for problem in problems]
    counts = [(severities.count(word), word) for word in ("error", "warning", "note")]
    parts = [f"{count} {word}{'s' * (count != 1)}" for count, word in counts if count]
    return ", ".join(parts) or "no problems"


def to_json(problem: Problem) -> dict[str, Any]:
    """The problem as data; lines and columns count from 1."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "length": problem.place.length,
        "message": problem.message,
        "help": problem.help,
        "notes": list(problem.notes),
    }


def _snippet(place: Place, source: str, margin: str, paint: Paint, width: int | None) -> list[str]:
    lines = _lines(source)
    if place.line > len(lines):
        return []
    room = WIDEST if width is None else max(1, min(WIDEST, width - len(margin) - len(" |  ……")))
    written, start = _window(lines[place.line - 1], place.column - 1, room)
    line = _safe(written)
    length = max(1, min(place.length, len(line) - start))
    pad = _blank(line[:start])
    carets = paint("caret", "^" * max(1, len(_blank(line[start : start + length]))))
    number, bar = paint("margin", str(place.line)), paint("margin", "|")
    return [f"{margin} {bar}", f"{number} {bar} {line}", f"{margin} {bar} {pad}{carets}"]


@lru_cache(maxsize=8)
def _lines(source: str) -> list[str]:
    """The lines of a file, which may have many problems."""
    return source.splitlines()


def _window(line: str, start: int, room: int) -> tuple[str, int]:
    """The part of a long line around `start`, `room` wide, and where `start` is in it."""
    start = min(start, len(line))
    if len(line) <= room:
        return line, start
    first = max(0, min(start - room // 2, len(line) - room))
    part = line[first : first + room]
    lead, trail = "…" * (first > 0), "…" * (first + room < len(line))
    return f"{lead}{part}{trail}", start - first + len(lead)


def _blank(text: str) -> str:
    """Spaces as wide as `text` is on a terminal."""
    return "".join(" " * _width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _safe(text: str) -> str:
    """One line without what would steer a terminal; a tab is shown as one space."""
    return "".join(
        " " if character in "\t\n\r" else "\ufffd" if _steers(character) else character
        for character in text
    )


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
