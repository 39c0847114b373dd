"""The tests of a folder, run file by file, with progress on a terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aftersales.authoring import StoryResult, run_tests
from aftersales.cli.exits import NotFound
from aftersales.definitions import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.shipped import FOLDERS
from aftersales.definitions.story_files import TestsFile, read_tests_file


@dataclass(frozen=True, slots=True)
class Run:
    """What was run, and with which results by file."""

    catalog: Catalog
    files: tuple[TestsFile, ...]
    by_file: dict[str, list[StoryResult]]
    problems: tuple[str, ...]
    is_part: bool = False  # whether only some of the tests were asked for

    @property
    def results(self) -> list[StoryResult]:
        """All results, file by file."""
        return [result for results in self.by_file.values() for result in results]


def run(folder: Path, only: tuple[str, ...]) -> Run:
    """Run the tests of `folder`; with `only`, those whose file or name has one of its texts.

    NotFound if there is none. DefinitionsInvalid if the definitions have errors.
    """
    catalog, notes = Catalog.load(folder), Notes()
    read = [read_tests_file(path, file, notes) for file, path in _paths(folder)]
    files = tuple(_chosen((tests for tests in read if tests is not None), only))
    if only and not files:
        raise NotFound(f"no test has {' or '.join(f'`{text}`' for text in only)} in its name")
    by_file = {}
    with progress(len(files)) as told:
        for tests in files:
            told(tests.file)
            by_file[tests.file] = run_tests(catalog, tests)
    problems = tuple(f"{problem}; {problem.help}" for problem in notes.problems)
    return Run(catalog, files, by_file, problems, is_part=bool(only))


def _paths(folder: Path) -> list[tuple[str, Path]]:
    found = (path for part in FOLDERS for path in (folder / part).rglob("*.tests.yaml"))
    return sorted((path.relative_to(folder).as_posix(), path) for path in found)


def _chosen(files: Iterable[TestsFile], only: tuple[str, ...]) -> Iterator[TestsFile]:
    """The files with the tests that are asked for."""
    for tests in files:
        if not only or any(text in tests.file for text in only):
            yield tests
            continue
        stories = tuple(s for s in tests.stories if any(text in s.name for text in only))
        examples = tuple(e for e in tests.examples if any(text in e.name for text in only))
        if stories or examples:
            yield replace(tests, stories=stories, examples=examples)


@contextmanager
def progress(steps: int) -> "Iterator[Callable[[str], None]]":
    """Names of what is run or looked for, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # here: only a terminal needs it
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=steps)
        yield lambda file: progress.update(task, advance=1, description=file)
