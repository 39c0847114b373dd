"""`--update`: what is found, written where something else is expected, after it was shown."""

import difflib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.authoring import run_tests
from aftersales.authoring.rewriting import rewrite
from aftersales.cli.exits import Exit
from aftersales.cli.output import clean, put, put_json, say
from aftersales.cli.writing import write_whole
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.story_files import read_tests

if TYPE_CHECKING:
    from aftersales.authoring import Difference
    from aftersales.cli.test.running import Run

_MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class _Update:
    file: str
    path: Path
    before: str
    after: str
    refused: "tuple[Difference, ...]"

    @property
    def lines(self) -> list[str]:
        lines = (self.before.splitlines(), self.after.splitlines())
        return list(difflib.unified_diff(*lines, self.file, self.file, lineterm="", n=1))


def update(folder: Path, done: "Run", *, is_sure: bool, as_json: bool) -> int:
    """Show each difference, ask, and write. The code tells whether something could not be."""
    failing = [file for file, results in done.by_file.items()
               if not all(result.has_passed for result in results)]  # fmt: skip
    updates = [_update(folder, done, file) for file in failing]
    changed = [found for found in updates if found.before != found.after]
    refused = [difference for found in updates for difference in found.refused]
    if as_json:
        put_json(
            {"changed": {u.file: u.lines for u in changed}, "refused": list(map(str, refused))}
        )
    for found in changed if not as_json else ():
        _show(found.lines)
    for difference in refused if not as_json else ():
        put(f"cannot be rewritten: {difference}")
    if changed and (is_sure or _agreed()):
        for found in changed:
            write_whole(found.path, found.after)
        say("1 file rewritten" if len(changed) == 1 else f"{len(changed)} files rewritten")
    elif not changed:
        say("there is nothing to rewrite")
    return Exit.REFUSED if refused or done.problems else Exit.DONE


def _update(folder: Path, done: "Run", file: str) -> _Update:
    """Rewrite until nothing differs: a step of a story may uncover the next.

    A test with a difference that cannot be rewritten is left as it is, whole.
    """
    path = folder / file
    with path.open(encoding="utf-8", newline="") as opened:
        before = opened.read()
    chosen = {result.name for result in done.by_file[file]}
    left: dict[int, tuple[Difference, ...]] = {}
    content = _rewritten(before, file, done.catalog, chosen, left)
    while content is None:
        content = _rewritten(before, file, done.catalog, chosen, left)
    refused = tuple(difference for told in left.values() for difference in told)
    return _Update(file, path, before, content, refused)


def _rewritten(
    content: str,
    file: str,
    catalog: Catalog,
    chosen: set[str],
    left: "dict[int, tuple[Difference, ...]]",
) -> str | None:
    """`content` rewritten but for the tests in `left`; None if one had to be put there."""
    for _ in range(_MOST_ROUNDS):
        tests = read_tests(content, file, Notes())
        results = run_tests(catalog, tests) if tests is not None else []
        differences: list[Difference] = []
        for number, result in enumerate(results):
            if number in left or result.name not in chosen or result.has_passed:
                continue
            found = rewrite(content, file, result.differences)
            if found.refused:
                left[number] = found.refused
                return None
            differences += result.differences
        if not differences:
            break
        content = rewrite(content, file, differences).content
    return content


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked here: say `--yes` to write this")
    return click.confirm("Write this?", err=True)


def _show(lines: list[str]) -> None:
    is_terminal = sys.stdout.isatty()
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines:
        colour = colours.get(line[:1]) if is_terminal else None
        click.echo(click.style(clean(line), fg=colour) if colour else clean(line))
