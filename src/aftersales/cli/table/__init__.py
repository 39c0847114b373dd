"""`aftersales table`: tables out to spreadsheets and back, and those of others in."""

import click

from aftersales.cli.lazy import LazyGroup

_COMMANDS = {
    "export": ("aftersales.cli.table.export", "A table of a policy as CSV."),
    "import": ("aftersales.cli.table.import_", "A CSV back into its policy, or a DMN file in."),
}


@click.group("table", cls=LazyGroup, lazy=_COMMANDS)
def command() -> None:
    """Edit tables in a spreadsheet, and bring in those that others wrote."""
