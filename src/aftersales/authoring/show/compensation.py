"""A compensation policy as grids: the base with its costs, then what bends it, in that order."""

from collections.abc import Iterable

from aftersales.authoring.show.cost import Sample, dearest, heats, sample_of
from aftersales.authoring.show.grid import Cell, Grid, Shown, cell, grid
from aftersales.authoring.show.tables import rows_grid
from aftersales.domain.conditions import ALWAYS, Condition, FactSchema, Rates
from aftersales.domain.conditions import Cell as Condition_
from aftersales.domain.money import Money
from aftersales.domain.policy import Combination, Matrix, OptionPolicy, OptionsRule, RemedyRule

_HEAT = "Below the options of a cell: what the dearest costs us at the value beside the line."


def shown_policy(policy: OptionPolicy, schema: FactSchema, rates: Rates) -> Shown:
    """Everything that the policy says."""
    grids = [
        _remedies(policy),
        *([_base(policy, policy.base, schema, rates)] if policy.base else []),
        _rules("Rows", [*policy.rows, *([policy.otherwise] if policy.otherwise else [])]),
        _rules("Exceptions, which replace the cell", policy.exceptions),
        _swaps(policy),
        _extras(policy),
        _limits(policy),
        _approval(policy),
        *([rows_grid("Must the goods come back?", policy.returns)] if policy.returns else []),
    ]
    lead = [f"because {policy.because}"] if policy.because else []
    if policy.applies_to != ALWAYS:
        lead.append(f"applies to {policy.applies_to}")
    if policy.channel_must_allow:
        lead.append(f"nothing where the channel forbids {', '.join(policy.channel_must_allow)}")
    shown = tuple(one for one in grids if one.rows)
    return Shown(policy.name, "a compensation policy", policy.about, tuple(lead), shown)


def written(options: Iterable[Combination]) -> tuple[str, ...]:
    """The options as an author writes them, one a line."""
    return tuple(" + ".join(names) for names in options)


def _remedies(policy: OptionPolicy) -> Grid:
    rows = [
        (
            cell(name),
            cell(rule.sort),
            cell(*_worth(rule)),
            cell(rule.counts_as),
            cell("" if rule.only_if == ALWAYS else str(rule.only_if)),
        )
        for name, rule in policy.remedies.items()
    ]
    columns = ("remedy", "sort", "worth", "counts as", "only if")
    return grid("What can be given", columns, rows)


def _worth(rule: RemedyRule) -> list[str]:
    if rule.amount is None:
        costs = " + ".join(part.text for part in rule.costs) or "nothing"
        missing = f"{rule.if_missing.text} if that is not known" if rule.if_missing else ""
        return [rule.details.get("items", ""), f"costs us {costs}", missing]
    bounds = [
        f"at least {rule.at_least.text}" if rule.at_least else "",
        f"at most {rule.at_most.text}" if rule.at_most else "",
        f"rounded {rule.round.text}" if rule.round else "",
    ]
    return [rule.amount.text, ", ".join(bound for bound in bounds if bound)]


def _base(policy: OptionPolicy, base: Matrix, schema: FactSchema, rates: Rates) -> Grid:
    """Lines down, columns across; each cell as hot as its dearest option at the line's sample."""
    samples: list[Sample | None] = [
        sample_of(base.down, _cell_of(x.when), schema, rates) for x in base.lines
    ]
    columns = [label.name for label in base.columns] or [""]
    rules = {
        (n, m): base.cells.get((line.name, column))
        for n, line in enumerate(base.lines)
        for m, column in enumerate(columns)
    }
    costs: dict[tuple[int, int], Money] = {}
    for at, rule in rules.items():
        sample = samples[at[0]]
        cost = dearest(rule.options, policy.remedies, sample) if rule and sample else None
        if cost is not None:
            costs[at] = cost
    heat = heats(costs)
    rows = [
        (
            cell(line.name, remark=_sampled(samples[n], line.when)),
            *(
                _options(rules[n, m], costs.get((n, m)), heat.get((n, m)))
                for m in range(len(columns))
            ),
        )
        for n, line in enumerate(base.lines)
    ]
    title = f"Base: {base.down} down, {base.across} across" if base.across else f"Base: {base.down}"
    heads = (base.down, *(name or "options" for name in columns))
    return Grid(title, heads, tuple(rows), _HEAT if costs else "")


def _cell_of(when: Condition) -> Condition_:
    """The one cell of a label."""
    return when.boxes[0][0][1]


def _sampled(sample: Sample | None, when: Condition) -> str:
    said = ", ".join(str(test) for test in _cell_of(when).plain_tests())
    return f"{said}; at {sample.value}" if sample else ""


def _options(rule: OptionsRule | None, cost: Money | None, heat: int | None) -> Cell:
    lines = written(rule.options) if rule else ()
    return cell(*lines, remark=f"up to {cost}" if cost is not None else "", heat=heat)


def _rules(title: str, rules: Iterable[OptionsRule]) -> Grid:
    rows = [
        (
            cell(rule.ref.rule),
            cell(*_when(rule.when)),
            cell(*written(rule.options)),
            cell(", ".join(sorted(rule.wins_over))),
            cell(rule.because),
        )
        for rule in rules
    ]
    return grid(title, ("id", "when", "options", "wins over", "because"), rows)


def _when(condition: Condition) -> tuple[str, ...]:
    """The pairs of a condition, one a line; several boxes say that one of them is enough."""
    if len(condition.boxes) == 1:
        return tuple(f"{fact} {cell}" for fact, cell in condition.boxes[0])
    return tuple(str(condition).split("; or "))


def _swaps(policy: OptionPolicy) -> Grid:
    rows = [
        (cell(s.ref.rule), cell(*_when(s.when)), cell(s.instead_of), cell(s.use))
        for s in policy.swaps
    ]
    return grid("Swaps", ("id", "when", "instead of", "use"), rows)


def _extras(policy: OptionPolicy) -> Grid:
    rows = [(cell(e.ref.rule), cell(*_when(e.when)), cell(e.add)) for e in policy.extras]
    return grid("Extras, where an option can bear them", ("id", "when", "added"), rows)


def _limits(policy: OptionPolicy) -> Grid:
    limits = policy.limits
    together = tuple(" and ".join(sorted(names)) for names in limits.never_together)
    rows = [(cell("never together"), cell(*together))] if together else []
    if limits.each_option:
        rows.append((cell("each option"), cell(f"at most {limits.each_option.at_most.text}")))
    if cap := limits.per_customer:
        most = f"goodwill of at most {cap.at_most.text} within {cap.within}"
        rows.append((cell("each customer"), cell(most)))
    return grid("Limits", ("limit", "says"), rows)


def _approval(policy: OptionPolicy) -> Grid:
    rows = [
        (cell(band.name.replace("_", " ")), cell(str(_cell_of(band.when))))
        for band in policy.approval
    ]
    return grid("Who must approve", ("who", "what the option costs"), rows)
