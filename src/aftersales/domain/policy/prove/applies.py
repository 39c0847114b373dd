"""Proofs about which compensation policy applies: never two to one case, and one to each."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from aftersales.domain.conditions import Condition
from aftersales.domain.conditions.space import (
    NotProvable,
    case_in_words,
    meet_all,
    outside,
    region_in_words,
)
from aftersales.domain.policy.prove.finding import Finding, not_proven
from aftersales.domain.policy.prove.world import World

_MOST = 3  # regions that are told


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


def prove_offered(world: World, asking: Mapping[str, Condition]) -> Iterator[Finding]:
    """Each kind of which some cases have a compensation policy, and others none.

    `asking` are the kinds of whose cases an offer is made by whichever policy applies.
    """
    policies = sorted(world.policies.compensation.values(), key=lambda policy: policy.name)
    for kind, is_of_kind in asking.items():
        try:
            space = world.space([is_of_kind, *(policy.applies_to for policy in policies)])
        except NotProvable:
            continue  # that is told by `prove_applies`, and by the proof of the only policy
        whole = space.region(is_of_kind)
        parts = {p.ref: meet_all(whole, space.region(p.applies_to)) for p in policies}
        covered = [box for part in parts.values() for box in part]
        left = outside(whole, [*covered, *space.impossible])
        if covered and left:
            yield Finding(
                "P441",
                next(ref for ref, part in parts.items() if part),
                f"to some cases of `{kind}` no compensation policy applies: they go to a person",
                "widen an `applies_to`, or write a policy for these cases",
                (
                    f"for example: {case_in_words(space, left[0])}",
                    *_all_of(region_in_words(space, box) for box in left),
                ),
                severity="warning",
            )


def _all_of(regions: Iterable[str]) -> Iterator[str]:
    told = list(dict.fromkeys(regions))
    yield from (f"{'all of' if not n else 'and'}: {one}" for n, one in enumerate(told[:_MOST]))
    if len(told) > _MOST:
        yield "and more"
