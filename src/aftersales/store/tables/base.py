"""What all tables share: a registry and metadata of our own, apart from those of a host."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, MetaData, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from aftersales.store.columns import Canonical, Instant

PREFIX = "aftersales_"

_NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
}

_OURS = registry(metadata=MetaData(naming_convention=_NAMES))


class Stored(SQLModel, registry=_OURS):
    """A row of one of our tables. The shop comes first in every key."""


metadata = _OURS.metadata


def key() -> Any:
    """A part of the primary key."""
    return Field(primary_key=True)


def instant(*, primary_key: bool = False) -> Any:
    """An instant, stored as UTC."""
    return Field(sa_type=Instant, primary_key=primary_key)


def maybe_instant() -> Any:
    """An instant that may be unknown."""
    return Field(default=None, sa_type=Instant, nullable=True)


def data() -> Any:
    """Plain data, as canonical JSON."""
    return Field(sa_type=Canonical)


def minor() -> Any:
    """An amount in minor units; its currency stands in a column beside it."""
    return Field(sa_type=BigInteger)


def maybe_minor() -> Any:
    """An amount in minor units that may be unknown."""
    return Field(default=None, sa_type=BigInteger, nullable=True)


def index(name: str, *columns: str, where: str | None = None, unique: bool = False) -> Index:
    """An index by `shop` and `columns`, over the rows for which `where` holds."""
    condition = text(where) if where else None
    return Index(
        f"ix_{PREFIX}{name}",
        "shop",
        *columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def of_case() -> ForeignKeyConstraint:
    """The row belongs to a case, which cannot vanish from under it."""
    case = f"{PREFIX}case"
    return ForeignKeyConstraint(["shop", "case_id"], [f"{case}.shop", f"{case}.id"])
