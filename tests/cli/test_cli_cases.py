"""The commands on real cases, in a real database, with the shipped definitions."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aftersales.cli import main

ROOT = Path(__file__).parents[2]
ORDER = str(ROOT / "examples" / "shopify" / "order.json")
BY_HAND = (
    *("--order-id", "1001", "--paid", "39.90 EUR", "--customer", "c9"),
    *("--fact", "affected_value=39.90 EUR", "--fact", "severity=minor"),
    *("--fact", "country=DE", "--fact", "platform=own_shop"),
)


@dataclass(frozen=True)
class Shell:
    """Runs commands in one folder, and keeps what they print."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *args: str, code: int = 0) -> str:
        """Standard output; the words on standard error are added where the code is not 0."""
        with pytest.raises(SystemExit) as ended:
            main(list(args))
        out, err = self.capsys.readouterr()
        assert int(ended.value.code or 0) == code, out + err
        assert "Traceback" not in err
        return out if code == 0 else out + err

    def json(self, *args: str) -> Any:
        return json.loads(self(*args, "--json"))

    def open(self, *args: str) -> str:
        opened = self.json("case", "open", "damaged", *(args or BY_HAND))
        return str(opened["id"])


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    monkeypatch.chdir(tmp_path)
    shell = Shell(capsys)
    shell("migrate")
    return shell


def _offered(shell: Shell) -> str:
    """A case whose offer is open: evidence, cause, offer, and approval if it needs one."""
    id = shell.open("--order", ORDER, "--fact", "severity=major", "--fact", "evidence=photo")
    shell("case", "submit", id, "propose", "--as", "agent:ann", "--fact", "fault=carrier")
    if shell.json("case", "show", id)["offer"]["status"] == "proposed":
        shell("case", "submit", id, "approve", "--as", "manager:max")
    shell("tick", "--deliver-to", "out", "--until-idle")
    return id


def test_without_a_database_the_message_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "aftersales migrate" in Shell(capsys)("case", "list", code=3)
    assert not list(tmp_path.iterdir())


def test_a_case_is_opened_by_hand_and_found_by_the_end_of_its_id(shell: Shell) -> None:
    id = shell.open()
    page = shell("case", "show", id[-8:])
    assert page.startswith(f"damaged {id[-8:]} · order 1001 · customer c9\n")
    assert "waiting for the desk" in page
    assert "(America/New_York)" in page
    assert "propose" in page


def test_a_case_is_found_by_the_beginning_of_the_short_id_that_lists_show(shell: Shell) -> None:
    id = shell.open()
    assert shell("case", "show", id[-8:-4]).startswith(f"damaged {id[-8:]} ")
    assert "no case" in shell("case", "show", f"{id[-7:-4]}x", code=4)


def test_the_zone_one_asks_for_is_the_zone_one_reads(shell: Shell) -> None:
    id = shell.open()
    assert "(Asia/Tokyo)" in shell("case", "show", id, "--zone", "Asia/Tokyo")


def test_the_same_key_opens_one_case(shell: Shell) -> None:
    key = ("--idempotency-key", "damaged:1001:1")
    assert shell.open(*BY_HAND, *key) == shell.open(*BY_HAND, *key)
    assert len(shell.json("case", "list")) == 1


def test_an_order_becomes_a_refund_that_is_settled_by_hand(shell: Shell) -> None:
    id = _offered(shell)
    offer = shell.json("case", "offers", id)
    assert offer["status"] == "open"
    option = next(o for o in offer["decision"]["options"] if o["remedies"][0]["sort"] == "refund")
    amount = option["remedies"][0]["amount"]
    assert amount in shell("case", "offers", id)

    version = str(shell.json("case", "show", id)["version"])
    accept = ("case", "submit", id, "accept", "--as", "customer:c", "--option", option["id"])
    after = shell.json(*accept, "--expected-version", version, "--idempotency-key", "click-1")
    assert shell.json(*accept, "--expected-version", version, "--idempotency-key", "click-1") == (
        after
    )
    shell("tick", "--deliver-to", "out", "--until-idle")

    [refund] = [json.loads(file.read_text())["effect"] for file in Path("out/money").glob("*")]
    assert (refund["sort"], refund["amount"]) == ("refund", amount)
    key = refund["key"]
    shell("case", "settle", key, "done", "--reference", "pay-1")
    shell("case", "settle", key, "done", "--reference", "pay-1")
    account = shell.json("case", "explain", id)["account"]
    assert (account["confirmed"], account["reserved"][0]) == (amount, "0")
    assert "remedy_done" in shell("case", "history", id)
    assert shell.json("doctor") == []


def test_an_offer_is_explained_to_rule_line_and_arithmetic(shell: Shell) -> None:
    page = shell("case", "explain", _offered(shell))
    assert "Why these due dates" in page
    assert "policies/compensation/damaged.yaml:" in page
    assert "% of affected_value" in page
    assert "Why not" in page
    assert "left " in page


def test_a_refusal_says_why_and_what_is_possible(shell: Shell) -> None:
    id = shell.open()
    told = shell("case", "submit", id, "accept", "--as", "customer:c9", code=1)
    assert told.count("\n") == 1
    assert "possible now: " in told


