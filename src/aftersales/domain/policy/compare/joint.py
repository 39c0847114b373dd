"""One space for two versions: every case that either of them tells from another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aftersales.domain.conditions import ByPolicy, Condition, FactDeclaration, FactSchema
from aftersales.domain.conditions.space import Answered, Space, space_of
from aftersales.domain.policy.prove.law import OF_OPTION
from aftersales.domain.policy.prove.world import World


@dataclass(frozen=True, slots=True)
class Joint:
    """The space as each version sees it: the same axes, each with the answers of its own tables."""

    older: Space
    newer: Space


def joint(
    older: World, newer: World, asked: tuple[Sequence[Condition], Sequence[Condition]]
) -> Joint:
    """The space that the conditions of both versions cut, `asked` of the older and the newer.

    A fact that a table answers in both versions is no axis: what the tables read is.
    """
    tables = older.answered, newer.answered
    reached = [
        *_reached(asked[0], tables[0]),
        *_reached(asked[1], tables[1]),
    ]
    both = {name: Answered(()) for name in tables[0].keys() & tables[1].keys()}
    space = space_of(
        _merged(older.schema, newer.schema),
        [*asked[0], *asked[1], *reached],
        rates=newer.rates,
        answered=both,
        never_missing=newer.never_missing,
        fixed=OF_OPTION,
    )
    return Joint(replace(space, answered=tables[0]), replace(space, answered=tables[1]))


def _reached(conditions: Iterable[Condition], tables: dict[str, Answered]) -> list[Condition]:
    """The conditions of the tables that `conditions` ask, by and by."""
    found: list[Condition] = []
    waiting, seen = list(conditions), set[str]()
    while waiting:
        for fact in waiting.pop().reads & tables.keys() - seen:
            seen.add(fact)
            rules = [when for when, _ in tables[fact].rules]
            found += rules
            waiting += rules
    return found


def _merged(older: FactSchema, newer: FactSchema) -> FactSchema:
    """The facts of both; of one that changed, every choice that it had or has."""
    declared = dict(newer.declarations)
    for name, old in older.declarations.items():
        declared[name] = _both(old, declared[name]) if name in declared else old
    return replace(newer, declarations=declared)


def _both(old: FactDeclaration, new: FactDeclaration) -> FactDeclaration:
    if old.type is not new.type:
        return new
    choices = tuple(dict.fromkeys([*new.choices, *old.choices]))
    derived = (
        None
        if isinstance(new.derived, ByPolicy) != isinstance(old.derived, ByPolicy)
        else new.derived
    )
    return replace(
        new,
        choices=choices,
        range=new.range if old.range == new.range else None,
        may_be_missing=old.may_be_missing or new.may_be_missing,
        derived=derived,
    )
