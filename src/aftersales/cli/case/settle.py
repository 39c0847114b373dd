"""`aftersales case settle`: how an effect that was handed over ended."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.case.view import view_json
from aftersales.cli.options import instant, json_option, settings_options
from aftersales.cli.output import put, put_json
from aftersales.config import desk_from
from aftersales.desk import Answer, done, failed, unknown

if TYPE_CHECKING:
    from aftersales.config import Settings


@click.command("settle")
@click.argument("effect_key")
@click.argument("answer", type=click.Choice(["done", "failed", "unknown"]))
@click.option("--reference", metavar="ID", default="", help="With done: the receiver's number.")
@click.option("--reason", metavar="TEXT", default="", help="With failed: why.")
@click.option("--occurred-at", metavar="INSTANT", help="When it ended, if earlier than now.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    effect_key: str,
    answer: str,
    reference: str,
    reason: str,
    occurred_at: str | None,
    as_json: bool,
) -> None:
    """Say how the effect EFFECT_KEY, handed over before, ended."""
    if answer == "failed" and not reason:
        raise click.BadParameter("say why: --reason TEXT", param_hint="--reason")
    at = instant(occurred_at, "--occurred-at", zone=chosen.zone)
    told: dict[str, Answer] = {
        "done": done(reference),
        "failed": failed(reason),
        "unknown": unknown(reason),
    }
    view = desk_from(chosen).settle(effect_key, told[answer], occurred_at=at)
    if as_json:
        put_json(view_json(view))
    else:
        put(f"{effect_key}: {answer}, the case is {view.state}")
