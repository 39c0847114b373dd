"""Facts under which given conditions hold and none of those that would get in first.

The space of cases is cut exactly; of all boxes that remain, the one nearest to the usual facts.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from aftersales.authoring.targets import OPTION, rules_around, rules_of_options, rules_of_rows
from aftersales.authoring.texts import canonical_texts
from aftersales.domain.conditions import Condition, FactType, Rates, Test, Value, Word
from aftersales.domain.conditions.space import (
    Answered,
    Axis,
    Box,
    Space,
    meet,
    outside,
    space_of,
)
from aftersales.domain.conditions.space.roundest import roundest
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import Money
from aftersales.domain.policy import OptionPolicy, RowsTable
from aftersales.domain.rulebook import Rulebook

_MOST_BOXES = 4000
Written = tuple[str, int, str]  # file, line, id of a rule


class Search:
    """Looks for facts of one policy. What it finds differs little from `usual`."""

    def __init__(
        self, rulebook: Rulebook, policy: str, usual: Mapping[str, str], rates: Rates
    ) -> None:
        self.rulebook, self.policy, self.rates = rulebook, policy, rates
        known = {n: t for n, t in usual.items() if rulebook.schema.declared(n) is not None}
        texts = canonical_texts(rulebook.schema, known, "UTC")
        self.usual = rulebook.schema.typed(texts, rates=rates)

    @cached_property
    def conditions(self) -> Mapping[Written, Condition]:
        """The condition of each rule, that of a cell being its line and its column together."""
        own = self.rulebook.policies.compensation.get(self.policy)
        if own is None:
            rules = rules_of_rows(self._table)
            return {(r.file, r.line, r.rule): when for _, r, when in rules}
        all_rules = (*rules_of_options(own), *rules_around(self.rulebook.policies))
        found = {(r.file, r.line, r.rule): when for _, r, when in all_rules}
        return {**found, **_cells(own)}

    def texts(
        self, conditions: Sequence[Condition], *, fixed: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, str]]:
        """Facts under which all conditions hold, beyond the usual ones; the nearest first."""
        try:
            space = self._space
            boxes: list[Box] = [space.whole]
            for condition in conditions:
                region = space.region(condition)
                boxes = [c for b in boxes for r in region if (c := meet(b, r)) is not None]
                boxes = boxes[:_MOST_BOXES]
            boxes = _at(space, boxes, fixed or {}, self.rates)
        except (AftersalesError, KeyError):
            return
        tried: set[tuple[tuple[str, str], ...]] = set()
        for found in (self._apart(space, boxes, conditions), boxes):
            for box in sorted(found, key=lambda box: self._distance(space, box)):
                texts = self._written(space, box, fixed or {})
                if texts is not None and tuple(sorted(texts.items())) not in tried:
                    tried.add(tuple(sorted(texts.items())))
                    yield texts

    def any_text(self, fact: str) -> str | None:
        """Some value of a fact that is needed: its first choice, or a round one."""
        declared = self.rulebook.schema.declared(fact)
        if declared is None:
            return None
        value: Value | None
        number = self._space.numbers.get(fact)
        if number is not None:
            axis = self._space.axes[number]
            value = _example(axis, axis.whole, None, is_known=True)
        elif declared.choices or declared.type is FactType.YES_NO:
            value = declared.choices[0] if declared.choices else False
        elif words := words_of(self.rulebook.schema.names(fact)):
            value = words[0]
        else:
            value = roundest(declared, None, None, has_low=False, has_high=False, currency="USD")
        return None if value is None else self._text(fact, value)

    def _apart(
        self, space: Space, boxes: Sequence[Box], conditions: Sequence[Condition]
    ) -> list[Box]:
        """The boxes without what other rules take: exceptions, and rows of a table."""
        rest = list(space.impossible)
        own = self.rulebook.policies.compensation.get(self.policy)
        others = own.exceptions if own is not None else self._table.rows
        for rule in others:
            if rule.when not in conditions and without_option_facts(rule.when) not in conditions:
                rest += space.region(rule.when)
        left = list(boxes)
        for cut in rest:
            left = outside(left, [cut])
            if len(left) > _MOST_BOXES:
                return []
        return left

    @property
    def _table(self) -> RowsTable:
        return self.rulebook.policies.rows[self.policy]

    @cached_property
    def _space(self) -> Space:
        own = self.rulebook.policies.compensation.get(self.policy)
        conditions = list(self.conditions.values())
        if own is not None:
            conditions += [remedy.only_if for remedy in own.remedies.values()]
        return space_of(
            self.rulebook.schema, conditions, rates=self.rates, answered=answered(self.rulebook)
        )

    def _distance(self, space: Space, box: Box) -> int:
        """How many of the usual facts a box does not allow, and how many more it asks for."""
        count = 0
        for axis, mask in zip(space.axes, box, strict=True):
            if mask == axis.whole:
                continue
            bit = _bit(axis, self.usual.get(axis.fact), self.rates)
            count += not bit & mask
        return count

    def _written(self, space: Space, box: Box, fixed: Mapping[str, Any]) -> dict[str, str] | None:
        """The facts of a box that differ from the usual ones; None if a test cannot give them."""
        texts = {}
        for axis, mask in zip(space.axes, box, strict=True):
            usual = self.usual.get(axis.fact)
            if axis.fact in fixed or _bit(axis, usual, self.rates) & mask:
                continue
            value = _example(axis, mask, usual)
            if value is None:
                if usual is not None or not _may_be_missing(axis, mask):
                    return None
                continue
            texts[axis.fact] = self._text(axis.fact, value)
        return {**texts, **{name: self._text(name, value) for name, value in fixed.items()}}

    def _text(self, fact: str, value: Value) -> str:
        text = self.rulebook.schema.write(fact, value)
        return text.replace(".00 ", " ") if isinstance(value, Money) else text


def answered(rulebook: Rulebook) -> dict[str, Answered]:
    """The facts that tables answer, each with the rules that do."""
    schema, rows = rulebook.schema, rulebook.policies.rows
    return {
        fact: _rules(rows[policy], fact, schema.read)
        for fact, policy in schema.derived_by_policy.items()
        if policy in rows
    }


def without_option_facts(when: Condition) -> Condition:
    """A condition without what can be asked of an option only."""
    boxes = (tuple(pair for pair in box if pair[0] not in OPTION) for box in when.boxes)
    return Condition(tuple(boxes))


def words_of(names: Mapping[str, Sequence[Test]]) -> list[str | bool]:
    """The words that groups stand for, in the author's order."""
    return [test.value for tests in names.values() for test in tests if isinstance(test, Word)]


