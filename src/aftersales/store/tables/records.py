"""What is kept beside the cases: definitions in use, refusals, evidence, and append-only logs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field

from aftersales.store.tables.base import (
    PREFIX,
    Stored,
    data,
    index,
    instant,
    key,
    maybe_instant,
    of_case,
)


class DefinitionRow(Stored, table=True):
    """The canonical form of a rulebook or calendar in use, by its digest, as exact text."""

    __tablename__ = f"{PREFIX}definition"
    shop: str = key()
    digest: str = key()
    kind_of: str
    canonical: str = Field(sa_type=Text)
    places: str = Field(sa_type=Text)


class RefusalRow(Stored, table=True):
    """An event that was not permitted, and why."""

    __tablename__ = f"{PREFIX}refusal"
    __table_args__ = (index("refusal_case_id", "case_id"),)
    shop: str = key()
    id: str = key()
    case_id: str
    event: str
    actor_id: str
    actor_role: str
    code: str
    reason: str
    at: datetime = instant()


class EvidenceRow(Stored, table=True):
    """A piece of evidence: known by the salted digest of its content, which can be erased."""

    __tablename__ = f"{PREFIX}evidence"
    __table_args__ = (of_case(), index("evidence_case_id", "case_id"))
    shop: str = key()
    id: str = key()
    case_id: str
    sort: str
    media_type: str
    size: int
    salt: str
    digest: str
    content: bytes | None = None
    given_by_id: str
    given_by_role: str
    received_at: datetime = instant()
    erased_at: datetime | None = maybe_instant()


class ReplayKeyRow(Stored, table=True):
    """A web hook that came in, so that it acts once."""

    __tablename__ = f"{PREFIX}replay_key"
    shop: str = key()
    source: str = key()
    key: str = key()
    request_digest: str
    answer: dict[str, Any] = data()
    received_at: datetime = instant()


class PublicationRow(Stored, table=True):
    """Definitions made valid from a date, by whom, and why."""

    __tablename__ = f"{PREFIX}publication"
    shop: str = key()
    id: str = key()
    digest: str
    valid_from: datetime = instant()
    published_at: datetime = instant()
    published_by: str
    note: str
    contents: dict[str, Any] = data()


class SimulationRow(Stored, table=True):
    """A trial of definitions on past cases, and what it came to."""

    __tablename__ = f"{PREFIX}simulation"
    shop: str = key()
    id: str = key()
    made_at: datetime = instant()
    made_by: str
    asked: dict[str, Any] = data()
    result: dict[str, Any] = data()


class AnchorRow(Stored, table=True):
    """The heads of all history chains of a shop, gathered and signed."""

    __tablename__ = f"{PREFIX}anchor"
    shop: str = key()
    id: str = key()
    made_at: datetime = instant()
    cases: int
    heads_hash: str
    previous_hash: str
    key_id: str
    signature: str
