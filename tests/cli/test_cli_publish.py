"""`aftersales publish`: checked and tested first; then no edit of a folder reaches what runs."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
import time_machine
from click.testing import CliRunner, Result

from aftersales.cli.exits import judged
from aftersales.cli.main import root
from aftersales.definitions import Contents
from aftersales.desk import Publications
from aftersales.store import Store, StoredPublication
from past_shop import HALF_FOR_ALL, write_shop

NOW = datetime(2026, 10, 20, 14, tzinfo=UTC)
TESTS = """\
aftersales: tests/1
for: torn
zone: America/New_York
tests:
  - name: great harm may be paid back whole
    given: {affected_value: 40 USD, severity: major, country: US, platform: own_shop}
    expect: {options: [half_refund, full_refund]}
"""
COUPON = ("coupon: 5 USD", "coupon: 9 USD")


@pytest.fixture(autouse=True)
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class Shop:
    """A folder of definitions and a database, used by the command line."""

    def __init__(self, where: Path) -> None:
        self.folder = write_shop(where / "shop")
        (self.folder / "policies/torn.tests.yaml").write_text(TESTS, "utf-8")
        self.settings = ("--database", f"sqlite:///{where / 'cases.db'}")
        self.orders = 0
        self.run("migrate")

    def run(self, *args: str) -> Result:
        folder = () if args[0] == "migrate" else ("--folder", str(self.folder))
        return CliRunner().invoke(root, [*args, *self.settings, *folder], standalone_mode=False)

    def code(self, *args: str) -> int:
        """The exit code, an error's too."""
        result = self.run(*args)
        if result.exception is not None:
            assert isinstance(result.exception, Exception)
            return int(judged(result.exception)[0])
        return int(result.return_value or 0)

    def data(self, *args: str) -> Any:
        result = self.run(*args, "--json")
        assert result.exception is None, result.exception
        return json.loads(result.stdout)

    def edit(self, *changes: tuple[str, str]) -> None:
        write_shop(self.folder, *changes)

    def opened(self, severity: str = "major") -> str:
        """The id of a case that is opened now, on an order of its own."""
        self.orders += 1
        facts = ("affected_value=40 USD", f"severity={severity}", "country=US")
        given = [word for fact in facts for word in ("--fact", fact)]
        order = ("--order-id", f"{self.orders}", "--paid", "40 USD")
        opened = self.data("case", "open", "torn", *order, *given, "--fact", "platform=own_shop")
        return str(opened["id"])

    def options(self, case: str) -> list[Any]:
        """What the case is offered."""
        self.data("case", "submit", case, "propose", "--as", "agent:ann")
        return list(self.data("case", "offers", case)["decision"]["options"])

    def offered(self) -> list[str]:
        """What a case that is opened now is offered."""
        return [option["id"] for option in self.options(self.opened())]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def publish(shop: Shop, *args: str) -> Any:
    return shop.data("publish", str(shop.folder), "--by", "lea", *args)["publication"]


def test_what_is_edited_after_publishing_reaches_no_command(shop: Shop) -> None:
    assert publish(shop, "--from", "now")["number"] == 1
    shop.edit(HALF_FOR_ALL)
    assert shop.offered() == ["half_refund", "full_refund"]
    (shop.folder / "policies/facts.yaml").write_text("aftersales: fac", "utf-8")  # half written
    assert shop.offered() == ["half_refund", "full_refund"]
    for command in (("tick",), ("case", "list"), ("doctor",)):
        assert shop.code(*command) == 0
    (shop.folder / "policies/facts.yaml").unlink()
    assert shop.offered() == ["half_refund", "full_refund"]


def test_a_folder_with_no_publication_is_read_whole_or_not_at_all(shop: Shop) -> None:
    shop.edit(HALF_FOR_ALL)
    assert shop.offered() == ["half_refund"]
    (shop.folder / "policies/compensation/torn.yaml").write_text("aftersales: pol", "utf-8")
    assert shop.code("tick") == 1
    assert shop.code("case", "list") == 1


def test_a_new_publication_is_used_by_the_next_command(shop: Shop) -> None:
    publish(shop, "--from", "now")
    shop.edit(HALF_FOR_ALL)
    (shop.folder / "policies/torn.tests.yaml").unlink()
    told = shop.run("publish", str(shop.folder), "--from", "now").stdout
    assert told.startswith("publication 2 (")
    assert "is in force now, Tue 20 Oct 2026, 10:00 (America/New_York)" in told
    assert "no case is open now" in told
    assert shop.offered() == ["half_refund"]


