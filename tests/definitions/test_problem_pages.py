"""Each problem code has a page, whose examples are run: the wrong one, and the right one."""

import re
from pathlib import Path

import pytest
from problem_examples import is_strict, problems_of, renewed, right_files, wrong_files

from aftersales.definitions import problem_pages
from aftersales.definitions.problem_pages import codes, page_of, pages_folder, title_of

ROOT = Path(__file__).resolve().parents[2]

# What cannot be printed in a page: other bytes than text, and a rulebook that no author writes.
WITHOUT_EXAMPLE = ("F808", "Y107")
# Those of CSV and DMN (I) are printed in part only; tests of interchange run whole files.
WITH_EXAMPLES = [c for c in codes() if c not in WITHOUT_EXAMPLE and not c.startswith("I")]


@pytest.mark.parametrize("code", WITH_EXAMPLES)
def test_the_wrong_example_of_a_page_is_that_problem_as_printed(code: str, tmp_path: Path) -> None:
    page = page_of(code) or ""
    problems = problems_of(wrong_files(page), tmp_path, is_strict=is_strict(page))
    assert [problem.code for problem in problems] == [code]
    again = tmp_path / "again"
    again.mkdir()
    assert renewed(page, again) == page


@pytest.mark.parametrize("code", WITH_EXAMPLES)
def test_the_right_example_of_a_page_has_no_problem(code: str, tmp_path: Path) -> None:
    page = page_of(code) or ""
    files = right_files(page)
    assert files
    assert problems_of(files, tmp_path, is_strict=is_strict(page)) == []


@pytest.mark.parametrize("code", codes())
def test_a_page_begins_with_its_code_and_says_what_to_do(code: str) -> None:
    page = page_of(code) or ""
    assert page.startswith(f"# {code}: ")
    said = page.partition("\n")[2].partition("\n## Wrong")[0].strip()
    assert len(said) > 60
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


def test_every_code_has_a_page_and_a_row_that_leads_to_it() -> None:
    used = {
        code
        for file in (ROOT / "src" / "aftersales").rglob("*.py")
        for code in re.findall(r'"([A-Z]\d{3})"', file.read_text(encoding="utf-8"))
    }
    overview = (ROOT / "docs" / "reference" / "problems.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[([A-Z]\d{3})\]\(problems/([A-Z]\d{3})\.md\) \|", overview, re.M)
    assert len(used) > 100
    assert list(codes()) == sorted(used)
    assert sorted(rows) == [(code, code) for code in sorted(used)]
