"""What the world outside allows and asks: channels of sale, and floors of law."""

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_reading import REASONS, Reading, both, reason
from aftersales.definitions.text import Mapping, Node, Scalar
from aftersales.domain.conditions import ALWAYS, FactSchema, closest
from aftersales.domain.policy import ChannelRule, Channels, Floor, Floors

_TOP = ("aftersales", "policy", "about", "from", "until")
_THINGS = ("coupons", "review_contact")
_ROW = ("id", "when", "can", *_THINGS, *REASONS)


def read_channels(root: Mapping, schema: FactSchema, notes: Notes) -> Channels | None:
    """The rows of `policies/channels.yaml`, or None with the problems noted."""
    own = Notes()
    keys = Keys(root, own, what="the channels")
    reading = Reading(keys.text("policy") or "channels", schema, own)
    rules = tuple(_channel(node, reading) for node in keys.nodes("rows", required=True))
    reason(keys)
    keys.done(also=_TOP)
    notes.extend(own.problems)
    return None if own.has_errors else Channels(rules)


def _channel(node: Node, reading: Reading) -> ChannelRule:
    """Facts stand in the row itself, or under `when`."""
    keys = Keys(node, reading.notes, what="a channel")
    facts = _facts_in(node, reading)
    own = reading.condition(facts) if facts.items else ALWAYS
    when = both(own, reading.when(keys, required=False))
    can = frozenset(keys.list_of_texts("can")) if "can" in keys else None
    never = [t for t in _THINGS if keys.choice(t, ("never", "allowed")) == "never"]
    id = keys.text("id") or ", ".join(
        f"{key.text} {value.text}" for key, value in facts.items if isinstance(value, Scalar)
    )
    source = reason(keys)
    keys.done(also=[key.text for key, _ in facts.items])
    where = node.items[0][0] if isinstance(node, Mapping) and node.items else node
    return ChannelRule(reading.ref(id, where), when, can, frozenset(never), source)


def _facts_in(node: Node, reading: Reading) -> Mapping:
    """The pairs of the row that are facts; a slip in one of our own keys is not one."""
    pairs = node.items if isinstance(node, Mapping) else ()
    facts = tuple((key, value) for key, value in pairs if _is_fact(key.text, reading))
    return Mapping(facts, node.place)


def _is_fact(name: str, reading: Reading) -> bool:
    if name in _ROW:
        return False
    return reading.schema.declared(name) is not None or closest(name, _ROW) is None


def read_floors(root: Mapping, schema: FactSchema, notes: Notes) -> Floors | None:
    """The floors of one file of `policies/law/`, or None with the problems noted."""
    own = Notes()
    keys = Keys(root, own, what="the floors of law")
    reading = Reading(keys.text("policy") or "law", schema, own)
    if "must_offer_one_of" in keys:
        floors: tuple[Floor, ...] = (_floor(keys, reading),)
    else:
        name = "floors" if "floors" in keys else "rows"
        nodes = keys.nodes(name, required=True)
        floors = tuple(_floor_row(node, reading) for node in nodes)
        reason(keys)
        keys.done(also=_TOP)
    notes.extend(own.problems)
    return None if own.has_errors else Floors(floors)


def _floor_row(node: Node, reading: Reading) -> Floor:
    return _floor(Keys(node, reading.notes, what="a floor"), reading, is_row=True)


def _floor(keys: Keys, reading: Reading, *, is_row: bool = False) -> Floor:
    ref = reading.id(keys, "a floor")
    when = reading.when(keys)
    one_of = keys.scalars("must_offer_one_of", required=True)
    for scalar in one_of:
        if scalar.text == "coupon":
            help = "name a refund, a resend, an exchange or a repair"
            message = "a coupon never is what the law asks for"
            reading.notes.error("P409", scalar, message, help)
    source = reason(keys)
    keys.done(also=() if is_row else _TOP)
    return Floor(ref, tuple(scalar.text for scalar in one_of), when, source)
