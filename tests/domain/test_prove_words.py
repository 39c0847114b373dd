"""What is said beside a proof: nothing that another finding of the same proof denies."""

from dataclasses import replace

from proof_examples import proven, world

from aftersales.domain.conditions import Rates
from aftersales.domain.policy.prove import Finding

POLICY = """
aftersales: policy/1
policy: broken
remedies:
  some_back: {refund: 50% of affected_value, at_most: MOST}
rows:
  - {id: any_case, when: {severity: any}, options: some_back}
approval:
  none_needed: under 50 USD
  manager:     at least 50 USD
"""
HOLDS, BREAKS = "{never: {cost: over 60 USD}}", "{never: {cost: over 40 USD}}"
RATES = Rates.of("USD", {"EUR": "0.92"})


def found(*laws: str, most: str = "60 USD") -> list[Finding]:
    """What is found about the policy above, with a rate of one more currency."""
    return proven(replace(world(POLICY.replace("MOST", most)), rates=RATES), *laws)


def note_of(*laws: str) -> list[str]:
    """How the note of the currencies begins, if it is given."""
    return [one.message.partition(" are ")[0] for one in found(*laws) if one.code == "P439"]


def test_no_law_is_said_to_be_proven_beside_its_breach() -> None:
    assert note_of(HOLDS) == ["the laws about `broken`"]
    assert note_of(HOLDS, BREAKS) == ["the other laws about `broken`"]
    assert note_of(BREAKS) == []


def test_of_two_laws_on_one_line_the_one_that_is_broken_is_told_and_the_other_is_proven() -> None:
    told = {one.code: one.message for one in found(HOLDS, BREAKS)}
    assert told["P435"] == "a law does not hold: `never: {cost: over 40 USD}`"
    assert told["P439"].startswith("the other laws about `broken` are proven")


def test_where_a_rate_is_missing_the_help_is_to_add_it() -> None:
    told = {one.code: one for one in found(HOLDS, most="60 GBP")}
    assert "P439" not in told
    assert "add the rate" in told["P436"].help
