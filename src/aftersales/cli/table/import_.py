"""`aftersales table import FILE --into POLICY`: what a spreadsheet says, back in its place."""

from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.cli.table.dmn import SUFFIXES, take_in
from aftersales.cli.table.named import policy_named, say_problems, table_named
from aftersales.cli.table.proven import Proven, proven
from aftersales.definitions.render import summary, to_json

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.definitions.interchange import Imported, PolicyFile
    from aftersales.definitions.interchange.merging import Merged


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", "policy", metavar="POLICY", help="The policy whose table it is.")
@click.option("--table", "name", metavar="NAME", help="Which table, if the policy has several.")
@click.option("--diff", "is_diff", is_flag=True, help="Write nothing; print what would change.")
@click.option("--to", type=click.Path(path_type=Path), help="Of DMN: the new policy to write.")
@click.option("--decision", metavar="NAME", help="Of DMN: which decision, if there are several.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    file: Path,
    policy: str | None,
    name: str | None,
    is_diff: bool,
    to: Path | None,
    decision: str | None,
    as_json: bool,
) -> int:
    """Put FILE, a CSV, back into its POLICY, a name or a file; or take in a DMN file by `--to`.

    Rules that are the same stay byte for byte; others are edited, added and removed. What is
    wrong is told at the cells of FILE, and nothing is written.
    """
    from aftersales.definitions.interchange import imported  # here: help needs none

    if not file.is_file():
        raise NotFound(f"there is no file `{file}`")
    if file.suffix.lower() in SUFFIXES:
        if to is None:
            raise click.UsageError("say which file to write: `--to policies/NAME.yaml`")
        return take_in(chosen, file, to, decision, as_json=as_json)
    if policy is None:
        raise click.UsageError("say which policy it goes back into: `--into POLICY`")
    if chosen.folder is None and not Path(policy).is_file():
        raise click.UsageError("say whose: `--folder DIR`; the shipped ones are not yours to edit")
    found = policy_named(policy, chosen)
    raw = file.read_bytes()
    done = imported(found, table_named(found, name), raw, str(file))
    shown = _proven(found, done) if done.is_usable else None
    if done.is_usable and not is_diff:
        _write(found, done)
    if as_json:
        put_json(_as_data(found, done, shown))
    else:
        sources = {str(file): raw.decode("utf-8-sig", errors="replace")}
        _tell(found, done, shown, sources, is_diff=is_diff)
    is_wrong = shown is None or shown.has_errors
    return Exit.REFUSED if is_wrong else Exit.DONE


def _write(policy: "PolicyFile", done: "Imported") -> None:
    from aftersales.definitions.formatting.files import replace_file  # here: help needs none

    assert done.merged is not None
    if done.merged.text != policy.content:
        replace_file(policy.folder / policy.file, done.merged.text)


def _proven(policy: "PolicyFile", done: "Imported") -> Proven:
    """What is found of the policy as it is now, told at the cells of the sheet."""
    from aftersales.definitions.contents import Contents  # here: help needs none

    assert done.merged is not None
    files = {policy.file: done.merged.text.encode()}
    return proven(Contents.of_folder(policy.folder), files, policy.file, policy.name, done.told)


def _tell(
    policy: "PolicyFile",
    done: "Imported",
    found: Proven | None,
    sources: Mapping[str, str],
    *,
    is_diff: bool,
) -> None:
    if done.merged is None or found is None:
        say_problems(done.problems, sources)
        say("nothing was written")
        return
    if is_diff:
        before = policy.content.splitlines(keepends=True)
        after = done.merged.text.splitlines(keepends=True)
        put("".join(unified_diff(before, after, policy.file, f"{policy.file} (imported)")).rstrip())
    changed = _changed(done.merged)
    say(f"{policy.file}: {changed or 'nothing has changed'}")
    found.tell({**sources, policy.file: done.merged.text})
    if found.is_proven and changed:
        says_next = "" if is_diff else f"; next: aftersales test {policy.folder}"
        say(f"proven: {summary(found.problems)}{says_next}")


def _changed(merged: "Merged") -> str:
    parts = ("changed", merged.changed), ("added", merged.added), ("removed", merged.removed)
    return "; ".join(f"{word} {', '.join(ids)}" for word, ids in parts if ids)


def _as_data(policy: "PolicyFile", done: "Imported", found: Proven | None) -> dict[str, object]:
    merged = done.merged
    return {
        "file": policy.file,
        "is_usable": done.is_usable,
        "changed": list(merged.changed) if merged else [],
        "added": list(merged.added) if merged else [],
        "removed": list(merged.removed) if merged else [],
        "is_proven": found is not None and found.is_proven,
        "problems": [to_json(problem) for problem in (found or done).problems],
    }
