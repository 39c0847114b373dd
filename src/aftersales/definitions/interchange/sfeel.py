"""Unary tests of S-FEEL as cells in our words."""

import re
from collections.abc import Callable

from aftersales.domain.errors import ValueUnreadable

_COMPARE = {"<=": "at most", ">=": "at least", "<": "under", ">": "over"}
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_DATE = re.compile(r'(date|date and time)\s*\(\s*"([^"]*)"\s*\)')
_RANGE = re.compile(r"([\[\]()])\s*(.+?)\s*\.\.\s*(.+?)\s*([\[\]()])")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)

Say = Callable[[str], str]  # how the text of a string literal is written in a cell


def cell_of(text: str, say: Say) -> str:
    """A cell that fits where these unary tests do. ValueUnreadable names the part that is none."""
    text = " ".join(text.split())
    if text in ("", "-"):
        return "any"
    negated = _NOT.fullmatch(text)
    parts = split(negated[1] if negated else text)
    if parts == ["null"]:
        return "known" if negated else "missing"
    tests = [_test(part, say) for part in parts]
    return "not " + " nor ".join(tests) if negated else " or ".join(tests)


def literal(text: str, say: Say) -> str:
    """The value of a literal: a string, a number, true, false, or a date."""
    text = text.strip()
    if found := _STRING.fullmatch(text):
        return say(re.sub(r"\\(.)", r"\1", found[1]))
    if text in ("true", "false"):
        return "yes" if text == "true" else "no"
    if _NUMBER.fullmatch(text):
        return _number(text)
    if found := _DATE.fullmatch(text):
        return found[2]
    help = "only strings, numbers, true, false and dates can be read"
    raise ValueUnreadable(f"`{text}` cannot be expressed", help=help)


def split(text: str) -> list[str]:
    """What commas part, outside quotes and parentheses."""
    found, depth, start, is_quoted = [], 0, 0, False
    for at, sign in enumerate(text):
        if sign == '"' and text[at - 1 : at] != "\\":
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (sign == "(") - (sign == ")" and depth > 0)
            if sign == "," and not depth:
                found.append(text[start:at].strip())
                start = at + 1
    return [*found, text[start:].strip()]


def _test(text: str, say: Say) -> str:
    if limits := _RANGE.fullmatch(text):
        low = "" if limits[1] == "[" else "over "
        high = "" if limits[4] == "]" else "under "
        return f"{low}{literal(limits[2], say)} to {high}{literal(limits[3], say)}"
    for symbol, words in _COMPARE.items():
        if text.startswith(symbol):
            return f"{words} {literal(text[len(symbol) :], say)}"
    return literal(text, say)


def _number(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    return f"{sign}{whole}{'.' + rest if rest else ''}"
