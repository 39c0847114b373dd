"""`aftersales case list`: the cases, the most urgent first."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from aftersales.cli.case import words
from aftersales.cli.case.find import short
from aftersales.cli.case.view import view_json
from aftersales.cli.options import instant, json_option, settings_options
from aftersales.cli.output import put_json, put_table, say
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import CaseView

_COLUMNS = ("id", "kind", "state", "waiting for", "due", "order", "note")
_NEVER = datetime.max.replace(tzinfo=UTC)


@click.command("list")
@click.option("--kind", help="Only of this kind.")
@click.option("--state", help="Only in this state.")
@click.option("--order", "order_id", help="Only of this order.")
@click.option("--customer", "customer_id", help="Only of this customer.")
@click.option("--open/--closed", "is_open", default=None, help="Only open ones, or closed ones.")
@click.option("--needs-person", is_flag=True, help="Only those at which a person must look.")
@click.option("--due-before", metavar="INSTANT", help="Only those due before.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@json_option
@settings_options
def command(
    chosen: "Settings",
    kind: str | None,
    state: str | None,
    order_id: str | None,
    customer_id: str | None,
    is_open: bool | None,
    needs_person: bool,
    due_before: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List cases, the most urgent first."""
    found = desk_from(chosen).find_cases(
        kind=kind,
        state=state,
        order_id=order_id,
        customer_id=customer_id,
        is_open=is_open,
        needs_person=True if needs_person else None,
        due_before=instant(due_before, "--due-before", zone=chosen.zone),
        limit=limit,
    )
    found = sorted(found, key=lambda view: (view.due_at or _NEVER, view.id))
    if as_json:
        put_json([view_json(view) for view in found])
        return
    put_table(_COLUMNS, [_row(view, chosen.zone or "UTC") for view in found])
    say(
        f"{len(found)} case{'s' * (len(found) != 1)}{', there may be more' * (len(found) == limit)}"
    )


def _row(view: "CaseView", zone: str) -> list[str]:
    due = words.when(view.due_at, zone) if view.due_at is not None else ""
    note = f"a person must look: {view.needs_person}" if view.needs_person else view.outcome
    waiting = view.waiting_for or ""
    order = view.case.order_id or ""
    return [short(view.id), view.kind, view.state, waiting, due, order, note or ""]
