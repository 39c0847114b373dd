"""Hand-made wrong files of every format. Each says what is to be reported of it, and where.

`# expect: C203 8:56` is the code, line and column, of an error; `# expect: warning T316 8:5` of a
warning; a file with two slips has two such lines. ` in FILE` follows where the problem is not in
the file itself. `# as: FILE` is the file it stands for among the small definitions, which are
otherwise in order; `# without: FILE` leaves another of them out, `# in FILE: OLD -> NEW` changes
one. `# strict` asks for what a strict check wants, too.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from problem_examples import found_in, found_strictly
from small_definitions import FILES, write_file, write_folder
from small_feeds import MEETINGS

from aftersales.definitions.problem_pages import codes
from aftersales.definitions.render import render, to_json
from aftersales.domain.problem import Problem

WRONG = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))
# Only of a stored rulebook, which no author writes: tests/definitions/test_rulebooks.py has it.
OF_NO_FILE = frozenset({"F808"})
_HEADER = re.compile(r"\ufeff?((?:# [^\n]*\n)+)")
_EXPECT = re.compile(r"# expect: (warning |note )?([A-Z]\d{3}) (\d+):(\d+)(?: in (\S+))?")
_CHANGE = re.compile(r"# in (\S+): (.+) -> (.+)")

Found = tuple[str, str, str, int, int]


@dataclass(frozen=True)
class Wrong:
    """A wrong file: what stands in it, for which file, and what is to be found."""

    content: bytes
    file: str
    others: tuple[tuple[str, str | None], ...]
    is_strict: bool
    expected: tuple[Found, ...]

    @property
    def text(self) -> str:
        """What the file holds, as far as it is text."""
        return self.content.decode("utf-8-sig", errors="replace")

    @classmethod
    @cache
    def read(cls, path: Path) -> "Wrong":
        """The file at `path` with what its first lines say."""
        content = path.read_bytes()
        head = _HEADER.match(content.decode("utf-8-sig", errors="replace"))
        lines = head[1].splitlines() if head else []
        file = next(line.removeprefix("# as: ") for line in lines if line.startswith("# as: "))
        others = [(line[11:], None) for line in lines if line.startswith("# without: ")]
        changes = [match for line in lines if (match := _CHANGE.fullmatch(line))]
        others += [(m[1], FILES[m[1]].replace(m[2], m[3], 1)) for m in changes]
        found = [match for line in lines if (match := _EXPECT.fullmatch(line))]
        expected = tuple(
            (m[2], (m[1] or "error").strip(), m[5] or file, int(m[3]), int(m[4])) for m in found
        )
        return cls(content, file, tuple(others), "# strict" in lines, expected)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small definitions, and a feed with a closed day and a meeting."""
    made = write_folder(tmp_path_factory.mktemp("wrong"))
    write_file(made, "policies/meetings.ics", MEETINGS)
    return made


def found_with(wrong: Wrong, content: bytes, folder: Path) -> list[Problem]:
    """What is found in `folder` while `content` stands in it; afterwards it is as it was."""
    path = folder / wrong.file
    path.parent.mkdir(parents=True, exist_ok=True)
    for other, changed in wrong.others:
        (folder / other).unlink()
        if changed is not None:
            write_file(folder, other, changed)
    path.write_bytes(content)
    try:
        strictly = found_strictly(folder, {wrong.file}) if wrong.is_strict else []
        return found_in(folder) + strictly
    finally:
        path.unlink()
        for file in (wrong.file, *(other for other, _ in wrong.others)):
            if file in FILES:
                write_file(folder, file, FILES[file])


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_slip_is_one_problem_at_the_right_place_with_a_help(path: Path, folder: Path) -> None:
    wrong = Wrong.read(path)
    problems = found_with(wrong, wrong.content, folder)
    found = tuple(
        (p.code, p.severity, p.place.file, p.place.line, p.place.column) for p in problems
    )
    assert found == wrong.expected, [str(problem) for problem in problems]
    assert found
    for problem in problems:
        assert problem.help
        assert problem.message == problem.message.strip().rstrip(".")
        assert "\n" not in problem.message + problem.help
        if problem.place.file == wrong.file:
            _check_shown(problem, wrong.text)


def _check_shown(problem: Problem, written: str) -> None:
    """That it is shown with its line, and a caret inside the line."""
    place = problem.place
    shown = render(problem, written)
    assert shown.startswith(f"{place.file}:{place.line}:{place.column}: {problem.severity}[")
    assert f"= help: {problem.help}" in shown
    line = written.splitlines()[place.line - 1]
    assert 1 <= place.column <= len(line) + 1
    assert problem.notes or "^" in shown
    assert to_json(problem)["line"] == place.line


@pytest.mark.parametrize("path", WRONG[::3], ids=lambda path: path.stem)
def test_a_wrong_file_cut_short_anywhere_is_never_a_traceback(path: Path, folder: Path) -> None:
    wrong = Wrong.read(path)
    size = len(wrong.content)
    for end in (size // 4, size * 5 // 8, size - 9):
        problems = found_with(wrong, wrong.content[:end], folder)
        assert all(problem.place.file and problem.message for problem in problems)


def test_there_are_five_hundred_of_every_format() -> None:
    assert len(WRONG) >= 500
    files = {Wrong.read(path).file for path in WRONG}
    for part in ("facts", "calendars", "deadlines", "offers", "law", "channels", "torn", "replies"):
        assert any(part in file for file in files), part
    for part in ("team", "rates", ".tests.yaml"):
        assert any(part in file for file in files), part


def test_every_code_is_expected_of_at_least_two_files() -> None:
    # Those of CSV and DMN (I) are of files that are brought in: they have tests of their own.
    files: dict[str, set[Path]] = {c: set() for c in codes() if not c.startswith("I")}
    for path in WRONG:
        for code, *_ in Wrong.read(path).expected:
            files.setdefault(code, set()).add(path)
    assert [code for code, found in files.items() if len(found) < 2] == sorted(OF_NO_FILE)
