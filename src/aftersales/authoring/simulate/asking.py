"""A past case put to one or two versions of the definitions."""

from dataclasses import dataclass

from aftersales.authoring.simulate.deciding import Outcome, Question, Version
from aftersales.authoring.simulate.past import PastCase
from aftersales.authoring.simulate.reading import FactColumns
from aftersales.domain.conditions import FactSchema
from aftersales.domain.policy import RowsTable
from aftersales.domain.rulebook import Rulebook

Asking = Question | str  # what is asked, or why nothing can be


@dataclass(frozen=True, slots=True)
class Versions:
    """The version looked at and, where there is one, the one it is compared with."""

    now: Version
    then: Version | None = None


class Pair:
    """Asks both versions, and works out once what is the same under both."""

    def __init__(self, versions: Versions, zone: str) -> None:
        """`zone` is the one in which dates of a file are meant."""
        self._versions = versions
        self._zone = zone
        self._columns: dict[tuple[int, tuple[str, ...]], FactColumns] = {}
        self._alike: dict[tuple[int, int, int, int], tuple[bool, bool]] = {}

    def questions(self, past: PastCase, columns: tuple[str, ...]) -> tuple[Asking | None, Asking]:
        """What is asked of the old version, if there is one, and of the new. May be Unreadable."""
        version, other = self._versions.now, self._versions.then
        bound = version.rulebook(past)
        now = self._question(version, bound, past, columns)
        if other is None:
            return None, now
        bound_then = other.rulebook(past)
        if isinstance(now, Question) and isinstance(bound_then, Rulebook):
            reads_alike, decides_alike = self._is_alike(bound_then, now.rulebook, past)
            if decides_alike:
                return now, now
            if reads_alike:
                return other.question(bound_then, past, now.facts, now.spent), now
        return self._question(other, bound_then, past, columns), now

    def outcomes(self, then: Asking | None, now: Asking) -> tuple[Outcome | None, Outcome]:
        """What both versions say; the same thing where the same is asked of both."""
        answered = _answer(self._versions.now, now)
        if then is None or self._versions.then is None:
            return None, answered
        return (answered if then is now else _answer(self._versions.then, then)), answered

    def _question(
        self, version: Version, bound: Rulebook | str, past: PastCase, columns: tuple[str, ...]
    ) -> Asking:
        if isinstance(bound, str):
            return bound
        values = self._fact_columns(bound.schema, columns).values(past)
        return version.question(bound, past, version.facts(bound, past, values))

    def _fact_columns(self, schema: FactSchema, columns: tuple[str, ...]) -> FactColumns:
        key = id(schema), columns
        if key not in self._columns:
            self._columns[key] = FactColumns(schema, columns, self._zone)
        return self._columns[key]

    def _is_alike(self, then: Rulebook, now: Rulebook, past: PastCase) -> tuple[bool, bool]:
        """Whether both read facts in the same way, and whether they decide in the same way."""
        assert self._versions.then is not None
        day = past.opened.day
        rates = self._versions.then.rates(day), self._versions.now.rates(day)
        key = id(then), id(now), id(rates[0]), id(rates[1])
        if key not in self._alike:
            reads = then.schema == now.schema and rates[0] == rates[1]
            reads = reads and then.workflow.starts_in == now.workflow.starts_in
            reads = reads and _answering(then) == _answering(now)
            self._alike[key] = reads, reads and then.policies == now.policies
        return self._alike[key]


def _answering(rulebook: Rulebook) -> list[RowsTable | None]:
    """The tables that answer facts."""
    names = sorted(set(rulebook.schema.derived_by_policy.values()))
    return [rulebook.policies.rows.get(name) for name in names]


def _answer(version: Version, asking: Asking) -> Outcome:
    if isinstance(asking, str):
        return Outcome("", undecided=asking)
    return version.outcome(asking)
