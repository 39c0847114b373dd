"""Column types and canonical text: instants as UTC, data as canonical JSON, the same everywhere."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_FORMAT = "%Y-%m-%dT%H:%M:%S.%f"


def utc(at: datetime) -> datetime:
    """`at` in UTC. A naive datetime is refused: nobody could say when it was."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(UTC)


def utc_text(at: datetime) -> str:
    """`2026-03-02T09:00:00.000000Z`: of one width, so that texts sort as instants do."""
    moment = utc(at)
    return f"{moment.year:04d}{moment.strftime(_FORMAT.removeprefix('%Y'))}Z"


def utc_of(text: str) -> datetime:
    """The instant written by `utc_text`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def canonical(data: Any) -> str:
    """JSON in its one canonical form: keys sorted, no blanks, no escapes that are not needed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC: a timestamp, or on SQLite text that sorts like one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return utc_text(value) if dialect.name == "sqlite" else utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return utc_of(value) if dialect.name == "sqlite" else utc(value)


class Canonical(TypeDecorator[Any]):
    """Plain data, stored as canonical JSON text, so that the same data are the same bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)
