"""`aftersales show`: the same grids as text, Markdown, a page, JSON."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from aftersales.authoring.show import Shown, cell, grid
from aftersales.cli.exits import NotFound
from aftersales.cli.main import root
from aftersales.cli.output import put_table
from aftersales.cli.show.drawing import aligned, draw, markdown

DOCUMENT = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
FRANCE = ("damaged", "--for", "country=FR", "--for", "affected_value=60 EUR")
LONG = "a_name_that_is_longer_than_its_column"


def run(*args: str) -> Result:
    return CliRunner().invoke(root, ["show", *args], standalone_mode=False)


def test_without_a_name_every_table_and_workflow_is_listed() -> None:
    lines = run().stdout.splitlines()
    named = {line.split()[0] for line in lines if line.startswith("  ") and line.split()}
    assert {"damaged", "triage", "channels", "deadlines", "law"} <= named


@pytest.mark.parametrize("name", ["damaged", "triage", "channels", "law", "deadlines", "desks"])
def test_what_is_shown_has_the_same_rows_as_text_as_markdown_as_a_page_and_as_json(
    name: str,
) -> None:
    [read] = json.loads(run(name, "--json").stdout)
    text, page, table = (run(name, *way).stdout for way in ([], ["--html"], ["--markdown"]))
    ids = [row[grid["columns"][0]] for grid in read["grids"] for row in grid["rows"]]
    assert len(ids) >= 2
    for [id] in ids:
        assert id in text
        assert id in page
        assert id.replace("_", "\\_") in table


def test_a_workflow_with_the_name_of_a_policy_is_shown_when_it_is_asked_for() -> None:
    policy = run("damaged")
    assert "--workflow" in policy.stderr
    assert policy.stdout.startswith("damaged: a compensation policy")
    assert run("damaged", "--workflow").stdout.startswith("damaged: a workflow")


def test_what_is_shown_for_a_customer_is_as_documented() -> None:
    found = re.search(r"\$ (aftersales show damaged --for [^\n]*)\n(.*?)```", DOCUMENT, re.S)
    assert found is not None
    shown = run(*FRANCE, "--at", "2026-03-02").stdout
    assert shown.strip() == found[2].strip()


def test_an_unknown_name_says_which_was_meant() -> None:
    slip = run("damagd").exception
    assert isinstance(slip, NotFound)
    assert "did you mean `damaged`" in str(slip)


def test_a_wrong_fact_is_told_under_the_option_that_it_was_typed_behind() -> None:
    slip = run("damaged", "--for", "affected_value=60").exception
    assert isinstance(slip, click.BadParameter)
    assert slip.param_hint == "--for"


def test_no_name_is_cut_off_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    draw(Shown("n", "a policy", grids=(grid("All", ("id", "when"), [[cell("a"), cell(LONG)]]),)))
    put_table(("id", "when"), [("a", LONG)])
    printed = capsys.readouterr().out
    assert "\N{HORIZONTAL ELLIPSIS}" not in printed
    assert "".join(printed.split()).count(LONG) == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--for", "country=FR"], "name the policy"),
        (["triage", "--for", "kind=damaged"], "offers nothing"),
        (["damaged", "--for", "contry=FR"], "did you mean `country`"),
        (["damaged", "--at", "soon"], "is not a day"),
    ],
)
def test_what_cannot_be_shown_is_said(args: list[str], said: str) -> None:
    assert said in str(run(*args).exception)


def test_lines_of_a_cell_stand_below_each_other_and_columns_in_line() -> None:
    one = grid("g", ("id", "says"), [(cell("a"), cell("one", "two")), (cell("bb"), cell("x"))])
    assert list(aligned(one)) == ["  ID  SAYS", "  a   one", "      two", "  bb  x"]


def test_text_that_markdown_would_read_is_escaped() -> None:
    words = "a|b <script> [x](y) `c` *d*"
    shown = Shown("p", "s", grids=(grid("g", ("id",), [(cell(words),)]),))
    [row] = [line for line in markdown(shown) if "script" in line]
    assert row == r"| a\|b \<script\> \[x\](y) \`c\` \*d\* |"


def test_what_a_terminal_obeys_is_replaced() -> None:
    one = grid("g", ("id",), [(cell("a\x1b[31mb"),)])
    assert "\x1b" not in "".join(aligned(one))
