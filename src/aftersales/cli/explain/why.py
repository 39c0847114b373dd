"""`--why-not`: one option or row, named by its author, and what ruled it out."""

from typing import TYPE_CHECKING

from aftersales.authoring.why_not import WhyNot, options_of, why_no_option, why_no_row
from aftersales.cli.exits import NotFound
from aftersales.domain.conditions.words import word_help

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aftersales.domain.conditions import Facts
    from aftersales.domain.policy import (
        LeftOut,
        OptionPolicy,
        OptionsDecision,
        RowsDecision,
        RowsTable,
    )


def of_options(
    policy: "OptionPolicy", facts: "Facts", decision: "OptionsDecision", option: str
) -> WhyNot:
    """Why the policy does not offer `option`. NotFound if it has no such remedy."""
    for name in (part.strip() for part in option.split("+")):
        if name not in policy.remedies:
            help = word_help(name, policy.remedies)
            raise NotFound(f"`{policy.name}` has no remedy `{name}`; {help}")
    known = {frozenset(_parts(id)): id for id in options_of(policy)}
    id = known.get(frozenset(_parts(option)), option)
    return why_no_option(policy, facts, decision, id)


def of_rows(
    table: "RowsTable", decision: "RowsDecision", left_out: "Iterable[LeftOut]", row: str
) -> WhyNot:
    """Why `row` does not decide. NotFound if the table has no such row."""
    rows = (*table.rows, *((table.otherwise,) if table.otherwise else ()))
    ids = [known.ref.rule for known in rows]
    if row not in ids:
        raise NotFound(f"`{table.name}` has no row `{row}`; {word_help(row, ids)}")
    why = why_no_row(decision, left_out, row)
    return why or WhyNot(row, f"`{decision.rule.rule}` fits, and decides", decision.rule)


def _parts(option: str) -> list[str]:
    return [part.strip() for part in option.split("+")]
