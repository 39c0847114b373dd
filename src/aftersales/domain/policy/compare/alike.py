"""Whether two versions of something mean the same, wherever they are written."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from aftersales.domain.policy.decision import RuleRef
from aftersales.domain.problem import Place


def alike(one: object, other: object) -> bool:
    """Whether two values are equal but for the names and places of rules."""
    if type(one) is not type(other):
        return False
    if isinstance(one, RuleRef | Place):
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if is_dataclass(one):
        names = [field.name for field in fields(one) if field.compare]
        return all(alike(getattr(one, name), getattr(other, name)) for name in names)
    return one == other
