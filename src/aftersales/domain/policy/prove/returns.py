"""Proofs about rows of `return_required` that read a cost: none falls between two of them.

What an offer comes to is tried to the cent. Between 49.99 USD and 50 USD no amount of dollars lies;
what some yen come to may.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from aftersales.domain.conditions import Value
from aftersales.domain.conditions.space import (
    Axis,
    Box,
    NotProvable,
    Space,
    case_in_words,
    meet_all,
    outside,
)
from aftersales.domain.conditions.space.telling import cell_of
from aftersales.domain.policy.prove.finding import Finding
from aftersales.domain.policy.prove.law import OF_NAME, words_of
from aftersales.domain.policy.prove.profiles import Survey, may_lack_return
from aftersales.domain.policy.rows import Row, RowsTable
from aftersales.domain.policy.table import Combination

_COST = "cost"


def prove_returns(survey: Survey) -> Iterator[Finding]:
    """Costs of other currencies that, converted, have no answer, or two, unlike the cents beside.

    Of each such cost the first option of which that is so.
    """
    policy, table = survey.policy, survey.policy.returns
    if table is None or _COST not in table.reads or not may_lack_return(policy):
        return
    conditions = [policy.applies_to, *(row.when for row in table.rows)]
    try:
        space = survey.world.space(conditions, policy=policy.name, fixed=OF_NAME)
    except NotProvable:
        return  # where such an amount is tried, that says so
    within = outside(space.region(policy.applies_to), space.impossible)
    options = _options(survey) if table.reads & OF_NAME else [()]
    answers = [_Answers(table, space, within, names, words_of(names, policy)) for names in options]
    for number in _between_cents(space.axes[space.numbers[_COST]]):
        yield from next(filter(None, (one.findings(number) for one in answers)), ())


@dataclass(frozen=True, slots=True)
class _Answers:
    """The rows that answer for one option; a cost is told by the number of its atom."""

    table: RowsTable
    space: Space
    within: Sequence[Box]  # the cases that the policy is for
    names: Combination
    words: Mapping[str, Value]

    def findings(self, number: int) -> list[Finding]:
        """A case that is not answered at this cost, though it is at the cents beside it."""
        beside = _beside(self._axis, number)
        answered_beside = outside(self.within, [box for n in beside for box in self._open(n)])
        left = meet_all(self._open(number), answered_beside)
        return [self._finding(number, left[0], beside)] if left else []

    def _finding(self, number: int, box: Box, beside: Sequence[int]) -> Finding:
        own = " and ".join(f"`{row.ref.rule}`" for row in self._fitting(number, box))
        has = f"two answers, of {own}," if own else "no answer"
        usual = self.within[0] if len(self.within) == 1 else self.space.whole
        option = f"option {' + '.join(self.names)}" if self.names else ""
        case = case_in_words(self.space, box, given=usual) if box != usual else ""
        told = ", ".join(filter(None, [option, case]))
        return Finding(
            "P434",
            next(row.ref for n in (*beside, number) for row in self._fitting(n, box)),
            f"a cost of {cell_of(self._axis, 1 << number)} has {has} to `{self.table.name}`: "
            "amounts of other currencies, converted, may come to it",
            "let each row begin where the one before it ends: `under 50 USD`, `at least 50 USD`",
            (f"for example: {told}",) if told else (),
        )

    def _open(self, number: int) -> list[Box]:
        """The cases, whatever they cost, that would have no answer at this cost, or two."""
        regions = [self._region(row, number) for row in self.table.rows]
        whole = [self.space.whole] if self.table.otherwise is None else []
        none = outside(whole, [box for boxes in regions for box in boxes])
        pairs = combinations(regions, 2) if self.table.choose == "one" else ()
        return [*none, *(box for one, other in pairs for box in meet_all(one, other))]

    def _fitting(self, number: int, box: Box) -> list[Row]:
        return [row for row in self.table.rows if meet_all(self._region(row, number), [box])]

    def _region(self, row: Row, number: int) -> list[Box]:
        """The cases, whatever they cost, that the row would fit at this cost."""
        at = self.space.numbers[_COST]
        boxes = self.space.region(row.when, fixed=self.words)
        fitting = [box for box in boxes if box[at] >> number & 1]
        return [(*box[:at], self.space.whole[at], *box[at + 1 :]) for box in fitting]

    @property
    def _axis(self) -> Axis:
        return self.space.axes[self.space.numbers[_COST]]


def _between_cents(axis: Axis) -> list[int]:
    """The atoms in which only converted amounts lie."""
    atoms = enumerate(axis.atoms)
    return [n for n, a in atoms if a.is_line and a.has_others and a.example is None]


def _beside(axis: Axis, number: int) -> list[int]:
    """The nearest atoms with amounts of their own: below, and above."""
    own = [n for n, a in enumerate(axis.atoms) if a.has_others and a.example is not None]
    return [*[n for n in own if n < number][-1:], *[n for n in own if n > number][:1]]


def _options(survey: Survey) -> list[Combination]:
    profiles = (profile for _, parts in survey.courses() for _, profile in parts if profile)
    return list(dict.fromkeys(names for found in profiles for names in found.course.given))
