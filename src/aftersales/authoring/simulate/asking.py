"""A past case put to one or two versions of the definitions."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from aftersales.authoring.simulate.deciding import Bound, Outcome, Question, Version
from aftersales.authoring.simulate.past import PastCase
from aftersales.authoring.simulate.reading import FactColumns
from aftersales.domain.policy import RowsTable
from aftersales.domain.rulebook import Rulebook

_MOST_KEPT = 5_000  # kinds on days
Asking = Question | str  # what is asked, or why nothing can be


@dataclass(frozen=True, slots=True)
class Versions:
    """The version looked at and, where there is one, the one it is compared with."""

    now: Version
    then: Version | None = None


class _Both(NamedTuple):
    """What binds the cases of one kind and day under both versions; or why nothing does.

    `reads_alike`: both read facts in the same way; `alike` are the policies by which, too, both
    decide in the same way.
    """

    then: Bound | str
    now: Bound | str
    reads_alike: bool
    alike: frozenset[str]


class Pair:
    """Asks both versions, and works out once what is the same under both."""

    def __init__(self, versions: Versions, zone: str) -> None:
        """`zone` is the one in which dates of a file are meant."""
        self._versions = versions
        self._zone = zone
        self._bound: dict[tuple[str, date, date], _Both] = {}
        self._alike: dict[tuple[int, int, int, int], tuple[bool, frozenset[str]]] = {}
        self._columns: tuple[str, ...] = ()
        self._readers: dict[tuple[str, ...], dict[int, FactColumns]] = {}
        self._reader: dict[int, FactColumns] = {}  # of the columns at hand, by schema

    def questions(self, past: PastCase, columns: tuple[str, ...]) -> tuple[Asking | None, Asking]:
        """What is asked of the old version, if there is one, and of the new. May be Unreadable."""
        if columns is not self._columns:
            self._columns, self._reader = columns, self._readers.setdefault(columns, {})
        key = past.kind, past.opened.day, past.opened.rates_day
        both = self._bound.get(key)
        if both is None:
            if len(self._bound) >= _MOST_KEPT:
                self._bound.clear()
            both = self._bound[key] = self._both(*key)
        now = self._question(both.now, past)
        if self._versions.then is None:
            return None, now
        if both.reads_alike and isinstance(now, Question) and isinstance(both.then, Bound):
            policy = both.then.policy(now.facts)
            if policy == now.policy and policy in both.alike:
                return now, now
            return both.then.question(policy, now.facts, now.spent), now
        return self._question(both.then, past), now

    def outcomes(self, then: Asking | None, now: Asking) -> tuple[Outcome | None, Outcome]:
        """What both versions say; the same thing where the same is asked of both."""
        answered = _answer(now)
        if then is None:
            return None, answered
        return (answered if then is now else _answer(then)), answered

    def _question(self, bound: Bound | str, past: PastCase) -> Asking:
        if isinstance(bound, str):
            return bound
        schema = bound.rulebook.schema
        columns = self._reader.get(id(schema))
        if columns is None:
            columns = self._reader[id(schema)] = FactColumns(schema, self._columns, self._zone)
        facts = bound.facts(past, columns)
        return bound.question(bound.policy(facts), facts, bound.spent(past, facts))

    def _both(self, kind: str, day: date, rates_day: date) -> _Both:
        now = self._versions.now.bound(kind, day, rates_day)
        if self._versions.then is None:
            return _Both("", now, reads_alike=False, alike=frozenset())
        then = self._versions.then.bound(kind, day, rates_day)
        if isinstance(now, str) or isinstance(then, str):
            return _Both(then, now, reads_alike=False, alike=frozenset())
        key = id(then.rulebook), id(now.rulebook), id(then.rates), id(now.rates)
        if key not in self._alike:
            self._alike[key] = _alike(then, now)
        return _Both(then, now, *self._alike[key])


def _alike(then: Bound, now: Bound) -> tuple[bool, frozenset[str]]:
    """Whether both read facts in the same way, and the policies by which they decide so."""
    old, new = then.rulebook, now.rulebook
    reads = old.schema == new.schema and then.rates == now.rates
    reads = reads and old.workflow.starts_in == new.workflow.starts_in
    reads = reads and _answering(old) == _answering(new)
    before, after = old.policies, new.policies
    if not reads or (before.channels, before.floors) != (after.channels, after.floors):
        return reads, frozenset()
    policies = before.compensation
    return True, frozenset(n for n, p in after.compensation.items() if p == policies.get(n))


def _answering(rulebook: Rulebook) -> list[RowsTable | None]:
    """The tables that answer facts."""
    names = sorted(set(rulebook.schema.derived_by_policy.values()))
    return [rulebook.policies.rows.get(name) for name in names]


def _answer(asking: Asking) -> Outcome:
    return Outcome("", undecided=asking) if isinstance(asking, str) else asking.outcome()
