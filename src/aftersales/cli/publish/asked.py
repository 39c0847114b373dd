"""What the commands share: who publishes, from when, and where it is kept."""

import getpass
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from aftersales.domain.errors import PublicationRefused

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import Publications

_NOW = "now"

by_option: Callable[[Any], Any] = click.option(
    "--by", metavar="NAME", help="Who publishes; else the name you are logged in by."
)
note_option: Callable[[Any], Any] = click.option(
    "--note", metavar="TEXT", default="", help="Why, for the history."
)


def publications(chosen: "Settings") -> "Publications":
    """What is published in the database of these settings. StoreNotReady."""
    from aftersales.config import store_from  # here: help opens no database
    from aftersales.desk import Publications

    store = store_from(chosen)
    store.check_ready()
    return Publications(store=store, shop=chosen.shop)


def who(given: str | None) -> str:
    """The name that stands in the history."""
    if given is not None:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise click.UsageError("who publishes? name them by --by NAME") from None


def begins(text: str, zone: str) -> datetime | None:
    """The instant that `--from` means: the midnight at which a day of `zone` begins; None for now.

    PublicationRefused if that day has begun.
    """
    if text == _NOW:
        return None
    from aftersales.desk import utc_now  # here: see publications
    from aftersales.domain.calendar import LAST_YEAR, day_begins, speak

    at = day_begins(_day(text, LAST_YEAR), zone)
    if at < utc_now():
        raise PublicationRefused(
            f"{text} began on {speak(at, zone)}, which is past; write `--from now`, or a later day"
        )
    return at


def _day(text: str, last_year: int) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        help = "write a day such as `2026-12-01`, or `now`"
        raise click.BadParameter(f"`{text}` is not a day; {help}", param_hint="--from") from None
    if day.year > last_year:
        raise click.BadParameter(f"{text} is after {last_year}", param_hint="--from")
    return day


def zone_in(published: "Publications", chosen: "Settings") -> str:
    """The zone to speak in: the one chosen, else that of the desk in what is published."""
    from aftersales.definitions import Catalog  # here: see publications

    entries = [entry for entry in published.history() if entry.withdraws is None]
    in_force = next((entry for entry in entries if entry.is_in_force), None)
    if chosen.zone or not entries:
        return chosen.zone or "UTC"
    catalog, _ = Catalog.check_contents(published.contents((in_force or entries[-1]).number))
    return catalog.zone if catalog else "UTC"
