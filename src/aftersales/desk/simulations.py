"""Past cases handed out as values, and simulations put on record."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftersales.desk.context import aware, utc_now
from aftersales.store import PastCase, Store, StoredSimulation

_BATCH = 500
_POLICIES = "policies"


@dataclass(frozen=True, slots=True)
class RecordedSimulation:
    """A simulation on record: of which policies, by their digests, and what it came to."""

    id: str
    made_at: datetime
    made_by: str
    policies: Mapping[str, str]
    asked: Mapping[str, Any]
    result: Mapping[str, Any]


class Simulations:
    """What simulations of a shop read and leave behind."""

    def __init__(
        self, *, store: Store, shop: str = "shop", clock: Callable[[], datetime] = utc_now
    ) -> None:
        """`clock` gives aware instants."""
        self._store = store
        self._shop = shop
        self._clock = clock

    def past_cases(
        self, *, since: datetime | None = None, kinds: Collection[str] = ()
    ) -> Iterator[Sequence[PastCase]]:
        """The shop's cases in batches, each read in a transaction of its own, oldest first.

        Each has the facts of its first offer, else those it has now, and what was granted. With
        `since`, those opened from then on; with `kinds`, those of these kinds.
        """
        after, begun = None, None if since is None else aware(since)
        while True:
            with self._store.reading(self._shop) as tx:
                found = tx.past_cases(since=begun, kinds=kinds, after=after, limit=_BATCH)
            if not found:
                return
            yield found
            after = found[-1].id

    def record(
        self,
        policies: Mapping[str, str],
        *,
        by: str,
        asked: Mapping[str, Any],
        result: Mapping[str, Any],
    ) -> RecordedSimulation:
        """Put a simulation on record. `policies` are the digests of those it tried, by name."""
        with self._store.transaction(self._shop) as tx:
            made = tx.put_simulation(
                made_at=aware(self._clock()),
                made_by=by,
                asked={**asked, _POLICIES: dict(policies)},
                result=result,
            )
        return _told(made)

    def all(self) -> tuple[RecordedSimulation, ...]:
        """All simulations on record, oldest first."""
        with self._store.reading(self._shop) as tx:
            return tuple(map(_told, tx.simulations()))

    def policies(self) -> frozenset[str]:
        """The digests of all policies of which a simulation is on record."""
        with self._store.reading(self._shop) as tx:
            return tx.simulated_policies()


def _told(stored: StoredSimulation) -> RecordedSimulation:
    asked = {name: value for name, value in stored.asked.items() if name != _POLICIES}
    policies = stored.asked.get(_POLICIES, {})
    return RecordedSimulation(
        stored.id, stored.made_at, stored.made_by, policies, asked, stored.result
    )
