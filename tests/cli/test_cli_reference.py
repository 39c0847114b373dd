"""The pages printed in docs/reference/cli.md are what the commands print."""

import re
from pathlib import Path

import pytest

from aftersales import Actor, Money
from aftersales.cli.case.explain import explained
from aftersales.cli.case.show import shown
from aftersales.testing import ShopForTests, desk_for_tests

DOCUMENT = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


@pytest.fixture
def shop(tmp_path: Path) -> ShopForTests:
    return desk_for_tests(tmp_path, at="2026-03-02T14:00:00Z")


@pytest.fixture
def case_id(shop: ShopForTests) -> str:
    shop.desk.record_order("1001", paid=Money("39.90", "EUR"))
    case = shop.desk.open_case(
        "damaged",
        order_id="1001",
        customer_id="c9",
        facts={
            "affected_value": Money("39.90", "EUR"),
            "severity": "minor",
            "country": "DE",
            "platform": "own_shop",
            "evidence": "photo",
            "tier": "regular",
            "buyer": "consumer",
        },
    )
    shop.tick()
    shop.desk.submit(case.id, "propose", by=Actor.agent("ann"), facts={"fault": "carrier"})
    shop.tick()
    return case.id


def _printed(command: str) -> list[str]:
    """The lines printed below a command in the document."""
    found = re.search(rf"\$ aftersales {command} 4f1c09ab\n(.*?)```", DOCUMENT, re.S)
    assert found is not None
    return [_settled(line) for line in found[1].rstrip("\n").split("\n")]


def _settled(line: str) -> str:
    """Without what an edit of the shipped definitions may move: line numbers."""
    return re.sub(r"\.yaml:\d+", ".yaml", line)


def test_the_page_of_a_case_is_as_documented(shop: ShopForTests, case_id: str) -> None:
    rulebook = shop.desk.rulebook(case_id)
    page = shown(shop.desk.get_case(case_id), rulebook, shop.desk.now(), "America/New_York")
    assert [line.replace(case_id[-8:], "4f1c09ab") for line in page] == _printed("case show")


def test_the_explanation_of_a_case_is_as_documented(shop: ShopForTests, case_id: str) -> None:
    explanation = shop.desk.explain(case_id)
    page = explained(explanation, explanation.zone)
    assert [_settled(line) for line in page] == _printed("case explain")
