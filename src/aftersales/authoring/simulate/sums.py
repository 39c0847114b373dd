"""Sums over past cases: small, added up batch by batch, the same however batches are shared out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from aftersales.authoring.simulate.comparing import Differs
from aftersales.authoring.simulate.past import PastCase, Slip

MOST_SLIPS = 5  # that are told
MOST_LESS = 3  # cases that are explained of those that would get less
MOST_VALUES = 1_000  # of one breakdown
MOST_REASONS = 200
OTHERS = "all others"


@dataclass(slots=True)
class Sum:
    """Cases and money, in minor units of the report's currency, of one part of the cases."""

    cases_then: int = 0
    money_then: int = 0
    cases_now: int = 0
    money_now: int = 0
    changed: int = 0
    cases_given: int = 0
    money_given: int = 0

    def add(self, other: "Sum") -> None:
        """Count another sum in."""
        self.cases_then += other.cases_then
        self.money_then += other.money_then
        self.cases_now += other.cases_now
        self.money_now += other.money_now
        self.changed += other.changed
        self.cases_given += other.cases_given
        self.money_given += other.money_given


class Parts(dict[str, Sum]):
    """The sums of a breakdown by value, each begun when it is first looked up."""

    def __missing__(self, value: str) -> Sum:
        if len(self) < MOST_VALUES:
            return self.setdefault(value, Sum())
        return self.setdefault(OTHERS, Sum())


@dataclass(frozen=True, slots=True)
class Side:
    """Why cases could not be decided under the one version, under the other, or under both."""

    then: str  # empty where it could be decided
    now: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One case of which the two versions think differently, with what is reckoned for each.

    `cost` is by how much it costs us more now, in the currency of the report; below 0 if less.
    """

    past: PastCase
    columns: tuple[str, ...]
    cost: int

    @property
    def order(self) -> tuple[int, int]:
        """The dearest first, then as they stand in the file."""
        return -abs(self.cost), self.past.line


@dataclass(slots=True)
class Changes:
    """How many cases differ, and in what. One case may differ in several things."""

    cases: int = 0
    dearer: int = 0
    cheaper: int = 0
    lost: int = 0
    gained: int = 0
    amounts: int = 0
    approval: int = 0
    returns: int = 0
    newly_decided: int = 0
    no_longer_decided: int = 0

    def add(self, other: "Changes") -> None:
        """Count others in."""
        for part in fields(self):
            setattr(self, part.name, getattr(self, part.name) + getattr(other, part.name))

    def count(self, differs: Differs, cost: int, cases: int) -> None:
        """Count a case that differs, `cases` times."""
        self.cases += cases
        self.dearer += cases * (cost > 0)
        self.cheaper += cases * (cost < 0)
        self.lost += cases * differs.lost
        self.gained += cases * differs.gained
        self.amounts += cases * differs.amounts
        self.approval += cases * differs.approval
        self.returns += cases * differs.returns


@dataclass(slots=True)
class Tally:
    """All that is kept of any number of cases."""

    rows: int = 0
    passed_over: int = 0  # rows of other kinds
    unreadable: int = 0  # rows
    slips: list[Slip] = field(default_factory=list)
    compared: Sum = field(default_factory=Sum)
    where_given: Sum = field(default_factory=Sum)  # the cases of which is known what was given
    changes: Changes = field(default_factory=Changes)
    parts: dict[str, Parts] = field(default_factory=lambda: defaultdict(Parts))  # by breakdown
    undecided: dict[Side, Sum] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    less: list[Difference] = field(default_factory=list)  # those that cost us less now
    seen: set[int] = field(default_factory=set)  # numbers of regions in which there was a case
    policies: dict[str, int] = field(default_factory=dict)  # cases that each new one has decided
    columns: set[str] = field(default_factory=set)  # of batches in which a case has changed

    def apart(self, side: Side) -> Sum:
        """The sum of the cases that could not be decided for these reasons."""
        found = self.undecided.get(side)
        if found is None:
            is_full = len(self.undecided) >= MOST_REASONS
            others = Side(OTHERS if side.then else "", OTHERS if side.now else "")
            found = self.undecided.setdefault(others if is_full else side, Sum())
        return found

    def add(self, other: "Tally", *, most: int) -> None:
        """Count the tally of a later batch in; of the differences the `most` dearest are kept."""
        self.rows += other.rows
        self.passed_over += other.passed_over
        self.unreadable += other.unreadable
        self.slips = [*self.slips, *other.slips][:MOST_SLIPS]
        self.compared.add(other.compared)
        self.where_given.add(other.where_given)
        self.changes.add(other.changes)
        for breakdown, values in other.parts.items():
            for value, found in values.items():
                self.parts[breakdown][value].add(found)
        for side, found in other.undecided.items():
            self.apart(side).add(found)
        self.seen |= other.seen
        self.columns |= other.columns
        for name, cases in other.policies.items():
            self.policies[name] = self.policies.get(name, 0) + cases
        self.differences = dearest([*self.differences, *other.differences], most)
        self.less = dearest([*self.less, *other.less], MOST_LESS)


def dearest(differences: Iterable[Difference], most: int) -> list[Difference]:
    """The `most` dearest differences."""
    return sorted(differences, key=lambda difference: difference.order)[:most]
