"""`aftersales publish back`: an earlier publication is made valid again, as a new one."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put_json, put_words, say
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
) -> int:
    """Make an earlier publication valid again: a new one, with the same contents.

    They are checked and their tests are run once more: what held then need not hold today.
    """
    from aftersales.cli.publish.ready import ready  # here: help reads no definitions
    from aftersales.cli.publish.refusing import refuse, show_found

    published, name = publications(chosen), who(by)
    zone = zone_in(published, chosen)
    at = begins(from_day, zone)
    earlier = published.earlier(number, valid_from=at)
    contents = published.contents(earlier.number)
    found = ready(contents, chosen, today=datetime.now(UTC).date())
    if not found.is_ready:
        refuse(found, contents, as_json=as_json)
        if not as_json:
            mend = f"aftersales publish show {earlier.number} --into DIR"
            say(f"publication {earlier.number} no longer holds; to mend it: {mend}")
        return Exit.REFUSED
    made = published.back(to=earlier.number, valid_from=at, by=name, note=note)
    if as_json:
        put_json({"publication": made, "zone": zone, "open_cases": published.open_cases()})
        return Exit.DONE
    show_found(found, contents)
    open_cases = published.open_cases()
    put_words(told(made, published.history(), zone, open_cases, again=earlier.number))
    return Exit.DONE