def test_a_version_that_is_not_the_newest_is_refused(shell: Shell) -> None:
    id = _offered(shell)
    told = shell(
        *("case", "submit", id, "decline", "--as", "customer:c", "--expected-version", "1"), code=6
    )
    assert "moved on" in told


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("show", "nosuchcase"), 4, "there is no case `nosuchcase`"),
        (("show", "x"), 2, "too short"),
        (("open", "damagd"), 4, "did you mean `damaged`?"),
        (("open", "damaged", "--order", "none.json"), 4, "there is no file `none.json`"),
        (("open", "damaged", "--order", "bad.json"), 2, "is not JSON (line 2)"),
        (("open", "damaged", "--order", ORDER, "--line", "NOPE=1"), 2, "NOPE"),
        (("open", "damaged", "--line", "A=1"), 2, "--line needs --order"),
        (("open", "damaged", "--paid", "5 EUR"), 2, "--paid needs --order-id"),
        (("open", "damaged", "--fact", "severity"), 2, "NAME=VALUE"),
        (("open", "damaged", *BY_HAND, "--fact", "severty=minor"), 2, "severity"),
        (("list", "--due-before", "soon"), 2, "`soon` is not an instant"),
        (("settle", "shop/none/1/1", "failed"), 2, "--reason"),
        (("settle", "shop/none/1/1", "done"), 1, "shop/none/1/1"),
    ],
)
def test_what_cannot_be_done_is_told_plainly(
    shell: Shell, args: tuple[str, ...], code: int, told: str
) -> None:
    Path("bad.json").write_text('{"order":\n {]}', encoding="utf-8")
    assert told in shell("case", *args, code=code)
    assert shell.json("case", "list") == []


def test_lists_are_narrowed(shell: Shell) -> None:
    id = shell.open()
    for narrowed in (("--kind", "damaged"), ("--order", "1001"), ("--customer", "c9"), ("--open",)):
        assert [case["id"] for case in shell.json("case", "list", *narrowed)] == [id]
    for empty in (("--kind", "chargeback"), ("--closed",), ("--needs-person",)):
        assert shell.json("case", "list", *empty) == []
    table = shell("case", "list").splitlines()
    assert table[0].split()[:3] == ["ID", "KIND", "STATE"]
    assert table[1].split()[:2] == [id[-8:], "damaged"]


def test_a_tick_counts_what_it_did(shell: Shell) -> None:
    shell.open()
    waiting = shell.json("tick")
    assert waiting["unhandled"] >= 1
    assert shell.json("tick", "--deliver-to", "out")["delivered"] >= 1
    assert shell.json("tick", "--deliver-to", "out")["delivered"] == 0
    assert list(Path("out/message").glob("*.txt"))


def test_the_shops_own_handlers_are_attached_and_a_failure_has_its_code(shell: Shell) -> None:
    Path("shop_handlers.py").write_text(
        "from aftersales import failed\n"
        "def attach(desk):\n"
        "    desk.on('message')(lambda effect: failed('no such address'))\n",
        encoding="utf-8",
    )
    shell.open()
    told = shell("tick", "--handlers", "shop_handlers:attach", code=5)
    assert "failed 1" in told
    assert len(shell.json("case", "list", "--needs-person")) == 1


@pytest.mark.parametrize("named", ["nowhere:attach", "json:nothing", "json", "json:__name__"])
def test_handlers_that_cannot_be_had_are_told_plainly(shell: Shell, named: str) -> None:
    assert "handlers" in shell("tick", "--handlers", named, code=2)


def test_a_new_folder_is_checked_and_works(shell: Shell) -> None:
    shell("init", "mine")
    assert "no problems" in shell("check", "mine")
    assert "not empty" in shell("init", "mine", code=2)
    shell("migrate", "--config", "mine/aftersales.toml")
    assert Path("mine/aftersales.db").exists()
    opened = shell("case", "open", "damaged", *BY_HAND, "--config", "mine/aftersales.toml")
    assert opened.startswith("opened damaged ")


def test_check_shows_each_problem_with_its_line(shell: Shell) -> None:
    shell("init", "mine")
    file = Path("mine/workflows/damaged.yaml")
    text = file.read_text(encoding="utf-8").replace("starts_in:", "start_in:", 1)
    file.write_text(text, encoding="utf-8")
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "start_in:" in words)
    told = shell("check", "mine", code=1)
    assert f"workflows/damaged.yaml:{line}:1: error[K101]" in told
    assert "did you mean `starts_in`?" in told
    assert "^^^^^^^^" in told
    with pytest.raises(SystemExit):
        main(["check", "mine", "--json"])
    problems = json.loads(shell.capsys.readouterr().out)
    assert {"K101"} <= {problem["code"] for problem in problems}


def test_check_of_no_folder_is_not_found(shell: Shell) -> None:
    assert "there is no folder `nowhere`" in shell("check", "nowhere", code=4)


def test_a_database_that_is_none_is_told_without_a_traceback(shell: Shell) -> None:
    Path("text.db").write_text("this is not a database, but a text " * 40, encoding="utf-8")
    told = shell("case", "list", "--database", "sqlite:///text.db", code=3)
    assert len(told.splitlines()) == 1


def test_a_list_may_be_cut_off_by_its_reader(shell: Shell) -> None:
    shell.open()
    command = f"'{sys.executable}' -m aftersales case list --json | true; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert run.stdout.strip() in ("0", "141")
    assert "Traceback" not in run.stderr
