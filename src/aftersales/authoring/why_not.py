"""Why an option is not offered: the first cell, limit or rule that ruled it out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aftersales.domain.conditions import Condition, Facts
from aftersales.domain.policy import (
    Combination,
    LeftOut,
    OptionPolicy,
    OptionsDecision,
    OptionsRule,
    RowsDecision,
    RowsTable,
    RuleRef,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps an option out, and the rule that says so."""

    rule: RuleRef | None
    why: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """An option that is not offered and why: first the nearest reason, then those of other rules.

    `is_offered` says that there is nothing to explain.
    """

    option: str
    why: str
    rule: RuleRef | None = None
    others: tuple[Reason, ...] = ()
    is_offered: bool = False


def not_offered(
    policy: OptionPolicy, facts: Facts, decision: OptionsDecision
) -> tuple[WhyNot, ...]:
    """Every option that some rule of the policy names and the customer does not get, with why."""
    told = [why_no_option(policy, facts, decision, id) for id in options_of(policy)]
    return tuple(why for why in told if not why.is_offered)


def options_of(policy: OptionPolicy) -> tuple[str, ...]:
    """The ids of all options that some rule of the policy names, in the author's order."""
    named = (names for rule in _rules(policy) for names in rule.options)
    return tuple(dict.fromkeys(" + ".join(names) for names in named))


def why_no_option(
    policy: OptionPolicy, facts: Facts, decision: OptionsDecision, option: str
) -> WhyNot:
    """Why `option` (`resend + small_coupon`) is not among the options of `decision`."""
    names = tuple(part.strip() for part in option.split("+"))
    wanted = frozenset(names)
    if any(_names(offered.id) == wanted for offered in decision.options):
        return WhyNot(option, "it is offered", decision.rule, is_offered=True)
    for out in decision.left_out:
        if _names(out.what) == wanted:
            return WhyNot(option, out.why, out.rule)
    reasons = [*_cut_short(decision), *_fates(policy, facts, decision, wanted)]
    reasons = reasons or [*_parts(policy, facts, decision, names)]
    if not reasons:
        return WhyNot(option, "no rule of the policy offers it", policy.ref)
    first, *others = dict.fromkeys(reasons)
    return WhyNot(option, first.why, first.rule, tuple(others))


def why_no_row(decision: RowsDecision, left_out: Iterable[LeftOut], row: str) -> WhyNot | None:
    """Why a row did not decide; None if the table has no row of that id."""
    if decision.rule.rule == row:
        return WhyNot(row, "it decides", decision.rule, is_offered=True)
    for out in left_out:
        if out.what == row:
            return WhyNot(row, out.why, out.rule)
    for ref in decision.others:
        if ref.rule == row:
            why = f"it fits too, and `{decision.rule.rule}` is more urgent"
            return WhyNot(row, why, ref)
    return None


def why_no_rows(table: RowsTable, facts: Facts) -> tuple[LeftOut, ...]:
    """Why each row does not fit that does not: the first cell that fails, or a fact not known."""
    told = ((row.ref, _fails(row.when, facts)) for row in table.rows)
    return tuple(LeftOut(ref.rule, why, ref) for ref, why in told if why)


def _cut_short(decision: OptionsDecision) -> Iterator[Reason]:
    """The channel that allows none of it: then no rule was looked at."""
    if not decision.options and not decision.steps:
        for out in decision.left_out:
            yield Reason(out.rule, out.why)


def _fates(
    policy: OptionPolicy, facts: Facts, decision: OptionsDecision, wanted: frozenset[str]
) -> list[Reason]:
    """What became of each rule that names the option: those that come nearest first."""
    ruled_out = {out.what: out.why for out in decision.left_out}
    told: list[tuple[int, RuleRef, str]] = []
    for rule in _rules(policy):
        if wanted not in map(frozenset, rule.options):
            continue
        if rule.ref == decision.rule:
            told.append((0, rule.ref, _became(decision, wanted)))
        elif rule.ref.rule in ruled_out:
            is_near = ruled_out[rule.ref.rule].startswith("the exception")
            told.append((1 if is_near else 3, rule.ref, ruled_out[rule.ref.rule]))
        else:
            failing = list(_failing_labels(policy, rule, facts))
            why = failing[0] if failing else f"`{decision.rule.rule}` decides"
            told.append((2 if len(failing) < 2 else 4, rule.ref, why))
    return [Reason(rule, why) for _, rule, why in sorted(told, key=lambda one: one[0])]


def _became(decision: OptionsDecision, wanted: frozenset[str]) -> str:
    """What an option of the deciding rule was turned into."""
    for step in decision.steps:
        if step.what.startswith("`") and " instead of " in step.what and step.rule is not None:
            gone = step.what.rpartition(" instead of ")[2].strip("`")
            if gone in wanted:
                return f"`{step.rule.rule}` gives {step.what}"
    for option in decision.options:
        if wanted < _names(option.id):
            return f"it became `{option.id}`"
    return "it came to the same as another option, and is offered once"


def _parts(
    policy: OptionPolicy, facts: Facts, decision: OptionsDecision, names: Combination
) -> Iterator[Reason]:
    """For an option that no rule names as it is: an extra that gives it, or options with it."""
    for extra in policy.extras:
        if extra.add in names:
            noted = (out.why for out in decision.left_out if out.what == extra.ref.rule)
            why = next(noted, f"`{extra.add}` is added to other options")
            yield Reason(extra.ref, why)
    for swap in policy.swaps:
        if swap.use in names:
            noted = (out.why for out in decision.left_out if out.what == swap.ref.rule)
            yield Reason(swap.ref, next(noted, f"it stands in for `{swap.instead_of}`"))
    for id in options_of(policy):
        if set(names) < _names(id):
            found = why_no_option(policy, facts, decision, id)
            of_that = "that is offered" if found.is_offered else f"of that: {found.why}"
            yield Reason(found.rule, f"`{id}` has it, and {of_that}")


def _failing_labels(policy: OptionPolicy, rule: OptionsRule, facts: Facts) -> Iterator[str]:
    """In which of its line and its column a cell of the matrix does not fit."""
    matrix = policy.base
    if matrix is None:
        return
    line, column = next((k for k, cell in matrix.cells.items() if cell is rule), ("", ""))
    for name, labels in ((line, matrix.lines), (column, matrix.columns)):
        for label in labels:
            if label.name == name and (why := _fails(label.when, facts)):
                yield why


def _fails(condition: Condition, facts: Facts) -> str:
    failing = condition.first_failing(facts)
    if failing is None:
        return ""
    return f"`{failing.fact}` is {failing.value}; the rule asks for `{failing.cell}`"


def _rules(policy: OptionPolicy) -> tuple[OptionsRule, ...]:
    base = tuple(policy.base.cells.values()) if policy.base else ()
    last = (policy.otherwise,) if policy.otherwise else ()
    return (*base, *policy.rows, *policy.exceptions, *last)


def _names(option: str) -> frozenset[str]:
    return frozenset(part.strip() for part in option.split("+"))
