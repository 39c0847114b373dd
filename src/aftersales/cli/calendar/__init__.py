"""`aftersales calendar ...`: one file per command, loaded when it is run."""

import click

from aftersales.cli.lazy import LazyGroup

_COMMANDS = {
    "show": ("aftersales.cli.calendar.show", "The calendars, or a month or year of one."),
    "add": ("aftersales.cli.calendar.add", "When something is due, and why."),
    "between": ("aftersales.cli.calendar.between", "Open time and business days between two."),
    "preview": ("aftersales.cli.calendar.preview", "Which due dates a changed calendar moves."),
}


@click.group("calendar", cls=LazyGroup, lazy=_COMMANDS)
def command() -> None:
    """Ask the calendars: what is open, when something is due, and why. Most need no database."""
