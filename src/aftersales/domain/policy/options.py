"""Which options a case is offered: the working-out, in the order that the documents state.

Cell or exception, swaps, extras, amounts, caps, the channel, floors of law, the customer's
goodwill, approval and return. Each step and each thing left out is kept, if it is to be told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.caps import within_cap, within_goodwill, within_what_is_left
from aftersales.domain.policy.decision import (
    Option,
    OptionsDecision,
    RuleRef,
    Spent,
    Step,
    Undecided,
)
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.finish import finished, highest
from aftersales.domain.policy.floors import Floor
from aftersales.domain.policy.table import Extra, GoodwillCap, Policies
from aftersales.domain.policy.unpriced import UnpricedOffer, unpriced_offer, why_obstacle


def decide_options(
    policies: Policies, name: str, facts: Facts, spent: Spent
) -> OptionsDecision | Undecided:
    """What the policy `name` offers, in the currency of `spent.left_to_refund`.

    With each step, and what was left out. A `Decider` decides the same without, and faster.
    A decision without options, and an Undecided, are for a person.
    """
    policy = policies.compensation.get(name)
    if policy is None:
        return no_policy(name)
    facts = with_answers(policies.rows, facts, policies.reads(name))
    work = Work(policy, facts, spent)
    try:
        unpriced = unpriced_offer(policies, work)
        return (
            unpriced if isinstance(unpriced, Undecided) else with_prices(unpriced, policies, work)
        )
    except FactMissing as missing:
        return not_known(missing, work)


def no_policy(name: str) -> Undecided:
    """There is none of that name."""
    return Undecided(name, f"there is no compensation policy `{name}`")


def not_known(missing: FactMissing, work: Work) -> Undecided:
    """The decision hangs on a fact that is not known."""
    return Undecided(work.policy.name, str(missing), (work.policy.ref,), missing.fact)


def with_prices(
    unpriced: UnpricedOffer, policies: Policies, work: Work
) -> OptionsDecision | Undecided:
    """What the offer comes to for one case, in money. FactMissing if that cannot be told."""
    if unpriced.forbidden_by:
        return decision_of((), unpriced.forbidden_by, work)
    drafts = drafts_of(unpriced, work)
    below = below_floor(drafts, unpriced, policies, work)
    found = below or options_of(drafts, work)
    return found if isinstance(found, Undecided) else decision_of(found, unpriced.start.ref, work)


def drafts_of(unpriced: UnpricedOffer, work: Work) -> list[Draft]:
    """The options with their amounts, within limits, as the channel allows them."""
    drafts = [work.draft(names) for names in unpriced.options]
    if drafts and unpriced.extras(work):
        drafts = [_with_extras(draft, unpriced, work) for draft in drafts]
    drafts = [cut for draft in _unequal(drafts, work) if (cut := _within_limits(draft, work))]
    if unpriced.allowance.rules:
        drafts = [draft for draft in drafts if _is_allowed(draft, unpriced, work)]
    return drafts


def below_floor(
    drafts: Sequence[Draft], unpriced: UnpricedOffer, policies: Policies, work: Work
) -> Undecided | None:
    """Where the law asks for another option than those: None if it does not."""
    return _below_floor(unpriced.floors(policies, work), drafts, work) if drafts else None


def options_of(drafts: list[Draft], work: Work) -> tuple[Option, ...] | Undecided:
    """The options that are left of drafts within the customer's goodwill, finished."""
    if cap := work.policy.limits.per_customer:
        drafts = [given for draft in drafts if (given := _given(draft, cap, work))]
    options: list[Option] = []
    undecided: Undecided | None = None
    for draft in _unequal(drafts, work):
        option = _finished(draft, work)
        if isinstance(option, Undecided):
            undecided = undecided or option
        else:
            options.append(option)
    return undecided or tuple(options)


def decision_of(options: tuple[Option, ...], rule: RuleRef, work: Work) -> OptionsDecision:
    """The decision that these options are, with all that was noted."""
    noted = tuple(work.steps), tuple(work.left_out)
    return OptionsDecision(options, rule, *noted, highest(options))


