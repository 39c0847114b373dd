"""`aftersales propose`: one page about a change, before it is used."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aftersales.cli.main import root
from past_shop import HALF_FOR_ALL, write_shop

CASES = """\
case,kind,opened_at,affected_value,severity,country,platform
a,torn,2026-03-02T10:00:00Z,40 USD,major,US,own_shop
b,torn,2026-03-03T10:00:00Z,40 USD,minor,US,own_shop
"""


@pytest.fixture
def where(tmp_path: Path) -> Path:
    write_shop(tmp_path / "old")
    write_shop(tmp_path / "new", HALF_FOR_ALL)
    (tmp_path / "cases.csv").write_text(CASES, "utf-8")
    return tmp_path


def propose(where: Path, *args: str) -> Result:
    named = ["propose", str(where / "new"), "--against", str(where / "old")]
    settings = [
        "--cases",
        str(where / "cases.csv"),
        "--database",
        f"sqlite:///{where / 'cases.db'}",
    ]
    CliRunner().invoke(root, ["migrate", *settings[2:]], standalone_mode=False)
    result = CliRunner().invoke(root, [*named, *settings, *args], standalone_mode=False)
    assert result.exception is None, result.exception
    return result


def test_the_page_tells_what_is_found_of_a_change(where: Path) -> None:
    page = propose(where).stdout
    for title in ("Check and proofs", "Tests", "What differs from", "Past cases", "A worked date"):
        assert title in page
    assert "policy torn: changed" in page
    assert "1 case changed (50.0 %)" in page
    assert "less by 20.00 USD: case a" in page
    assert "0 open cases keep their rulebook" in page


def test_a_machine_gets_the_same(where: Path) -> None:
    data = json.loads(propose(where, "--json").stdout)
    assert data["is_ready"] is True
    assert data["differs"]["policy"] == {"torn": "changed"}
    assert data["simulation"]["changes"]["cases"] == 1


def test_the_page_goes_out_as_markdown_and_as_html(where: Path) -> None:
    assert "## Past cases" in propose(where, "--markdown").stdout
    propose(where, "--html", str(where / "page.html"))
    html = (where / "page.html").read_text("utf-8")
    assert "<h2>A worked date</h2>" in html
    assert "<script" not in html


def test_a_change_that_cannot_be_used_says_so_and_ends_with_1(where: Path) -> None:
    write_shop(where / "new", ("starts_in: reported", "starts_in: reportd"))
    result = propose(where)
    assert result.return_value == 1
    assert "1 error, 0 warnings" in result.stdout
