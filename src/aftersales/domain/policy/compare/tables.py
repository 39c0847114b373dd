"""What two versions of a rows table answer, laid side by side over all cases."""

from collections.abc import Mapping, Sequence

from aftersales.domain.conditions import ALWAYS
from aftersales.domain.conditions.space import Box, Cover, Space, case_in_words, meet_all, outside
from aftersales.domain.policy.compare.changed import Changed, Compared, regions_of
from aftersales.domain.policy.compare.joint import joint
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.rows import Row, RowsTable, in_deciding_order

NOT_ANSWERED = "no answer"
Decided = list[tuple[Mapping[str, str], list[Box]]]


def compare_tables(name: str, older: World, newer: World) -> Compared:
    """The cases that the table `name` answers otherwise in the newer version.

    NotProvable and BudgetSpent as in proofs. Of a table of `choose: all`, rows are compared.
    """
    tables = older.policies.rows[name], newer.policies.rows[name]
    asked = [[row.when for row in _rows(table)] for table in tables]
    limits = [world.asked.get(name, ALWAYS) for world in (older, newer)]
    seen = joint(older, newer, ([*asked[0], limits[0]], [*asked[1], limits[1]]))
    was, now = _decided(tables[0], seen.older), _decided(tables[1], seen.newer)
    within = [*seen.older.region(limits[0]), *seen.newer.region(limits[1])]
    within = outside(within, seen.newer.impossible)
    groups: dict[tuple[str, str], list[Box]] = {}
    for before, old_boxes in was:
        for after, new_boxes in now:
            words = _in_words(before, after)
            if words is not None:
                common = meet_all(meet_all(old_boxes, new_boxes), within)
                groups.setdefault(words, []).extend(common)
    found = [(words, boxes) for words, boxes in groups.items() if boxes]
    return Compared(tuple(_changed(name, words, boxes, seen.newer) for words, boxes in found))


def _rows(table: RowsTable) -> list[Row]:
    """The rows in the order in which they decide, `otherwise` last."""
    return [*in_deciding_order(table), *([table.otherwise] if table.otherwise else [])]


def _decided(table: RowsTable, space: Space) -> Decided:
    rows = _rows(table)
    whens = [row.when for row in rows]
    has_otherwise = table.otherwise is not None
    decided, left = space.decided(
        whens, is_exclusive=table.choose == "one", has_otherwise=has_otherwise
    )
    return [*((r.answers, b) for r, b in zip(rows, decided, strict=True)), ({}, left)]


def _in_words(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, str] | None:
    """What differs between two answers; None if nothing does."""
    names = [n for n in dict.fromkeys([*before, *after]) if before.get(n) != after.get(n)]
    if not names:
        return None
    return _answers(before, names), _answers(after, names)


def _answers(given: Mapping[str, str], names: Sequence[str]) -> str:
    return ", ".join(f"{n} {given[n]}" for n in names if n in given) or NOT_ANSWERED


def _changed(name: str, words: tuple[str, str], boxes: Sequence[Box], space: Space) -> Changed:
    regions, has_more = regions_of(space, boxes)
    widest = Cover(boxes, space.sizes).grown(boxes[0], space.whole)
    example = case_in_words(space, widest)
    return Changed(name, *words, regions, has_more, example, space, tuple(boxes))
