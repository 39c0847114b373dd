"""Values of the domain as plain data for JSON, and back, guided by their own annotations.

A field that has a default may be missing in what is read: what was stored before the field existed
stays readable.
"""

import collections.abc
import dataclasses
import types
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from aftersales.domain.errors import InvariantBroken
from aftersales.domain.money import Money
from aftersales.store.columns import utc_of, utc_text

T = TypeVar("T")


def plain(value: Any) -> Any:
    """`value` as dicts, lists, texts, integers and None. A float is refused."""
    match value:
        case None | bool() | int() | str():
            return value
        case Money():
            return {"currency": value.currency, "minor": value.minor}
        case datetime():
            return utc_text(value)
        case collections.abc.Mapping():
            return {str(key): plain(held) for key, held in value.items()}
        case list() | tuple():
            return [plain(held) for held in value]
        case _ if dataclasses.is_dataclass(value):
            return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise InvariantBroken(f"{value!r} cannot be stored exactly")


def built(kind: type[T], data: Any) -> T:
    """The value of class `kind` that `plain` wrote as `data`."""
    result: T = _built(kind, data)
    return result


def _built(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    if kind is Money:
        return Money.from_minor(data["minor"], data["currency"])
    if kind is datetime:
        return utc_of(data)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        held = _fields(kind)
        return kind(**{name: _built(held[name], data[name]) for name in held if name in data})
    return _built_generic(get_origin(kind), get_args(kind), data)


def _built_generic(origin: Any, arguments: tuple[Any, ...], data: Any) -> Any:
    if origin in (Union, types.UnionType):
        (kind,) = (held for held in arguments if held is not types.NoneType)
        return _built(kind, data)
    if origin is tuple and arguments[-1] is Ellipsis:
        return tuple(_built(arguments[0], held) for held in data)
    if origin is tuple:
        return tuple(_built(kind, held) for kind, held in zip(arguments, data, strict=True))
    if origin in (dict, collections.abc.Mapping):
        return {key: _built(arguments[1], held) for key, held in data.items()}
    if origin not in (None, Literal):
        raise InvariantBroken(f"no stored form is known for {origin}")
    return data


@cache
def _fields(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
