"""Regions changed by a policy, watched for a past case: which of them is never met."""

from collections.abc import Hashable, Sequence

from aftersales.authoring.simulate.past import Region
from aftersales.domain.conditions import Facts

_MOST_POINTS = 50_000


class Watch:
    """Asks of each region whether a case lies in it, until one does."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self._unseen: dict[str, dict[int, Region]] = {}
        for number, region in enumerate(regions):
            self._unseen.setdefault(region.policy, {})[number] = region
        self._asked: set[tuple[str, Hashable]] = set()

    def seen(self, policy: str, facts: Facts) -> list[int]:
        """The numbers of the regions in which this case, decided by `policy`, is the first."""
        unseen = self._unseen.get(policy)
        if not unseen:
            return []
        point = next(iter(unseen.values())).cases.point_of(facts)
        if point is None or (policy, point) in self._asked:
            return []  # its like was asked of all that are left
        if len(self._asked) < _MOST_POINTS:
            self._asked.add((policy, point))
        found = [number for number, region in unseen.items() if region.cases.has(point)]
        for number in found:
            del unseen[number]
        return found