def test_wrong_usage_is_told_by_what_was_typed() -> None:
    words = ["publish", "my-shop"]
    error = CliRunner().invoke(root, words, prog_name="a", standalone_mode=False).exception
    assert isinstance(error, click.UsageError)
    assert error.ctx is not None
    assert error.ctx.get_usage() == "Usage: a publish [OPTIONS] [DIRECTORY]"


def test_definitions_with_an_error_are_not_published(shop: Shop) -> None:
    publish(shop, "--from", "now")
    shop.edit(("starts_in: reported", "starts_in: reportd"))
    result = shop.run("publish", str(shop.folder), "--from", "now")
    assert result.return_value == 1
    assert "workflows/torn.yaml:4:" in result.output
    assert "not published: 1 error; what was in force stays so" in result.stderr
    refused = shop.run("publish", str(shop.folder), "--from", "now", "--json")
    assert [p["code"] for p in json.loads(refused.stdout)["problems"]] != []
    assert len(shop.data("publish", "history")) == 1


def test_definitions_whose_tests_fail_are_not_published(shop: Shop) -> None:
    shop.edit(HALF_FOR_ALL)
    result = shop.run("publish", str(shop.folder), "--from", "now")
    assert result.return_value == 1
    assert "great harm may be paid back whole" in result.output
    assert "not published: 1 failing test" in result.stderr
    assert shop.data("publish", "history") == []


def test_a_reply_that_may_not_be_sent_is_not_published(shop: Shop) -> None:
    shop.edit(("Please choose.", "Please {{ order_id | shout }}."))
    assert "R604" in shop.run("publish", str(shop.folder), "--from", "now").output
    assert shop.data("publish", "history") == []


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/New_York", "2026-10-21", "2026-10-21T04:00:00Z"),
        ("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z"),  # the clock went back
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"),
        ("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"),
        ("Asia/Tokyo", "2026-10-21", "2026-10-20T15:00:00Z"),
        ("America/Santiago", "2027-09-05", "2027-09-05T04:00:00Z"),  # no midnight on that day
    ],
)
def test_a_day_begins_at_the_midnight_of_the_desk(
    shop: Shop, zone: str, day: str, begins: str, frozen: time_machine.Traveller
) -> None:
    shop.edit(("zone: America/New_York", f"zone: {zone}"))
    assert publish(shop, "--from", day)["valid_from"] == begins
    shop.edit(HALF_FOR_ALL)  # until then the folder is read as it is
    frozen.move_to(datetime.fromisoformat(begins).timestamp() - 1)
    assert shop.offered() == ["half_refund"]
    frozen.move_to(datetime.fromisoformat(begins))
    assert shop.offered() == ["half_refund", "full_refund"]


def test_a_case_opened_on_the_last_evening_keeps_the_old_rules(
    shop: Shop, frozen: time_machine.Traveller
) -> None:
    publish(shop, "--from", "now")
    shop.edit(COUPON)
    (shop.folder / "policies/torn.tests.yaml").unlink()
    told = shop.run("publish", str(shop.folder), "--from", "2026-11-02").stdout
    assert "is valid from Mon 2 Nov 2026, 00:00 (America/New_York)" in told
    assert "Until then publication 1 holds." in told
    amounts = []
    for at in ("2026-11-02T04:59:59+00:00", "2026-11-02T05:00:00+00:00"):
        frozen.move_to(datetime.fromisoformat(at))
        case = shop.opened("minor")
        frozen.move_to(datetime.fromisoformat("2026-11-02T15:00:00+00:00"))
        amounts.append(shop.options(case)[0]["remedies"][0]["amount"])
    assert amounts == ["5.00 USD", "9.00 USD"]


@pytest.mark.parametrize(
    ("day", "code", "message"),
    [
        ("2026-10-20", 1, "2026-10-20 began on Tue 20 Oct 2026, 00:00 (America/New_York)"),
        ("2025-01-01", 1, "which is past; write `--from now`, or a later day"),
        ("tomorrow", 2, "`tomorrow` is not a day; write a day such as `2026-12-01`, or `now`"),
        ("9999-12-31", 2, "9999-12-31 is after"),
    ],
)
def test_a_day_that_cannot_be_is_refused(shop: Shop, day: str, code: int, message: str) -> None:
    result = shop.run("publish", str(shop.folder), "--from", day)
    assert message in str(getattr(result.exception, "message", result.exception))
    assert judged(result.exception)[0] == code or result.exception.exit_code == code  # type: ignore[union-attr,arg-type]
    assert shop.data("publish", "history") == []


