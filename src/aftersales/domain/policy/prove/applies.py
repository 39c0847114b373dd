"""Proofs about which compensation policy applies: never two to one case."""

from collections.abc import Iterator
from itertools import combinations

from aftersales.domain.conditions.space import NotProvable, case_in_words, meet_all, outside
from aftersales.domain.policy.prove.finding import Finding, not_proven
from aftersales.domain.policy.prove.world import World


def prove_applies(world: World) -> Iterator[Finding]:
    """Each pair of compensation policies that apply to one case, so that neither could be used."""
    policies = sorted(world.policies.compensation.values(), key=lambda policy: policy.name)
    if len(policies) < 2:
        return
    try:
        space = world.space([policy.applies_to for policy in policies])
    except NotProvable as why:
        yield not_proven(policies[0].ref, str(why), "write the amounts in each currency")
        return
    regions = {policy.name: space.region(policy.applies_to) for policy in policies}
    for one, other in combinations(policies, 2):
        common = meet_all(regions[one.name], regions[other.name])
        both = outside(common, space.impossible)
        if both:
            message = f"`{one.name}` and `{other.name}` apply to the same case"
            notes = (
                f"for example: {case_in_words(space, both[0])}",
                f"the other is in {one.ref.file}",
            )
            help = f"narrow the `applies_to` of `{other.name}` or of `{one.name}`"
            yield Finding("P430", other.ref, message, help, notes)
