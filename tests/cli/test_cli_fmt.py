"""`aftersales fmt`: which files it takes, what it tells, and that it never leaves a half file."""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aftersales.cli.main import root

SHIPPED = Path(__file__).parents[2]
OUGHT = "when: {kind: damaged, severity: at least major}, priority: yellow"
WRITTEN = 'when: {kind:  damaged,severity: ">= major" }, priority: "yellow"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop" / "policies").mkdir(parents=True)
    for name in ("facts", "triage", "loss"):
        shutil.copy(SHIPPED / "policies" / f"{name}.yaml", tmp_path / "shop" / "policies")
    edit(tmp_path / "shop" / "policies" / "triage.yaml", OUGHT, WRITTEN)
    return tmp_path / "shop"


def edit(file: Path, old: str, new: str) -> None:
    written = file.read_text("utf-8")
    assert old in written
    file.write_text(written.replace(old, new, 1), "utf-8")


def run(*args: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(root, ["fmt", *args], standalone_mode=False, input=given)


def code(result: Result) -> int:
    assert result.exception is None, result.exception
    return int(result.return_value or 0)


def test_a_folder_is_formatted_and_the_files_that_changed_are_told(folder: Path) -> None:
    triage = folder / "policies" / "triage.yaml"
    result = run(str(folder))
    assert (code(result), result.stdout) == (0, f"{triage}\n")
    assert "1 formatted, " in result.stderr
    assert triage.read_bytes() == (SHIPPED / "policies" / "triage.yaml").read_bytes()
    again = run(str(folder))
    assert (code(again), again.stdout) == (0, "")


def test_the_folder_of_the_settings_is_taken_if_none_is_given(folder: Path) -> None:
    result = run("--folder", str(folder), "--check")
    assert (code(result), "triage.yaml" in result.stdout) == (1, True)


def test_the_shipped_definitions_are_not_edited_unasked() -> None:
    result = run()
    assert type(result.exception).__name__ == "UsageError"


def test_check_and_diff_write_nothing(folder: Path) -> None:
    triage = folder / "policies" / "triage.yaml"
    before = triage.read_bytes()
    checked, shown = run("--check", str(folder)), run("--diff", str(triage))
    assert (code(checked), checked.stdout) == (1, f"{triage}\n")
    assert code(shown) == 0
    assert f"-  - {{id: bad_damage,    {WRITTEN}}}\n" in shown.stdout
    assert f"+  - {{id: bad_damage,    {OUGHT}}}\n" in shown.stdout
    assert triage.read_bytes() == before


def test_standard_input_becomes_standard_output(folder: Path) -> None:
    given = (folder / "policies" / "triage.yaml").read_bytes()
    result = run("-", given=given)
    assert code(result) == 0
    assert result.stdout == (SHIPPED / "policies" / "triage.yaml").read_text("utf-8")


def test_what_has_a_problem_goes_through_standard_input_unchanged() -> None:
    result = run("-", given=b"aftersales: policy/1\nrows: [\n")
    assert (code(result), result.stdout) == (1, "aftersales: policy/1\nrows: [\n")
    assert "error[Y100]" in result.stderr


def test_a_file_with_a_problem_is_left_alone_and_the_others_are_formatted(folder: Path) -> None:
    wrong = folder / "policies" / "loss.yaml"
    edit(wrong, "tracking_status: lost", 'trackin_status: "lost"')
    before = wrong.read_bytes()
    result = run(str(folder))
    assert code(result) == 1
    assert f"{wrong}:8:" in result.stderr
    assert "did you mean `tracking_status`?" in result.stderr
    assert "1 formatted, " in result.stderr
    assert wrong.read_bytes() == before


def test_a_slip_in_the_facts_is_told_once_and_nothing_is_touched(folder: Path) -> None:
    edit(folder / "policies" / "facts.yaml", "type: money, range", "type: mony, range")
    result = run(str(folder))
    assert (code(result), result.stdout) == (1, "")
    assert result.stderr.count("error[K105]") == 1


def test_the_json_tells_each_file(folder: Path) -> None:
    edit(folder / "policies" / "loss.yaml", "tracking_status: lost", "trackin_status: lost")
    result = run("--json", "--diff", str(folder / "policies"))
    told = {Path(one["file"]).name: one for one in json.loads(result.stdout)}
    assert told["triage.yaml"]["is_changed"]
    assert told["triage.yaml"]["diff"].startswith("--- ")
    assert not told["loss.yaml"]["is_changed"]
    assert told["loss.yaml"]["problems"][0]["code"] == "C203"
    assert told["facts.yaml"]["fault"] is None


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(folder: Path, tmp_path: Path) -> None:
    triage, link = folder / "policies" / "triage.yaml", tmp_path / "link.yaml"
    triage.chmod(0o640)
    link.symlink_to(triage)
    assert code(run("--folder", str(folder), str(link))) == 0
    assert stat.S_IMODE(triage.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert triage.read_bytes() == (SHIPPED / "policies" / "triage.yaml").read_bytes()


def test_a_file_is_replaced_whole_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = folder / "policies" / "triage.yaml"
    before = triage.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device", "triage.yaml")

    monkeypatch.setattr(os, "fsync", full)
    assert isinstance(run(str(folder)).exception, OSError)
    assert triage.read_bytes() == before
    assert sorted(triage.parent.glob(".*")) == []


def test_a_result_that_means_something_else_is_a_fault_and_the_file_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = folder / "policies" / "triage.yaml"
    before = triage.read_bytes()
    monkeypatch.setattr(
        "aftersales.definitions.formatting.style.laid_out", lambda *_, **__: "a: b\n"
    )
    result = run(str(triage))
    assert code(result) == 70
    assert "would not mean the same" in result.stderr
    assert triage.read_bytes() == before


def test_a_folder_of_anything_is_searched_for_our_formats(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "compose.yaml").write_text("services: { a:  b }\n", "utf-8")
    shutil.copy(folder / "policies" / "triage.yaml", other / "mine.yaml")
    result = run(str(other))
    assert (code(result), result.stdout) == (0, f"{other / 'mine.yaml'}\n")


def test_upgrading_says_that_there_is_nothing_newer_yet(folder: Path) -> None:
    assert "version 1" in run("--upgrade", str(folder)).stderr


def test_what_is_not_there_is_told() -> None:
    assert type(run("nowhere").exception).__name__ == "NotFound"
