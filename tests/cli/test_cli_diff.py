"""`aftersales diff`: who is treated otherwise, in words, between folders, revisions and cases."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from aftersales.authoring.check import check
from aftersales.cli.main import main
from aftersales.definitions.shipped import FOLDERS, shipped_folder
from aftersales.domain.case import Actor
from aftersales.domain.money import Money
from past_shop import HALF_FOR_ALL, write_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "my-shop"
    for name in FOLDERS:
        shutil.copytree(shipped_folder() / name, folder / name)
    return folder


def edit(folder: Path, file: str, was: str, now: str) -> None:
    path = folder / file
    written = path.read_text(encoding="utf-8")
    assert was in written
    path.write_text(written.replace(was, now), encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["diff", *map(str, args)])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_the_same_rules_in_another_order_mean_the_same(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(shop, "policies/triage.yaml", "rows:\n", "rows:\n  # moved\n")
    code, out, err = run(capsys, "shipped", str(shop))
    assert (code, out) == (0, "")
    assert "mean the same" in err


def test_a_change_of_a_table_a_workflow_and_a_reply_is_told_in_words(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(shop, "policies/deadlines.yaml", "within: 12 hours", "within: 10 hours")
    edit(shop, "workflows/damaged.yaml", "within: 30 days", "within: 40 days")
    code, out, _ = run(capsys, "shipped", str(shop))
    assert code == 0
    assert "priority yellow" in out
    assert "was within 12 hours, now within 10 hours" in out
    assert "workflows/damaged.yaml" in out
    assert "was 30 days, now 40 days" in out


def test_json_has_the_same(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(shop, "policies/deadlines.yaml", "within: 12 hours", "within: 10 hours")
    _, out, _ = run(capsys, "shipped", str(shop), "--json")
    found = json.loads(out)
    [changed] = found["changed"]
    assert (changed["policy"], changed["was"]) == ("deadlines", "within 12 hours")
    assert found["edits"] == []


def test_where_not_all_could_be_tried_more_may_differ_and_is_said_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = ("coupon: 5 USD", "coupon: {USD: 5, EUR: 4}")
    older = write_shop(tmp_path / "older", two)
    newer = write_shop(tmp_path / "newer", two, HALF_FOR_ALL)
    code, out, _ = run(capsys, str(older), str(newer))
    assert code == 0
    assert "was full_refund, now without full_refund" in out
    why = "no condition tells its amounts in EUR"
    assert f"torn: more may differ, for not all could be tried: {why}" in out.splitlines()
    _, out, _ = run(capsys, str(older), str(newer), "--json")
    [one] = json.loads(out)["uncompared"]
    assert one == {"policy": "torn", "why": why, "in_part": True}


def test_a_revision_of_git_is_the_older_version(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git = ["git", "-C", str(shop), "-c", "user.name=ann", "-c", "user.email=ann@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "the rules of spring"], check=True)
    edit(shop, "policies/deadlines.yaml", "within: 12 hours", "within: 10 hours")
    monkeypatch.chdir(shop)
    code, out, _ = run(capsys, "HEAD", str(shop))
    assert code == 0
    assert "was within 12 hours, now within 10 hours" in out


def test_the_rules_of_an_open_case_are_the_older_version(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from aftersales import Catalog, Desk, Store

    url = f"sqlite:///{tmp_path / 'shop.db'}"
    store = Store(url)
    store.migrate()
    desk = Desk(store=store, catalog=Catalog.load(shop))
    value = Money("60", "USD")
    desk.record_order("1001", paid=value)
    facts = {"affected_value": value, "severity": "minor", "country": "US", "platform": "own_shop"}
    case = desk.open_case(
        "damaged",
        order_id="1001",
        customer_id="c9",
        idempotency_key="k",
        facts=facts,
        by=Actor.system(),
    )
    edit(shop, "policies/compensation/damaged.yaml", "refund: 20% of", "refund: 30% of")
    code, out, _ = run(capsys, f"case:{case.id}", str(shop), "--database", url)
    assert code == 0
    assert "now part_refund of" in out


def test_what_is_no_version_is_one_message(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "nowhere", str(shop))
    assert code != 0
    assert out == ""
    assert "nowhere" in err
    assert "Traceback" not in err


HURT = """\
aftersales: policy/1
policy: hurt
answers: {hurt: yes_no}
rows: [{id: badly, when: {severity: major}, hurt: yes}]
otherwise: {hurt: no}
"""


def test_a_table_of_which_one_row_may_fit_is_compared_and_proven_beside_its_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asks = (
        ("  message:", "  hurt: {type: yes_no, is: by policy hurt}\n  message:"),
        ("when: {severity: minor}", "when: {hurt: no}"),
        ("{severity: major, affected_value: under", "{hurt: yes, affected_value: under"),
    )
    folders = [write_shop(tmp_path / name, *asks) for name in ("old", "new")]
    for folder in folders:
        (folder / "policies" / "hurt.yaml").write_text(HURT, encoding="utf-8")
        assert check(folder)[1] == []
    edit(folders[1], "policies/hurt.yaml", "hurt: yes}]", "hurt: no}]")
    code, out, _ = run(capsys, *map(str, folders))
    assert code == 0
    assert "hurt\n  severity major:\n    was hurt yes, now hurt no\n" in out
    assert "torn\n  severity major, affected_value under 100 USD:\n" in out