def _with_extras(draft: Draft, unpriced: UnpricedOffer, work: Work) -> Draft:
    for extra in unpriced.extras(work):
        if why := _cannot_bear(draft, extra, unpriced, work):
            if work.is_told:
                work.leave_out(f"{extra.add} added to {draft.id}", why(), extra.ref)
            continue
        longer = replace(draft, parts=(*draft.parts, work.price(extra.add)))
        if work.is_told:
            added = Step(f"`{extra.add}` is added", longer.id, extra.ref)
            longer = longer.with_step(added)
        draft = longer
    return draft


def _cannot_bear(
    draft: Draft, extra: Extra, unpriced: UnpricedOffer, work: Work
) -> Callable[[], str] | None:
    """None if the option can bear the extra; else a function that says why not."""
    names = (*draft.names, extra.add)
    if extra.add in draft.names:
        return lambda: f"`{extra.add}` is in it already"
    obstacle = unpriced.obstacle(names, work)
    if obstacle is not None:
        return lambda: why_obstacle(obstacle, names, work)[0]
    added = work.price(extra.add).remedy
    if unpriced.refused_by(extra.add, work):
        return lambda: f"the channel does not allow `{extra.add}`"
    cap = work.policy.limits.each_option
    if cap and draft.cost + added.cost.minor > work.limit(cap.at_most):
        return lambda: f"each option costs at most {cap.at_most.explained(work.facts)}"
    return None


def _within_limits(draft: Draft, work: Work) -> Draft | None:
    names, kept = draft.names, work.kept.within
    if names not in kept:
        kept[names] = _cut(draft, work)
    return kept[names]


def _given(draft: Draft, cap: GoodwillCap, work: Work) -> Draft | None:
    kept = work.kept.given
    if id(draft) not in kept:
        kept[id(draft)] = within_goodwill(draft, cap, work)
    return kept[id(draft)]


def _finished(draft: Draft, work: Work) -> Option | Undecided:
    kept = work.kept.options
    if id(draft) not in kept:
        kept[id(draft)] = finished(draft, work)
    return kept[id(draft)]


def _cut(draft: Draft, work: Work) -> Draft | None:
    cap = work.policy.limits.each_option
    capped = within_cap(draft, cap, work) if cap else draft
    within = within_what_is_left(capped, work) if capped else None
    if within is None:
        return None
    worthless = [p.remedy.name for p in within.parts if p.remedy.amount and p.remedy.amount.is_zero]
    if not worthless:
        return within
    kept = tuple(part for part in within.parts if part.remedy.name not in worthless)
    if not kept:
        work.leave_out(within.id, "it comes to nothing")
        return None
    steps = tuple(Step(f"{name} comes to nothing", "left out") for name in worthless)
    return replace(within, parts=kept, steps=(*within.steps, *steps))


def _is_allowed(draft: Draft, unpriced: UnpricedOffer, work: Work) -> bool:
    for name in draft.names:
        if by := unpriced.refused_by(name, work):
            work.leave_out(draft.id, f"the channel does not allow `{name}`", by)
            return False
    return True


def _below_floor(floors: Iterable[Floor], drafts: Sequence[Draft], work: Work) -> Undecided | None:
    for floor in floors:
        one_of = ", ".join(floor.must_offer_one_of)
        if not floor.is_met_by(draft.parts for draft in drafts):
            why = f"the law asks for one of {one_of}; left are {', '.join(d.id for d in drafts)}"
            return Undecided(work.policy.name, why, (floor.ref, work.policy.ref))
        work.note(f"the law asks for one of {one_of}", "it is offered", floor.ref)
    return None


def _unequal(drafts: list[Draft], work: Work) -> list[Draft]:
    """Options that came to the same remedies once, the first of them."""
    if len(drafts) < 2:
        return drafts
    kept: dict[frozenset[str], Draft] = {}
    for draft in drafts:
        same = kept.setdefault(frozenset(draft.names), draft)
        if same is not draft:
            work.note_merged(draft.id, same.id)
    return list(kept.values())