def _cells(policy: OptionPolicy) -> dict[Written, Condition]:
    if policy.base is None:
        return {}
    lines = {label.name: label.when for label in policy.base.lines}
    columns = {label.name: label.when for label in policy.base.columns}
    always = Condition(((),))
    found = {}
    for (line, column), cell in policy.base.cells.items():
        one, other = lines[line], columns.get(column, always)
        both = Condition(tuple((*a, *b) for a in one.boxes for b in other.boxes))
        found[cell.ref.file, cell.ref.line, cell.ref.rule] = both
    return found


def _rules(table: RowsTable, fact: str, read: Any) -> Answered:
    """A table as rules of which the first that holds answers the fact."""
    rows = list(table.rows)
    if table.choose == "most_urgent":
        column = table.columns[0]
        rows.sort(key=lambda row: column.of.index(row.answers[column.name]))
    rules = [(row.when, _read(row.answers.get(fact), fact, read)) for row in rows]
    if table.otherwise is not None:
        text = table.otherwise.answers.get(fact)
        rules.append((Condition(((),)), _read(text, fact, read)))
    return Answered(tuple(rules))


def _read(text: str | None, fact: str, read: Any) -> Value | None:
    value: Value | None = None if text is None else read(fact, text)
    return value


def _at(space: Space, boxes: Sequence[Box], fixed: Mapping[str, Any], rates: Rates) -> list[Box]:
    """The boxes in which the fixed values lie, cut down to their atoms."""
    found = list(boxes)
    for fact, value in fixed.items():
        number = space.numbers.get(fact)
        if number is None:
            continue
        bit = space.axes[number].bit_of(value, rates)
        found = [(*b[:number], bit, *b[number + 1 :]) for b in found if b[number] & bit]
    return found


def _bit(axis: Axis, value: Value | None, rates: Rates) -> int:
    try:
        return axis.bit_of(value, rates)
    except AftersalesError:
        return 0


def _example(axis: Axis, mask: int, usual: Value | None, *, is_known: bool = False) -> Value | None:
    """The roundest value in a mask, in the currency of the usual one if there is a choice.

    None where the fact may be missing and is not usual, unless `is_known`.
    """
    known = [atom for atom in axis.chosen(mask) if atom.example is not None]
    # What stands for all other words is a word of nobody.
    atoms = [a for a in known if not a.has_other or axis.declaration.type is FactType.COUNTRY]
    if isinstance(usual, Money):
        atoms.sort(key=lambda atom: atom.currency != usual.currency)
    if _may_be_missing(axis, mask) and usual is None and not is_known:
        return None
    return atoms[0].example if atoms else None


def _may_be_missing(axis: Axis, mask: int) -> bool:
    return any(atom.is_missing for atom in axis.chosen(mask))
