"""Proofs of compensation policies and of laws, held against offering every case.

`TESTS_IN_FULL=1` draws three thousand policies.
"""

import os

from hypothesis import Phase, given, settings
from proof_examples import every_offer, is_broken, is_broken_anywhere, laws_of, policies, world

from aftersales.domain.policy import OptionsDecision, Undecided
from aftersales.domain.policy.prove import prove_policy

POLICIES = 3000 if os.environ.get("TESTS_IN_FULL") else 12


@settings(max_examples=POLICIES, phases=[Phase.explicit, Phase.generate])
@given(policies())
def test_what_is_found_is_exactly_what_offering_every_case_finds(
    drawn: tuple[str, str, str, str],
) -> None:
    policy, channels, floors, written = drawn
    of = world(policy, channels=channels, floors=floors)
    [law] = laws_of(of, written)
    found = {finding.code for finding in prove_policy("broken", of, [law])}
    offers = [decision for _, decision in every_offer(of)]
    below = any(isinstance(d, Undecided) and "law" in d.why for d in offers)
    nothing = any(isinstance(d, OptionsDecision) and not d.options for d in offers)
    assert ("P433" in found) == below
    assert ("P432" in found) == nothing
    is_told = "P435" in found
    assert is_told == (is_broken_anywhere if is_told else is_broken)(law, of)
    assert "P436" not in found
    assert "P437" not in found
