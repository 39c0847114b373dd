"""`aftersales publish back`: an earlier publication is made valid again, as a new one."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json
from aftersales.cli.publish.asked import (
    begins,
    by_option,
    note_option,
    publications,
    who,
    zone_in,
)
from aftersales.cli.publish.words import told

if TYPE_CHECKING:
    from aftersales.config import Settings


@click.command("back")
@click.option("--to", "number", metavar="ID", type=click.IntRange(min=1),
              help="Which one; else the one that was in force before.")  # fmt: skip
@click.option("--from", "from_day", metavar="DATE|now", default="now", show_default=True,
              help="The day on which it begins again, or at once.")  # fmt: skip
@note_option
@by_option
@json_option
@settings_options
def command(
    chosen: "Settings",
    number: int | None,
    from_day: str,
    note: str,
    by: str | None,
    as_json: bool,
) -> None:
    """Make an earlier publication valid again: a new one, with the same contents."""
    published, name = publications(chosen), who(by)
    zone = zone_in(published, chosen)
    at = begins(from_day, zone)
    made = published.back(to=number, valid_from=at, by=name, note=note)
    if as_json:
        put_json({"publication": made, "zone": zone, "open_cases": published.open_cases()})
        return
    put(told(made, published.history(), zone, published.open_cases()))
