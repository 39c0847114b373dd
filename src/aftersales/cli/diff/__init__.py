"""`aftersales diff OLD [NEW]`: what a change of the definitions means, in words."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put_json, say

if TYPE_CHECKING:
    from aftersales.authoring.diff import Difference
    from aftersales.config import Settings

PINNED = "case:"


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@click.option("--on", "day", metavar="DATE", help="For cases opened on this day, instead of today.")
@json_option
@settings_options
def command(
    chosen: "Settings", old: str, new: str | None, day: str | None, *, as_json: bool
) -> None:
    """Who is treated otherwise by NEW than by OLD, and how.

    OLD and NEW are a folder, a git revision, `shipped`, `published` or `publication:N`; OLD may be
    `case:ID`, the rules that an open case is bound to. Without NEW: the folder of the settings.
    """
    from aftersales.cli.diff.page import as_data, page  # here: help needs none of it
    from aftersales.cli.pages import put_page

    found, labels = _compared(chosen, old, new, _day(day))
    if as_json:
        put_json(as_data(found, labels))
        return
    put_page(page(found))
    if found.is_empty:
        say(f"{labels[0]} and {labels[1]} mean the same")


def _compared(
    chosen: "Settings", old: str, new: str | None, on: date
) -> "tuple[Difference, tuple[str, str]]":
    from aftersales.authoring.diff import compare, compare_pinned
    from aftersales.cli.versions import version_named, version_of

    folder = chosen.folder
    newer = version_of(folder) if new is None else version_named(new, folder, chosen)
    if not old.startswith(PINNED):
        base = Path(new) if new is not None and Path(new).is_dir() else folder
        older = version_named(old, base, chosen)
        return compare(older.catalog, newer.catalog, on=on), (older.label, newer.label)
    from aftersales.cli.case.find import find_case  # here: only a pinned version needs a database
    from aftersales.config import desk_from

    desk = desk_from(chosen)
    view = find_case(desk, old.removeprefix(PINNED))
    pinned = desk.rulebook(view.id)
    return compare_pinned(pinned, newer.catalog, on=on), (f"case {view.id}", newer.label)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"`{text}` is not a day; write it like `2026-03-01`") from None
