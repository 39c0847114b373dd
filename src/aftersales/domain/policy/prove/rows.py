"""Proofs about rows tables: no case without an answer, none with two, no row that never decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from aftersales.domain.conditions import ALWAYS, Condition
from aftersales.domain.conditions.space import (
    Box,
    BudgetSpent,
    Cover,
    NotProvable,
    Space,
    case_in_words,
    meet,
    meet_all,
    outside,
    region_in_words,
    when_of,
)
from aftersales.domain.conditions.space.telling import open_facts
from aftersales.domain.policy.decision import RuleRef
from aftersales.domain.policy.prove.finding import Finding, at, not_proven
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.rows import Conditional, Row, RowsTable

MOST_TOLD = 3  # holes that are told one by one
_MOST_FACTS = 5


def prove_rows(table: RowsTable, world: World) -> list[Finding]:
    """What is wrong with a rows table: holes, rows that meet, rows that are hidden."""
    conditions = [row.when for row in table.rows]
    try:
        space = world.space(conditions, policy=table.name)
        return _judged(table, Laid.out(table.rows, space, world.asked.get(table.name, ALWAYS)))
    except NotProvable as why:
        help = "write the amounts in each currency, or add the rate to `policies/rates.yaml`"
        return [not_proven(table.ref, str(why), help)]
    except BudgetSpent:
        help = "split the table, or let its rows read fewer facts"
        return [not_proven(table.ref, "its rows cut the cases into too many parts", help)]


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows of a table laid out in a space, and where the table is asked at all."""

    space: Space
    rows: Sequence[Conditional]
    cover: Cover
    owners: tuple[int, ...]  # which row each box is of
    asked: tuple[Box, ...]

    @classmethod
    def out(cls, rows: Sequence[Conditional], space: Space, asked: Condition) -> "Laid":
        """The boxes of each row; what cannot be is cut out of where the table is asked."""
        pairs = [(box, n) for n, row in enumerate(rows) for box in space.region(row.when)]
        cover = Cover([box for box, _ in pairs], space.sizes)
        within = outside(space.region(asked), space.impossible)
        return cls(space, rows, cover, tuple(n for _, n in pairs), tuple(within))

    def bits(self, row: int) -> int:
        """The boxes of one row."""
        return sum(1 << n for n, owner in enumerate(self.owners) if owner == row)

    def boxes(self, row: int) -> list[Box]:
        """Where a row holds, as far as the table is asked there."""
        own = [
            box for box, owner in zip(self.cover.boxes, self.owners, strict=True) if owner == row
        ]
        return meet_all(own, self.asked)


def _judged(table: RowsTable, laid: Laid) -> list[Finding]:
    found = []
    if table.choose == "one":
        found += _meetings(table, laid)
    if table.choose == "first":
        found += _hidden(table, laid)
    if table.otherwise is None and table.choose != "all":
        found += _holes(table, laid)
    return found


def _holes(table: RowsTable, laid: Laid) -> list[Finding]:
    holes = list(islice(wide_holes(laid), MOST_TOLD + 1))
    if not holes:
        return []
    answers = ", ".join(f"{column.name}: ..." for column in table.columns if _is_needed(column))
    help = (
        f"add `{{id: ..., when: {when_of(laid.space, holes[0])}, {answers}}}`, or an `otherwise:`"
    )
    return [Finding("P401", table.ref, "some cases have no answer", help, told(laid.space, holes))]


def _is_needed(column: object) -> bool:
    return not (getattr(column, "default", None) or getattr(column, "may_be_left_out", False))


def wide_holes(laid: Laid) -> "list[Box]":
    """The holes, each made as wide as it can be; together they are all of them."""
    found: list[Box] = []
    rest = list(laid.asked)
    for within in laid.asked:
        for hole in laid.cover.holes(within):
            for part in outside([hole], found):
                wide = laid.cover.widened(part, laid.space.whole)
                found += meet_all([wide], rest)
            if len(found) > MOST_TOLD:
                return found
    return found


