"""Proofs about bands of approval: each cost has one, also one that is converted from elsewhere.

A reader sees holes of a cent or more. Between 49.99 USD and 50 USD no amount of dollars lies; what
some yen come to may.
"""

from collections.abc import Iterator

from aftersales.domain.conditions import Cell
from aftersales.domain.conditions.space import NotProvable, axis_of
from aftersales.domain.conditions.space.telling import cell_of
from aftersales.domain.policy.prove.finding import Finding
from aftersales.domain.policy.prove.world import World
from aftersales.domain.policy.table import OptionPolicy

_COST = "cost"


def prove_approval(policy: OptionPolicy, world: World) -> Iterator[Finding]:
    """Costs of other currencies that, converted, lie in no band, or in two."""
    bands = [(band, cell) for band in policy.approval for cell in _cells(band.when.boxes)]
    if not bands or not world.rates.per_base:
        return
    declaration = world.schema.declaration(_COST)
    try:
        axis = axis_of(declaration, [cell for _, cell in bands], rates=world.rates)
    except NotProvable:
        return  # where such an amount is tried, that says so
    for number, atom in enumerate(axis.atoms):
        fitting = [band.name for band, cell in bands if axis.mask(cell) >> number & 1]
        if len(fitting) == 1 or not atom.is_line or not atom.has_others:
            continue
        has = f"two bands, {' and '.join(fitting)}" if fitting else "no band of approval"
        below = [band for band, cell in bands if axis.mask(cell) >> max(number - 1, 0) & 1]
        yield Finding(
            "P434",
            (below or policy.approval)[0].ref,
            f"a cost of {cell_of(axis, 1 << number)} has {has}: "
            "amounts of other currencies, converted, may come to it",
            "let each band begin where the one before it ends: `under 50 USD`, `at least 50 USD`",
        )


def _cells(boxes: tuple[tuple[tuple[str, Cell], ...], ...]) -> list[Cell]:
    return [cell for box in boxes for fact, cell in box if fact == _COST]
