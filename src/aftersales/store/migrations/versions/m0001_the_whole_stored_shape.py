"""The whole stored shape: every table, used yet or not, because it is dear to add later.

Revision 0001, the first. Released steps are never changed; types are spelled out here for that.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "": sa.String(),
    "text": sa.Text(),
    "int": sa.Integer(),
    "big": sa.BigInteger(),
    "bytes": sa.LargeBinary(),
    "instant": sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite"),
}


def upgrade() -> None:
    """Create every table."""
    _cases()
    _money()
    _outbox()
    _records()


def downgrade() -> None:
    """There is no way back: what was promised to customers is not thrown away."""
    raise RuntimeError("a schema is never taken back; restore a backup")


def _create(name: str, *, keys: str, columns: str, is_of_case: bool = False) -> None:
    """Create a table; `columns` are words like `name:type`, with `?` where it may be null."""
    table = f"aftersales_{name}"
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*keys.split(), name=f"pk_{table}")]
    if is_of_case:
        constraints.append(
            sa.ForeignKeyConstraint(
                ["shop", "case_id"],
                ["aftersales_case.shop", "aftersales_case.id"],
                name=f"fk_{table}_aftersales_case",
            )
        )
    op.create_table(table, *map(_column, columns.split()), *constraints)


def _column(word: str) -> sa.Column[Any]:
    name, _, kind = word.removesuffix("?").partition(":")
    return sa.Column(name, TYPES[kind], nullable=word.endswith("?"))


def _index(
    name: str, table: str, columns: str, *, where: str | None = None, unique: bool = False
) -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        f"ix_aftersales_{name}",
        f"aftersales_{table}",
        columns.split(),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _cases() -> None:
    """Cases, their lines and history, and the answers given."""
    _create(
        "case",
        keys="shop id",
        columns="shop id kind round:int visit:int order_id? customer_key parent_id state "
        "version:int stands_since:int rulebook currency facts:text timers:text pauses:text "
        "counts:text due_at:instant? priority calendar assignee opened_at:instant "
        "last_effective_at:instant closed_at:instant? outcome needs_person offer_id "
        "chain_head attempts:int lease_until:instant? parked_at:instant? parked_reason",
    )
    _index("case_customer_key", "case", "shop customer_key opened_at")
    _index(
        "case_due_at", "case", "shop due_at id", where="due_at IS NOT NULL AND parked_at IS NULL"
    )
    _index("case_kind_state", "case", "shop kind state")
    _index("case_order_id", "case", "shop order_id", where="order_id IS NOT NULL")
    _index("case_rulebook", "case", "shop rulebook")
    _create(
        "case_line",
        keys="shop case_id number",
        columns="shop case_id number:int sku title quantity:int value_minor:big currency",
        is_of_case=True,
    )
    _create(
        "history",
        keys="shop case_id version",
        columns="shop case_id version:int event actor_id actor_role effective_at:instant "
        "recorded_at:instant round:int state_before state_after facts:text did:text rule "
        "note effects:text form:int content_hash chain_hash",
        is_of_case=True,
    )
    _create(
        "event_key",
        keys="shop key",
        columns="shop key request_digest case_id version:int answer:text recorded_at:instant",
    )
    _create(
        "customer_data",
        keys="shop customer_key case_id name",
        columns="shop customer_key case_id name value recorded_at:instant",
    )
    _index("customer_data_case_id", "customer_data", "shop case_id")


def _money() -> None:
    """Accounts, order lines, the ledger and offers."""
    _create(
        "account",
        keys="shop scope",
        columns="shop scope currency paid_minor:big reserved_minor:big confirmed_minor:big "
        "external_minor:big held_by version:int",
    )
    _create(
        "order_line",
        keys="shop order_id number",
        columns="shop order_id number:int sku title quantity:int value_minor:big currency",
    )
    _create(
        "ledger",
        keys="shop id",
        columns="shop id case_id order_id? customer_key remedy sort status cost_minor:big "
        "cost_currency amount_minor:big? amount_currency? counts_as by granted_at:instant "
        "offer_id option_id reference reason",
    )
    _index("ledger_case_id", "ledger", "shop case_id")
    _index("ledger_customer_key", "ledger", "shop customer_key granted_at")
    _index("ledger_order_id", "ledger", "shop order_id", where="order_id IS NOT NULL")
    _create(
        "offer",
        keys="shop id",
        columns="shop id case_id case_version:int status currency digest policy approval "
        "made_by_id made_by_role made_at:instant approved_by_id? approved_by_role? "
        "accepted_option? decision:text facts:text",
        is_of_case=True,
    )
    _index("offer_case_id", "offer", "shop case_id case_version")


def _outbox() -> None:
    """Effects and the log of their deliveries."""
    _create(
        "effect",
        keys="shop key",
        columns="shop key case_id case_version:int number:int lane sort name body_digest status "
        "due_at:instant ready_at:instant? lease_until:instant? leased_by attempts:int "
        "order_id? ledger_id offer_id amount_minor:big? amount_currency? details:text "
        "when_unknown round:int visit:int timer_id reference reason",
        is_of_case=True,
    )
    _index("effect_ledger_id", "effect", "shop ledger_id", where="ledger_id <> ''")
    _index("effect_number", "effect", "shop case_id case_version number", unique=True)
    _index("effect_ready_at", "effect", "shop ready_at", where="ready_at IS NOT NULL")
    _create(
        "delivery",
        keys="shop id",
        columns="shop id effect_key attempt:int at:instant answer detail",
    )
    _index("delivery_effect_key", "delivery", "shop effect_key")


def _records() -> None:
    """Definitions, refusals, evidence, and append-only logs."""
    _create(
        "definition",
        keys="shop digest",
        columns="shop digest kind_of canonical:text places:text",
    )
    _create(
        "refusal",
        keys="shop id",
        columns="shop id case_id event actor_id actor_role code reason at:instant",
    )
    _index("refusal_case_id", "refusal", "shop case_id")
    _create(
        "evidence",
        keys="shop id",
        columns="shop id case_id sort media_type size:int salt digest content:bytes? given_by_id "
        "given_by_role received_at:instant erased_at:instant?",
        is_of_case=True,
    )
    _index("evidence_case_id", "evidence", "shop case_id")
    _create(
        "replay_key",
        keys="shop source key",
        columns="shop source key request_digest answer:text received_at:instant",
    )
    _create(
        "publication",
        keys="shop id",
        columns="shop id digest valid_from:instant published_at:instant published_by note "
        "contents:text",
    )
    _create(
        "simulation",
        keys="shop id",
        columns="shop id made_at:instant made_by asked:text result:text",
    )
    _create(
        "anchor",
        keys="shop id",
        columns="shop id made_at:instant cases:int heads_hash previous_hash key_id signature",
    )
