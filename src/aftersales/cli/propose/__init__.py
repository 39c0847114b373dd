"""`aftersales propose [DIRECTORY]`: one page about a change, before it is used."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say

if TYPE_CHECKING:
    from datetime import datetime

    from aftersales.config import Settings


@click.command("propose")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--against", metavar="OLD",
              help="Compare with this; else with what is published.")  # fmt: skip
@click.option("--cases", "source", metavar="FILE|store", default="store", show_default=True,
              help="Past cases: a file, or this shop's of the last 90 days.")  # fmt: skip
@click.option("--on", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]),
              help="Speak of the rules of this day, instead of today.")  # fmt: skip
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page as Markdown.")
@click.option("--html", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Also write the page as HTML, in one file.")  # fmt: skip
@json_option
@settings_options
def command(
    chosen: "Settings",
    directory: Path | None,
    against: str | None,
    source: str,
    on: "datetime | None",
    as_markdown: bool,
    html: Path | None,
    as_json: bool,
) -> int:
    """Tell on one page what the definitions of DIRECTORY would change, before they are used."""
    from aftersales.cli.pages import put_page  # here: help needs none of it
    from aftersales.cli.propose.drawing import lines
    from aftersales.cli.propose.sections import SECTIONS
    from aftersales.cli.propose.subject import subject_of
    from aftersales.reports import proposal_markdown, proposal_page

    day = None if on is None else on.date()
    subject = subject_of(directory or chosen.folder, against, source, day, chosen)
    sections = [found for section in SECTIONS if (found := section(subject)) is not None]
    if as_json:
        put_json(
            {"heading": subject.heading, "is_ready": subject.found.is_ready}
            | {section.name: section.data for section in sections}
        )
    elif as_markdown:
        put(proposal_markdown(subject.heading, sections).rstrip("\n"))
    else:
        put_page(lines(subject.heading, sections))
    if html is not None:
        html.write_text(proposal_page(subject.heading, sections), encoding="utf-8")
        say(f"written: {html}")
    return Exit.DONE if subject.found.is_ready else Exit.REFUSED
