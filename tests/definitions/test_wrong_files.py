"""Hand-made wrong files of every format. Each says what is to be reported of it, and where.

`# expect: C203 8:56` is the code, line and column; `# as:` is the file it stands for among the
small definitions, which are otherwise in order.
"""

import re
from pathlib import Path

import pytest
from small_definitions import write_file, write_folder

from aftersales.definitions.catalog import Catalog
from aftersales.definitions.render import render, to_json
from aftersales.domain.problem import Problem

WRONG = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))
_EXPECT = re.compile(r"# expect: ([A-Z]\d{3}) (\d+):(\d+)\n# as: (\S+)\n")


def expected(written: str) -> tuple[str, int, int, str]:
    found = _EXPECT.match(written)
    assert found, "the file does not say what to expect"
    return found[1], int(found[2]), int(found[3]), found[4]


def checked(folder: Path, file: str, written: str) -> list[Problem]:
    write_folder(folder)
    write_file(folder, file, written)
    catalog, problems = Catalog.check(folder)
    assert catalog is None
    return problems


def test_there_are_at_least_thirty_and_of_every_format() -> None:
    assert len(WRONG) >= 30
    files = {expected(path.read_text())[3] for path in WRONG}
    for part in ("facts", "calendars", "deadlines", "offers", "law", "channels", "torn", "replies"):
        assert any(part in file for file in files), part


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_file_is_one_problem_at_the_right_place_with_a_help(
    path: Path, tmp_path: Path
) -> None:
    written = path.read_text(encoding="utf-8")
    code, line, column, file = expected(written)
    problems = checked(tmp_path, file, written)
    assert len(problems) == 1, [str(problem) for problem in problems]
    (problem,) = problems
    found = (problem.code, problem.place.file, problem.place.line, problem.place.column)
    assert found == (code, file, line, column)
    assert problem.help
    assert problem.message == problem.message.strip().rstrip(".")
    assert "\n" not in problem.message + problem.help


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_problem_is_shown_with_its_line_and_a_caret_inside_it(path: Path, tmp_path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    *_, file = expected(written)
    (problem,) = checked(tmp_path, file, written)
    shown = render(problem, written)
    assert shown.startswith(f"{file}:{problem.place.line}:{problem.place.column}: error[")
    assert f"= help: {problem.help}" in shown
    line = written.splitlines()[problem.place.line - 1]
    assert 1 <= problem.place.column <= len(line)
    assert problem.notes or "^" in shown
    assert to_json(problem)["line"] == problem.place.line


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_file_cut_short_anywhere_is_never_a_traceback(path: Path, tmp_path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    *_, file = expected(written)
    write_folder(tmp_path)
    for size in range(0, len(written), max(1, len(written) // 7)):
        write_file(tmp_path, file, written[:size])
        _, problems = Catalog.check(tmp_path)
        assert all(problem.place.file and problem.message for problem in problems)
