"""`aftersales case history`: what happened to a case, version by version."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from aftersales.cli.case import words
from aftersales.cli.case.find import find_case
from aftersales.cli.options import json_option, settings_options, zone_of
from aftersales.cli.output import aligned, put, put_json, put_table
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.domain.case import HistoryEntry

_MOVED = "rulebook_moved"  # the event of a move to newer calendars: what it did are sentences
_COLUMNS = ("", "when", "event", "by", "state", "did")


@click.command("history")
@click.argument("case_id")
@json_option
@settings_options
def command(chosen: "Settings", case_id: str, as_json: bool) -> None:
    """What happened to a case, version by version."""
    desk = desk_from(chosen)
    view = find_case(desk, case_id)
    entries = desk.history(view.id)
    if as_json:
        put_json(entries)
        return
    zone = zone_of(chosen, desk.rulebook(view.id).calendar(of_case=view.case.calendar).zone)
    _put(entries, zone)


def _put(entries: "Sequence[HistoryEntry]", zone: str) -> None:
    """A row for each entry; what a newer calendar moved stands below it, one line a date."""
    rows = [_row(entry, zone) for entry in entries]
    if sys.stdout.isatty():
        for row, entry in zip(rows, entries, strict=True):
            row[-1] = "\n".join(filter(None, (row[-1], *_below(entry))))
        put_table(_COLUMNS, rows)
        return
    titles, *lines = aligned([[name.upper() for name in _COLUMNS], *rows])
    put(titles)
    for line, entry in zip(lines, entries, strict=True):
        put(line)
        for moved in _below(entry):
            put(f"    {moved}")


def _below(entry: "HistoryEntry") -> tuple[str, ...]:
    return entry.did if entry.event == _MOVED else ()


def _row(entry: "HistoryEntry", zone: str) -> list[str]:
    moved = entry.state_after
    if entry.state_before not in ("", entry.state_after):
        moved = f"{entry.state_before} -> {entry.state_after}"
    did = "" if _below(entry) else ", ".join(entry.did)
    if entry.note:
        did = f"{did} ({entry.note})" if did else entry.note
    at = words.when(entry.effective_at, zone)
    return [str(entry.version), at, entry.event, str(entry.actor), moved, did]
