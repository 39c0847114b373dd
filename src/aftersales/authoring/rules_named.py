"""Which rules have a name: an author copies the id of one from a problem or an explanation."""

from collections.abc import Iterator

from aftersales.domain.policy import OptionPolicy, Policies, RuleRef


def rules_named(policies: Policies, name: str) -> list[RuleRef]:
    """Every rule of that id, in whichever policy; a cell of a base is `line/column`."""
    return [ref for ref in dict.fromkeys(_all(policies)) if ref.rule == name]


def _all(policies: Policies) -> Iterator[RuleRef]:
    for policy in policies.compensation.values():
        yield from _of_options(policy)
    for table in policies.rows.values():
        yield from (row.ref for row in table.rows)
    yield from (rule.ref for rule in policies.channels.rules)
    yield from (floor.ref for floor in policies.floors.floors)
    yield from (rule.ref for rule in policies.handling.rules)


def _of_options(policy: OptionPolicy) -> Iterator[RuleRef]:
    cells = policy.base.cells.values() if policy.base else ()
    returns = policy.returns.rows if policy.returns else ()
    for rules in (cells, policy.rows, policy.exceptions, policy.swaps, policy.extras, returns):
        yield from (rule.ref for rule in rules)
