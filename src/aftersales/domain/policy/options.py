"""Which options a case is offered: the working-out, in the order that the documents state.

Cell or exception, swaps, extras, amounts, caps, the channel, floors of law, the customer's
goodwill, approval and return. Each step and each thing left out is kept.
"""

from dataclasses import replace

from aftersales.domain.conditions import Facts
from aftersales.domain.errors import FactMissing
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.caps import limit, within_cap, within_goodwill, within_what_is_left
from aftersales.domain.policy.channels import Allowance
from aftersales.domain.policy.choice import chosen
from aftersales.domain.policy.decision import OptionsDecision, RuleRef, Spent, Step, Undecided
from aftersales.domain.policy.draft import Draft, Work
from aftersales.domain.policy.finish import finished, highest
from aftersales.domain.policy.rows import fits, why_not
from aftersales.domain.policy.table import Combination, Extra, Policies


def decide_options(
    policies: Policies, name: str, facts: Facts, spent: Spent
) -> OptionsDecision | Undecided:
    """What the policy `name` offers, in the currency of `spent.left_to_refund`.

    A decision without options, and an Undecided, are for a person.
    """
    policy = policies.compensation.get(name)
    if policy is None:
        return Undecided(name, f"there is no compensation policy `{name}`")
    facts = with_answers(policies.rows, facts, policies.reads(name))
    try:
        return _decide(policies, Work(policy, facts, spent))
    except FactMissing as missing:
        return Undecided(name, str(missing), (policy.ref,), missing.fact)


def _decide(policies: Policies, work: Work) -> OptionsDecision | Undecided:
    start = chosen(work)
    if isinstance(start, Undecided):
        return start
    allowance = policies.channels.allowance(work.facts)
    if by := _channel_forbids_all(allowance, work):
        return _decision((), by, work)
    drafts = [work.draft(names) for names in _possible(_swapped(start.options, work), work)]
    drafts = [_with_extras(draft, allowance, work) for draft in drafts]
    drafts = [cut for draft in _unequal(drafts, work) if (cut := _within_limits(draft, work))]
    drafts = [draft for draft in drafts if _is_allowed(draft, allowance, work)]
    if drafts and (below := _below_floor(policies, drafts, work)):
        return below
    if cap := work.policy.limits.per_customer:
        drafts = [kept for draft in drafts if (kept := within_goodwill(draft, cap, work))]
    options = [finished(draft, work) for draft in _unequal(drafts, work)]
    undecided = next((option for option in options if isinstance(option, Undecided)), None)
    if undecided:
        return undecided
    done = tuple(option for option in options if not isinstance(option, Undecided))
    return replace(_decision((), start.ref, work), options=done, approval=highest(done))


def _decision(options: tuple[()], rule: RuleRef, work: Work) -> OptionsDecision:
    return OptionsDecision(options, rule, tuple(work.steps), tuple(work.left_out))


def _channel_forbids_all(allowance: Allowance, work: Work) -> RuleRef | None:
    for thing in work.policy.channel_must_allow:
        if by := allowance.forbids(thing):
            work.leave_out(work.policy.name, f"the channel does not allow `{thing}`", by)
            return by
    return None


def _swapped(options: tuple[Combination, ...], work: Work) -> tuple[Combination, ...]:
    holding, left_out = fits(work.policy.swaps, work.facts)
    work.left_out.extend(left_out)
    for swap in holding:
        swapped = tuple(
            tuple(swap.use if name == swap.instead_of else name for name in names)
            for names in options
        )
        if swapped == options:
            work.leave_out(swap.ref.rule, f"no option has `{swap.instead_of}`", swap.ref)
        else:
            what = f"`{swap.use}` instead of `{swap.instead_of}`"
            work.steps.append(Step(what, _written(swapped), swap.ref))
        options = swapped
    return work.merged(options)


def _written(options: tuple[Combination, ...]) -> str:
    return ", ".join(" + ".join(names) for names in options)


