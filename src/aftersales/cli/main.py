"""The root command."""

import gc

import click

from aftersales.cli.exits import run
from aftersales.cli.lazy import LazyGroup

_COMMANDS = {
    "init": ("aftersales.cli.init", "Copy the shipped definitions into a new folder."),
    "check": ("aftersales.cli.check", "Report every problem of the definitions."),
    "test": ("aftersales.cli.test", "Run the stories and examples of the definitions."),
    "explain": (
        "aftersales.cli.explain",
        "Why an offer, a deadline, a case; what a problem means.",
    ),
    "show": ("aftersales.cli.show", "Show tables as grids, and what a customer can get."),
    "diff": ("aftersales.cli.diff", "Who is treated otherwise by a change, in words."),
    "simulate": ("aftersales.cli.simulate", "Put past cases to the rules, or to two versions."),
    "propose": ("aftersales.cli.propose", "One page about a change, before it is used."),
    "publish": ("aftersales.cli.publish", "Make definitions valid for new cases, from a day on."),
    "fmt": ("aftersales.cli.fmt", "Write the definitions in one style, with the same meaning."),
    "schema": ("aftersales.cli.schema", "Write JSON Schemas, for an editor to complete from."),
    "table": ("aftersales.cli.table", "Tables out to spreadsheets and back."),
    "calendar": ("aftersales.cli.calendar", "Ask the calendars: what is open, what is due, why."),
    "migrate": ("aftersales.cli.migrate", "Create or upgrade the database."),
    "case": ("aftersales.cli.case", "Open, read and move cases."),
    "tick": ("aftersales.cli.tick", "Fire what is due, deliver what waits, end."),
    "doctor": ("aftersales.cli.doctor", "Check every invariant of the database."),
    "demo": ("aftersales.cli.demo", "Forty simulated days of an invented shop."),
}

_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def _version(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        from aftersales import __version__  # here: reading it takes time

        click.echo(f"aftersales {__version__}")
        ctx.exit()


@click.group(
    "aftersales",
    cls=LazyGroup,
    lazy=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Settings and exit codes: docs/reference/cli.md",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
def root() -> None:
    """After-sales cases of an online shop: what is due, what may be offered, and why."""


def main(args: list[str] | None = None) -> None:
    """Run a command and exit with its documented code."""
    # Nearly all that a command makes lives to its end: looking for cycles seldom saves a tenth.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    run(root, args)
