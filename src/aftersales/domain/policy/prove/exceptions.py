"""Proofs about where the working-out starts: rows and exceptions that meet, or never decide."""

from dataclasses import replace

from aftersales.domain.conditions.space import (
    Cover,
    Space,
    case_in_words,
    meet_all,
    outside,
    region_in_words,
)
from aftersales.domain.policy.prove.finding import Finding, at
from aftersales.domain.policy.prove.rows import (
    Laid,
    apart_help,
    first_meetings,
    hidden,
    told,
    wide_holes,
)
from aftersales.domain.policy.table import OptionPolicy, OptionsRule


def prove_starts(policy: OptionPolicy, space: Space) -> list[Finding]:
    """Exceptions or rows that fit one case together, holes, and rules that never decide."""
    found = _exceptions(policy, space)
    if policy.base is None and policy.rows:
        found += _rows(policy, Laid.out(policy.rows, space, policy.applies_to))
    return found


def _exceptions(policy: OptionPolicy, space: Space) -> list[Finding]:
    laid = Laid.out(policy.exceptions, space, policy.applies_to)
    found = []
    for later, rule in enumerate(policy.exceptions):
        for earlier in first_meetings(laid, later):
            finding = _unordered(policy.exceptions[earlier], rule, policy, laid)
            found += [finding] if finding else []
        found += _beaten(later, policy, laid)
    return found


def _unordered(
    one: OptionsRule, other: OptionsRule, policy: OptionPolicy, laid: Laid
) -> Finding | None:
    """That both fit a case and none wins over the other, nor a third over one of them."""
    names = {one.ref.rule, other.ref.rule}
    if one.ref.rule in other.wins_over or other.ref.rule in one.wins_over:
        return None
    space, rules = laid.space, policy.exceptions
    above = [rule for rule in rules if rule.wins_over & names]
    both = meet_all(laid.boxes(rules.index(one)), laid.boxes(rules.index(other)))
    left = outside(both, [box for rule in above for box in space.region(rule.when)])
    if not left:
        return None
    region = Cover(left, space.sizes).grown(left[0], space.whole)
    notes = (
        f"for example: {case_in_words(space, region)}",
        f"{_offers(one)}, {_offers(other)}",
        f"all of: {region_in_words(space, region)}",
    )
    message = f"two exceptions fit the same case: {at(one.ref)} and {at(other.ref)}"
    apart = apart_help(one, other).removeprefix("write ")
    help = f"let one decide: {_over(other, one)}, or {_over(one, other)}; or write {apart}"
    return Finding("P402", other.ref, message, help, notes)


def _over(winner: OptionsRule, loser: OptionsRule) -> str:
    """What to write so that `winner` decides where both fit."""
    won, lost = winner.ref.rule, loser.ref.rule
    if winner.wins_over:
        return f"add `{lost}` to the `wins_over` of `{won}`"
    return f"`wins_over: {lost}` in `{won}`"


def _offers(rule: OptionsRule) -> str:
    return f"{rule.ref.rule} offers {' or '.join(' + '.join(names) for names in rule.options)}"


def _beaten(number: int, policy: OptionPolicy, laid: Laid) -> list[Finding]:
    """That others win over an exception wherever it fits, or that it fits nowhere."""
    rule = policy.exceptions[number]
    winners = [r for r in policy.exceptions if rule.ref.rule in r.wins_over]
    over = Cover([b for w in winners for b in laid.space.region(w.when)], laid.space.sizes)
    if not all(over.is_covered(box) for box in laid.boxes(number)):
        return []
    found = hidden(rule.ref, [winner.ref for winner in winners])
    if not winners:
        return [found]
    names = " and ".join(f"`{winner.ref.rule}`" for winner in winners)
    help = f"remove it, or take `{rule.ref.rule}` out of the `wins_over` of {names}"
    return [replace(found, help=help)]


def _rows(policy: OptionPolicy, laid: Laid) -> list[Finding]:
    found = []
    for later, rule in enumerate(policy.rows):
        boxes = laid.boxes(later)
        earlier = sum(laid.bits(n) for n in range(later))
        if policy.rows_choose_first and all(laid.cover.is_covered(b, earlier) for b in boxes):
            found.append(hidden(rule.ref, [r.ref for r in policy.rows[:later]][:1]))
        elif not policy.rows_choose_first:
            for number, common in first_meetings(laid, later).items():
                one = policy.rows[number]
                message = f"two rows fit the same case: {at(one.ref)} and {at(rule.ref)}"
                notes = (f"for example: {case_in_words(laid.space, common)}",)
                found.append(Finding("P402", rule.ref, message, apart_help(one, rule), notes))
    holes = wide_holes(laid) if policy.otherwise is None else []
    if holes:
        help = "add a row for them, or an `otherwise: {options: ...}`"
        message = "some cases have no option"
        found.append(Finding("P401", policy.ref, message, help, told(laid.space, holes)))
    return found
