"""`aftersales table export POLICY`: a table as a spreadsheet opens it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit
from aftersales.cli.options import settings_options
from aftersales.cli.output import say
from aftersales.cli.table.named import policy_named, say_problems, table_named

if TYPE_CHECKING:
    from aftersales.config import Settings

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@click.command("export")
@click.argument("policy")
@click.option("--table", "name", metavar="NAME", help="Which table, if the policy has several.")
@click.option("--to", "file", type=click.Path(path_type=Path), help="The file to write.")
@click.option(
    "--delimiter", type=click.Choice([*_DELIMITERS]), default="comma", help="What parts the cells."
)
@settings_options
def command(
    chosen: "Settings", policy: str, name: str | None, file: Path | None, delimiter: str
) -> int:
    """Write a table of POLICY, a name or a file, as CSV: one row for each rule, ids first."""
    from aftersales.definitions.interchange import exported  # here: help needs none
    from aftersales.definitions.notes import Notes

    found = policy_named(policy, chosen)
    table = table_named(found, name)
    notes = Notes()
    written = exported(found, table, notes, delimiter=_DELIMITERS[delimiter])
    if notes.has_errors:
        say_problems(notes.problems)
        return Exit.REFUSED
    others = [other for other in found.tables if other != table.name]
    say(f"{table.name} of {found.file}" + (f"; it also has {', '.join(others)}" if others else ""))
    if file is None:
        click.echo(written, nl=False)
    else:
        # With a byte order mark, for spreadsheets that would take it for another encoding.
        file.write_bytes(written.encode("utf-8-sig"))
    return Exit.DONE