def told(space: Space, holes: Sequence[Box]) -> tuple[str, ...]:
    """The holes in words: an example of the first, then each as a region."""
    notes = [f"for example: {case_in_words(space, holes[0])}"]
    notes += [
        f"all of: {region_in_words(space, hole)}{_any(space, hole)}" for hole in holes[:MOST_TOLD]
    ]
    if len(holes) > MOST_TOLD:
        notes.append("and more")
    return tuple(notes)


def _any(space: Space, box: Box) -> str:
    """` (any tier, platform)`: the facts that the table reads and that do not matter here."""
    facts = open_facts(space, box)
    more = f" and {len(facts) - _MOST_FACTS} more" if len(facts) > _MOST_FACTS else ""
    return f" (any {', '.join(facts[:_MOST_FACTS])}{more})" if facts else ""


def _meetings(table: RowsTable, laid: Laid) -> list[Finding]:
    found = []
    for later in range(len(table.rows)):
        for earlier, common in first_meetings(laid, later).items():
            one, other = table.rows[earlier], table.rows[later]
            found.append(_both_fit(one, other, common, laid.space))
    return found


def first_meetings(laid: Laid, row: int) -> dict[int, Box]:
    """The earlier rows that fit some case of `row` too, each with a region where both do."""
    found: dict[int, Box] = {}
    for box in laid.boxes(row):
        among = laid.cover.meeting(box)
        while among:
            low = among & -among
            among ^= low
            number = low.bit_length() - 1
            common = meet(box, laid.cover.boxes[number])
            if laid.owners[number] < row and common is not None:
                found.setdefault(laid.owners[number], common)
    return found


def _both_fit(one: Row, other: Row, common: Box, space: Space) -> Finding:
    message = f"two rows fit the same case: {at(one.ref)} and {at(other.ref)}"
    notes = [f"for example: {case_in_words(space, common)}"]
    notes += [f"`{row.ref.rule}` answers {_answers(row)}" for row in (one, other)]
    return Finding("P402", other.ref, message, apart_help(one, other), tuple(notes))


def apart_help(one: Conditional, other: Conditional) -> str:
    """What to write so that only one of two rules fits: a fact of one, excluded in the other."""
    for narrow, wide in ((other, one), (one, other)):
        if len(narrow.when.boxes) == 1:
            own = wide.when.reads
            for fact, cell in narrow.when.boxes[0]:
                if fact not in own and str(cell.kind) == "matches":
                    values = " nor ".join(map(str, cell.tests))
                    return f"write `{fact}: not {values}` in `{wide.ref.rule}`"
    return f"change `{one.ref.rule}` or `{other.ref.rule}` so that only one of them fits"


def _answers(row: Row) -> str:
    return ", ".join(f"{name} {text}" for name, text in row.answers.items()) or "nothing"


def _hidden(table: RowsTable, laid: Laid) -> list[Finding]:
    found = []
    earlier = 0
    for number, row in enumerate(table.rows):
        boxes = laid.boxes(number)
        if all(laid.cover.is_covered(box, earlier) for box in boxes):
            found.append(hidden(row.ref, _hiding(laid, boxes, earlier, table.rows)))
        earlier |= laid.bits(number)
    return found


def _hiding(laid: Laid, boxes: Sequence[Box], among: int, rows: Sequence[Row]) -> list[RuleRef]:
    bits = 0
    for box in boxes:
        bits |= laid.cover.meeting(box, among)
    owners = dict.fromkeys(laid.owners[n] for n in range(len(laid.owners)) if bits >> n & 1)
    return [rows[owner].ref for owner in owners]


def hidden(ref: RuleRef, by: Sequence[RuleRef]) -> Finding:
    """A rule that never decides, since others always come before it."""
    if not by:
        message = f"`{ref.rule}` never fits: no case is as it says"
        return Finding("P431", ref, message, "correct its condition, or remove it")
    names = " and ".join(at(other) for other in by[:3])
    fit = "fits" if len(by) == 1 else "fit"
    message = f"`{ref.rule}` never decides: {names} {fit} each of its cases first"
    return Finding("P431", ref, message, f"move `{ref.rule}` before it, or remove it")
