"""That a rows table answers what it is asked: `within` for a deadline, a fact by its name."""

from collections.abc import Iterator, Mapping

from aftersales.definitions.notes import Notes, ticked
from aftersales.domain.conditions import FactSchema
from aftersales.domain.policy import RowsTable
from aftersales.domain.problem import NOWHERE
from aftersales.domain.workflow import Deadline, Workflow


def check_answers_asked(
    workflow: Workflow, schema: FactSchema, tables: Mapping[str, RowsTable], notes: Notes
) -> None:
    """Note each deadline and each fact whose table has no such answer."""
    for deadline in _deadlines(workflow):
        table = tables.get(deadline.by_policy or "")
        if table and table.column("within") is None:
            message = f"the policy `{table.name}` does not say how long `{deadline.name}` is"
            help = f"let it answer `within: duration`; it answers {_answers(table)}"
            notes.error("W521", deadline.place or NOWHERE, message, help)
    for fact, policy in schema.derived_by_policy.items():
        table = tables.get(policy)
        if table and table.column(fact) is None:
            message = f"the policy `{policy}` does not answer `{fact}`"
            help = f"add `{fact}` to its `answers`; it answers {_answers(table)}"
            notes.error("C205", schema.declaration(fact).place, message, help)


def _deadlines(workflow: Workflow) -> Iterator[Deadline]:
    yield from workflow.case_deadlines.values()
    for state in workflow.states.values():
        yield from state.deadlines.values()


def _answers(table: RowsTable) -> str:
    return ticked(column.name for column in table.columns)
