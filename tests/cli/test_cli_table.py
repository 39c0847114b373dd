"""`aftersales table`: the how-to about spreadsheets, typed; what is written, and what is not."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aftersales.cli.main import root
from aftersales.cli.table.proven import proven
from aftersales.definitions.contents import Contents

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "edit_in_a_spreadsheet.md").read_text("utf-8")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("workflows", "policies", "replies"):
        shutil.copytree(ROOT / name, tmp_path / "my-shop" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "my-shop"


def run(typed: str) -> Result:
    return CliRunner().invoke(root, shlex.split(typed), standalone_mode=False)


def code(result: Result) -> int:
    assert result.exception is None, result.exception
    return int(result.return_value or 0)


def printed(number: int) -> list[tuple[str, str]]:
    """The commands of the page's n-th block, each with what is printed below it."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE, re.S)
    parts = re.split(r"^\$ aftersales ", blocks[number], flags=re.M)[1:]
    return [(typed, output) for typed, _, output in (part.partition("\n") for part in parts)]


def edit(file: Path, old: str, new: str) -> None:
    written = file.read_bytes().decode()
    assert old in written
    file.write_bytes(written.replace(old, new, 1).encode())


def test_a_table_is_edited_in_a_spreadsheet_as_the_how_to_says(shop: Path) -> None:
    [(out, said)] = printed(0)
    result = run(out)
    assert (code(result), result.stderr) == (0, said)
    sheet = Path("exceptions.csv")
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
    edit(sheet, "under 100 USD", "under 150 USD")
    [(back, said)] = printed(1)
    result = run(back)
    assert (code(result), result.stderr) == (0, said)
    policy = shop / "policies" / "compensation" / "damaged.yaml"
    shipped = (ROOT / "policies" / "compensation" / "damaged.yaml").read_text("utf-8")
    assert policy.read_text("utf-8") == shipped.replace(
        "to under 100 USD, c", "to under 150 USD, c"
    )


def test_a_slip_in_the_sheet_is_told_as_the_how_to_says(shop: Path) -> None:
    run(printed(0)[0][0])
    before = (shop / "policies" / "compensation" / "damaged.yaml").read_bytes()
    edit(Path("exceptions.csv"), "under 100 USD", "under 150 USD")
    edit(Path("exceptions.csv"), "at least major", "at least mjor")
    [(typed, said)] = printed(2)
    result = run(typed)
    assert (code(result), result.stderr) == (1, said)
    assert (shop / "policies" / "compensation" / "damaged.yaml").read_bytes() == before


def test_a_table_goes_to_standard_output_and_a_diff_writes_nothing(shop: Path) -> None:
    result = run("table export triage --folder my-shop --delimiter semicolon")
    assert result.stdout.startswith("id;kind;safety_risk;")
    Path("t.csv").write_text(
        result.stdout.replace("tracking", "x").replace("vip;yellow", "vip;red")
    )
    before = (shop / "policies" / "triage.yaml").read_bytes()
    shown = run("table import t.csv --into my-shop/policies/triage.yaml --diff")
    assert code(shown) == 0
    assert "+  - {id: regular_guest, when: {tier: vip}, priority: red}" in shown.stdout
    assert (shop / "policies" / "triage.yaml").read_bytes() == before


def test_the_json_of_an_import_tells_rules_and_problems(shop: Path) -> None:
    run("table export triage --folder my-shop --to t.csv")
    edit(
        Path("t.csv"),
        "\r\n" if b"\r\n" in Path("t.csv").read_bytes() else "\n",
        "\nnew,,,,,,vip,rd,\n",
    )
    told = json.loads(run("table import t.csv --into triage --folder my-shop --json").stdout)
    assert (told["is_usable"], told["added"]) == (False, ["new"])
    assert [(p["code"], p["file"], p["line"]) for p in told["problems"]] == [("P412", "t.csv", 2)]


def test_a_policy_with_a_slip_of_the_pen_is_answered_with_what_was_meant(shop: Path) -> None:
    for typed in ("damagd", "damaged.yaml"):
        refused = run(f"table export {typed} --folder my-shop").exception
        assert "did you mean `damaged`?" in str(refused)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("table export nothing --folder my-shop", "NotFound"),
        ("table export damaged --table rows --folder my-shop", "NotFound"),
        ("table export deadlines --folder my-shop", "UsageError"),
        ("table import nowhere.csv --into triage --folder my-shop", "NotFound"),
        ("table import t.csv --folder my-shop", "UsageError"),
        ("table import t.csv --into triage", "UsageError"),
    ],
)
def test_what_cannot_be_found_is_told(shop: Path, typed: str, error: str) -> None:
    Path("t.csv").write_text("id\n")
    assert type(run(typed).exception).__name__ == error


