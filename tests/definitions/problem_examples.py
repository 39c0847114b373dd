"""The examples of `docs/reference/problems/`: read from a page, put among small definitions, run.

An example is one or more blocks of YAML, each with a first line that names its file. A block
stands in place of the same keys of that file; `the whole file` says that it is all of it, and
`left out` that there is no such file. Run as a program, this renews what the pages print.
"""

import re
import sys
import tempfile
from collections.abc import Container, Iterator, Mapping
from datetime import date
from pathlib import Path

from small_definitions import FILES, write_file
from small_feeds import MEETINGS

from aftersales.authoring.check import check
from aftersales.definitions.arming import not_simulated
from aftersales.definitions.documents import read_folder
from aftersales.definitions.notes import Notes
from aftersales.definitions.problem_pages import codes, page_of, pages_folder
from aftersales.definitions.reasons import reasons_missing
from aftersales.definitions.render import render
from aftersales.definitions.story_files import read_tests_file
from aftersales.domain.problem import Problem
from aftersales.notifiers import check_replies

TODAY = date(2026, 12, 1)
_BLOCK = re.compile(r"```yaml\n# ([\w./-]+)(, the whole file|, left out)?\n(.*?)```", re.S)
_PRINTED = re.compile(r"(` prints:\n\n```\n)(.*?)(```\n)", re.S)
_RIGHT = "\n## Right\n"

Files = dict[str, str | None]


def wrong_files(page: str) -> Files:
    """The files of the wrong example of a page."""
    return _files(page.partition(_RIGHT)[0])


def right_files(page: str) -> Files:
    """The files of the right example of a page."""
    return _files(page.partition(_RIGHT)[2])


def problems_of(
    files: Mapping[str, str | None], folder: Path, *, is_strict: bool = False
) -> list[Problem]:
    """What is found of these files among the small definitions, all written to `folder`."""
    for file, content in {**FILES, **files}.items():
        if content is not None:
            write_file(folder, file, content)
    write_file(folder, "policies/meetings.ics", MEETINGS)
    return found_in(folder) + (found_strictly(folder, files) if is_strict else [])


def found_strictly(folder: Path, files: Container[str]) -> list[Problem]:
    """What a strict check wants beside, of these files, where no simulation is on record."""
    found = reasons_missing(folder, today=TODAY)
    found += not_simulated(read_folder(folder, Notes()).documents, frozenset())
    return [problem for problem in found if problem.place.file in files]


def found_in(folder: Path) -> list[Problem]:
    """All that the commands for authors find in a folder: in definitions, replies and tests."""
    catalog, problems = check(folder, today=TODAY)
    if catalog is not None:
        books = catalog.rulebooks
        problems += check_replies(known for book in books for known in book.replies.values())
    notes = Notes()
    for path in sorted(folder.rglob("*.tests.yaml")):
        read_tests_file(path, path.relative_to(folder).as_posix(), notes)
    return [*problems, *notes.problems]


def renewed(page: str, folder: Path) -> str:
    """The page with what is printed of its wrong example now."""
    files = wrong_files(page)
    problems = problems_of(files, folder, is_strict=is_strict(page))
    shown = "\n\n".join(render(p, files.get(p.place.file)) for p in problems)
    return _PRINTED.sub(lambda found: f"{found[1]}{shown}\n{found[3]}", page, count=1)


def is_strict(page: str) -> bool:
    """Whether the page is about what only a strict check tells."""
    return "check --strict` prints" in page


def _files(part: str) -> Files:
    found: Files = {}
    for file, sort, content in _BLOCK.findall(part):
        if "left out" in sort:
            found[file] = None
        elif sort or file not in FILES:
            found[file] = content
        else:
            found[file] = "\n".join(_merged(FILES[file].splitlines(), content.splitlines())) + "\n"
    return found


def _merged(base: list[str], part: list[str]) -> list[str]:
    """The lines of `base` with each block of `part` in place of the block of that key."""
    lines = list(base)
    for block in _blocks(part):
        held = list(_blocks(lines))
        at = next((n for n, old in enumerate(held) if _key(old) == _key(block)), None)
        if at is None:
            held.append(block)
        elif _is_open(held[at]) and _is_open(block):
            held[at] = [held[at][0], *_merged(held[at][1:], block[1:])]
        else:
            held[at] = block
        lines = [line for each in held for line in each]
    return lines


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Each key of the outermost mapping with all lines that belong to it."""
    depth = next((_depth(line) for line in lines if line.strip()), 0)
    block: list[str] = []
    for line in lines:
        if block and line.strip() and _depth(line) <= depth and not line.lstrip().startswith("- "):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _key(block: list[str]) -> str:
    return block[0].strip().partition(":")[0]


def _is_open(block: list[str]) -> bool:
    """Whether a block is a mapping of keys on lines of their own, so that parts can change."""
    return block[0].rstrip().endswith(":") and len(block) > 1 and ":" in block[1].partition("- ")[0]


if __name__ == "__main__":
    wanted = sys.argv[1:] or codes()
    for code in wanted:
        with tempfile.TemporaryDirectory() as made:
            (pages_folder() / f"{code}.md").write_text(renewed(page_of(code) or "", Path(made)))
