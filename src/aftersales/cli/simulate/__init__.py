"""`aftersales simulate`: past cases under one version of the rules, or under two."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from aftersales.config import Settings

TAKES = ("dearest", "cheapest", "first", "mean")


@click.command("simulate")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--cases", "source", metavar="FILE|store", required=True,
              help="Past cases: a CSV or JSON Lines file, or `store`: this shop's.")  # fmt: skip
@click.option(
    "--against",
    metavar="OLD",
    help="Compare with a folder, a git revision, `shipped` or `published`.",
)
@click.option("--policy", metavar="NAME", help="Ask this policy, instead of the one that applies.")
@click.option("--kind", metavar="KIND", help="Only cases of this kind.")
@click.option("--takes", type=click.Choice(TAKES), default="dearest", show_default=True,
              help="Which of the options offered a customer is reckoned to take.")  # fmt: skip
@click.option("--on", "day", metavar="DATE", help="By the rules of this day, not of each opening.")
@click.option("--by", metavar="FACT", multiple=True,
              help="Break the money down by this fact too. Repeatable.")  # fmt: skip
@click.option("--in", "currency", metavar="CURRENCY", help="The currency of the sums.")
@click.option("--limit", metavar="N", type=click.IntRange(0, 1000), default=10, show_default=True,
              help="How many differences are shown and explained.")  # fmt: skip
@click.option("--ignore-unknown", "is_lenient", is_flag=True,
              help="Pass over columns that are not known.")  # fmt: skip
@click.option("--html", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write a page with pictures, for whoever approves the change.")  # fmt: skip
@click.option("--jobs", metavar="N", type=click.IntRange(1, 64),
              help="How many processes share the work; as many as cores, up to 4.")  # fmt: skip
@click.option("--since", metavar="DATE", help="With `--cases store`: opened on this day or later.")
@click.option("--record", "is_recorded", is_flag=True,
              help="Put it on record, for policies that wait for a simulation.")  # fmt: skip
@click.option("--as", "acting", metavar="ROLE:ID",
              help="Who puts it on record; the system if not given.")  # fmt: skip
@json_option
@settings_options
def command(
    chosen: "Settings",
    directory: Path | None,
    html: Path | None,
    as_json: bool,
    **given: str | int | bool | tuple[str, ...] | None,
) -> int:
    """Put past cases to the rules of DIRECTORY: what they would cost, what changes against OLD."""
    from aftersales.cli.output import put, put_json, say  # here: help needs none of it
    from aftersales.cli.pages import wrapped
    from aftersales.cli.simulate.asked import Request
    from aftersales.cli.simulate.page import page
    from aftersales.cli.simulate.plain import as_data

    request = Request(**given)  # type: ignore[arg-type]
    found = request.simulated(directory or chosen.folder, chosen)
    if as_json:
        put_json(as_data(found))
    else:
        for line in wrapped(page(found)):
            put(line)
    if html is not None:
        from aftersales.reports import simulation_page  # here: only a page needs templates

        html.write_text(simulation_page(found), encoding="utf-8")
        say(f"written: {html}")
    return 0
