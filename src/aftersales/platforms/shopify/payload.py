"""Reading a payload strictly, with the path to each field at hand for the message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from aftersales.platforms.errors import PayloadUnreadable

_AS_SENT = "give the payload as Shopify sends it"


def parse_payload(text: str | bytes, *, name: str = "payload") -> Mapping[str, Any]:
    """Parse the JSON of one payload, keeping amounts exact. PayloadUnreadable if it is none."""
    try:
        parsed = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise PayloadUnreadable(name, f"is not JSON{where}", help=_AS_SENT) from None
    if not isinstance(parsed, dict):
        raise PayloadUnreadable(name, "is not a JSON object", help=_AS_SENT)
    return parsed


@dataclass(frozen=True, slots=True)
class Node:
    """One object of a payload, and the path that leads to it."""

    fields: Mapping[str, Any]
    path: str

    def wrong(self, key: str, what: str, *, help: str = _AS_SENT) -> PayloadUnreadable:
        """The error that `key` of this object is to be blamed for."""
        return PayloadUnreadable(f"{self.path}.{key}" if key else self.path, what, help=help)

    def has(self, key: str) -> bool:
        """Is there a value, even an empty list, under `key`?"""
        return self.fields.get(key) is not None

    def text(self, key: str) -> str:
        """A text or a whole number, as text. Empty where there is none."""
        value = self.fields.get(key)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.wrong(key, "is neither a text nor a number")
        return str(value).strip()

    def yes(self, key: str, *, default: bool = False) -> bool:
        """A true or false, or `default` where there is none."""
        value = self.fields.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "is neither true nor false")
        return value

    def whole(self, key: str) -> int:
        """A whole number of at least 0. It must be there."""
        value = self.fields.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.wrong(key, "is not a whole number of at least 0")
        return value

    def decimal(self, key: str) -> Decimal | None:
        """An exact amount of at least 0, or None where there is none."""
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
            raise self.wrong(
                key, "is not an exact amount", help='Shopify sends amounts as texts, like `"39.90"`'
            )
        return self._exact(key, value)

    def _exact(self, key: str, value: str | int | Decimal) -> Decimal:
        plain = not isinstance(value, str) or (value.isascii() and "_" not in value)
        try:
            amount = Decimal(value) if plain else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0 or amount.adjusted() > 15:
            raise self.wrong(
                key, f"says `{str(value)[:40]}`, which is no amount of at least 0", help=_AS_SENT
            )
        return amount

    def instant(self, key: str) -> datetime | None:
        """An instant with its offset, or None where there is none."""
        text = self.text(key)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise self.wrong(key, f"says `{text[:40]}`, which is no date and time") from None
        if at.utcoffset() is None:
            raise self.wrong(
                key,
                f"says `{text}`, which names no zone",
                help="write it like `...T09:00:00-05:00`",
            )
        return at

    def node(self, key: str) -> "Node | None":
        """The object under `key`, or None where there is none."""
        value = self.fields.get(key)
        if value is None:
            return None
        return as_node(value, f"{self.path}.{key}")

    def nodes(self, key: str) -> "tuple[Node, ...]":
        """The objects of the list under `key`; none where there is no list."""
        value = self.fields.get(key)
        if value is None:
            return ()
        return as_nodes(value, f"{self.path}.{key}")


def as_node(value: object, path: str) -> Node:
    """Take `value` for an object. PayloadUnreadable if it is none."""
    if not isinstance(value, Mapping):
        raise PayloadUnreadable(path, "is not an object", help=_AS_SENT)
    return Node(value, path)


def as_nodes(value: object, path: str) -> tuple[Node, ...]:
    """Take `value` for a list of objects. PayloadUnreadable if it is none."""
    if not isinstance(value, list | tuple):
        raise PayloadUnreadable(path, "is not a list", help=_AS_SENT)
    return tuple(as_node(item, f"{path}[{index}]") for index, item in enumerate(value))
