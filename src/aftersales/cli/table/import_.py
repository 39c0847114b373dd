"""`aftersales table import FILE --into POLICY`: what a spreadsheet says, back in its place."""

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.cli.table.dmn import SUFFIXES, take_in
from aftersales.cli.table.named import policy_named, say_problems, table_named

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.definitions.interchange import Imported, PolicyFile


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
    done = imported(found, table_named(found, name), file.read_bytes(), str(file))
    if done.is_usable and not is_diff:
        _write(found, done)
    if as_json:
        put_json(_as_data(found, done))
    else:
        _tell(found, done, is_diff=is_diff)
    return Exit.DONE if done.is_usable else Exit.REFUSED


def _write(policy: "PolicyFile", done: "Imported") -> None:
    from aftersales.definitions.formatting.files import replace_file  # here: help needs none

    assert done.merged is not None
    if done.merged.text != policy.content:
        replace_file(policy.folder / policy.file, done.merged.text)


def _tell(policy: "PolicyFile", done: "Imported", *, is_diff: bool) -> None:
    say_problems(done.problems)
    if done.merged is None or not done.is_usable:
        say("nothing was written")
        return
    if is_diff:
        before = policy.content.splitlines(keepends=True)
        after = done.merged.text.splitlines(keepends=True)
        put("".join(unified_diff(before, after, policy.file, f"{policy.file} (imported)")).rstrip())
    parts = ("changed", done.merged.changed), ("added", done.merged.added)
    told = [
        f"{word} {', '.join(ids)}"
        for word, ids in (*parts, ("removed", done.merged.removed))
        if ids
    ]
    say(f"{policy.file}: {'; '.join(told) or 'nothing has changed'}")
    if told and not is_diff:
        say(f"next: aftersales check {policy.folder}")


def _as_data(policy: "PolicyFile", done: "Imported") -> dict[str, object]:
    from aftersales.definitions.render import to_json  # here: help needs none

    merged = done.merged
    return {
        "file": policy.file,
        "is_usable": done.is_usable,
        "changed": list(merged.changed) if merged else [],
        "added": list(merged.added) if merged else [],
        "removed": list(merged.removed) if merged else [],
        "problems": [to_json(problem) for problem in done.problems],
    }
