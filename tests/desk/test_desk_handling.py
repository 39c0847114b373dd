"""Cases that are for some roles of the desk only."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from small_shop import ANN, CUSTOMER, MARKET, MAX, START, SUE, contents_of, opened, refusal

from aftersales.definitions import Catalog, Contents
from aftersales.domain.case import Actor
from aftersales.testing import ShopForTests, desk_for_tests

HANDLING = """\
aftersales: policy/1
policy: handling
handled_by:
  - {id: dear, when: {affected_value: at least 50 USD}, only: supervisor, because: much is at stake}
  - {id: dearest, when: {affected_value: at least 90 USD}, only: [manager]}
"""


@pytest.fixture
def shop(tmp_path: Path) -> ShopForTests:
    files = {**contents_of().files, "policies/handling.yaml": HANDLING.encode()}
    Contents(dict(sorted(files.items()))).write_to(tmp_path / "definitions")
    return desk_for_tests(tmp_path, at=START, catalog=Catalog.load(tmp_path / "definitions"))


@pytest.mark.parametrize(
    ("value", "may"),
    [("40.00 USD", [ANN, SUE, MAX]), ("50.00 USD", [SUE, MAX]), ("90.00 USD", [MAX])],
)
def test_a_case_is_handled_by_those_it_is_for_and_those_above(
    shop: ShopForTests, value: str, may: list[Actor]
) -> None:
    for number, actor in enumerate((ANN, SUE, MAX)):
        case = opened(shop, value=value, order=f"10{number}")
        if actor in may:
            assert shop.desk.submit(case.id, "look", by=actor).version == 2
            continue
        refused = refusal(partial(shop.desk.submit, case.id, "look", by=actor))
        assert refused.code == "role"
        assert f"{actor.id} is here as {actor.role}" in refused.reason


def test_the_refusal_names_the_rule_and_its_place(shop: ShopForTests) -> None:
    case = opened(shop, value="60.00 USD")
    refused = refusal(lambda: shop.desk.submit(case.id, "propose", by=ANN))
    assert refused.reason == (
        "this case is for supervisor (dear (policies/handling.yaml:4)); ann is here as agent"
    )


def test_customers_platforms_and_timers_are_not_of_the_desk(shop: ShopForTests) -> None:
    case = opened(shop, value="60.00 USD")
    asked = {"asked_at": START, "due_by": "2026-03-09T09:00:00Z"}
    assert shop.desk.submit(case.id, "they_ask", by=MARKET, facts=asked).version == 2
    shop.clock.advance(timedelta(days=10))
    shop.tick()
    assert shop.desk.get_case(case.id).state == "silent"  # the timers moved it, as ever
    reopened = shop.desk.submit(case.id, "reopen", by=CUSTOMER)
    assert reopened.state == "reported"


def test_a_role_that_is_none_of_the_desk_is_a_problem(tmp_path: Path) -> None:
    wrong = HANDLING.replace("only: supervisor", "only: supervizor")
    files = {**contents_of().files, "policies/handling.yaml": wrong.encode()}
    Contents(dict(sorted(files.items()))).write_to(tmp_path)
    _, [problem] = Catalog.check(tmp_path)
    assert (problem.code, problem.place.line, problem.place.column) == ("C108", 4, 63)
    assert problem.help == "did you mean `supervisor`?"
