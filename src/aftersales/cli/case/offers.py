"""`aftersales case offers`: the options offered, with amounts."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.case import words
from aftersales.cli.case.find import find_case
from aftersales.cli.options import json_option, settings_options, zone_of
from aftersales.cli.output import put_json, put_table, say
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings

_COLUMNS = ("option", "gives", "goods", "")


@click.command("offers")
@click.argument("case_id")
@json_option
@settings_options
def command(chosen: "Settings", case_id: str, as_json: bool) -> None:
    """The options of the offer that counts now, with amounts."""
    desk = desk_from(chosen)
    view = find_case(desk, case_id)
    if as_json:
        put_json(view.offer)
    elif view.offer is None:
        say("nothing was offered")
    else:
        zone = zone_of(chosen, desk.rulebook(view.id).calendar(of_case=view.case.calendar).zone)
        say(words.offer_heading(view.offer, zone))
        put_table(_COLUMNS, words.offered(view.offer))
