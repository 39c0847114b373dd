"""The space of all cases, cut into atoms: what proofs, differences and coverage walk over."""

from aftersales.domain.conditions.space.atoms import Atom, NotProvable
from aftersales.domain.conditions.space.axes import Axis, axis_of
from aftersales.domain.conditions.space.boxes import (
    Box,
    BudgetSpent,
    Cover,
    meet,
    meet_all,
    outside,
    volume,
)
from aftersales.domain.conditions.space.space import Answered, Space, space_of
from aftersales.domain.conditions.space.telling import case_in_words, region_in_words, when_of

__all__ = [
    "Answered",
    "Atom",
    "Axis",
    "Box",
    "BudgetSpent",
    "Cover",
    "NotProvable",
    "Space",
    "axis_of",
    "case_in_words",
    "meet",
    "meet_all",
    "outside",
    "region_in_words",
    "space_of",
    "volume",
    "when_of",
]
