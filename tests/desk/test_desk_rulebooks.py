"""A case keeps the rules it was opened under; and every decision can say why."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from small_shop import ANN, accepted_option, catalog_of, offered, opened, refusal

from aftersales.definitions import Catalog
from aftersales.testing import ShopForTests

CHANGED = (
    ("coupon:     {coupon: 10 USD", "coupon:     {coupon: 12 USD"),
    ("decide:      {within: 72 hours", "decide:      {within: 5 hours"),
    ("      leave:   {by: agent", "      part:   {by: agent"),
    ('body: "We still wait."', 'body: "Hurry!"'),
)


def test_an_edited_folder_does_not_change_an_open_case(
    open_shop: Callable[..., ShopForTests], catalog: Catalog, tmp_path: Path
) -> None:
    before = open_shop(catalog)
    case = opened(before)
    before.tick()
    after = open_shop(catalog_of(tmp_path / "edited", *CHANGED))
    kept, new = after.desk.get_case(case.id), opened(after)
    assert kept.case == before.desk.get_case(case.id).case
    assert ("leave" in kept.allowed_events, "leave" in new.allowed_events) == (True, False)
    coupons = []
    for one in (kept, new):
        offer = after.desk.submit(one.id, "propose", by=ANN).offer
        assert offer is not None
        coupons.append(str(offer.options[0].remedies[0].amount))
    assert coupons == ["10.00 USD", "12.00 USD"]
    assert len({kept.case.rulebook, new.case.rulebook}) == 2


def test_a_case_of_old_rules_re_enters_a_state_with_its_old_deadlines(
    open_shop: Callable[..., ShopForTests], catalog: Catalog, tmp_path: Path
) -> None:
    case = opened(open_shop(catalog))
    after = open_shop(catalog_of(tmp_path / "edited", *CHANGED))
    after.desk.submit(case.id, "ask", by=ANN)
    view = after.desk.submit(case.id, "answered", by=ANN)
    assert view.due_at == after.clock() + timedelta(hours=72)


def test_messages_of_an_open_case_keep_their_words(
    open_shop: Callable[..., ShopForTests], catalog: Catalog, tmp_path: Path
) -> None:
    before = open_shop(catalog)
    case = opened(before)
    before.desk.submit(case.id, "ask", by=ANN)
    before.tick()
    after = open_shop(catalog_of(tmp_path / "edited", *CHANGED))
    after.wait(timedelta(hours=25))
    (reminder,) = after.recorder.of("message")
    assert after.desk.content(reminder).reply.body == "We still wait."


def test_an_offer_explains_itself_to_file_and_line(shop: ShopForTests) -> None:
    case = offered(shop)
    offer = shop.desk.explain(case.id).offer
    assert offer is not None
    rule = str(offer.decision.rule)
    assert rule == "small_harm (policies/compensation/torn.yaml:11)"
    (half,) = [option for option in offer.options if option.id == "half"]
    assert "20.00 USD" in [step.result for step in half.steps]
    assert "50% of affected_value" in str(half.steps)


def test_an_option_left_out_says_why(shop: ShopForTests) -> None:
    accepted_option(shop, "half", order="1")
    shop.tick()
    accepted_option(shop, "coupon", order="2")
    shop.tick()
    third = opened(shop, order="3")
    refused = refusal(lambda: shop.desk.submit(third.id, "propose", by=ANN))
    assert refused.code == "nothing_to_offer"
    assert "coupon: goodwill at most 30 USD within 90 days per customer" in refused.reason
    assert "goodwill at most 30 USD" in shop.desk.get_case(third.id).needs_person


def test_a_due_date_explains_itself(shop: ShopForTests) -> None:
    case = opened(shop)
    due = {line.deadline: line for line in shop.desk.explain(case.id).due}
    assert due["first_reply"].due_at == shop.clock() + timedelta(hours=24)
    assert due["first_reply"].why["duration"] == "24 hours"
    assert due["first_reply"].until == "in 1 business day"


def test_the_history_names_the_line_of_the_workflow(shop: ShopForTests) -> None:
    case = opened(shop)
    shop.desk.submit(case.id, "ask", by=ANN)
    assert shop.desk.history(case.id)[-1].rule.startswith("workflows/torn.yaml:")
    shop.tick()
    shop.wait(timedelta(hours=49))
    assert shop.desk.history(case.id)[-1].rule == "timer 1/2/reply/0"


def test_what_was_done_stands_in_the_history_in_the_workflows_words(shop: ShopForTests) -> None:
    case = offered(shop)
    (entry,) = [e for e in shop.desk.history(case.id) if e.event == "propose"]
    assert entry.did == ("make offer", "send offer")
    assert (entry.state_before, entry.state_after) == ("reported", "offered")
