"""Rows to values and values to rows. Nothing is decided here, and nothing is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, cast

from aftersales.domain.case import (
    Account,
    Actor,
    Case,
    Effect,
    HistoryEntry,
    LedgerEntry,
    Line,
    Offer,
    Pause,
    Timer,
)
from aftersales.domain.errors import InvariantBroken
from aftersales.domain.money import Money
from aftersales.domain.policy import OptionsDecision
from aftersales.store.chain import body_digest
from aftersales.store.plain import built, plain

Row = Mapping[str, Any]


def _fields(kind: type[Any], *, but: str) -> list[str]:
    """The fields that have a column of the same name and need no mapping of their own."""
    return [field.name for field in fields(kind) if field.name not in but.split()]


_CASE_FIELDS = _fields(Case, but="shop facts lines timers pauses counts")
_HISTORY_FIELDS = _fields(HistoryEntry, but="actor facts did")
_LEDGER_FIELDS = _fields(LedgerEntry, but="cost amount")
_OFFER_FIELDS = _fields(Offer, but="decision made_by approved_by facts")
_EFFECT_FIELDS = _fields(Effect, but="amount details")


def case_row(case: Case, *, personal: Mapping[str, str]) -> dict[str, Any]:
    """The row of a case, without its chain. Facts that are `personal` are left out of it."""
    return {
        "shop": case.shop,
        **_held(case, _CASE_FIELDS),
        "facts": {name: text for name, text in case.facts.items() if name not in personal},
        "timers": plain(case.timers),
        "pauses": plain(case.pauses),
        "counts": plain(case.counts),
        "due_at": case.due_at,
    }


def case_of(row: Row, lines: Sequence[Row]) -> Case:
    """The case of a row and its lines."""
    return Case(
        shop=row["shop"],
        **_held(row, _CASE_FIELDS),
        facts=row["facts"],
        counts=row["counts"],
        lines=tuple(line_of(line) for line in lines),
        timers=tuple(built(Timer, timer) for timer in row["timers"]),
        pauses=tuple(built(Pause, pause) for pause in row["pauses"]),
    )


def line_row(line: Line, number: int) -> dict[str, Any]:
    """The row of a line, without what it belongs to."""
    return {
        "number": number,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "value_minor": line.value.minor,
        "currency": line.value.currency,
    }


def line_of(row: Row) -> Line:
    """The line of a row."""
    value = Money.from_minor(row["value_minor"], row["currency"])
    return Line(row["sku"], row["quantity"], value, row["title"])


def history_row(shop: str, entry: HistoryEntry) -> dict[str, Any]:
    """The row of a history entry, without its hashes."""
    return {
        "shop": shop,
        **_held(entry, _HISTORY_FIELDS),
        "actor_id": entry.actor.id,
        "actor_role": entry.actor.role,
        "facts": plain(entry.facts),
        "did": plain(entry.did),
    }


def history_of(row: Row) -> HistoryEntry:
    """The history entry of a row."""
    return HistoryEntry(
        **_held(row, _HISTORY_FIELDS),
        actor=Actor(row["actor_id"], row["actor_role"]),
        facts=row["facts"],
        did=tuple(row["did"]),
    )


def account_row(shop: str, account: Account) -> dict[str, Any]:
    """The row of an account. InvariantBroken if its sums are of several currencies."""
    sums = (account.paid, account.reserved, account.confirmed, account.external)
    if len({money.currency for money in sums}) != 1:
        raise InvariantBroken(f"the account {account.scope} holds several currencies")
    return {
        "shop": shop,
        "scope": account.scope,
        "currency": account.paid.currency,
        "paid_minor": account.paid.minor,
        "reserved_minor": account.reserved.minor,
        "confirmed_minor": account.confirmed.minor,
        "external_minor": account.external.minor,
        "held_by": account.held_by,
    }


def account_of(row: Row) -> Account:
    """The account of a row."""
    sums = {
        name: Money.from_minor(row[f"{name}_minor"], row["currency"])
        for name in ("paid", "reserved", "confirmed", "external")
    }
    return Account(scope=row["scope"], **sums, held_by=row["held_by"], version=row["version"])


def ledger_row(shop: str, entry: LedgerEntry) -> dict[str, Any]:
    """The row of a remedy granted."""
    return {
        "shop": shop,
        **_held(entry, _LEDGER_FIELDS),
        **_money_columns("cost", entry.cost),
        **_money_columns("amount", entry.amount),
    }


def ledger_of(row: Row) -> LedgerEntry:
    """The remedy granted of a row."""
    cost = Money.from_minor(row["cost_minor"], row["cost_currency"])
    return LedgerEntry(**_held(row, _LEDGER_FIELDS), cost=cost, amount=_money(row, "amount"))


def offer_row(shop: str, case_id: str, offer: Offer) -> dict[str, Any]:
    """The row of an offer, its whole decision with it."""
    approver = offer.approved_by
    return {
        "shop": shop,
        "case_id": case_id,
        **_held(offer, _OFFER_FIELDS),
        "approval": offer.approval,
        "made_by_id": offer.made_by.id,
        "made_by_role": offer.made_by.role,
        "approved_by_id": approver.id if approver else None,
        "approved_by_role": approver.role if approver else None,
        "decision": plain(offer.decision),
        "facts": plain(offer.facts),
    }


def offer_of(row: Row) -> Offer:
    """The offer of a row."""
    has_approver = row["approved_by_id"] is not None
    return Offer(
        **_held(row, _OFFER_FIELDS),
        decision=built(OptionsDecision, row["decision"]),
        made_by=Actor(row["made_by_id"], row["made_by_role"]),
        approved_by=Actor(row["approved_by_id"], row["approved_by_role"]) if has_approver else None,
        facts=row["facts"],
    )


def effect_row(shop: str, effect: Effect) -> dict[str, Any]:
    """The row of a new effect. Its place in the order of its lane is read from its key."""
    version, number = effect_place(effect.key)
    return {
        "shop": shop,
        **_held(effect, _EFFECT_FIELDS),
        "case_version": version,
        "number": number,
        "body_digest": body_digest(effect),
        "ready_at": effect.due_at if effect.status == "waiting" else None,
        "details": plain(effect.details),
        **_money_columns("amount", effect.amount),
    }


def effect_of(row: Row) -> Effect:
    """The effect of a row."""
    return Effect(
        **_held(row, _EFFECT_FIELDS), amount=_money(row, "amount"), details=row["details"]
    )


def effect_place(key: str) -> tuple[int, int]:
    """Version and number at the end of `shop/case/version/n`. InvariantBroken for another form."""
    *_, version, number = key.split("/")
    if not (version.isdecimal() and number.isdecimal()):
        raise InvariantBroken(f"`{key}` is not the key of an effect: shop/case/version/n")
    return int(version), int(number)


def _held(source: object, names: Sequence[str]) -> dict[str, Any]:
    if isinstance(source, Mapping):
        return {name: source[name] for name in names}
    return {name: getattr(source, name) for name in names}


def _money_columns(name: str, money: Money | None) -> dict[str, Any]:
    return {
        f"{name}_minor": money.minor if money else None,
        f"{name}_currency": money.currency if money else None,
    }


def _money(row: Row, name: str) -> Money | None:
    minor = cast("int | None", row[f"{name}_minor"])
    return None if minor is None else Money.from_minor(minor, row[f"{name}_currency"])
