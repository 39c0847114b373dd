"""Each problem code has a page, whose examples are run: the wrong one, and the right one."""

from pathlib import Path

import pytest
from problem_examples import problems_of, renewed, right_files, wrong_files

from aftersales.definitions import problem_pages
from aftersales.definitions.problem_pages import codes, page_of, pages_folder, title_of


@pytest.mark.parametrize("code", codes())
def test_the_wrong_example_of_a_page_is_that_problem_as_printed(code: str, tmp_path: Path) -> None:
    page = page_of(code) or ""
    problems = problems_of(wrong_files(page), tmp_path)
    assert [problem.code for problem in problems] == [code]
    again = tmp_path / "again"
    again.mkdir()
    assert renewed(page, again) == page


@pytest.mark.parametrize("code", codes())
def test_the_right_example_of_a_page_has_no_problem(code: str, tmp_path: Path) -> None:
    files = right_files(page_of(code) or "")
    assert files
    assert problems_of(files, tmp_path) == []


@pytest.mark.parametrize("code", codes())
def test_a_page_begins_with_its_code_and_says_what_to_do(code: str) -> None:
    page = page_of(code) or ""
    assert page.startswith(f"# {code}: ")
    said = page.partition("\n")[2].partition("\n## Wrong")[0].strip()
    assert len(said.splitlines()) >= 2
    assert title_of(code)


def test_a_page_is_found_by_its_code_in_either_case() -> None:
    assert page_of("c203") == page_of(" C203 ") == (pages_folder() / "C203.md").read_text("utf-8")
    assert title_of("C203") == "this is not a fact"


@pytest.mark.parametrize("other", ["", "C9", "C999", "../C203", "C203.md", "problems"])
def test_there_is_no_page_of_what_is_not_a_code(other: str) -> None:
    assert page_of(other) is None
    assert title_of(other) is None


def test_an_installation_without_pages_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problem_pages, "files", lambda _: tmp_path / "site" / "aftersales")
    with pytest.raises(FileNotFoundError, match="reinstall"):
        codes()
