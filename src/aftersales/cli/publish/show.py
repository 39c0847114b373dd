"""`aftersales publish show ID`: one publication, and its files as they were published."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import plain, put, put_json, say
from aftersales.cli.publish.asked import publications, zone_in
from aftersales.cli.publish.words import fate
from aftersales.domain.calendar import speak

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftersales.config import Settings
    from aftersales.definitions import Contents
    from aftersales.desk import Publication, Publications


@click.command("show")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--file", "file", metavar="NAME", help="Print this file, as it was published.")
@click.option("--into", "into", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              help="Write all files into this folder, which must be new or empty.")  # fmt: skip
@json_option
@settings_options
def command(
    chosen: "Settings", number: int, file: str | None, into: Path | None, as_json: bool
) -> None:
    """Who published what and why, and which files differ from the publication before."""
    published = publications(chosen)
    entry, contents = published.get(number), published.contents(number)
    if file is not None:
        _put_file(contents, file, number)
        return
    if into is not None:
        _write(contents, into)
        return
    changes = list(_changes(published, entry, contents))
    if as_json:
        put_json(plain(entry) | {"files": list(contents.files), "changes": changes})
        return
    for line in _page(entry, contents, zone_in(published, chosen)):
        put(line)
    for what, name in changes:
        put(f"  {what:<8}{name}")


def _page(entry: "Publication", contents: "Contents", zone: str) -> "Iterator[str]":
    yield f"publication {entry.number} · {fate(entry)}"
    yield f"valid from {speak(entry.valid_from, zone)}"
    if entry.valid_until is not None and entry.valid_until > entry.valid_from:
        yield f"until      {speak(entry.valid_until, zone)}"
    yield f"published  {speak(entry.published_at, zone)} by {entry.published_by}"
    if entry.note:
        yield f"note       {entry.note}"
    yield f"digest     {entry.digest}"
    size = sum(map(len, contents.files.values()))
    yield f"files      {len(contents.files)}, {size:,} bytes"


def _changes(
    published: "Publications", entry: "Publication", contents: "Contents"
) -> "Iterator[tuple[str, str]]":
    """Which files differ from the publication made before this one."""
    earlier = [e for e in published.history() if e.number < entry.number and e.withdraws is None]
    if not earlier:
        return
    before, after = published.contents(earlier[-1].number).files, contents.files
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield "new", name
        elif name not in after:
            yield "gone", name
        elif before[name] != after[name]:
            yield "changed", name


def _put_file(contents: "Contents", file: str, number: int) -> None:
    if file not in contents.files:
        raise NotFound(f"publication {number} has no file `{file}`")
    sys.stdout.flush()
    sys.stdout.buffer.write(contents.files[file])


def _write(contents: "Contents", into: Path) -> None:
    if into.exists() and any(into.iterdir()):
        raise click.BadParameter(f"`{into}` is not empty", param_hint="--into")
    contents.write_to(into)
    put(str(into))
    say(f"{len(contents.files)} files written")
