"""What a comparison finds: a region of cases, what they were given, and what they are given now."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aftersales.domain.conditions import Facts
from aftersales.domain.conditions.space import Box, Cover, Space, meet, outside, region_in_words
from aftersales.domain.errors import FactMissing

MOST_REGIONS = 3


@dataclass(frozen=True, slots=True)
class Changed:
    """Cases that the newer version treats otherwise, in the same way.

    `regions` tell which, the widest first; `example` is one of them with round values.
    """

    policy: str
    was: str
    now: str
    regions: tuple[str, ...]
    has_more: bool
    example: str
    space: Space = field(repr=False, compare=False)
    boxes: tuple[Box, ...] = field(repr=False, compare=False)

    def holds(self, facts: Facts) -> bool:
        """Whether a case is one of them, as far as can be told."""
        point = self.point_of(facts)
        return point is not None and self.has(point)

    def point_of(self, facts: Facts) -> Box | None:
        """Where a case lies, for all that is compared of one policy; None if that is not known."""
        try:
            return self.space.point_of(facts)
        except FactMissing:
            return None

    def has(self, point: Box) -> bool:
        """Whether the cases that lie there are some of them."""
        return any(meet(point, box) is not None for box in self.boxes)


@dataclass(frozen=True, slots=True)
class Compared:
    """What one policy treats otherwise. `why_more` says why there may be more; empty: this is all.

    Where there may be more, not every case could be worked out.
    """

    changed: tuple[Changed, ...]
    why_more: str = ""


def regions_of(
    space: Space, boxes: Sequence[Box], *, given: Box | None = None
) -> tuple[tuple[str, ...], bool]:
    """The cases of some boxes in words, each region as wide as it can be; whether some are left."""
    left, cover = list(boxes), Cover(boxes, space.sizes)
    told: list[str] = []
    while left and len(told) < MOST_REGIONS:
        wide = cover.grown(left[0], space.whole)
        told.append(region_in_words(space, wide, given=given))
        left = outside(left, [wide])
    return tuple(told), bool(left)
