"""`aftersales publish withdraw ID`: one that has not begun is taken back."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put_json, put_words
from aftersales.cli.publish.asked import by_option, note_option, publications, who, zone_in
from aftersales.domain.calendar import speak

if TYPE_CHECKING:
    from aftersales.config import Settings


@click.command("withdraw")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@note_option
@by_option
@json_option
@settings_options
def command(chosen: "Settings", number: int, note: str, by: str | None, as_json: bool) -> None:
    """Take back a publication that has not begun. It stays in the history."""
    published = publications(chosen)
    made = published.withdraw(number, by=who(by), note=note)
    if as_json:
        put_json({"publication": made})
        return
    entry, zone = published.get(number), zone_in(published, chosen)
    holds = published.in_force(entry.valid_from)
    after = f"publication {holds.number} holds" if holds else "the folder is read as it is"
    put_words(f"publication {number} is withdrawn: on {speak(entry.valid_from, zone)} {after}")