# -- DMN


def dmn(name: str) -> bytes:
    return (ROOT / "tests" / "definitions" / "dmn" / name).read_bytes()


def test_a_dmn_table_is_taken_in_as_the_how_to_says(shop: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "import_dmn.md").read_text("utf-8")
    Path("claims.dmn").write_bytes(dmn("claim_camunda.dmn"))
    found = re.search(r"```console\n\$ aftersales (.*?)\n(.*?)```", page, re.S)
    assert found is not None
    result = run(found[1])
    assert (code(result), result.stdout + result.stderr) == (0, found[2])
    table = re.search(r"```yaml\n(.*?)```", page, re.S)
    assert table is not None
    assert (shop / "policies" / "claim_priority.yaml").read_text("utf-8") == table[1]
    edit(shop / "policies" / "facts.yaml", "\nfacts:\n", "\n" + result.stdout)
    assert code(CliRunner().invoke(root, ["check", "my-shop"], standalone_mode=False)) == 0


def test_what_a_dmn_table_says_beyond_s_feel_is_told_as_the_how_to_says(shop: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "import_dmn.md").read_text("utf-8")
    Path("claims.dmn").write_bytes(dmn("claim_beyond_s_feel.dmn"))
    result = run("table import claims.dmn --to my-shop/policies/t.yaml --folder my-shop")
    assert code(result) == 1
    [printed_line] = re.findall(r"^claims.dmn:.*$", page, re.M)
    assert result.stderr.splitlines()[0] == printed_line
    assert not (shop / "policies" / "t.yaml").exists()


def test_which_decision_is_meant_must_be_clear_and_no_file_is_overwritten(shop: Path) -> None:
    written = dmn("claim_camunda.dmn").decode()
    [one] = re.findall(r"  <decision .*?</decision>\n", written, re.S)
    two = one.replace("Claim Priority", "Other")
    Path("two.dmn").write_text(written.replace(one, one + two), "utf-8")
    asked = "table import two.dmn --folder my-shop --to my-shop/policies/t.yaml"
    assert "`Claim Priority`, `Other`" in str(run(asked).exception)
    assert type(run(f"{asked} --decision Nothing").exception).__name__ == "NotFound"
    told = json.loads(run(f"{asked} --decision Other --json").stdout)
    assert (told["policy"], told["problems"]) == ("other", [])
    assert type(run(f"{asked} --decision Other").exception).__name__ == "UsageError"
    assert type(run("table import two.dmn").exception).__name__ == "UsageError"


def test_a_gap_of_a_dmn_table_is_found_by_check(shop: Path) -> None:
    Path("claims.dmn").write_bytes(dmn("claim_with_a_gap.dmn"))
    taken = run("table import claims.dmn --to my-shop/policies/claims.yaml --folder my-shop")
    assert code(taken) == 1
    edit(shop / "policies" / "facts.yaml", "\nfacts:\n", "\n" + taken.stdout)
    result = run("check my-shop")
    assert code(result) == 1
    for told in (taken.stderr, result.stdout):
        assert "policies/claims.yaml:1:1: error[P401] some cases have no answer" in told
        assert "customer_tier staff (any claim_age)" in told


def test_a_dmn_table_that_is_proven_says_so_for_machines_too(shop: Path) -> None:
    Path("claims.dmn").write_bytes(dmn("claim_camunda.dmn"))
    to = "my-shop/policies/inner/claims.yaml"
    told = json.loads(run(f"table import claims.dmn --to {to} --json").stdout)
    assert (told["is_proven"], told["problems"]) == (True, [])
    edit(shop / "policies" / "triage.yaml", "policy: triage", "plicy: triage")
    Path(to).unlink()
    result = run(f"table import claims.dmn --to {to}")
    assert "not proven: there are errors in policies/triage.yaml" in result.stderr
    assert code(result) == 0


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("t.yaml", "`t.yaml` would not be read as a policy; say `--to my-shop/policies/t.yaml`"),
        ("my-shop/t.yaml", "say `--to my-shop/policies/t.yaml`"),
        ("my-shop/policies/t.txt", "say `--to my-shop/policies/t.yaml`"),
        ("my-shop/policies/../../t.yaml", "say `--to my-shop/policies/t.yaml`"),
    ],
)
def test_a_dmn_table_is_not_written_where_nobody_would_read_it(
    shop: Path, to: str, said: str
) -> None:
    Path("claims.dmn").write_bytes(dmn("claim_camunda.dmn"))
    refused = run(f"table import claims.dmn --to {to} --folder my-shop").exception
    assert said in str(refused)
    assert not Path(to).exists()
    assert "no folder of definitions" in str(run("table import claims.dmn --to t.yaml").exception)


