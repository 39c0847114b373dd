"""Reads `rates/1`: dated rates of exchange. Live, never pinned: an offer stores those it used."""

from dataclasses import dataclass
from datetime import date

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.period import read_period
from aftersales.definitions.text import Mapping, Scalar
from aftersales.domain.conditions import Rates
from aftersales.domain.errors import ValueUnreadable


@dataclass(frozen=True, slots=True)
class DatedRates:
    """Rates and the first day they are used. `first` None: from the beginning."""

    rates: Rates
    first: date | None = None


def read_rates(root: Mapping, notes: Notes) -> DatedRates | None:
    """The rates written in `root`: what one unit of `base` buys of each currency."""
    keys = Keys(root, notes, what="a file of rates")
    for name in ("aftersales", "about", "because", "source", "read_on", "from"):
        keys.node(name)
    base = keys.scalar("base", required=True)
    pairs = keys.pairs("rates", required=True)
    keys.done()
    is_good = base is not None and _is_currency(base, notes)
    per_base: dict[str, str] = {}
    for key, node in pairs:
        if _is_currency(key, notes) and _is_rate(key, node, notes):
            per_base[key.text] = node.text if isinstance(node, Scalar) else ""
    if base is None or not is_good:
        return None
    return DatedRates(Rates.of(base.text, per_base), read_period(root, notes).first)


def _is_currency(scalar: Scalar, notes: Notes) -> bool:
    text = scalar.text
    if len(text) == 3 and text.isascii() and text.isalpha() and text.isupper():
        return True
    is_small = len(text) == 3 and text.isascii() and text.isalpha()
    help = f"did you mean `{text.upper()}`?" if is_small else "three capital letters, as in `EUR`"
    notes.error("F806", scalar, f"`{text}` is not a currency", help)
    return False


def _is_rate(key: Scalar, node: object, notes: Notes) -> bool:
    if not isinstance(node, Scalar):
        notes.error("K104", key, f"the rate of `{key.text}` is one number", "write it like `1.08`")
        return False
    try:
        Rates.of("EUR", {key.text: node.text})
    except ValueUnreadable as slip:
        notes.unreadable("F806", node, slip)
        return False
    return True
