"""Reads `policy/1`: compensation policies, rows tables, channels and floors of law."""

from collections.abc import Mapping as Map
from dataclasses import replace

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_bands import with_own_bands
from aftersales.definitions.policy_base import read_base
from aftersales.definitions.policy_options import (
    read_approval,
    read_exceptions,
    read_extras,
    read_limits,
    read_options_row,
    read_otherwise_options,
    read_swaps,
)
from aftersales.definitions.policy_reading import Reading, reason
from aftersales.definitions.policy_remedies import read_remedies
from aftersales.definitions.policy_rows import read_otherwise, read_row, read_rows_table
from aftersales.definitions.policy_world import read_channels, read_floors
from aftersales.definitions.text import Listing, Mapping, Node, Scalar
from aftersales.domain.conditions import ALWAYS, FactSchema, word_help
from aftersales.domain.policy import (
    Choose,
    Column,
    Combination,
    Limits,
    OptionPolicy,
    OptionsRule,
    RemedyRule,
    RowsTable,
)

_TOP = ("aftersales", "policy", "about", "from", "until")
_RETURNS = (Column("answer", "text"), Column("within", "duration", may_be_left_out=True))
_AFTER_SIMULATION = "after simulate"
_CHANNEL_THINGS = ("coupons", "review_contact")


def read_option_policy(root: Mapping, schema: FactSchema, notes: Notes) -> OptionPolicy | None:
    """The compensation policy written in `root`, or None with its problems noted."""
    own = Notes()
    policy = _option_policy(root, schema, own)
    notes.extend(own.problems)
    return None if own.has_errors else policy


def _option_policy(root: Mapping, schema: FactSchema, notes: Notes) -> OptionPolicy:
    keys = Keys(root, notes, what="a compensation policy")
    name = keys.text("policy", required=True) or ""
    reading = Reading(name, with_own_bands(keys, schema, notes), notes)
    declared = root.get("remedies")
    # All names that are written, also of remedies with a slip: one problem is enough for a slip.
    names = [k.text for k, _ in declared.items] if isinstance(declared, Mapping) else None
    reading.remedies = names
    remedies = read_remedies(keys, reading)
    of_options = _asked_of_options(reading, remedies)
    applies_to = keys.node("applies_to")
    base = keys.node("base")
    policy = OptionPolicy(
        name=name,
        ref=reading.ref(name, root),
        remedies=remedies,
        applies_to=ALWAYS if applies_to is None else reading.condition(applies_to),
        about=keys.text("about") or "",
        because=reason(keys),
        base=None if base is None else read_base(base, reading),
        rows=tuple(
            read_options_row(n, reading, what="a row") for n in keys.nodes("rows", with_ids=True)
        ),
        rows_choose_first=keys.choice("choose", ("one", "first")) == "first",
        otherwise=_otherwise(keys, reading),
        exceptions=read_exceptions(keys, reading),
        swaps=read_swaps(keys, reading),
        extras=read_extras(keys, reading),
        limits=read_limits(keys.node("limits"), reading),
        approval=read_approval(keys, reading, of_options),
        returns=_returns(keys.node("return_required"), reading, of_options),
        channel_must_allow=_channel_must_allow(keys, reading),
        is_armed_after_simulation=keys.choice("arm", (_AFTER_SIMULATION,)) is not None,
    )
    keys.done(also=_TOP)
    _check_starts(policy, keys, has_base=base is not None)
    _check_together(root, policy.limits, reading)
    return policy


def _rows(keys: Keys, reading: Reading) -> tuple[OptionsRule, ...]:
    nodes = keys.nodes("rows", with_ids=True)
    return tuple(read_options_row(node, reading, what="a row") for node in nodes)


def _asked_of_options(reading: Reading, remedies: Map[str, RemedyRule]) -> FactSchema:
    """The schema for what is asked of finished options: `remedy` is one of this policy's."""
    sorts = (rule.sort for rule in remedies.values())
    return reading.schema.with_words("remedy", dict.fromkeys([*(reading.remedies or ()), *sorts]))


def _otherwise(keys: Keys, reading: Reading) -> OptionsRule | None:
    node = keys.node("otherwise")
    return None if node is None else read_otherwise_options(node, reading)


def _returns(node: Node | None, reading: Reading, schema: FactSchema) -> RowsTable | None:
    if node is None:
        return None
    keys = Keys(node, reading.notes, what="`return_required`")
    name = "return_required"
    inner = replace(
        reading, policy=name, schema=schema, offers_remedies=False, where="`return_required`"
    )
    choose = keys.choice("choose", ("one", "first"))
    rows = tuple(read_row(row, _RETURNS, inner, None) for row in keys.nodes("rows", with_ids=True))
    otherwise = keys.node("otherwise")
    last = None if otherwise is None else read_otherwise(otherwise, _RETURNS, inner, None)
    reason(keys)
    keys.done()
    how: Choose = "first" if choose == "first" else "one"
    return RowsTable(name, how, _RETURNS, rows, inner.ref(name, node), last)


def _channel_must_allow(keys: Keys, reading: Reading) -> tuple[str, ...]:
    for scalar in keys.scalars("channel_must_allow"):
        if scalar.text not in _CHANNEL_THINGS:
            help = word_help(scalar.text, _CHANNEL_THINGS)
            message = f"`{scalar.text}` is not something that channels allow or forbid"
            reading.notes.error("P416", scalar, message, help)
    return keys.list_of_texts("channel_must_allow")


def _check_starts(policy: OptionPolicy, keys: Keys, *, has_base: bool) -> None:
    if has_base and "rows" in keys:
        message = "a policy starts from `base` or from `rows`, not from both"
        keys.notes.error("P401", keys.place("rows"), message, "make the rows exceptions")
    elif not has_base and not policy.rows and policy.otherwise is None:
        help = "add a `base:`, or `rows:` with an `otherwise:`"
        keys.notes.error("P401", keys.place("policy"), "some cases have no option", help)


def _check_together(root: Mapping, limits: Limits, reading: Reading) -> None:
    """No cell, row or exception names what may never stand together (P410)."""
    for node in _options_nodes(root):
        for item in node.items if isinstance(node, Listing) else (node,):
            if isinstance(item, Scalar):
                names = tuple(part.strip() for part in item.text.split("+"))
                _check_combination(names, item, limits, reading)


def _check_combination(names: Combination, where: Scalar, limits: Limits, reading: Reading) -> None:
    for together in limits.never_together:
        if together <= set(names):
            listed = " and ".join(f"`{name}`" for name in sorted(together))
            help = "give them as a choice, `[a, b]`, or change `never_together`"
            reading.notes.error("P410", where, f"{listed} are never given together", help)


def _options_nodes(root: Mapping) -> list[Node]:
    base = root.get("base")
    cells = base.get("cells") if isinstance(base, Mapping) else None
    lines = [value for _, value in cells.items] if isinstance(cells, Mapping) else []
    found: list[Node] = []
    for line in lines:
        found += [value for _, value in line.items] if isinstance(line, Mapping) else [line]
    for key in ("exceptions", "rows"):
        rules = root.get(key)
        for rule in rules.items if isinstance(rules, Listing) else ():
            options = rule.get("options") if isinstance(rule, Mapping) else None
            found += [options] if options else []
    return found


__all__ = ["read_channels", "read_floors", "read_option_policy", "read_rows_table"]