def test_the_same_definitions_are_not_published_twice(shop: Shop) -> None:
    publish(shop, "--from", "now")
    told = shop.run("publish", str(shop.folder), "--from", "2026-12-01").stdout
    assert "these are the definitions of publication 1" in told
    assert "nothing was done" in told
    assert len(shop.data("publish", "history")) == 1


def test_back_and_withdraw_are_entries_of_their_own(
    shop: Shop, frozen: time_machine.Traveller
) -> None:
    publish(shop, "--from", "now", "--note", "the first")
    frozen.shift(3600)
    (shop.folder / "policies/torn.tests.yaml").unlink()
    shop.edit(HALF_FOR_ALL)
    publish(shop, "--from", "now")
    assert shop.offered() == ["half_refund"]
    frozen.shift(3600)
    told = shop.run("publish", "back", "--note", "too little", "--by", "max").stdout
    assert "publication 3" in told
    assert "It has the definitions of publication 1 again." in told
    assert "the 1 that is open now keeps what was in force before" in told
    assert shop.offered() == ["half_refund", "full_refund"]
    assert publish(shop, "--from", "2026-12-01")["number"] == 4
    told = shop.run("publish", "withdraw", "4", "--by", "max").stdout
    assert "publication 4 is withdrawn" in told
    assert "publication 3 holds" in told
    assert shop.code("publish", "withdraw", "3") == 1
    history = shop.run("publish", "history").stdout
    words = [line.split() for line in history.splitlines()]
    assert [row[0] for row in words[1:]] == ["1", "2", "3", "4", "5"]
    assert "replaced" in words[1]
    assert "force" in words[3]
    assert "withdrawn" in words[4]
    assert "withdraws" in words[5]


def test_what_would_not_be_published_today_is_not_gone_back_to(
    shop: Shop, frozen: time_machine.Traveller
) -> None:
    shop.edit(HALF_FOR_ALL)  # one of its tests fails now, which only the command line runs
    store = Store(shop.settings[1])
    earlier = Contents.of_folder(shop.folder)
    Publications(store=store).publish(earlier, by="lea")
    store.close()
    frozen.shift(3600)
    shop.edit()
    publish(shop, "--from", "now")
    result = shop.run("publish", "back")
    assert result.return_value == 1
    assert "great harm may be paid back whole" in result.output
    assert "not published: 1 failing test; what was in force stays so" in result.stderr
    assert "aftersales publish show 1 --into DIR" in result.stderr
    refused = shop.run("publish", "back", "--json")
    assert [one["name"] for one in json.loads(refused.stdout)["failed"]] != []
    assert [entry["number"] for entry in shop.data("publish", "history")] == [1, 2]


def test_what_is_doubtful_in_an_earlier_publication_is_told_and_does_not_stop_it(
    shop: Shop, frozen: time_machine.Traveller
) -> None:
    late = ("applies_to: {kind: torn}", "from: 2027-01-01\napplies_to: {kind: torn}")
    (shop.folder / "policies/torn.tests.yaml").unlink()
    shop.edit(late)
    publish(shop, "--from", "now")
    frozen.shift(3600)
    shop.edit()
    publish(shop, "--from", "now")
    frozen.shift(3600)
    result = shop.run("publish", "back")
    assert "warning[P438] before 2027-01-01 cases of `torn` can be opened" in result.output
    assert "publication 3" in result.stdout


def test_problems_of_an_earlier_publication_are_shown_with_its_lines(
    shop: Shop, frozen: time_machine.Traveller
) -> None:
    shop.edit(("{id: dear,", "{id: heavy,"))
    wrong = Contents.of_folder(shop.folder)
    entry = StoredPublication(
        number=1,
        digest=wrong.digest,
        valid_from=NOW,
        published_at=NOW,
        published_by="lea",
        note="",
    )
    store = Store(shop.settings[1])
    with store.transaction("shop") as tx:
        assert tx.put_publication(entry, wrong.to_plain())
    store.close()
    frozen.shift(3600)
    shop.edit()
    publish(shop, "--from", "now")
    result = shop.run("publish", "back", "--to", "1")
    assert result.return_value == 1
    assert "policies/compensation/torn.yaml:12:10: error[P406]" in result.output
    assert "12 |   - {id: heavy," in result.output
    assert "publication 1 no longer holds" in result.stderr


