"""`aftersales case submit`: put an event to a case."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.case.find import find_case
from aftersales.cli.case.view import view_json
from aftersales.cli.options import actor, instant, json_option, pairs, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings


@click.command("submit")
@click.argument("case_id")
@click.argument("event")
@click.option("--as", "by", metavar="ROLE:ID", required=True, help="Who does it: agent:ann")
@click.option("--fact", "facts", metavar="NAME=VALUE", multiple=True, help="A fact it takes.")
@click.option("--option", "option_id", metavar="ID", help="Short for --fact option=ID.")
@click.option("--expected-version", type=int, help="Refuse if the case has moved on since.")
@click.option("--idempotency-key", metavar="KEY", help="The same key acts once.")
@click.option("--occurred-at", metavar="INSTANT", help="When it happened, if earlier than now.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    case_id: str,
    event: str,
    by: str,
    facts: tuple[str, ...],
    option_id: str | None,
    expected_version: int | None,
    idempotency_key: str | None,
    occurred_at: str | None,
    as_json: bool,
) -> None:
    """Put EVENT to a case. A refusal says why, and what is possible."""
    who = actor(by)
    given = pairs(facts, "--fact")
    if option_id is not None:
        given["option"] = option_id
    at = instant(occurred_at, "--occurred-at", zone=chosen.zone)
    desk = desk_from(chosen)
    before = find_case(desk, case_id)
    after = desk.submit(
        before.id,
        event,
        by=who,
        facts=given,
        idempotency_key=idempotency_key,
        expected_version=expected_version,
        occurred_at=at,
    )
    if as_json:
        put_json(view_json(after))
        return
    moved = f"{before.state} -> {after.state}" if before.state != after.state else after.state
    put(f"{event}: {moved}")
    if after.needs_person:
        say(f"a person must look: {after.needs_person}")
