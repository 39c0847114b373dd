"""The command: which tests are run, and what is made of their results."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, put_table, say
from aftersales.definitions.shipped import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftersales.authoring import StoryResult
    from aftersales.cli.test.running import Run
    from aftersales.config import Settings


@click.command("test")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--only", metavar="TEXT", multiple=True, help="Tests of a file or name with TEXT.")
@click.option("--update", is_flag=True, help="Write what is found where it is not as expected.")
@click.option("--yes", is_flag=True, help="With --update: do not ask.")
@click.option("--coverage", is_flag=True, help="What the tests reach, and what they do not.")
@click.option("--suggest", is_flag=True, help="The tests that are missing, ready to paste.")
@click.option("--write", metavar="FILE", help="With --suggest: append those it is for to FILE.")
@json_option
@settings_options
def command(
    chosen: "Settings",
    directory: Path | None,
    only: tuple[str, ...],
    update: bool,
    yes: bool,
    coverage: bool,
    suggest: bool,
    write: str | None,
    as_json: bool,
) -> int:
    """Run every `*.tests.yaml` of DIRECTORY, and show what is not as its author expects."""
    folder = directory or chosen.folder or shipped_folder()
    if not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")

    from aftersales.cli.test.running import run  # here: help needs none of it

    done = run(folder, only)
    if update:
        from aftersales.cli.test.updating import update as rewrite  # here: see above

        return rewrite(folder, done, is_sure=yes, as_json=as_json)
    if suggest:
        from aftersales.cli.test.suggested import tell  # here: see above

        tell(done, folder, write, as_json=as_json)
        return Exit.DONE
    if coverage:
        return _covered(done, as_json=as_json)
    return _told(done, as_json=as_json)


def _covered(done: "Run", *, as_json: bool) -> int:
    from aftersales.cli.test.coverage import coverage_of, in_words, tell  # here: see command

    found = coverage_of(done)
    tell(found, as_json=as_json)
    failed = sum(not result.has_passed for result in done.results)
    say(f"{len(done.results) - failed} passed, {failed} failed; {in_words(found)}")
    return Exit.REFUSED if failed or done.problems else Exit.DONE


def _told(done: "Run", *, as_json: bool) -> int:
    from aftersales.cli.pages import put_page  # here: see command
    from aftersales.cli.test.drawing import failed_lines

    failed = [result for result in done.results if not result.has_passed]
    if as_json:
        put_json([as_data(result) for result in done.results])
    else:
        for result in failed:
            put_page(failed_lines(result), bold="red")
        for problem in done.problems:
            put(problem)
        put_table(("file", "passed", "failed"), _by_file(done))
    say(f"{len(done.results) - len(failed)} passed, {len(failed)} failed")
    return Exit.REFUSED if failed or done.problems else Exit.DONE


def _by_file(done: "Run") -> "Sequence[tuple[str, str, str]]":
    rows = []
    for file, results in done.by_file.items():
        passed = sum(result.has_passed for result in results)
        rows.append((file, str(passed), str(len(results) - passed)))
    return rows


def as_data(result: "StoryResult") -> dict[str, object]:
    """A result as `--json` prints it."""
    return {
        "name": result.name,
        "place": str(result.place),
        "has_passed": result.has_passed,
        "failures": list(result.failures),
        "differences": [
            {
                "place": str(found.place),
                "what": found.what,
                "expected": list(found.expected),
                "found": list(found.found),
                "why": list(found.why),
            }
            for found in result.differences
        ],
    }
