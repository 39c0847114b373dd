"""Reads `handled_by:`: which cases are for some roles of the desk only."""

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_reading import Reading, reason
from aftersales.definitions.text import Mapping, Node
from aftersales.domain.conditions import FactSchema, word_help
from aftersales.domain.policy import Handling, HandlingRule

_TOP = ("aftersales", "policy", "about", "from", "until")
_OF_THE_DESK = ("agent", "supervisor", "manager")


def read_handling(root: Mapping, schema: FactSchema, notes: Notes) -> Handling | None:
    """The rules of one file, or None with the problems noted."""
    own = Notes()
    keys = Keys(root, own, what="a policy of who handles")
    name = keys.text("policy", required=True) or ""
    reading = Reading(name, schema, own, offers_remedies=False, where="a rows table")
    rules = tuple(_rule(node, reading) for node in keys.nodes("handled_by", required=True))
    reason(keys)
    keys.done(also=_TOP)
    notes.extend(own.problems)
    return None if own.has_errors else Handling(rules)


def _rule(node: Node, reading: Reading) -> HandlingRule:
    keys = Keys(node, reading.notes, what="a rule of who handles")
    ref, when = reading.id(keys, "a rule"), reading.when(keys)
    roles = keys.scalars("only", required=True)
    for role in roles:
        if role.text not in _OF_THE_DESK:
            help = word_help(role.text, _OF_THE_DESK)
            reading.notes.error("C108", role, f"`{role.text}` is not a role of the desk", help)
    because = reason(keys)
    keys.done()
    return HandlingRule(ref, tuple(role.text for role in roles), when, because)
