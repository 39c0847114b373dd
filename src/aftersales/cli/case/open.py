"""`aftersales case open`: a case on an order's JSON, or on facts given by hand."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aftersales.cli.case.find import short
from aftersales.cli.case.view import view_json
from aftersales.cli.options import actor, json_option, money, pairs, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import CaseView, Desk
    from aftersales.domain.case import Line
    from aftersales.domain.money import Money


@dataclass(frozen=True, slots=True)
class _Matter:
    """What the case is opened on."""

    order_id: str | None
    customer_id: str
    paid: "Money | None"
    refunded: "Money | None"
    lines: "tuple[Line, ...]" = ()  # those the matter is about
    order_lines: "tuple[Line, ...]" = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@click.command("open")
@click.argument("kind")
@click.option("--order", "order_file", metavar="FILE", help="A Shopify order as JSON; - reads it.")
@click.option("--also", metavar="FILE", multiple=True, help="A refund ... of the same order.")
@click.option("--line", "choices", metavar="SKU=N", multiple=True, help="What it is about.")
@click.option("--order-id", metavar="ID", help="Which order.")
@click.option("--paid", metavar="MONEY", help='What the customer paid: "39.90 EUR"')
@click.option("--refunded", metavar="MONEY", help="What others have refunded already.")
@click.option("--customer", metavar="ID", help="The shop's key of the customer.")
@click.option("--fact", "facts", metavar="NAME=VALUE", multiple=True, help="A fact, as in YAML.")
@click.option("--as", "by", metavar="ROLE:ID", help="Who opens it; the system if not given.")
@click.option("--idempotency-key", metavar="KEY", help="The same key opens the same case once.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    kind: str,
    order_file: str | None,
    also: tuple[str, ...],
    choices: tuple[str, ...],
    order_id: str | None,
    paid: str | None,
    refunded: str | None,
    customer: str | None,
    facts: tuple[str, ...],
    by: str | None,
    idempotency_key: str | None,
    as_json: bool,
) -> None:
    """Open a case of KIND."""
    who, given = actor(by), pairs(facts, "--fact")
    amounts = money(paid, "--paid"), money(refunded, "--refunded")
    if order_file is not None:
        matter = _from_order(order_file, also, choices, order_id, amounts)
    else:
        _refuse_without_order(also, choices, order_id, amounts)
        matter = _Matter(order_id, customer or "", *amounts)
    desk = desk_from(chosen)
    desk.catalog.rulebook(kind, desk.now())  # an unknown kind must not leave an account behind
    _record(desk, matter)
    view = desk.open_case(
        kind,
        facts={**matter.facts, **given},
        order_id=matter.order_id,
        customer_id=customer or matter.customer_id,
        lines=matter.lines,
        by=who,
        idempotency_key=idempotency_key,
    )
    if as_json:
        put_json(view_json(view))
    else:
        _tell(view, matter)


def _tell(view: "CaseView", matter: _Matter) -> None:
    order = f" on order {matter.order_id}" if matter.order_id else ""
    put(f"opened {view.kind} {short(view.id)}{order}")
    for note in matter.notes:
        say(f"note: {note}")
    say(f"next: aftersales case show {short(view.id)}")


def _from_order(
    file: str,
    also: Sequence[str],
    choices: Sequence[str],
    order_id: str | None,
    amounts: "tuple[Money | None, Money | None]",
) -> _Matter:
    from aftersales.platforms.shopify import chosen, read_order  # here: only with --order

    order = read_order(
        _payload(file),
        also=[_payload(other) for other in also],
        order_id=order_id,
        paid=amounts[0],
        refunded=amounts[1],
    )
    lines, affected = chosen(order, choices)
    return _Matter(
        order.order_id,
        order.customer_id,
        order.paid,
        order.refunded,
        lines,
        order.lines,
        {**order.facts, "affected_value": affected},
        order.notes,
    )


def _payload(file: str) -> Mapping[str, Any]:
    from aftersales.platforms.shopify import parse_payload  # here: only with --order

    text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    return parse_payload(text, name="standard input" if file == "-" else file)


def _refuse_without_order(
    also: Sequence[str],
    choices: Sequence[str],
    order_id: str | None,
    amounts: "tuple[Money | None, Money | None]",
) -> None:
    for flag, value in (("--also", also), ("--line", choices)):
        if value:
            raise click.UsageError(f"{flag} needs --order")
    for flag, amount in zip(("--paid", "--refunded"), amounts, strict=True):
        if amount is not None and order_id is None:
            raise click.UsageError(f"{flag} needs --order-id, or --order")


def _record(desk: "Desk", matter: _Matter) -> None:
    if matter.order_id is not None and matter.paid is not None:
        desk.record_order(
            matter.order_id, paid=matter.paid, refunded=matter.refunded, lines=matter.order_lines
        )
