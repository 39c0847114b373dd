"""What an author probably meant by a cell that cannot be read: `more than $100`, `01.03.2026`.

This only rewrites words. Whether the outcome is a cell is for the reader to say: only what can be
read is ever proposed.
"""

import re
from collections.abc import Callable
from fractions import Fraction

from aftersales.domain.calendar import meant_date
from aftersales.domain.conditions.codes import (
    COUNTRIES,
    COUNTRY_NAMES,
    COUNTRY_SLIPS,
    LANGUAGE_NAMES,
    LANGUAGES,
)
from aftersales.domain.conditions.declaration import FactDeclaration, FactType
from aftersales.domain.money import meant_amount, plain_number

_PHRASES = (
    (r"(?:more|greater|higher|bigger|larger) than(?! or)|above|exceeding", "over"),
    (r"(?:less|lower|smaller|fewer) than(?! or)|below", "under"),
    (r"up to|until|max(?:imum)?\.?|no(?:t)? more than|<=|≤", "at most"),
    (r"at ?least|min(?:imum)?\.?|no(?:t)? less than|starting from|>=|≥", "at least"),
    (r"at ?most", "at most"),
)
_BETWEEN = re.compile(r"(?:between|from) (.+?) (?:and|to) (.+)")
_DASH = re.compile(r"\s*(?:\.\.+|…|–|—|\s-\s)\s*")
_DIGITS_DASH = re.compile(r"(?<=[\d%])-(?=[\d$€£])")
_JOINTS = re.compile(r"\s*(?:\band\b|&&?|\|\|?|/|,)\s*")
_WORDS = re.compile(r"\b(at least|at most|over|under|to|or|nor|not)\b")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»‹›", "") | dict.fromkeys("‘’‚", ""))
_YES, _NO = ("yes", "y", "true", "on", "1", "ja", "oui", "si"), ("no", "n", "false", "off", "0")
_RANGED = (FactType.MONEY, FactType.NUMBER, FactType.PERCENT)


def rewritten(text: str, declaration: FactDeclaration) -> str:
    """`text` in the words of the cell language, as far as they can be guessed."""
    plain = " ".join(text.translate(_QUOTES).split())
    for pattern, words in _PHRASES:
        plain = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", words, plain, flags=re.I)
    plain = _BETWEEN.sub(r"\1 to \2", plain)
    if declaration.has_order:
        plain = _DASH.sub(" to ", plain)
    if declaration.type in _RANGED:
        plain = _DIGITS_DASH.sub(" to ", plain)
    parts = [part.strip() for part in _WORDS.split(_joined(plain, declaration.type))]
    read = _VALUES.get(declaration.type, str)
    values = [part if _WORDS.fullmatch(part) else read(part) for part in parts if part]
    if declaration.type is FactType.CHOICE:
        values = [_choice(value, declaration.choices) for value in values]
    return " ".join(_with_currency(values) if declaration.type is FactType.MONEY else values)


def _joined(text: str, type: FactType) -> str:
    """`and`, `/` and the like between values as `or`; after `not` as `nor`."""
    if type in (FactType.DATE, FactType.INSTANT, FactType.ZONE, *_RANGED):
        pattern = re.compile(r"\s+(?:and|&)\s+")  # here a comma or a slash is part of a value
    else:
        pattern = _JOINTS
    return pattern.sub(" nor " if text.startswith("not ") else " or ", text)


def _with_currency(values: list[str]) -> list[str]:
    """`20 to 100 USD` with the currency at both ends."""
    named = {found[0] for value in values if (found := re.search(r"[A-Z]{3}$", value))}
    if len(named) != 1:
        return values
    (currency,) = named
    return [f"{plain_number(v)} {currency}" if plain_number(v) else v for v in values]


def _money(text: str) -> str:
    return meant_amount(text) or text


def _number(text: str) -> str:
    found = re.fullmatch(r"(-?[\d.,]*\d)(?: [a-z]+)?", text)
    return (plain_number(found[1]) if found else "") or text


def _percent(text: str) -> str:
    number = plain_number(re.sub(r"\s*(?:%|percent|pct|per cent)$", "", text))
    if not number:
        return text
    is_part = not re.search(r"[^\d.,]", text) and Fraction(number) < 1 and number != "0"
    return f"{(Fraction(number) * 100).numerator}%" if is_part else f"{number}%"


def _yes_no(text: str) -> str:
    word = text.lower()
    return "yes" if word in _YES else "no" if word in _NO else text


def _country(text: str) -> str:
    upper = text.upper()
    known = COUNTRY_SLIPS.get(upper) or COUNTRY_NAMES.get(text.lower())
    return known or (upper if upper in COUNTRIES else text)


def _language(text: str) -> str:
    lower = text.lower()
    return LANGUAGE_NAMES.get(lower) or (lower if lower in LANGUAGES else text)


def _choice(text: str, choices: tuple[str, ...]) -> str:
    word = re.sub(r"[\s-]+", "_", text.lower())
    return word if word in choices else text


_VALUES: dict[FactType, Callable[[str], str]] = {
    FactType.MONEY: _money,
    FactType.NUMBER: _number,
    FactType.PERCENT: _percent,
    FactType.DATE: meant_date,
    FactType.YES_NO: _yes_no,
    FactType.COUNTRY: _country,
    FactType.LANGUAGE: _language,
}
