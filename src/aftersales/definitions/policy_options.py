"""What bends the base of a compensation policy: exceptions, swaps, extras, limits, approval."""

from collections.abc import Iterable

from aftersales.definitions.keys import Keys
from aftersales.definitions.policy_amounts import amount
from aftersales.definitions.policy_reading import Reading, reason
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import FactSchema, bands_slip, word_help
from aftersales.domain.duration import Unit
from aftersales.domain.policy import (
    BANDS,
    NONE_NEEDED,
    Amount,
    ApprovalBand,
    EachOptionCap,
    Extra,
    GoodwillCap,
    Limits,
    OptionsRule,
    Swap,
)
from aftersales.domain.problem import Place


def read_options_row(node: Node, reading: Reading, *, what: str) -> OptionsRule:
    """A row or an exception: an id, a condition, the options, what it wins over."""
    keys = Keys(node, reading.notes, what=what)
    ref = reading.id(keys, what)
    when = reading.when(keys)
    options = reading.combinations(keys.node("options", required=True))
    wins_over = (
        frozenset(keys.list_of_texts("wins_over")) if what == "an exception" else frozenset()
    )
    because = reason(keys)
    keys.done(facts=reading.schema.declarations)
    return OptionsRule(ref, options, when, wins_over, because)


def read_otherwise_options(node: Node, reading: Reading) -> OptionsRule:
    """The options where no row fits."""
    keys = Keys(node, reading.notes, what="`otherwise`")
    options = reading.combinations(keys.node("options", required=True))
    because = reason(keys)
    keys.done(facts=reading.schema.declarations)
    return OptionsRule(reading.ref("otherwise", node), options, because=because)


def read_exceptions(keys: Keys, reading: Reading) -> tuple[OptionsRule, ...]:
    """The exceptions; those named in `wins_over` must exist, none wins over itself (P405)."""
    nodes = keys.nodes("exceptions", with_ids=True)
    read = tuple(read_options_row(node, reading, what="an exception") for node in nodes)
    beats = {rule.ref.rule: rule.wins_over for rule in read}
    for node, rule in zip(nodes, read, strict=True):
        for scalar in _wins_over(node):
            _check_wins_over(scalar, rule.ref.rule, beats, reading)
    return read


def _wins_over(node: Node) -> Iterable[Scalar]:
    given = node.get("wins_over") if isinstance(node, Mapping) else None
    items = given.items if isinstance(given, Listing) else (given,)
    return [item for item in items if isinstance(item, Scalar)]


def _check_wins_over(
    scalar: Scalar, own: str, beats: dict[str, frozenset[str]], reading: Reading
) -> None:
    other = scalar.text
    if other not in beats:
        others = [id for id in beats if id != own]
        help = word_help(other, others) or "there is no other exception: remove `wins_over`"
        reading.notes.error("P405", scalar, f"`{other}` is not an exception of this policy", help)
    elif other == own:
        reading.notes.error("P405", scalar, f"`{own}` cannot win over itself", "name another")
    elif own in beats[other] and other < own:
        help = "remove one of the two"
        reading.notes.error("P405", scalar, f"`{own}` and `{other}` win over each other", help)


def read_swaps(keys: Keys, reading: Reading) -> tuple[Swap, ...]:
    """Which remedies stand in for others, and when."""
    return tuple(_swap(node, reading) for node in keys.nodes("swaps", with_ids=True))


def _swap(node: Node, reading: Reading) -> Swap:
    keys = Keys(node, reading.notes, what="a swap")
    swap = Swap(
        reading.id(keys, "a swap"),
        reading.when(keys),
        reading.remedy(keys.scalar("instead_of", required=True)),
        reading.remedy(keys.scalar("use", required=True)),
    )
    reason(keys)
    keys.done(facts=reading.schema.declarations)
    return swap


def read_extras(keys: Keys, reading: Reading) -> tuple[Extra, ...]:
    """Which remedies are added, and when."""
    return tuple(_extra(node, reading) for node in keys.nodes("extras", with_ids=True))


def _extra(node: Node, reading: Reading) -> Extra:
    keys = Keys(node, reading.notes, what="an extra")
    ref, when = reading.id(keys, "an extra"), reading.when(keys)
    extra = Extra(ref, when, reading.remedy(keys.scalar("add", required=True)))
    reason(keys)
    keys.done(facts=reading.schema.declarations)
    return extra


