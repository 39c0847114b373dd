"""`aftersales test`: what failed and why, which tests are run, and expectations rewritten."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aftersales.cli.main import root

SHIPPED = Path(__file__).parents[2]
DAMAGED = "policies/compensation/damaged.tests.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("workflows", "policies", "replies"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(folder: Path) -> Edit:
    def edited(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return edited


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(root, ["test", str(folder), *args], standalone_mode=False)


def test_a_failure_shows_expected_and_found_and_the_rule_that_decided(
    folder: Path, edit: Edit
) -> None:
    edit("policies/compensation/damaged.yaml", "nearby, severity", "nearby nor NO, severity")
    result = run(folder, "--only", "Norway")
    assert result.return_value == 1
    lines = [line.split() for line in result.output.splitlines()]
    assert ["EXPECTED", "FOUND"] in lines
    assert ["options", "full_refund", "resend", "+", "small_coupon,", "full_refund"] in lines
    assert "decided by medium/total (policies/compensation/damaged.yaml:" in result.output
    assert (
        "`far_away` does not decide: `country` is NO; the rule asks for "
        "`not home nor nearby nor NO`" in result.output
    )
    assert f"({DAMAGED}:" in result.output


def test_the_failure_that_is_printed_reads_so(folder: Path, edit: Edit) -> None:
    page = (SHIPPED / "docs/reference/stories.md").read_text("utf-8")
    printed = page.partition("$ aftersales test my-shop --only Norway\n")[2].partition("```")[0]
    edit("policies/compensation/damaged.yaml", "nearby, severity", "nearby nor NO, severity")
    output = run(folder, "--only", "Norway").stdout
    numbers = re.compile(r":\d+")
    assert numbers.sub("", output) == numbers.sub("", printed)


def test_the_coverage_that_is_printed_reads_so(folder: Path) -> None:
    page = (SHIPPED / "docs/reference/stories.md").read_text("utf-8")
    printed = page.partition("--only policies/loss --coverage\n")[2].partition("```")[0]
    result = run(folder, "--only", "policies/loss", "--coverage")
    assert result.stdout == printed
    assert "rows 6 of 6, edges 1 of 1; 100 % of all" in result.stderr


def test_of_a_name_shared_by_policy_and_workflow_only_what_was_run_is_counted(
    folder: Path,
) -> None:
    policy = run(folder, "--only", "compensation/damaged", "--coverage").stdout
    assert "0/0" not in policy
    assert " state " not in policy
    assert " exception " not in policy
    story = run(folder, "--only", "the customer chooses the resend", "--coverage").stdout
    assert "damaged state " in story


def test_the_suggested_tests_that_are_printed_are_written(folder: Path) -> None:
    page = (SHIPPED / "docs/reference/stories.md").read_text("utf-8")
    after = page.partition("writes for a policy without tests")[2]
    printed = after.partition("```yaml\n")[2].partition("```")[0]
    file = folder / "policies/evidence.tests.yaml"
    file.unlink()
    result = run(folder, "--suggest", "--write", "policies/evidence.tests.yaml")
    assert "read what they expect" in result.stderr
    assert file.read_text("utf-8") == printed
    assert run(folder, "--only", "policies/evidence").return_value == 0


def test_the_suggested_story_that_is_printed_is_written_and_holds(folder: Path) -> None:
    page = (SHIPPED / "docs/reference/stories.md").read_text("utf-8")
    printed = page.partition("tests:\n  - name: take_over in offered")[2].partition("```")[0]
    file = folder / "workflows/wrong_item.tests.yaml"
    whole, name = file.read_text("utf-8"), "  - name: an offer is taken back, and the bank decides"
    assert name in whole
    before, _, after = whole.partition(name)
    file.write_text(before + after.partition("\n\n")[2], "utf-8")
    result = run(folder, "--suggest", "--write", "workflows/wrong_item.tests.yaml")
    assert "read what they expect" in result.stderr
    assert f"  - name: take_over in offered{printed}" in file.read_text("utf-8")
    again = run(folder, "--only", "workflows/wrong_item", "--coverage")
    assert " event " not in again.stdout
    assert " 0 failed" in again.stderr


def test_suggested_stories_are_data_too(folder: Path, edit: Edit) -> None:
    edit("workflows/chargeback.tests.yaml", "event: new_due_date", "event: contest")
    told = json.loads(run(folder, "--suggest", "--json").stdout)
    told_by_hand = [
        (story["workflow"], step)
        for story in told["stories"]
        for step in story["steps"]
        if step.get("event") == "new_due_date"
    ]
    workflow, step = told_by_hand[0]
    assert workflow == "chargeback"
    assert list(step) == ["by", "event", "with", "expect"]
    assert step["expect"]["effects"] == ["alert agent"]


def test_what_is_not_covered_is_told_with_its_place_and_what_is_lacking(
    folder: Path, edit: Edit
) -> None:
    edit("policies/evidence.tests.yaml", "      - [19.99 USD, none,  yes, cheap]\n", "")
    for story in (folder / "workflows").glob("*.tests.yaml"):
        story.unlink()
    result = run(folder, "--only", "policies/evidence", "--coverage")
    assert "  evidence row cheap (policies/evidence.yaml:8)" in result.stdout
    assert (
        "  evidence edge cheap: affected_value 20 USD, no test just below "
        "(policies/evidence.yaml:8)" in result.stdout
    )
    told = json.loads(run(folder, "--only", "policies/evidence", "--coverage", "--json").stdout)
    assert told["by_sort"]["rows"] == {"covered": 2, "of": 3}
    assert {"sort": "edge", "of": "evidence", "name": "cheap: affected_value 20 USD",
            "place": "policies/evidence.yaml:8", "is_covered": False,
            "lacks": "just below"} in told["targets"]  # fmt: skip
    suggested = json.loads(run(folder, "--only", "policies/evidence", "--suggest", "--json").stdout)
    assert [test["given"] for test in suggested["tests"]] == [
        {"affected_value": "10 USD"},
        {"affected_value": "19.99 USD"},
    ]


def test_an_option_that_was_expected_is_told_with_what_ruled_it_out(
    folder: Path, edit: Edit
) -> None:
    edit(DAMAGED, "severity: major, in_stock: no}\n    expect: {options: [half_refund,",
         "severity: major, in_stock: no}\n    expect: {options: [resend, half_refund,")  # fmt: skip
    output = run(folder, "--only", "not in stock").output
    assert "`resend` was left out: `resend` is not possible: `in_stock` is no" in output


def test_a_story_tells_its_step_and_what_moved_the_case(folder: Path, edit: Edit) -> None:
    edit("workflows/damaged.tests.yaml", "expect: {state: settled, outcome: compensated}",
         "expect: {state: refused, outcome: compensated}")  # fmt: skip
    output = run(folder, "--only", "cheap goods are refunded at once").output
    assert "at workflows/damaged.tests.yaml:" in output
    assert ["state", "refused", "settled"] in [line.split() for line in output.splitlines()]


def test_an_offer_of_a_story_is_told_with_what_ruled_the_option_out(
    folder: Path, edit: Edit
) -> None:
    edit("workflows/damaged.tests.yaml", "offer: [half_refund, resend, full_refund], sent: offer",
         "offer: [part_refund, resend, full_refund], sent: offer")  # fmt: skip
    output = run(folder, "--only", "the customer chooses the resend").output
    assert "`part_refund` was left out: `severity` is major; the rule asks for `minor`" in output


def test_each_file_is_summed_up(folder: Path) -> None:
    result = run(folder, "--only", "deadlines")
    assert result.return_value == 0
    assert any(
        line.startswith("policies/deadlines.tests.yaml") for line in result.output.splitlines()
    )
    assert "workflows/" not in result.output


def test_only_a_name_that_no_test_has_is_not_found(folder: Path) -> None:
    result = run(folder, "--only", "nothing of the kind")
    assert "nothing of the kind" in str(result.exception)


def test_the_differences_are_there_for_machines(folder: Path, edit: Edit) -> None:
    edit(DAMAGED, "expect: {options: [full_refund], rule: far_away}",
         "expect: {options: [full_refund], rule: base}")  # fmt: skip
    results = json.loads(run(folder, "--only", "Norway", "--json").stdout)
    [failed] = results
    assert not failed["has_passed"]
    [difference] = failed["differences"]
    assert (difference["what"], difference["expected"], difference["found"]) == (
        "rule",
        ["base"],
        ["far_away"],
    )


def test_expectations_are_rewritten_and_nothing_else(folder: Path, edit: Edit) -> None:
    right = (folder / DAMAGED).read_text("utf-8")
    edit(DAMAGED, "rule: far_away}", "rule: nobody}")
    edit(
        DAMAGED, "[20 USD,     minor, [small_coupon, part_refund]]", "[20 USD,     minor, [resend]]"
    )
    edit(DAMAGED, "minor, supervisor]", "minor, none_needed]")
    result = run(folder, "--update", "--yes")
    assert result.return_value == 0
    assert "-    expect: {options: [full_refund], rule: nobody}" in result.output
    assert "+    expect: {options: [full_refund], rule: far_away}" in result.output
    assert (folder / DAMAGED).read_text("utf-8") == right
    assert run(folder).return_value == 0
    again = run(folder, "--update", "--yes")
    assert "nothing to rewrite" in again.output
    assert (folder / DAMAGED).read_text("utf-8") == right


def test_the_steps_of_a_story_are_rewritten_one_after_the_other(folder: Path, edit: Edit) -> None:
    file = "workflows/damaged.tests.yaml"
    right = (folder / file).read_text("utf-8")
    edit(file, "{due resolution: 2026-03-30 17:00}", "{due resolution: 2026-03-31 17:00}")
    edit(file, "{state: reported, due resolution: 2026-04-02 17:00}",
         "{state: reported, due resolution: 2026-04-03 17:00}")  # fmt: skip
    result = run(folder, "--only", "our own time stands still while we wait", "--update", "--yes")
    assert result.return_value == 0
    assert (folder / file).read_text("utf-8") == right


def test_a_test_that_cannot_be_rewritten_whole_is_left_and_told(folder: Path, edit: Edit) -> None:
    edit("workflows/damaged.yaml", "do: [expire offer, send closing_note]", "do: [expire offer]")
    result = run(folder, "--only", "workflows/damaged", "--update", "--yes")
    assert result.return_value == 1
    assert "cannot be rewritten: workflows/damaged.tests.yaml:" in result.output
    assert "sent: closing_note expected, found nothing" in result.output


def test_the_later_steps_of_a_story_move_along_with_a_deadline(folder: Path, edit: Edit) -> None:
    file = "workflows/damaged.tests.yaml"
    edit("workflows/damaged.yaml", "within: 7 days", "within: 9 days")
    assert run(folder, "--only", "workflows/").return_value == 1
    assert run(folder, "--only", "workflows/", "--update", "--yes").return_value == 0
    assert run(folder, "--only", "workflows/").return_value == 0
    before, after = ((top / file).read_text("utf-8") for top in (SHIPPED, folder))
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    changed = [(old, new) for old, new in pairs if old != new]
    assert [old.replace("2026-03-10", "2026-03-12") for old, _ in changed] == [
        new for _, new in changed
    ]
    assert len(changed) == 3


def test_nothing_is_written_where_nobody_can_be_asked(folder: Path, edit: Edit) -> None:
    edit(DAMAGED, "rule: far_away}", "rule: nobody}")
    before = (folder / DAMAGED).read_bytes()
    result = run(folder, "--update")
    assert "--yes" in str(getattr(result.exception, "message", ""))
    assert (folder / DAMAGED).read_bytes() == before


def test_a_file_is_replaced_whole_and_keeps_its_mode(folder: Path, edit: Edit) -> None:
    edit(DAMAGED, "rule: far_away}", "rule: nobody}")
    (folder / DAMAGED).chmod(0o640)
    run(folder, "--update", "--yes")
    assert (folder / DAMAGED).stat().st_mode & 0o777 == 0o640
    assert not [name for name in os.listdir((folder / DAMAGED).parent) if name.startswith(".")]
