"""Amounts as policies write them: `20% of affected_value`, `15 USD`, `{USD: 15, EUR: 14}`."""

import re
from fractions import Fraction
from typing import Literal

from aftersales.definitions.keys import Keys
from aftersales.definitions.policy_reading import Reading
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.domain.conditions import FactType, percent_text, word_help
from aftersales.domain.duration import parse_percent
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money, meant_amount, plain_number
from aftersales.domain.policy import Amount, Rounding

_HELP = "write `20% of affected_value`, `15 USD` or `{USD: 15, EUR: 14}`"
_PRODUCT = re.compile(r"([a-z_][a-z0-9_]*) ?[*x×] ?([\d.,]+ ?%?)")
_ROUNDING = re.compile(r"(?:(up|down) )?(?:to )?(?:([1-9][0-9]{0,5}) )?(whole|minor) units?")


def looks_like_amount(node: Node, reading: Reading) -> bool:
    """Whether `node` is meant as an amount of money, rather than as a text about goods."""
    if isinstance(node, Mapping):
        return True
    if not isinstance(node, Scalar) or not node.text:
        return False
    if node.text in reading.schema.doubtful:
        return True
    return (
        node.text[0] in "-+.0123456789$€£" or "%" in node.text or _is_money_fact(node.text, reading)
    )


def optional_amount(keys: Keys, name: str, reading: Reading) -> Amount | None:
    """The amount under `name`, if it is there."""
    node = keys.node(name)
    return None if node is None else amount(node, reading)


def amount(node: Node, reading: Reading) -> Amount | None:
    """An amount, or None with the slip noted (P407)."""
    try:
        return _amount(node, reading)
    except ValueUnreadable as slip:
        reading.notes.error("P407", node, str(slip), slip.help or _HELP)
        return None


def _amount(node: Node, reading: Reading) -> Amount:
    if isinstance(node, Mapping):
        return _by_currency(node)
    if not isinstance(node, Scalar):
        raise ValueUnreadable("an amount is one text, or one amount a currency", help=_HELP)
    text = " ".join(node.text.split())
    share, of, fact = text.partition(" of ")
    if of:
        return Amount(text, parse_percent(share), _money_fact(fact, node, reading))
    meant = "" if of or _is_money_fact(text, reading) else _meant(text)
    if meant and meant != f"did you mean `{text}`?":
        raise ValueUnreadable(f"`{text}` is not an amount", help=meant)
    if text[:1] in "-+.0123456789" and "%" not in text:
        return Amount(text, fixed=(_money(text),))
    if "%" in text:
        raise ValueUnreadable(
            f"`{text}` does not say of what", help="write `20% of affected_value`"
        )
    return Amount(text, parse_percent("100%"), _money_fact(text, node, reading))


def _by_currency(node: Mapping) -> Amount:
    fixed = []
    for currency, value in node.items:
        if not isinstance(value, Scalar) or value.is_left_out:
            raise ValueUnreadable(
                f"`{currency.text}` has no amount", help="write `{USD: 15, EUR: 14}`"
            )
        fixed.append(_money(f"{value.text} {currency.text}"))
    if not fixed:
        raise ValueUnreadable("no amount is given", help=_HELP)
    return Amount(" or ".join(map(str, fixed)), fixed=tuple(fixed))


def _money(text: str) -> Money:
    money = Money.parse(text)
    if money.minor < 0:
        raise ValueUnreadable(f"`{text}` is below zero", help="write an amount from 0")
    return money


def _meant(text: str) -> str:
    """What was meant by `$15`, or by an author who multiplies; empty if that is not clear."""
    if money := meant_amount(text):
        return f"did you mean `{money}`?"
    product = _PRODUCT.fullmatch(text)
    number = plain_number(product[2].rstrip(" %")) if product else ""
    if not product or not number:
        return ""
    share = number if product[2].endswith("%") else percent_text(Fraction(number)).rstrip("%")
    return f"did you mean `{share}% of {product[1]}`?"


def _money_fact(name: str, node: Scalar, reading: Reading) -> str:
    if name in reading.schema.doubtful:
        return name  # its declaration has a slip, which is told there
    if not _is_money_fact(name, reading):
        declared = reading.schema.declared(name)
        facts = [fact for fact in reading.schema.all if _is_money_fact(fact, reading)]
        what = "is not a fact" if declared is None else f"is {declared.type}, not money"
        raise ValueUnreadable(f"`{name}` {what}", help=word_help(name, facts))
    reading.refuse_fact(node, name)
    return name


def _is_money_fact(name: str, reading: Reading) -> bool:
    declared = reading.schema.declared(name)
    return declared is not None and declared.type is FactType.MONEY


def rounding(keys: Keys, name: str) -> Rounding | None:
    """`whole units`, `up to 5 whole units`, `down to 50 minor units`; None if not there (P408)."""
    scalar = keys.scalar(name)
    if scalar is None:
        return None
    text = " ".join(scalar.text.split())
    found = _ROUNDING.fullmatch(text)
    if found is None:
        help = "write `to whole units`, `up to 5 whole units` or `down to 50 minor units`"
        keys.notes.error("P408", scalar, f"`{text}` is not a rounding", help)
        return None
    way, count, unit = found.groups()
    kind: Literal["nearest", "up", "down"] = (
        "up" if way == "up" else "down" if way == "down" else "nearest"
    )
    return Rounding(int(count or 1), "whole" if unit == "whole" else "minor", kind, text)
