"""`aftersales case ...`: one file per command, loaded when it is run."""

import click

from aftersales.cli.lazy import LazyGroup

_COMMANDS = {
    "open": ("aftersales.cli.case.open", "Open a case, on an order's JSON or on facts."),
    "list": ("aftersales.cli.case.list", "The cases, the most urgent first."),
    "show": ("aftersales.cli.case.show", "Where a case stands, and what can be done."),
    "history": ("aftersales.cli.case.history", "What happened to a case."),
    "explain": ("aftersales.cli.case.explain", "Why this due date, why this offer, why not."),
    "submit": ("aftersales.cli.case.submit", "Put an event to a case."),
    "offers": ("aftersales.cli.case.offers", "The options offered, with amounts."),
    "settle": ("aftersales.cli.case.settle", "Say how an effect that was handed over ended."),
}


@click.group("case", cls=LazyGroup, lazy=_COMMANDS)
def command() -> None:
    """Open, read and move cases. An id may be cut to any unique beginning or end of it."""