def read_limits(node: Node | None, reading: Reading) -> Limits:
    """What may never stand together, what an option may cost, what a customer may get."""
    if node is None:
        return Limits()
    keys = Keys(node, reading.notes, what="the limits")
    limits = Limits(
        tuple(_together(pair, reading) for pair in _lists(keys, "never_together")),
        _each_option(keys, reading),
        _per_customer(keys, reading),
        reading.ref("never_together", keys.place("never_together")),
    )
    reason(keys)
    keys.done()
    return limits


def _lists(keys: Keys, name: str) -> tuple[Listing, ...]:
    lists = []
    nodes = keys.nodes(name)
    if nodes and not any(isinstance(node, Listing) for node in nodes):
        words = ", ".join(node.text for node in nodes if isinstance(node, Scalar))
        help = f"write it with one more pair of brackets: `{name}: [[{words}]]`"
        keys.notes.error("K104", nodes[0], f"`{name}` is a list of lists", help)
        return ()
    for node in nodes:
        if isinstance(node, Listing) and len(node.items) > 1:
            lists.append(node)
        else:
            help = f"write it like `{name}: [[full_refund, resend]]`"
            keys.notes.error("K104", node, f"`{name}` is a list of lists", help)
    return tuple(lists)


def _together(node: Listing, reading: Reading) -> frozenset[str]:
    return frozenset(reading.remedy(item) for item in node.items if isinstance(item, Scalar))


def _each_option(keys: Keys, reading: Reading) -> EachOptionCap | None:
    inner = keys.keys("each_option", what="the limit of each option")
    if inner is None:
        return None
    most = inner.node("at_most", required=True)
    reason(inner)
    inner.done()
    read = amount(most, reading) if most else None
    return (
        EachOptionCap(reading.ref("each_option", keys.place("each_option")), read) if read else None
    )


def _per_customer(keys: Keys, reading: Reading) -> GoodwillCap | None:
    inner = keys.keys("per_customer", what="the limit per customer")
    if inner is None:
        return None
    goodwill = inner.node("goodwill", required=True)
    within = inner.duration("within", required=True)
    reason(inner)
    inner.done()
    most = _at_most(goodwill, reading) if goodwill else None
    if within and within.unit is not Unit.DAYS:
        message = f"the limit per customer is counted in days, not in {within.unit}"
        reading.notes.error("P407", inner.place("within"), message, "write `within: 90 days`")
    if most is None or within is None:
        return None
    return GoodwillCap(reading.ref("per_customer", keys.place("per_customer")), most, within)


def _at_most(node: Node, reading: Reading) -> Amount | None:
    """`at most 150 USD`, or amounts by currency: `{USD: 150, EUR: 140}`, also under `at most`."""
    if isinstance(node, Mapping):
        inner = node.get("at most")
        return amount(inner if inner and len(node.items) == 1 else node, reading)
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if not isinstance(node, Scalar) or not text.startswith("at most "):
        reading.notes.error(
            "P407", node, "a limit says `at most`", "write `goodwill: at most 150 USD`"
        )
        return None
    return amount(Scalar(text.removeprefix("at most "), node.place, node.is_quoted), reading)


def read_approval(keys: Keys, reading: Reading, schema: FactSchema) -> tuple[ApprovalBand, ...]:
    """Who must approve, by cost. Each cost belongs to one band (P415)."""
    pairs = keys.pairs("approval")
    bands = tuple(_band(name, cell, reading, schema) for name, cell in pairs)
    if pairs and not reading.notes.has_errors:
        _check_cover(bands, keys.place("approval"), reading)
    if pairs and NONE_NEEDED not in {band.name for band in bands}:
        help = f"add `{NONE_NEEDED}: under 50 USD`"
        place = keys.place("approval")
        reading.notes.error("P414", place, f"no band says `{NONE_NEEDED}`", help)
    return bands


def _band(name: Scalar, cell: Node, reading: Reading, schema: FactSchema) -> ApprovalBand:
    if name.text not in BANDS:
        help = word_help(name.text, BANDS)
        reading.notes.error("P414", name, f"`{name.text}` is not a band of approval", help)
    pair = Mapping(((Scalar("cost", name.place), cell),), name.place)
    when = reading.condition(pair, schema=schema)
    return ApprovalBand(reading.ref(f"approval {name.text}", name), name.text, when)


def _check_cover(bands: tuple[ApprovalBand, ...], place: Place, reading: Reading) -> None:
    cells = {b.name: cell for b in bands for box in b.when.boxes for _, cell in box}
    slip = bands_slip(reading.schema.declaration("cost"), cells)
    if slip is not None:
        help = "let each band begin where the one before it ends: `50 USD to under 250 USD`"
        reading.notes.error("P415", place, slip, help)
