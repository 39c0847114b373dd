"""Facts that a policy answers: filled in from rows tables, as far as a decision reads them."""

from collections.abc import Mapping

from aftersales.domain.conditions import Facts, Value
from aftersales.domain.policy.decision import Undecided
from aftersales.domain.policy.rows import RowsTable, decide_rows


def with_answers(
    tables: Mapping[str, RowsTable],
    facts: Facts,
    reads: frozenset[str],
    asking: frozenset[str] = frozenset(),
) -> Facts:
    """`facts` with those declared `is: by policy NAME` filled in, of the ones in `reads`.

    One that cannot be answered stays missing: the condition that reaches it says so. `asking` are
    the facts being answered already, so that tables that read each other do not go round.
    """
    for name in facts.schema.answered_among(reads):
        if name not in asking and facts.known.get(name) is None:
            answer = _answer(tables, facts, name, asking)
            facts = facts if answer is None else facts.having(**{name: answer})
    return facts


def _answer(
    tables: Mapping[str, RowsTable], facts: Facts, name: str, asking: frozenset[str]
) -> Value | None:
    table = tables.get(facts.schema.derived_by_policy[name])
    if table is None:
        return None
    if facts.schema.answered_among(table.reads):
        facts = with_answers(tables, facts, table.reads, asking | {name})
    decision = decide_rows(table, facts)
    if isinstance(decision, Undecided) or name not in decision.answers:
        return None
    return facts.schema.read_answer(name, decision.answers[name])
