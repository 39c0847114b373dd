"""Rows tables: one question, answered by rows of conditions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol, TypeVar

from aftersales.domain.conditions import ALWAYS, Condition, Facts, Masks
from aftersales.domain.errors import FactMissing, InvariantBroken
from aftersales.domain.policy.decision import LeftOut, RowsDecision, RuleRef, Undecided

_MOST_KEPT = 4096  # decisions of one table

Choose = Literal["one", "first", "most_urgent", "all"]
ColumnType = Literal[
    "choice", "duration", "money", "number", "percent", "yes_no", "text", "list", "calendar",
    "fact", "ladder",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a table answers. `of` are the words of a choice, the most urgent first."""

    name: str
    type: ColumnType
    of: tuple[str, ...] = ()
    default: str | None = None  # the answer of a row that leaves it out
    may_be_left_out: bool = False  # then a row that leaves it out does not answer it


@dataclass(frozen=True, slots=True)
class Row:
    """If `when` holds, these are the answers, as canonical texts by column."""

    ref: RuleRef
    when: Condition = ALWAYS
    answers: Mapping[str, str] = field(default_factory=dict)
    because: str = ""  # the reason or the source, for people


@dataclass(frozen=True)
class RowsTable:
    """A table that answers one question other than "which options".

    What is compiled from it is kept beside its fields: it is no part of what the table is.
    """

    name: str
    choose: Choose
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    ref: RuleRef
    otherwise: Row | None = None

    @cached_property
    def reads(self) -> frozenset[str]:
        """The facts that some row reads."""
        return frozenset().union(*(row.when.reads for row in self.rows))

    @cached_property
    def masks(self) -> Masks:
        """The conditions of the rows, compiled when the table is first asked. Bit n is row n."""
        return Masks([row.when for row in self.rows])

    @cached_property
    def _found(self) -> dict[int, "RowsDecision | Undecided"]:
        """The answer by what the masks of all facts leave: it hangs on nothing else."""
        return {}

    @cached_property
    def _decided(self) -> dict[int, "RowsDecision | Undecided"]:
        """The answer by the rows that decide: much fewer."""
        return {}

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


def decide_rows(table: RowsTable, facts: Facts) -> RowsDecision | Undecided:
    """The table's answers for these facts, with the rule. `explain_rows` tells why not others.

    Undecided where no row fits and there is no `otherwise`, where two fit of which one should,
    or where a fact that is reached is not known.
    """
    found = table.masks.found(facts)
    decision = table._found.get(found)
    return _decide(table, facts, found) if decision is None else decision


def _decide(table: RowsTable, facts: Facts, found: int) -> RowsDecision | Undecided:
    fitting, unsure = table.masks.by_fact(facts.schema).told(found)
    if table.choose == "first":
        first = fitting & -fitting
        fitting, unsure = first, unsure & (first - 1)
    if unsure:
        return _missing(table, facts)
    decision = table._decided.get(fitting)
    if decision is None:
        decision = _of_rows(table, [row for n, row in enumerate(table.rows) if fitting >> n & 1])
        _keep(table._decided, fitting, decision)
    _keep(table._found, found, decision)
    return decision


def _keep(
    decisions: dict[int, RowsDecision | Undecided], key: int, decision: RowsDecision | Undecided
) -> None:
    if len(decisions) < _MOST_KEPT:
        decisions[key] = decision


def explain_rows(table: RowsTable, facts: Facts) -> tuple[LeftOut, ...]:
    """The rows that do not answer for these facts, each with the first thing that rules it out.

    Empty where a fact that is reached is not known: then the Undecided says which.
    """
    try:
        return fits(table.rows, facts, first_only=table.choose == "first")[1]
    except FactMissing:
        return ()


def in_deciding_order(table: RowsTable, rows: Sequence[Row] | None = None) -> list[Row]:
    """Rows of the table as they come to decide: as written, or the most urgent answer first.

    Rows with the same answer are ordered by id: order between files means nothing.
    """
    found = list(table.rows if rows is None else rows)
    if table.choose != "most_urgent":
        return found
    first = table.columns[0]
    return sorted(found, key=lambda r: (first.of.index(r.answers[first.name]), r.ref.rule))


def ladder(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """An answer of type ladder: pairs of a time (`50%`, `3 business days`) and actions."""
    return tuple((at, tuple(actions)) for at, actions in json.loads(text))


class Conditional(Protocol):
    """What `fits` chooses among: anything with a rule and a condition."""

    @property
    def ref(self) -> RuleRef: ...

    @property
    def when(self) -> Condition: ...


Rule = TypeVar("Rule", bound=Conditional)


def fits(
    rules: Iterable[Rule], facts: Facts, *, first_only: bool = False
) -> tuple[list[Rule], tuple[LeftOut, ...]]:
    """The rules whose condition holds, and why the others do not. May raise FactMissing."""
    fitting: list[Rule] = []
    left_out: list[LeftOut] = []
    for rule in rules:
        if first_only and fitting:
            earlier = f"`{fitting[0].ref.rule}` comes first"
            left_out.append(LeftOut(rule.ref.rule, earlier, rule.ref))
        elif rule.when.holds(facts):
            fitting.append(rule)
        else:
            left_out.append(LeftOut(rule.ref.rule, why_not(rule.when, facts), rule.ref))
    return fitting, tuple(left_out)


def why_not(condition: Condition, facts: Facts) -> str:
    """The first thing in which `condition` fails: `country is DE, not US or CA`."""
    failing = condition.first_failing(facts)
    if failing is None:
        return "it does not hold"
    return f"`{failing.fact}` is {failing.value}; the rule asks for `{failing.cell}`"


def two_fit(policy: str, fitting: Sequence[Conditional]) -> Undecided:
    """Two rules fit and nothing orders them."""
    names = " and ".join(f"`{rule.ref.rule}`" for rule in fitting)
    why = f"{len(fitting)} rules fit and nothing orders them: {names}"
    return Undecided(policy, why, tuple(rule.ref for rule in fitting))


def _missing(table: RowsTable, facts: Facts) -> Undecided:
    """Which fact is not known is told by the conditions themselves, in the order of the rows."""
    try:
        fits(table.rows, facts, first_only=table.choose == "first")
    except FactMissing as missing:
        return Undecided(table.name, str(missing), (table.ref,), missing.fact)
    raise InvariantBroken(f"the masks of `{table.name}` and its rows differ")


def _of_rows(table: RowsTable, fitting: list[Row]) -> RowsDecision | Undecided:
    if not fitting:
        return _otherwise(table)
    if table.choose == "one" and len(fitting) > 1:
        return two_fit(table.name, fitting)
    if table.choose == "most_urgent":
        fitting = in_deciding_order(table, fitting)
    others = tuple(row.ref for row in fitting[1:])
    return RowsDecision(fitting[0].ref, _answers(table, fitting), others)


def _otherwise(table: RowsTable) -> RowsDecision | Undecided:
    if table.otherwise is None:
        return Undecided(table.name, "no row fits, and there is no `otherwise`", (table.ref,))
    return RowsDecision(table.otherwise.ref, table.otherwise.answers)


def _answers(table: RowsTable, fitting: list[Row]) -> Mapping[str, str]:
    if table.choose != "all":
        return fitting[0].answers
    joined: dict[str, str] = {}
    for column in table.columns:
        given = [row.answers[column.name] for row in fitting if column.name in row.answers]
        words = [word for text in given for word in _words(column, text)]
        if words:
            joined[column.name] = ", ".join(dict.fromkeys(words))
    return joined


def _words(column: Column, text: str) -> list[str]:
    return text.split(", ") if column.type == "list" else [text]