def _possible(options: tuple[Combination, ...], work: Work) -> list[Combination]:
    kept = []
    for names in options:
        if problem := _cannot(names, work):
            work.leave_out(" + ".join(names), *problem)
        else:
            kept.append(names)
    return kept


def _cannot(names: Combination, work: Work) -> tuple[str, RuleRef | None] | None:
    """Why these remedies cannot be given together, or one of them at all."""
    for name in names:
        rule = work.policy.remedies[name]
        if not rule.only_if.holds(work.facts):
            return f"`{name}` is not possible: {why_not(rule.only_if, work.facts)}", rule.ref
    for together in work.policy.limits.never_together:
        if together <= set(names):
            listed = " and ".join(f"`{name}`" for name in names if name in together)
            return f"{listed} are never given together", work.policy.limits.ref
    return None


def _with_extras(draft: Draft, allowance: Allowance, work: Work) -> Draft:
    holding, left_out = fits(work.policy.extras, work.facts)
    work.left_out.extend(note for note in left_out if note not in work.left_out)
    for extra in holding:
        if why := _cannot_bear(draft, extra, allowance, work):
            work.leave_out(f"{extra.add} added to {draft.id}", why, extra.ref)
            continue
        step = Step(f"`{extra.add}` is added", f"{draft.id} + {extra.add}", extra.ref)
        draft = replace(draft, parts=(*draft.parts, work.price(extra.add))).with_step(step)
    return draft


def _cannot_bear(draft: Draft, extra: Extra, allowance: Allowance, work: Work) -> str | None:
    if extra.add in draft.names:
        return f"`{extra.add}` is in it already"
    if problem := _cannot((*draft.names, extra.add), work):
        return problem[0]
    added = work.price(extra.add).remedy
    if allowance.refuses(added):
        return f"the channel does not allow `{extra.add}`"
    cap = work.policy.limits.each_option
    if cap and draft.cost + added.cost.minor > limit(cap.at_most, work):
        return f"each option costs at most {cap.at_most.explained(work.facts)}"
    return None


def _within_limits(draft: Draft, work: Work) -> Draft | None:
    cap = work.policy.limits.each_option
    capped = within_cap(draft, cap, work) if cap else draft
    within = within_what_is_left(capped, work) if capped else None
    if within is None:
        return None
    worthless = [p.remedy.name for p in within.parts if p.remedy.amount and p.remedy.amount.is_zero]
    kept = tuple(part for part in within.parts if part.remedy.name not in worthless)
    if not kept:
        work.leave_out(within.id, "it comes to nothing")
        return None
    steps = tuple(Step(f"{name} comes to nothing", "left out") for name in worthless)
    return replace(within, parts=kept, steps=(*within.steps, *steps))


def _is_allowed(draft: Draft, allowance: Allowance, work: Work) -> bool:
    for part in draft.parts:
        if by := allowance.refuses(part.remedy):
            work.leave_out(draft.id, f"the channel does not allow `{part.remedy.name}`", by)
            return False
    return True


def _below_floor(policies: Policies, drafts: list[Draft], work: Work) -> Undecided | None:
    for floor in policies.floors.holding(work.facts):
        one_of = ", ".join(floor.must_offer_one_of)
        if not floor.is_met_by(draft.parts for draft in drafts):
            why = f"the law asks for one of {one_of}; left are {', '.join(d.id for d in drafts)}"
            return Undecided(work.policy.name, why, (floor.ref, work.policy.ref))
        work.steps.append(Step(f"the law asks for one of {one_of}", "it is offered", floor.ref))
    return None


def _unequal(drafts: list[Draft], work: Work) -> list[Draft]:
    """Options that came to the same remedies once, the first of them."""
    kept: dict[frozenset[str], Draft] = {}
    for draft in drafts:
        same = kept.setdefault(frozenset(draft.names), draft)
        if same is not draft:
            work.note_merged(draft.id, same.id)
    return list(kept.values())
