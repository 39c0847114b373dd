"""Problems as workflow commands, which GitHub shows beside the lines of a pull request."""

from collections.abc import Iterator

from aftersales.cli.problems.found import Found
from aftersales.domain.problem import Problem

_IN_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_TEXT, ":": "%3A", ",": "%2C"}


def annotations(found: Found) -> Iterator[str]:
    """One line a problem: `::error file=...,line=...::message`."""
    for problem in found.problems:
        yield _annotation(problem, found.path(problem).as_posix())


def _annotation(problem: Problem, file: str) -> str:
    place = problem.place
    properties = {
        "file": file,
        "line": str(place.line),
        "endLine": str(place.line),
        "col": str(place.column),
        "endColumn": str(place.column + place.length),
        "title": f"aftersales {problem.code}",
    }
    written = ",".join(f"{key}={_escaped(text, _IN_PROPERTY)}" for key, text in properties.items())
    help = (f"help: {problem.help}",) if problem.help else ()
    text = "\n".join([problem.message, *problem.notes, *help])
    level = "notice" if problem.severity == "note" else problem.severity
    return f"::{level} {written}::{_escaped(text, _IN_TEXT)}"


def _escaped(text: str, marks: dict[str, str]) -> str:
    """`text` with each mark written so that it ends neither the line nor the property."""
    return "".join(marks.get(character, character) for character in text)
