"""`aftersales migrate`: the database, at the schema this version needs."""

from typing import TYPE_CHECKING

import click

from aftersales.cli.options import settings_options
from aftersales.cli.output import say
from aftersales.config import store_from

if TYPE_CHECKING:
    from aftersales.config import Settings


@click.command("migrate")
@settings_options
def command(chosen: "Settings") -> None:
    """Create the database, or upgrade it. Safe to run again."""
    store = store_from(chosen)
    store.migrate()
    store.check_ready()
    say(f"{chosen.shown_database} is ready")
