"""`simulate --cases store`, `--record`, and `check --strict` on what waits for a simulation."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aftersales.cli.main import root
from aftersales.cli.versions import VersionUnreadable, version_named
from aftersales.config import settings
from aftersales.definitions import Catalog, Contents
from aftersales.domain.case import Actor
from aftersales.domain.errors import PublicationNotFound, StoreNotReady
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests, desk_for_tests
from past_shop import HALF_FOR_ALL, write_shop

ARMED = ("applies_to: {kind: torn}\n", "applies_to: {kind: torn}\narm: after simulate\n")
FACTS = {"severity": "major", "country": "US", "platform": "own_shop"}
CSV = """\
case,kind,opened_at,affected_value,severity,country,platform,paid,given_option,given_cost
A,torn,2026-03-02T15:00:00Z,40.00 USD,major,US,own_shop,100.00 USD,full_refund,40.00 USD
B,torn,2026-03-02T15:00:00Z,45.00 USD,major,US,own_shop,100.00 USD,,
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopForTests]:
    """A shop with two cases in its store, under the old rules; one was paid back whole."""
    monkeypatch.chdir(tmp_path)
    write_shop(tmp_path / "old")
    write_shop(tmp_path / "new", HALF_FOR_ALL, ARMED)
    catalog = Catalog.load(tmp_path / "old")
    made = desk_for_tests(tmp_path, at="2026-03-02T15:00:00Z", catalog=catalog)
    for order, value in (("1", "40.00 USD"), ("2", "45.00 USD")):
        made.desk.record_order(order, paid=Money.parse("100.00 USD"))
        facts = {**FACTS, "affected_value": value}
        case = made.desk.open_case("torn", order_id=order, facts=facts)
        made.desk.submit(case.id, "propose", by=Actor.agent("ann"))
        made.tick()
        if order == "1":
            customer, chosen = Actor.customer("c"), {"option": "full_refund"}
            made.desk.submit(case.id, "accept", by=customer, facts=chosen)
    yield made
    made.desk.store.close()


def invoked(*arguments: str) -> Result:
    return CliRunner().invoke(root, arguments, standalone_mode=False)


def simulated(*arguments: str) -> dict[str, Any]:
    result = invoked("simulate", "new", "--against", "old", *arguments, "--jobs", "1", "--json")
    assert result.exception is None, result.exception
    read: dict[str, Any] = json.loads(result.stdout)
    return read


def test_the_store_comes_to_the_same_as_a_file_of_the_same_cases(
    shop: ShopForTests, tmp_path: Path
) -> None:
    (tmp_path / "past.csv").write_text(CSV, encoding="utf-8")
    stored, filed = simulated("--cases", "store"), simulated("--cases", "past.csv")
    for one in (stored, filed):
        for difference in (*one["differences"], *one["less"]):
            del difference["case"], difference["line"]
    assert stored == filed
    assert stored["compared"]["money_then"] == "85.00 USD"
    assert stored["where_given"]["money_given"] == "40.00 USD"


def test_only_cases_from_a_day_on_are_read(shop: ShopForTests) -> None:
    assert simulated("--cases", "store", "--since", "2026-03-02")["rows"] == 2
    result = invoked("simulate", "new", "--cases", "store", "--since", "2026-03-03")
    assert "there are no past cases" in str(result.exception)
    result = invoked("simulate", "new", "--cases", "past.csv", "--since", "2026-03-03")
    assert "--since is for" in str(result.exception)


def strict() -> tuple[int, list[dict[str, Any]]]:
    """What a strict check says of policies that wait."""
    result = invoked("check", "new", "--strict", "--json")
    found = json.loads(result.stdout)
    return int(result.return_value), [one for one in found if one["code"] == "P450"]


def test_a_policy_waits_until_a_simulation_of_it_is_on_record(
    shop: ShopForTests, tmp_path: Path
) -> None:
    code, [problem] = strict()
    assert code == 1
    assert problem["message"] == (
        "`torn` waits for a simulation, and none of it as it stands is on record"
    )
    assert (problem["file"], problem["severity"]) == ("policies/compensation/torn.yaml", "error")
    simulated("--cases", "store")
    assert len(strict()[1]) == 1, "what is not put on record does not count"
    result = invoked(
        *("simulate", "new", "--cases", "store", "--record", "--as", "manager:max", "--jobs", "1")
    )
    assert result.stderr == "on record: a simulation of `torn`\n"
    assert strict()[1] == []
    write_shop(tmp_path / "new", HALF_FOR_ALL, ARMED, ("5 USD", "6 USD"))
    assert len(strict()[1]) == 1, "of this version there is none"


def test_a_comment_or_another_file_name_does_not_ask_for_another_simulation(
    shop: ShopForTests, tmp_path: Path
) -> None:
    invoked("simulate", "new", "--cases", "store", "--record", "--jobs", "1")
    policy = tmp_path / "new" / "policies" / "compensation" / "torn.yaml"
    written = policy.read_text(encoding="utf-8")
    policy.unlink()
    policy.with_name("other.yaml").write_text(f"# ours\n{written}", encoding="utf-8")
    assert strict()[1] == []


def test_the_record_holds_all_sums_and_no_case(shop: ShopForTests) -> None:
    invoked("simulate", "new", "--cases", "store", "--record", "--as", "manager:max")
    [kept] = shop.desk.simulations.all()
    assert kept.made_by == "manager max"
    assert set(kept.policies) == {"torn"}
    assert kept.asked["takes"] == "dearest"
    assert kept.result["compared"]["money_now"] == "42.50 USD"
    assert "differences" not in kept.result
    assert shop.desk.doctor() == []


def test_nothing_is_put_on_record_of_a_policy_that_decided_no_case(
    shop: ShopForTests, tmp_path: Path
) -> None:
    (tmp_path / "past.csv").write_text("kind,opened_at\ntorn,2026-03-02\n", encoding="utf-8")
    result = invoked("simulate", "new", "--cases", "past.csv", "--record", "--in", "USD")
    assert "no past case was decided" in str(result.exception)
    assert shop.desk.simulations.all() == ()


def test_without_a_database_a_strict_check_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_shop(tmp_path / "new", ARMED)
    code, [problem] = strict()
    assert (code, "there is no database" in problem["message"]) == (1, True)
    assert problem["help"].startswith("run `aftersales migrate`")
    assert invoked("check", "new").return_value == 0
    assert isinstance(invoked("simulate", "new", "--cases", "store").exception, StoreNotReady)


def test_what_was_published_is_a_version_too(shop: ShopForTests, tmp_path: Path) -> None:
    chosen = settings(environ={})
    with pytest.raises(VersionUnreadable, match="nothing is published"):
        version_named("published", None, chosen)
    shop.desk.publications.publish(Contents.of_folder(tmp_path / "old"), by="ann")
    assert version_named("published", None, chosen).label == "publication 1"
    assert version_named("publication:1", None, chosen).catalog.kinds == ("torn",)
    with pytest.raises(PublicationNotFound):
        version_named("publication:7", None, chosen)
    found = invoked("simulate", "new", "--cases", "store", "--against", "published", "--json")
    assert json.loads(found.stdout)["then"] == "publication 1"
