"""Text that is not YAML, told in words that an author of policies knows, where the slip begins."""

import re
from collections.abc import Sequence

import yaml
from yaml.reader import Reader

from aftersales.domain.problem import Place, Problem

_NOT_CLOSED = {"}": "{", "]": "["}
_ELSE = "look at this line and the one before: a colon, a quote or a bracket is missing or too many"
# What stands unquoted where a value begins, and means something else to YAML than to its author.
_SYMBOLS = (
    (r"(?<=:)\s+[<>=]", "write it in words, such as `at least 100 USD`, or put quotes round it"),
    (r"(?<=:)\s+!", "write it in words, such as `not US`, or put quotes round it"),
    (r"(?<=:)\s+\*", "write `any` if it does not matter, or put quotes round it"),
    (r"\d\s*\.\.", "write it in words, such as `20 USD to under 100 USD`, or put quotes round it"),
)


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """What keeps `text` from being YAML (Y100), and what to do about it."""
    lines = text.splitlines()
    forbidden = Reader.NON_PRINTABLE.search(text)
    if forbidden:
        return _forbidden(forbidden[0], text[: forbidden.start()], file)
    place = _place(getattr(error, "problem_mark", None), file)
    begun = _place(getattr(error, "context_mark", None), file)
    symbol = _symbol(lines, place)
    if symbol is not None:
        at, help = symbol
        return _problem(at, "a symbol stands where a value begins", help)
    return _told(str(getattr(error, "problem", None) or ""), place, begun, lines)


def _told(what: str, place: Place, begun: Place, lines: Sequence[str]) -> Problem:
    line = _line(lines, place)
    before, at = line[: place.column - 1], line[place.column - 1 : place.column]
    match what:
        case "found unexpected end of stream":
            return _problem(begun, "a quote is never closed", "close it at the end of its text")
        case "found character that cannot start any token" if at == "\t" or "\t" in before:
            return _tab(place, before)
        case "found character that cannot start any token":
            sign = "a backtick" if at == "`" else f"`{at}`"
            return _problem(place, f"no text begins with {sign}", "put quotes round the text")
        case "did not find expected alphabetic or numeric character":
            sign = before[-1:]
            at_sign = Place(place.file, place.line, max(1, place.column - 1))
            return _problem(at_sign, f"no text begins with `{sign}`", "put quotes round the text")
        case "could not find expected ':'":
            help = "write `key: value`, with a space after the colon"
            return _problem(begun, "a colon with a space after it is missing", help)
        case "mapping values are not allowed in this context" if ":" in before:
            help = "put quotes round a text that holds a colon"
            return _problem(place, "a second colon stands in one line", help)
        case "did not find expected ',' or '}'" | "did not find expected ',' or ']'":
            return _in_brackets(what[-2], place, begun, lines)
    if before.strip(" -"):
        help = "put quotes round the whole text, or remove a quote or a bracket that is too many"
        return _problem(place, "something follows the end of a value", help)
    if what in ("did not find expected key", "mapping values are not allowed in this context"):
        help = "give all keys of one thing the same indent, and each item of a list its `-`"
        return _problem(place, "this line is indented otherwise than those it belongs to", help)
    return _problem(place, what or "it cannot be read", _ELSE)


def _tab(place: Place, before: str) -> Problem:
    """A tab where YAML wants spaces, told where the tab is."""
    column = before.index("\t") + 1 if "\t" in before else place.column
    at = Place(place.file, place.line, column)
    where = "here" if before[: column - 1].strip() else "at the beginning of this line"
    help = "put spaces in its place, as many as the lines beside it begin with"
    return Problem("Y100", at, f"a tab stands {where}, where YAML wants spaces", help)


def _in_brackets(close: str, place: Place, begun: Place, lines: Sequence[str]) -> Problem:
    opened = _NOT_CLOSED[close]
    if place.line > begun.line:
        help = f"close it by `{close}`, or add the comma that is missing in it"
        return _problem(begun, f"a `{opened}` is never closed", help)
    if _line(lines, place)[place.column - 1 : place.column] in tuple("]})"):
        help = f"close the `{opened}` of column {begun.column} by `{close}` first"
        return _problem(place, "another bracket was opened here", help)
    help = "put commas between pairs, and quotes round a text that holds a colon or a quote"
    return _problem(place, f"a comma or a `{close}` is missing before it", help)


def _symbol(lines: Sequence[str], place: Place) -> tuple[Place, str] | None:
    """The nearest such symbol up to `place`, in its line or the one before, and what to write."""
    for number in (place.line, place.line - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        end = place.column if number == place.line else len(line)
        found = [
            (match.end(), help) for at, help in _SYMBOLS for match in re.finditer(at, line[:end])
        ]
        if found:
            column, help = max(found)
            return Place(place.file, number, column), help
    return None


def _forbidden(sign: str, before: str, file: str) -> Problem:
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    help = "remove it: it cannot be seen, and came in by copying"
    return _problem(Place(file, line, column), f"the sign U+{ord(sign):04X} stands here", help)


def _line(lines: Sequence[str], place: Place) -> str:
    return lines[place.line - 1] if place.line <= len(lines) else ""


def _place(mark: yaml.Mark | None, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


def _problem(place: Place, what: str, help: str) -> Problem:
    return Problem("Y100", place, f"this is not YAML: {what}", help)
