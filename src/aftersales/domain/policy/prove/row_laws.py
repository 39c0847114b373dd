"""Laws about rows tables: what is never answered, and what always is, in some cases."""

from collections.abc import Iterator, Sequence

from aftersales.domain.conditions import Box as Pairs
from aftersales.domain.conditions import Condition
from aftersales.domain.conditions.space import (
    Box,
    BudgetSpent,
    NotProvable,
    Space,
    case_in_words,
    meet_all,
    outside,
    region_in_words,
)
from aftersales.domain.policy.prove.finding import Finding, at
from aftersales.domain.policy.prove.law import Law
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.rows import Row, RowsTable, in_deciding_order


def prove_row_laws(table: RowsTable, world: World, laws: Sequence[Law]) -> list[Finding]:
    """The laws about a rows table that do not hold, each with a case, and those not proven."""
    return [finding for law in laws for finding in _broken(table, world, law)]


def _broken(table: RowsTable, world: World, law: Law) -> Iterator[Finding]:
    rows = _in_order(table)
    names = frozenset(column.name for column in table.columns)
    conditions = [row.when for row in rows] + [_about_case(law.offer, names), law.when]
    try:
        space = world.space(conditions, policy=table.name)
        yield from _judged(table, rows, names, law, space, world)
    except (NotProvable, BudgetSpent) as why:
        cause = str(why) or "the rows cut the cases too finely"
        message = f"{law.text} is not proven of `{table.name}`: {cause}"
        yield Finding("P436", law.ref, message, "let the table read fewer facts", (), "warning")


def _judged(
    table: RowsTable,
    rows: Sequence[Row],
    names: frozenset[str],
    law: Law,
    space: Space,
    world: World,
) -> Iterator[Finding]:
    decided = _decided(table, rows, space)
    within = [*space.region(law.when)]
    if table.name in world.asked:
        within = meet_all(within, space.region(world.asked[table.name]))
    within = outside(within, space.impossible)
    against = [_against(row, law, names, space) for row in rows]
    if table.choose == "all" and law.sort == "always":
        against = _kept_by_none(against, decided, space)
    for row, region, boxes in zip(rows, decided, against, strict=True):
        for box in boxes:
            for common in meet_all(meet_all([box], region), within):
                yield _finding(row, law, space, common)
                return


def _decided(table: RowsTable, rows: Sequence[Row], space: Space) -> list[list[Box]]:
    """Where each row answers; rows of `choose: all` do so wherever they fit."""
    whens = [row.when for row in rows]
    has_otherwise = table.otherwise is not None
    decided, _ = space.decided(
        whens, is_exclusive=table.choose == "one", has_otherwise=has_otherwise
    )
    if table.choose != "all":
        return decided
    last = decided[-1:] if has_otherwise else []
    return [*(list(space.region(when)) for when in whens[: len(whens) - len(last)]), *last]


def _kept_by_none(
    against: Sequence[Sequence[Box]], decided: Sequence[Sequence[Box]], space: Space
) -> list[list[Box]]:
    """Where no row at all answers as the law says, of several that answer together."""
    kept = [
        box for own, region in zip(against, decided, strict=True) for box in outside(region, own)
    ]
    return [outside([space.whole], kept)] * len(against)


def _against(row: Row, law: Law, names: frozenset[str], space: Space) -> list[Box]:
    """Where this row's answers break the law, if the row decides there."""
    fitting = [box for box in law.offer.boxes if _answers_fit(row, box, names)]
    region = list(space.region(_about_case(Condition(tuple(fitting)), names)))
    return region if law.sort == "never" else outside([space.whole], region)


def _answers_fit(row: Row, box: Pairs, names: frozenset[str]) -> bool:
    return all(_fits(row, fact, cell) for fact, cell in box if fact in names)


def _fits(row: Row, fact: str, cell: object) -> bool:
    answer = row.answers.get(fact)
    matches = cell.matches  # type: ignore[attr-defined]
    if isinstance(answer, str) and answer in ("yes", "no"):
        return bool(matches(answer == "yes") or matches(answer))
    return bool(matches(answer))


def _about_case(condition: Condition, names: frozenset[str]) -> Condition:
    boxes = (tuple(pair for pair in box if pair[0] not in names) for box in condition.boxes)
    return Condition(tuple(boxes))


def _in_order(table: RowsTable) -> list[Row]:
    """The rows in the order in which they decide, `otherwise` last."""
    return [*in_deciding_order(table), *([table.otherwise] if table.otherwise is not None else [])]


def _finding(row: Row, law: Law, space: Space, box: Box) -> Finding:
    answers = ", ".join(f"{name} {text}" for name, text in row.answers.items())
    notes = (
        f"for example: {case_in_words(space, box)}",
        f"{at(row.ref)} answers {answers}",
        f"all of: {region_in_words(space, box)}",
    )
    message, help = f"a law does not hold: {law.text}", f"change `{row.ref.rule}`, or the law"
    return Finding("P435", law.ref, message, help, notes)