def test_what_was_published_can_be_read_again(shop: Shop, tmp_path: Path) -> None:
    publish(shop, "--from", "now", "--note", "the first")
    shop.edit(COUPON)
    publish(shop, "--from", "now")
    page = shop.run("publish", "show", "2").stdout
    assert "publication 2 · in force" in page
    assert "published  Tue 20 Oct 2026, 10:00 (America/New_York) by lea" in page
    assert "  changed policies/compensation/torn.yaml" in page
    file = shop.run("publish", "show", "1", "--file", "policies/compensation/torn.yaml").stdout
    assert "{coupon: 5 USD" in file
    copy = tmp_path / "copy"
    shop.run("publish", "show", "1", "--into", str(copy))
    assert (copy / "policies/torn.tests.yaml").read_text("utf-8") == TESTS
    assert shop.code("publish", "show", "7") == 4
    assert shop.code("publish", "show", "1", "--file", "policies/none.yaml") == 4


def test_a_word_that_is_no_folder_is_taken_for_a_slip_of_a_command(shop: Shop) -> None:
    result = shop.run("publish", "histroy", "--from", "now")
    assert "did you mean `aftersales publish history`?" in str(result.exception)


def test_a_database_that_is_not_migrated_is_not_published_to(shop: Shop, tmp_path: Path) -> None:
    shop.settings = ("--database", f"sqlite:///{tmp_path / 'none.db'}")
    assert shop.code("publish", str(shop.folder), "--from", "now") == 3
    assert not (tmp_path / "none.db").exists()


def test_two_who_publish_at_once_get_a_number_each(shop: Shop, tmp_path: Path) -> None:
    other = write_shop(tmp_path / "other", COUPON)
    commands = [
        [sys.executable, "-m", "aftersales", "publish", str(folder), "--from", "now", "--json"]
        for folder in (shop.folder, other)
    ]
    runs = [
        subprocess.Popen([*command, *shop.settings], stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    numbers = [json.loads(run.communicate()[0])["publication"]["number"] for run in runs]
    assert sorted(numbers) == [1, 2]
    history = shop.data("publish", "history")
    assert [entry["number"] for entry in history] == [1, 2]
    assert len({entry["digest"] for entry in history}) == 2
    assert shop.code("doctor") == 0


def test_a_case_and_the_doctor_name_the_publication(
    shop: Shop, frozen: time_machine.Traveller
) -> None:
    early = shop.opened()
    assert "those shipped" not in shop.run("doctor").stderr
    assert "nothing is published" in shop.run("doctor").stderr
    frozen.shift(60)
    publish(shop, "--from", "now")
    assert "definitions: publication 1 (" in shop.run("doctor").stderr
    case = shop.opened()
    told = "opened under publication 1, valid from Tue 20 Oct 2026, 10:01 (America/New_York)"
    assert told in shop.run("case", "explain", case).stdout
    assert told in shop.run("explain", case).stdout
    assert told in shop.run("case", "show", case).stdout
    assert shop.data("case", "show", case)["publication"] == 1
    assert "opened under" not in shop.run("case", "show", early).stdout
    assert shop.data("case", "explain", case)["publication"] == 1
    assert shop.data("case", "explain", early)["publication"] is None


def test_a_policy_that_waits_for_a_simulation_is_not_published(shop: Shop) -> None:
    shop.edit(("applies_to: {kind: torn}", "applies_to: {kind: torn}\narm: after simulate"))
    result = shop.run("publish", str(shop.folder), "--from", "now")
    assert result.return_value == 1
    assert "policies/compensation/torn.yaml:5:1: error[P450]" in result.output
    assert shop.data("publish", "history") == []


def test_a_policy_with_a_proven_hole_is_not_published(shop: Shop) -> None:
    shop.edit(
        ("affected_value: at least 100 USD}, options", "affected_value: over 100 USD}, options")
    )
    result = shop.run("publish", str(shop.folder), "--from", "now")
    assert result.return_value == 1
    assert "error[P401] some cases have no option" in result.output
    assert shop.data("publish", "history") == []
