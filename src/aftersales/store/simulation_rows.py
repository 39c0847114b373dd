"""Simulations that were recorded: trials of definitions on past cases, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from aftersales.store.connected import Connected
from aftersales.store.tables import SIMULATION

POLICIES = "policies"  # in what was asked: the digest of each policy tried, by name


@dataclass(frozen=True, slots=True)
class StoredSimulation:
    """A trial: who made it and when, what was asked, and what it came to."""

    id: str
    made_at: datetime
    made_by: str
    asked: Mapping[str, Any]
    result: Mapping[str, Any]


class SimulationRows(Connected):
    """Reading and writing simulations."""

    def put_simulation(
        self,
        *,
        made_at: datetime,
        made_by: str,
        asked: Mapping[str, Any],
        result: Mapping[str, Any],
    ) -> StoredSimulation:
        """Keep a simulation, under an id of its own."""
        made = StoredSimulation(self.new_id(made_at), made_at, made_by, asked, result)
        row = {"id": made.id, "made_at": made_at, "made_by": made_by}
        values = {"asked": dict(asked), "result": dict(result)}
        self._insert(SIMULATION, [{"shop": self.shop, **row, **values}])
        return made

    def simulations(self) -> tuple[StoredSimulation, ...]:
        """All of them, oldest first."""
        query = select(SIMULATION).where(self.mine(SIMULATION)).order_by(SIMULATION.c.id)
        names = tuple(StoredSimulation.__dataclass_fields__)
        return tuple(
            StoredSimulation(**{name: row[name] for name in names}) for row in self.rows(query)
        )

    def simulated_policies(self) -> frozenset[str]:
        """The digests of all policies of which a simulation was recorded."""
        query = select(SIMULATION.c.asked).where(self.mine(SIMULATION))
        rows = self.rows(query)
        return frozenset(
            digest for row in rows for digest in row["asked"].get(POLICIES, {}).values()
        )
