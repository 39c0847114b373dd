"""That a rows table answers what it is asked: `within`, a `calendar`, a fact by its name."""

from collections.abc import Collection, Iterator, Mapping

from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import FactSchema, ticked, word_help
from aftersales.domain.policy import Column, RowsTable, RuleRef
from aftersales.domain.problem import NOWHERE, Place
from aftersales.domain.workflow import Deadline, Workflow

# Built-in facts that become known later, if ever: the calendar is answered when a case is opened.
_NOT_AT_OPENING = frozenset(
    ("outcome", "option", "remedy", "approval", "cost", "cost_share", "return_required", "deadline")
)


def check_answers_asked(
    workflow: Workflow, schema: FactSchema, tables: Mapping[str, RowsTable], notes: Notes
) -> None:
    """Note each deadline, calendar and fact whose table has no such answer."""
    for deadline in _deadlines(workflow):
        table = tables.get(deadline.by_policy or "")
        if table and table.column("within") is None:
            message = f"the policy `{table.name}` does not say how long `{deadline.name}` is"
            help = f"let it answer `within: duration`; it answers {_answers(table)}"
            notes.error("W521", deadline.place or NOWHERE, message, help)
    _check_calendar(workflow, tables, notes)
    check_facts_answered(schema, None, tables, notes)


def check_facts_answered(
    schema: FactSchema, named: Collection[str] | None, tables: Mapping[str, RowsTable], notes: Notes
) -> None:
    """Note each fact that is answered by a policy that there is not, or that has no such answer.

    `named` are the names of all tables, of those with slips too; None: they are not known here.
    """
    for fact, policy in schema.derived_by_policy.items():
        table = tables.get(policy)
        if named is not None and policy not in named:
            message = f"`{fact}` is worked out by the policy `{policy}`, which is no table of rows"
            help = word_help(policy, sorted(named)) or f"add a policy `{policy}` with `rows`"
            notes.error("C105", schema.declaration(fact).place, message, help)
        elif table and table.column(fact) is None:
            message = f"the policy `{policy}` does not answer `{fact}`"
            help = f"add `{fact}` to its `answers`; it answers {_answers(table)}"
            notes.error("C205", schema.declaration(fact).place, message, help)


def _check_calendar(workflow: Workflow, tables: Mapping[str, RowsTable], notes: Notes) -> None:
    """Every case needs a calendar from its first moment on: the table must answer for each."""
    table = tables.get(workflow.calendar_by_policy or "")
    if table is None:
        return
    column = table.column("calendar")
    if column is None or column.type != "calendar":
        message = f"the policy `{table.name}` does not answer a calendar"
        help = "add `calendar: calendar` to its `answers`"
        notes.error("W527", workflow.calendar_place or NOWHERE, message, help)
        return
    for ref, message, help in _calendar_gaps(table, column):
        notes.error("W528", Place(ref.file, ref.line, 1), message, help)


def _calendar_gaps(table: RowsTable, column: Column) -> Iterator[tuple[RuleRef, str, str]]:
    """How a case could be opened without a calendar, or with two: the place, and what to do."""
    if column.may_be_left_out:
        message = f"`{table.name}` may leave out `calendar`, and a workflow rests on its answer"
        yield table.ref, message, "remove its `default` or `optional`, and name a calendar instead"
    if table.choose == "all":
        message = f"`{table.name}` may answer several calendars, and a case is counted by one"
        yield table.ref, message, "write `choose: one` or `choose: first`"
    if table.otherwise is None:
        message = f"`{table.name}` has no `otherwise`, so some case would have no calendar"
        yield table.ref, message, "add `otherwise: {calendar: ...}`"
    for row in table.rows:
        for fact in sorted(row.when.reads & _NOT_AT_OPENING):
            message = f"`{row.ref.rule}` reads `{fact}`, which no case has when it is opened"
            yield row.ref, message, "ask a fact that the case is opened with"


def _deadlines(workflow: Workflow) -> Iterator[Deadline]:
    yield from workflow.case_deadlines.values()
    for state in workflow.states.values():
        yield from state.deadlines.values()


def _answers(table: RowsTable) -> str:
    return ticked(column.name for column in table.columns)
