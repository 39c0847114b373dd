"""Limits judged once more when a remedy is granted, and gifts."""

import pytest
from policy_examples import CHANNELS, facts, offered, policies, spent

from aftersales.domain.policy import Remedy, Spent, Standing, Undecided, judged_again, priced_gift


def test_what_was_given_since_the_offer_lifts_an_option_into_a_higher_band():
    option = offered().options[0]
    assert option.approval == "none_needed"
    now = judged_again(policies(), "broken", option, facts(), spent(cost="220 USD"))
    assert isinstance(now, Standing)
    assert now.approval == "manager"


def test_goodwill_given_since_the_offer_leaves_less():
    option = offered(severity="minor").options[0]
    before = spent(goodwill=((3, "149.00 USD"),))
    now = judged_again(policies(), "broken", option, facts(), before)
    assert isinstance(now, Standing)
    assert str(now.goodwill_left) == "1.00 USD"


def gift(name: str, before: Spent | None = None, **changed: str | None) -> Remedy | Undecided:
    these = policies(channels=CHANNELS)
    return priced_gift(these, "broken", name, facts(**changed), before or spent())


def test_a_gift_is_priced_like_the_remedy_of_an_offer():
    given = gift("small_coupon")
    assert isinstance(given, Remedy)
    assert str(given.amount) == "8.00 USD"


@pytest.mark.parametrize(
    ("name", "before", "changed", "why"),
    [
        ("nothing", spent(), {}, "no remedy `nothing`"),
        ("small_coupon", spent(), {"platform": "amazon"}, "the channel does not allow"),
        ("small_coupon", spent(goodwill=((1, "145 USD"),)), {}, "5.00 USD of goodwill is left"),
        ("part_refund", spent("9.00 USD"), {}, "9.00 USD of what was paid is left"),
        ("resend", spent(), {"in_stock": "no"}, "`in_stock` is no"),
        ("resend", spent(), {"in_stock": None}, "`in_stock` is not known"),
    ],
)
def test_a_gift_that_may_not_be_given_says_why(name, before, changed, why):
    given = gift(name, before, **changed)
    assert isinstance(given, Undecided)
    assert why in given.why
