"""What a proof about one table must know of the others: facts, their tables, rates, who asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aftersales.domain.conditions import Condition, Facts, FactSchema, Rates, Value
from aftersales.domain.conditions.space import Answered, Space, space_of
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.rows import RowsTable, in_deciding_order
from aftersales.domain.policy.table import Policies


@dataclass(frozen=True)
class World:
    """All definitions of one period, for proofs.

    `asked` says for which cases a table is asked at all; a table that is not in it, for each.
    `never_missing` are facts that the engine always knows.
    """

    schema: FactSchema
    policies: Policies
    rates: Rates = field(default_factory=Rates.none)
    asked: Mapping[str, Condition] = field(default_factory=dict)
    never_missing: frozenset[str] = frozenset()

    @cached_property
    def answered(self) -> dict[str, Answered]:
        """The facts that tables answer, each with the rules of its table."""
        found = {}
        for fact, policy in self.schema.derived_by_policy.items():
            table = self.policies.rows.get(policy)
            if table is not None and table.choose != "all" and table.column(fact) is not None:
                found[fact] = answered_by(table, fact, self.schema)
        return found

    def answered_facts(self, facts: Facts, policy: str) -> Facts:
        """The facts of a case with those that tables answer, as far as the policy reads them."""
        return with_answers(self.policies.rows, facts, self._reads[policy])

    @cached_property
    def _reads(self) -> dict[str, frozenset[str]]:
        """The facts that each compensation policy hangs on."""
        return {name: self.policies.reads(name) for name in self.policies.compensation}

    def space(
        self, conditions: Iterable[Condition], *, policy: str = "", fixed: Iterable[str] = ()
    ) -> Space:
        """The space of the cases that `conditions` and whoever asks `policy` tell apart."""
        limits = [self.asked[policy]] if policy in self.asked else []
        return space_of(
            self.schema,
            [*conditions, *limits],
            rates=self.rates,
            answered=self.answered,
            never_missing=self.never_missing,
            fixed=fixed,
        )


def answered_by(table: RowsTable, fact: str, schema: FactSchema) -> Answered:
    """A table as rules for one fact, in the order in which they decide."""
    rows = in_deciding_order(table)
    if table.otherwise is not None:
        rows.append(table.otherwise)
    rules = tuple((row.when, _value(fact, row.answers.get(fact), schema)) for row in rows)
    is_exclusive, has_otherwise = table.choose == "one", table.otherwise is not None
    return Answered(rules, is_exclusive=is_exclusive, has_otherwise=has_otherwise)


def _value(fact: str, text: str | None, schema: FactSchema) -> Value | None:
    try:
        return None if text is None else schema.read(fact, text)
    except ValueUnreadable:
        return None
