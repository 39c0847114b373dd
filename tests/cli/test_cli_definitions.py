"""`check` and `test` on a shop's own folder: what its author got wrong is told, and where."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from aftersales.cli.main import root

SHIPPED = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("workflows", "policies", "replies"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(root, args, standalone_mode=False)
    return int(result.return_value or 0), result.output


def test_the_shipped_tests_pass(folder: Path) -> None:
    code, output = run("test", str(folder))
    assert (code, "0 failed" in output) == (0, True)


def test_a_changed_policy_fails_the_tests_that_expect_otherwise(folder: Path) -> None:
    edit(
        folder / "policies/compensation/damaged.yaml",
        "50% of affected_value",
        "40% of affected_value",
    )
    edit(folder / "workflows/damaged.yaml", "within: 7 days", "within: 9 days")
    code, output = run("test", str(folder))
    assert code == 1
    assert "workflows/damaged.tests.yaml:" in output
    assert "EXPECTED" in output


def test_a_reply_that_names_an_unknown_filter_is_found_before_it_is_sent(folder: Path) -> None:
    edit(folder / "replies/en.yaml", "answer_by | if_known", "answer_by | if_knwn")
    code, output = run("check", str(folder))
    assert code == 1
    assert "error[R604] `if_knwn` is not a filter" in output
    assert "replies/en.yaml:" in output


def test_a_law_of_the_workflow_is_held_in_every_story(folder: Path) -> None:
    law = "always:                     # held in every story\n"
    edit(folder / "workflows/damaged.yaml", law, law + "  - never: {do: send offer}\n")
    code, output = run("test", str(folder))
    assert code == 1
    assert "`send offer` was done, and the workflow says never" in output


def test_a_policy_that_is_still_to_begin_has_laws_that_are_held_then(folder: Path) -> None:
    edit(folder / "policies/compensation/damaged.yaml", "about:", "from: 2999-01-01\nabout:")
    assert "P440" not in run("check", str(folder))[1]
    assert "`damaged` is not in force on " in run("test", str(folder), "--only", "Norway is")[1]
    tests = folder / "policies/compensation/damaged.tests.yaml"
    edit(tests, "laws:", "laws:\n  - never: {option: full_refund}")
    assert "a law does not hold: `never: {option: full_refund}`" in run("check", str(folder))[1]
    edit(tests, "for: damaged", "for: damged")
    assert "`damged` is not a policy" in run("check", str(folder))[1]


@pytest.mark.parametrize("command", [("check",), ("test", "--coverage"), ("show",)])
def test_a_workflow_that_is_still_to_begin_is_no_fault(
    folder: Path, command: tuple[str, ...]
) -> None:
    file = folder / "workflows/late.yaml"
    file.write_text(
        "aftersales: workflow/1\nworkflow: late\nfrom: 2099-01-01\nabout: It came late\n"
        "starts_in: reported\ncalendar: desk\nstates:\n  reported:\n    waiting_for: desk\n"
        "    deadlines: {decide: {within: 2 business days, when_over: give_up}}\n"
        "    events: {give_up: {by: system, go_to: silent}}\n"
        "  silent: {final: true, outcome: no_answer}\n",
        "utf-8",
    )
    name, *options = command
    code, output = run(
        name,
        *([] if name == "show" else [str(folder)]),
        *options,
        *(["--folder", str(folder)] if name == "show" else []),
    )
    assert code == 0, output
