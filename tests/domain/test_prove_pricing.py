"""What cases share while a policy is proven does not change what each of them is offered."""

from datetime import UTC, datetime

import proof_examples
from hypothesis import given, settings
from hypothesis import strategies as st

import drawn_cases
from aftersales.domain.conditions import Facts, Rates
from aftersales.domain.money import zero
from aftersales.domain.policy import Spent, Undecided, decide_options, in_brief
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.prove.pricing import Pricing
from aftersales.domain.policy.unpriced import UnpricedOffer

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
RATES = Rates.of("USD", {"EUR": "0.92", "GBP": "0.79", "JPY": "150"})
EACH = 60  # cases of each policy
RETURNS = """
return_required:
  choose: one
  rows:
    - {id: sent, when: {severity: major, remedy: [refund, again]}, answer: prepaid_label}
  otherwise: {answer: customer_keeps}
"""


@settings(max_examples=40)
@given(proof_examples.policies(), st.integers(0, 10_000))
def test_offers_whose_prices_are_shared_are_those_of_the_working_out_in_full(
    drawn: tuple[str, str, str, str], seed: int
):
    written, channels, floors, _ = drawn
    world = proof_examples.world(written + RETURNS, channels=channels, floors=floors)
    policies = world.policies
    pricing = Pricing(policies.compensation["broken"], world, "affected_value")
    reads = policies.reads("broken") | {"affected_value", "item_cost"}
    shapes: dict[object, int] = {}
    for number in range(seed, seed + EACH):
        # Few amounts, so that prices and options that were kept are met again.
        case = drawn_cases.case(world.schema, reads, "broken", AT, RATES, number)
        case = with_answers(policies.rows, case.at_rates(RATES), reads)
        value = case.get("affected_value", zero("USD"))
        told = decide_options(policies, "broken", case, Spent(value, zero(value.currency)))
        if isinstance(told, Undecided) and told.missing:
            continue  # a proof is about cases of which all is known that is not declared missing
        unpriced = pricing.unpriced(case, value.currency)
        shape = shapes.setdefault(_shape(unpriced, pricing, case), len(shapes))
        offered = pricing.priced(case, value.currency, unpriced, shape)
        assert isinstance(offered, Undecided) == isinstance(told, Undecided)
        if not isinstance(told, Undecided):
            assert in_brief(offered) == in_brief(told)


def _shape(unpriced: UnpricedOffer | Undecided, pricing: Pricing, case: Facts) -> object:
    """What hangs on amounts alone: the options and extras that are possible, what is refused."""
    if isinstance(unpriced, Undecided):
        return None
    policy = pricing.policy
    held = [extra.add for extra in policy.extras if extra.when.holds(case)]
    extras = [name for name in held if policy.remedies[name].only_if.holds(case)]
    refused = [n for n, rule in policy.remedies.items() if unpriced.allowance.refuses(rule)]
    return unpriced.options, tuple(extras), tuple(refused)
