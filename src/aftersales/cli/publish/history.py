"""`aftersales publish history`: what was published, and what is in force."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put_json, put_table, say
from aftersales.cli.publish.asked import publications, zone_in
from aftersales.cli.publish.words import COLUMNS, row

if TYPE_CHECKING:
    from aftersales.config import Settings


@click.command("history")
@json_option
@settings_options
def command(chosen: "Settings", as_json: bool) -> None:
    """What was published, by whom and why, the oldest first, and what is in force."""
    published = publications(chosen)
    entries = published.history()
    if as_json:
        put_json(entries)
        return
    if not entries:
        say("nothing is published: the folder is read as it is")
        return
    zone = zone_in(published, chosen)
    put_table(COLUMNS, [row(entry, zone) for entry in entries])
    say(f"times are those of {zone}")