def test_what_only_all_rules_together_show_is_told_at_the_cell(shop: Path) -> None:
    asked = "table import exceptions.csv --into damaged --table exceptions --folder my-shop"
    run(printed(0)[0][0])
    edit(Path("exceptions.csv"), "not home nor nearby,at least major", "not home nor nearby,")
    for more, is_written in (" --diff", False), ("", True):
        result = run(asked + more)
        assert code(result) == 1
        assert "exceptions.csv:5:1: error[P402] two exceptions fit the same case" in result.stderr
        assert "cell A5, column `id` of `consumer_law`" in result.stderr
        written = (shop / "policies" / "compensation" / "damaged.yaml").read_text("utf-8")
        assert ("country: not home nor nearby}" in written) is is_written


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        ("never: {option: half_refund}", (1, "P435")),
        ("never: {cost: 20 USD to 30 CHF, option: half_refund}", (0, "P436")),
    ],
)
def test_a_law_about_the_table_that_is_broken_or_not_proven_is_told_each_time(
    shop: Path, law: str, expected: tuple[int, str]
) -> None:
    run(printed(0)[0][0])
    (shop / "policies" / "rates.yaml").unlink()
    edit(shop / "policies/compensation/damaged.tests.yaml", "laws:\n", f"laws:\n  - {law}\n")
    for _ in range(2):
        asked = "table import exceptions.csv --into damaged --table exceptions --folder my-shop"
        result = run(f"{asked} --json")
        told = json.loads(result.stdout)
        assert (code(result), told["is_proven"]) == (expected[0], False)
        assert expected[1] in [problem["code"] for problem in told["problems"]]
        assert "proven:" not in run(asked).stderr.replace("not proven:", "")


def test_facts_that_are_not_utf_8_leave_a_dmn_table_not_proven(shop: Path) -> None:
    Path("claims.dmn").write_bytes(dmn("claim_camunda.dmn"))
    facts = shop / "policies" / "facts.yaml"
    facts.write_bytes(facts.read_bytes() + b"# caf\xe9\n")
    result = run("table import claims.dmn --to my-shop/policies/claim_priority.yaml --json")
    assert code(result) in (0, 1)
    assert json.loads(result.stdout)["is_proven"] is False


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("damaged.tests.yaml", "for: damaged", 'for: "damaged"'),
        ("damaged.tests.yaml", "for: damaged", "for: damaged  # all of it"),
        ("damaged.yaml", "policy: damaged", "policy: 'damaged'"),
    ],
)
def test_the_laws_about_a_policy_are_found_however_its_name_is_written(
    shop: Path, file: str, old: str, new: str
) -> None:
    run(printed(0)[0][0])
    folder = shop / "policies" / "compensation"
    law = "laws:\n  - never: {option: half_refund}\n"
    edit(folder / "damaged.tests.yaml", "laws:\n", law)
    edit(folder / file, old, new)
    result = run("table import exceptions.csv --into damaged --table exceptions --folder my-shop")
    assert code(result) == 1
    assert "damaged.tests.yaml" in result.stderr
    assert "never: {option: half_refund}" in result.stderr  # the line of the law is shown
    assert "proven:" not in result.stderr


def test_two_rows_that_fit_are_told_though_they_stand_in_two_files_of_a_policy(shop: Path) -> None:
    into = "my-shop/policies/deadlines.yaml"
    run(f"table export {into} --folder my-shop --to d.csv")
    edit(Path("d.csv"), "blue,not amazon", "blue,")
    for _ in range(2):
        result = run(f"table import d.csv --into {into} --folder my-shop --json")
        told = json.loads(result.stdout)
        assert (code(result), told["is_proven"]) == (1, False)
        assert [problem["code"] for problem in told["problems"]] == ["P402"]


def test_what_breaks_in_another_policy_is_told_and_what_was_broken_before_is_not(
    shop: Path,
) -> None:
    edit(
        shop / "policies/compensation/damaged.tests.yaml",
        "laws:\n",
        "laws:\n  - never: {option: half_refund}\n",
    )
    file, before = "policies/triage.yaml", Contents.of_folder(shop)
    for edited, expected in (
        (before.files[file], set()),
        (
            before.files[file].replace(b"blue", b"green"),
            {"policies/deadlines.yaml", "policies/triage.tests.yaml"},
        ),
    ):
        found = proven(before, {file: edited}, file, "triage")
        assert {problem.place.file for problem in found.problems} == expected
        assert (found.is_proven, found.elsewhere) == (not expected, ())
