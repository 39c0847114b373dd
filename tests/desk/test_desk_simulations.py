"""Past cases out of the store, simulations on record, and policies that wait for one."""

from datetime import timedelta

import pytest
from small_shop import ANN, MARKET, accepted_option, contents_of, offered, opened

from aftersales.definitions import Catalog
from aftersales.desk import PastCase
from aftersales.domain.errors import DefinitionsInvalid
from aftersales.domain.money import Money
from aftersales.testing import ShopForTests

ARMED = ("applies_to: {kind: torn}\n", "applies_to: {kind: torn}\narm: after simulate\n")


def past(shop: ShopForTests, **asked: object) -> list[PastCase]:
    batches = shop.desk.simulations.past_cases(**asked)  # type: ignore[arg-type]
    return [one for batch in batches for one in batch]


def test_a_past_case_has_the_facts_of_its_first_offer(shop: ShopForTests) -> None:
    case = offered(shop, value="40.00 USD")
    shop.desk.submit(case.id, "they_ask", by=MARKET, facts={"asked_at": shop.clock()})
    shop.clock.advance(timedelta(minutes=1))
    shop.desk.submit(case.id, "propose", by=ANN)
    [one] = past(shop)
    assert (one.id, one.kind, one.currency) == (case.id, "torn", "USD")
    assert one.facts["affected_value"] == "40.00 USD"
    assert "asked_at" in shop.desk.get_case(case.id).case.facts
    assert "asked_at" not in one.facts
    assert one.paid == Money("100", "USD")


def test_a_case_without_an_offer_has_the_facts_it_has_now(shop: ShopForTests) -> None:
    opened(shop, order=None, severity="major")
    [one] = past(shop)
    assert (one.facts["severity"], one.paid, one.granted, one.cost) == ("major", None, (), None)


def test_what_was_granted_and_its_cost_are_those_of_the_ledger(shop: ShopForTests) -> None:
    case = offered(shop)
    assert case.offer is not None
    option = case.offer.options[0]
    accepted_option(shop, option.id, order="1002")
    [without, granted] = past(shop)
    assert (without.granted, without.cost) == ((), None)
    assert (granted.granted, granted.cost) == ((option.id,), option.cost("USD"))


def test_past_cases_are_chosen_by_day_and_kind_and_come_in_batches(
    shop: ShopForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftersales.desk.simulations._BATCH", 2)
    first = [opened(shop, order=None).id for _ in range(3)]
    shop.clock.advance(timedelta(hours=1))
    later = opened(shop, order=None).id
    assert [one.id for one in past(shop)] == [*first, later]
    assert [len(batch) for batch in shop.desk.simulations.past_cases()] == [2, 2]
    assert [one.id for one in past(shop, since=shop.clock())] == [later]
    assert past(shop, kinds=["quarrel"]) == []


def test_personal_facts_are_no_part_of_a_past_case(shop: ShopForTests) -> None:
    opened(shop, facts={"note": "I am Ann"})
    [one] = past(shop)
    assert "note" not in one.facts


def test_a_simulation_is_put_on_record_as_it_was(shop: ShopForTests) -> None:
    made = shop.desk.simulations.record(
        {"torn": "d1"}, by="agent:ann", asked={"takes": "dearest"}, result={"rows": 3}
    )
    assert shop.desk.simulations.all() == (made,)
    assert (made.made_by, made.made_at) == ("agent:ann", shop.clock())
    assert (made.policies, made.asked, made.result) == (
        {"torn": "d1"},
        {"takes": "dearest"},
        {"rows": 3},
    )
    assert shop.desk.simulations.policies() == frozenset({"d1"})


def test_what_waits_for_a_simulation_is_not_published_before(shop: ShopForTests) -> None:

    contents = contents_of(ARMED)
    publications, simulations = shop.desk.publications, shop.desk.simulations
    with pytest.raises(DefinitionsInvalid) as refused:
        publications.publish(contents, by="ann")
    [problem] = refused.value.problems
    assert (problem.code, "none of it as it stands is on record" in problem.message) == (
        "P450",
        True,
    )
    catalog, _ = Catalog.check_contents(contents)
    assert catalog is not None
    digest = catalog.policy_digests["torn"]
    simulations.record({"torn": digest}, by="ann", asked={}, result={})
    assert publications.publish(contents, by="ann").number == 1
