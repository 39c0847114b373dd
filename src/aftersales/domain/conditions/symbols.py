"""Symbols of S-FEEL in words: `>= 100 USD` is `at least 100 USD`, `[20..100)` is a range."""

import re

_COMPARE = ((">=", "at least"), ("<=", "at most"), (">", "over"), ("<", "under"), ("=", ""))
_RANGE = re.compile(r"([\[\]()])\s*(.+?)\s*\.\.\s*(.+?)\s*([\[\]()])")
_NOT = re.compile(r"not\s*\((.*)\)")


def cell_in_words(text: str) -> str:
    """A whole cell with the symbols for `any` and `not` in words."""
    text = text.strip()
    if text == "-":
        return "any"
    if text.startswith("!="):
        return f"not {text[2:].strip()}"
    negated = _NOT.fullmatch(text)
    if negated:
        return "not " + " nor ".join(part.strip() for part in negated[1].split(","))
    return text


def test_in_words(text: str) -> str:
    """One test with its symbols in words; one without symbols comes back as it is."""
    limits = _RANGE.fullmatch(text)
    if limits and limits[1] in "[](" and limits[4] in "[])":
        low = "" if limits[1] == "[" else "over "
        high = "" if limits[4] == "]" else "under "
        return f"{low}{limits[2]} to {high}{limits[3]}"
    for symbol, words in _COMPARE:
        if text.startswith(symbol):
            return f"{words} {text[len(symbol) :].strip()}".strip()
    return text
