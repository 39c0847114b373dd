"""Which floors of law a change touches: where what is offered differs, and a floor binds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aftersales.definitions.catalog import Catalog
from aftersales.domain.conditions.space import Box, Cover, case_in_words, meet, outside
from aftersales.domain.policy.compare import Changed
from aftersales.domain.policy.floors import Floor


@dataclass(frozen=True, slots=True)
class Touched:
    """A floor, and the policies that offer something else in a case that it binds.

    `example` is such a case; empty where no change touches the floor.
    """

    floor: Floor
    policies: tuple[str, ...] = ()
    example: str = ""


def floors_of(catalog: Catalog, on: date) -> tuple[Floor, ...]:
    """The floors of law in force on a day."""
    begun = [version for version in catalog.versions if version.first <= on]
    return begun[-1].policies.floors.floors if begun else ()


def touched(floor: Floor, changed: Iterable[Changed]) -> Touched:
    """What of a change touches `floor`. `changed` are changes of what is offered."""
    found = [(one.policy, case) for one in changed if (case := _meeting(floor, one))]
    if not found:
        return Touched(floor)
    return Touched(floor, tuple(dict.fromkeys(name for name, _ in found)), found[0][1])


def _meeting(floor: Floor, changed: Changed) -> str:
    """A case of the change that the floor binds, in words; empty if there is none."""
    space = changed.space
    binding = space.region(floor.when)
    for box in changed.boxes:
        for bound in binding:
            common = meet(box, bound)
            if common is not None and outside([common], space.impossible):
                return case_in_words(space, _widened(common, bound, changed))
    return ""


def _widened(common: Box, bound: Box, changed: Changed) -> Box:
    """The common part as wide as the change goes in what the floor asks, so that few words do."""
    space = changed.space
    wide = Cover(changed.boxes, space.sizes).grown(common, space.whole)
    return meet(wide, bound) or common
