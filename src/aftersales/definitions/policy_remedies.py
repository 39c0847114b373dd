"""The `remedies:` of a compensation policy."""

from aftersales.definitions.keys import Keys
from aftersales.definitions.labels import read_label
from aftersales.definitions.policy_amounts import (
    amount,
    looks_like_amount,
    optional_amount,
    rounding,
)
from aftersales.definitions.policy_reading import REASONS, Reading, reason
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.domain.conditions import ALWAYS, closest, ticked
from aftersales.domain.policy import Amount, CountsAs, RemedyRule, WhenUnknown

VALUE_SORTS = ("refund", "coupon", "store_credit")  # these are worth an amount, always
GOODS_SORTS = ("resend", "exchange", "repair", "return_shipping", "replacement_part", "gift")
_TEXTS = ("shipping", "label")
_AMOUNT_KEYS = ("at_least", "at_most", "round")
_GOODS_KEYS = ("costs", "if_missing")
_KEYS = (
    *_AMOUNT_KEYS, *_GOODS_KEYS, *_TEXTS, *REASONS,
    "counts_as", "valid_for", "minimum_spend", "only_if", "if_unknown", "details",
)  # fmt: skip
_COUNTS_AS: tuple[CountsAs, ...] = ("owed", "goodwill")
_IF_UNKNOWN: tuple[WhenUnknown, ...] = ("retry with key", "hold for a person")


def read_remedies(keys: Keys, reading: Reading) -> dict[str, RemedyRule]:
    """All remedies that could be read, by name."""
    found = {}
    for name, node in keys.pairs("remedies", required=True):
        if rule := _remedy(name, node, reading):
            found[name.text] = rule
    return found


def _remedy(name: Scalar, node: Node, reading: Reading) -> RemedyRule | None:
    if not (name.text.isidentifier() and name.text.isascii()):
        help = "use small letters, digits and `_`, and begin with a letter"
        reading.notes.error("P403", name, f"`{name.text}` cannot be the name of a remedy", help)
    keys = Keys(node, reading.notes, what=f"the remedy `{name.text}`")
    sort = _sort(name, node, reading)
    if sort is None:
        return None
    value = keys.node(sort.text)
    worth, items = _worth(sort, value, reading)
    rule = RemedyRule(
        name=name.text,
        sort=sort.text,
        ref=reading.ref(name.text, name),
        amount=worth,
        at_least=optional_amount(keys, "at_least", reading),
        at_most=optional_amount(keys, "at_most", reading),
        round=rounding(keys, "round"),
        costs=_costs(keys, reading),
        if_missing=optional_amount(keys, "if_missing", reading),
        only_if=ALWAYS if (only := keys.node("only_if")) is None else reading.condition(only),
        counts_as=_counts_as(keys, sort),
        when_unknown=_when_unknown(keys),
        details=_details(keys, reading, items),
    )
    reason(keys)
    keys.done()
    _refuse_mixed(name, sort, keys, is_amount=worth is not None, reading=reading)
    return rule


def _sort(name: Scalar, node: Node, reading: Reading) -> Scalar | None:
    """The one key that is not another setting: what sort of remedy it is (P409)."""
    if not isinstance(node, Mapping):
        return None
    unknown = [key for key, _ in node.items if key.text not in _KEYS]
    known = [key for key in unknown if key.text in (*VALUE_SORTS, *GOODS_SORTS)]
    sorts = known or [key for key in unknown if not closest(key.text, _KEYS)] or unknown
    if len(sorts) == 1:
        near = closest(sorts[0].text, (*VALUE_SORTS, *GOODS_SORTS, *_KEYS))
        if known or near is None:
            return sorts[0]
        message = f"`{sorts[0].text}` is not a sort of remedy, nor a key of one"
        reading.notes.error("P409", sorts[0], message, f"did you mean `{near}`?")
        return None
    message = f"the remedy `{name.text}` must be of one sort"
    help = f"one of {ticked((*VALUE_SORTS, *GOODS_SORTS))}, or a sort that the shop handles itself"
    reading.notes.error("P409", sorts[1] if sorts else name, message, help)
    return None


def _worth(sort: Scalar, value: Node | None, reading: Reading) -> tuple[Amount | None, str]:
    """The amount, or else the text that says which goods."""
    if value is None:
        return None, ""
    if sort.text in VALUE_SORTS or looks_like_amount(value, reading):
        return amount(value, reading), ""
    if isinstance(value, Scalar):
        return None, value.text
    help = "write an amount, or say in words which goods"
    reading.notes.error("P409", value, f"`{sort.text}` is one text", help)
    return None, ""


def _costs(keys: Keys, reading: Reading) -> tuple[Amount, ...]:
    return tuple(a for node in keys.nodes("costs") if (a := amount(node, reading)))


def _counts_as(keys: Keys, sort: Scalar) -> CountsAs:
    """A coupon never replaces what is owed, so it is goodwill."""
    word = keys.choice("counts_as", _COUNTS_AS)
    if sort.text != "coupon":
        return "goodwill" if word == "goodwill" else "owed"
    if word == "owed":
        help = "write `counts_as: goodwill`, or make it a refund"
        message = "a coupon never counts as what is owed"
        keys.notes.error("P409", keys.place("counts_as"), message, help)
    return "goodwill"


def _when_unknown(keys: Keys) -> WhenUnknown:
    word = keys.choice("if_unknown", _IF_UNKNOWN)
    return "retry with key" if word == "retry with key" else "hold for a person"


def _details(keys: Keys, reading: Reading, items: str) -> dict[str, str]:
    details = {"items": items} if items else {}
    if valid_for := keys.duration("valid_for"):
        details["valid_for"] = str(valid_for)
    if minimum := optional_amount(keys, "minimum_spend", reading):
        details["minimum_spend"] = minimum.text
    details |= _texts("shipping", keys.node("shipping"), keys)
    details |= {f"label.{code}" if code else "label": text for code, text in read_label(keys)}
    for key, node in keys.pairs("details"):
        details |= _texts(key.text, node, keys)
    return details


def _texts(name: str, node: Node | None, keys: Keys) -> dict[str, str]:
    """One text, or one a language as `label.de`."""
    if isinstance(node, Scalar):
        return {name: node.text}
    if isinstance(node, Mapping):
        return {f"{name}.{k.text}": v.text for k, v in node.items if isinstance(v, Scalar)}
    if node is not None:
        keys.notes.error("K104", node, f"`{name}` is one text", f"write it like `{name}: ...`")
    return {}


def _refuse_mixed(
    name: Scalar, sort: Scalar, keys: Keys, *, is_amount: bool, reading: Reading
) -> None:
    """What belongs to amounts stands with amounts only, and goods say what they cost us."""
    wrong = _GOODS_KEYS if is_amount else _AMOUNT_KEYS
    if sort.text in VALUE_SORTS and not is_amount:
        return
    for key in wrong:
        if key in keys:
            why = "it costs what it is worth" if is_amount else "goods have no amount"
            message = f"`{key}` does not belong to a `{sort.text}` like this: {why}"
            reading.notes.error("P409", keys.place(key), message, f"remove `{key}`")
    if not is_amount and "costs" not in keys:
        help = "add `costs: [item_cost]` with the facts or amounts it is made of"
        message = f"`{name.text}` does not say what it costs us, so nobody could approve it"
        reading.notes.error("P409", sort, message, help)
