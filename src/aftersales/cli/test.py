"""`aftersales test`: the stories and examples that stand beside the definitions, run."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import json_option, settings_options
from aftersales.cli.output import put, put_json, say
from aftersales.definitions.shipped import FOLDERS, shipped_folder

if TYPE_CHECKING:
    from aftersales.authoring import StoryResult
    from aftersales.config import Settings


@click.command("test")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@json_option
@settings_options
def command(chosen: "Settings", directory: Path | None, as_json: bool) -> int:
    """Run every `*.tests.yaml` of DIRECTORY, and show what is not as its author expects."""
    folder = directory or chosen.folder or shipped_folder()
    if not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")
    results, problems = _run(folder)
    failed = [result for result in results if not result.has_passed]
    if as_json:
        put_json([_as_data(result) for result in results])
    else:
        for result in failed:
            put(f"{result.name}")
            put("\n".join(f"    {failure}" for failure in result.failures))
        for problem in problems:
            put(problem)
    say(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return Exit.REFUSED if failed or problems else Exit.DONE


def _run(folder: Path) -> "tuple[list[StoryResult], list[str]]":
    from aftersales.authoring import run_tests  # here: help needs none of it
    from aftersales.definitions import Catalog
    from aftersales.definitions.notes import Notes
    from aftersales.definitions.story_files import read_tests_file

    catalog, notes = Catalog.load(folder), Notes()
    results = []
    files = [path for part in FOLDERS for path in (folder / part).rglob("*.tests.yaml")]
    for path in sorted(files):
        tests = read_tests_file(path, str(path.relative_to(folder)), notes)
        if tests is not None:
            results += run_tests(catalog, tests)
    return results, [f"{problem}; {problem.help}" for problem in notes.problems]


def _as_data(result: "StoryResult") -> dict[str, object]:
    return {"name": result.name, "place": str(result.place), "failures": list(result.failures)}
