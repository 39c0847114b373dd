"""Hand-made wrong files of every format in a folder of definitions; `wrong_files` tells of heads.

Those that are brought in, and stored rulebooks: tests/definitions/test_wrong_imports.py.
"""

from pathlib import Path

import pytest
from problem_examples import found_in, found_strictly
from small_definitions import FILES, write_file, write_folder
from small_feeds import MEETINGS
from wrong_files import Wrong, check_told, wrong_files

from aftersales.definitions.problem_pages import codes
from aftersales.domain.problem import Problem

WRONG = wrong_files("yaml")


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
        (folder / other).unlink(missing_ok=True)
        if changed is not None:
            write_file(folder, other, changed)
    path.write_bytes(content)
    try:
        strictly = found_strictly(folder, {wrong.file}) if wrong.is_strict else []
        return found_in(folder) + strictly
    finally:
        for file in (wrong.file, *(other for other, _ in wrong.others)):
            (folder / file).unlink(missing_ok=True)
            if file in FILES:
                write_file(folder, file, FILES[file])


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_slip_is_one_problem_at_the_right_place_with_a_help(path: Path, folder: Path) -> None:
    wrong = Wrong.read(path)
    check_told(wrong, found_with(wrong, wrong.content, folder), wrong.text)


def test_a_tab_is_told_in_plain_words(folder: Path) -> None:
    [path] = [path for path in WRONG if path.stem == "yaml_tab"]
    [problem] = found_with(Wrong.read(path), path.read_bytes(), folder)
    where = "a tab stands at the beginning of this line, where YAML wants spaces"
    assert problem.message == where
    assert problem.help == "put spaces in its place, as many as the lines beside it begin with"


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
    files: dict[str, set[Path]] = {code: set() for code in codes()}
    for path in wrong_files():
        for code, *_ in Wrong.read(path).expected:
            files[code].add(path)
    assert [code for code, found in files.items() if len(found) < 2] == []
