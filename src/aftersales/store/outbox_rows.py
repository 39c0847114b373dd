"""The outbox in the database: effects leased in order of their lane, marked, and logged."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select, update

from aftersales.domain.case import Effect, EffectStatus
from aftersales.domain.errors import InvariantBroken
from aftersales.store.connected import Connected
from aftersales.store.dialect import skipping_locked
from aftersales.store.mapping import effect_of
from aftersales.store.tables import DELIVERY, EFFECT, UNFINISHED

_EARLIER = EFFECT.alias("earlier")


class OutboxRows(Connected):
    """Reading effects, and what a delivery does to them."""

    def effect(self, key: str) -> Effect | None:
        """The effect of this key."""
        row = self.row(select(EFFECT).where(self.mine(EFFECT, key=key)))
        return effect_of(row) if row else None

    def effects(self, case_id: str) -> tuple[Effect, ...]:
        """All effects a case has caused, in order."""
        return self._effects(self.mine(EFFECT, case_id=case_id))

    def waiting_effects(self, case_id: str | None = None) -> tuple[Effect, ...]:
        """The effects that wait for their delivery, of one case or of all."""
        wanted = self.mine(EFFECT, status="waiting")
        return self._effects(wanted if case_id is None else wanted & (EFFECT.c.case_id == case_id))

    def effects_by_status(
        self, statuses: Collection[EffectStatus], *, limit: int = 1000
    ) -> tuple[Effect, ...]:
        """Effects of these statuses: those `dead` or `unknown` wait for a person."""
        wanted = and_(self.mine(EFFECT), EFFECT.c.status.in_(tuple(statuses)))
        return self._effects(wanted, limit=limit)

    def lease_effects(
        self,
        now: datetime,
        limit: int,
        lease_until: datetime,
        worker: str,
        sorts: Collection[str] | None = None,
    ) -> list[Effect]:
        """Reserve effects for one delivery, counted here, before it is tried.

        Of each lane of a case only the first unfinished effect. One whose earlier lease has ended
        comes back with the status `leased` (what became of it is unknown), a fresh one `waiting`.
        `sorts` (`refund`, or `refund/NAME` for one name of it) are those that have a handler; None:
        all. What nobody handles blocks nothing.
        """
        self._require_writing()
        query = select(EFFECT).where(
            self.mine(EFFECT), EFFECT.c.ready_at <= now, ~self.has_earlier(sorts)
        )
        if sorts is not None:
            query = query.where(_is_of(EFFECT, sorts))
        query = query.order_by(EFFECT.c.ready_at, EFFECT.c.key).limit(limit)
        rows = self.rows(skipping_locked(self.connection, query, EFFECT))
        self._lease([row["key"] for row in rows], lease_until, worker)
        return [_attempted(effect_of(row)) for row in rows]

    def mark_effect(
        self,
        key: str,
        status: EffectStatus,
        reference: str = "",
        reason: str = "",
        due_at: datetime | None = None,
        *,
        worker: str | None = None,
    ) -> bool:
        """Say how an effect stands. `due_at` is when a waiting one is to be tried again.

        With `worker`: only while that worker holds its lease; False tells that it no longer does.
        InvariantBroken if there is no such effect.
        """
        mine = self.mine(EFFECT, key=key)
        if worker is not None:
            mine &= (EFFECT.c.leased_by == worker) & (EFFECT.c.status == "leased")
        values: dict[str, Any] = {"status": status, "lease_until": None, "leased_by": ""}
        values |= {"reason": reason, "ready_at": None}
        if reference:
            values["reference"] = reference
        if status == "waiting":
            values["ready_at"] = due_at or EFFECT.c.due_at
            values["due_at"] = values["ready_at"]
        if self._write(update(EFFECT).where(mine).values(**values)):
            return True
        if worker is None or self.effect(key) is None:
            raise InvariantBroken(f"there is no effect `{key}`")
        return False

    def still_leased(self, key: str, worker: str) -> bool:
        """Whether `worker` still holds the lease of this effect."""
        mine = self.mine(EFFECT, key=key, status="leased", leased_by=worker)
        return self.row(select(EFFECT.c.key).where(mine)) is not None

    def put_delivery(
        self, key: str, attempt: int, at: datetime, answer: str, detail: str = ""
    ) -> None:
        """Log one attempt to deliver an effect."""
        row = {"shop": self.shop, "id": self.new_id(at), "effect_key": key, "attempt": attempt}
        self._insert(DELIVERY, [{**row, "at": at, "answer": answer, "detail": detail}])

    def deliveries(self, key: str) -> list[dict[str, Any]]:
        """The attempts to deliver an effect, oldest first."""
        query = select(DELIVERY).where(self.mine(DELIVERY, effect_key=key)).order_by(DELIVERY.c.id)
        return [dict(row) for row in self.rows(query)]

    # -- within

    def _effects(self, wanted: ColumnElement[bool], limit: int | None = None) -> tuple[Effect, ...]:
        order = (EFFECT.c.case_id, EFFECT.c.case_version, EFFECT.c.number)
        query = select(EFFECT).where(wanted).order_by(*order).limit(limit)
        return tuple(effect_of(row) for row in self.rows(query))

    def _lease(self, keys: Sequence[str], lease_until: datetime, worker: str) -> None:
        if not keys:
            return
        values = {
            "status": "leased",
            "attempts": EFFECT.c.attempts + 1,
            "lease_until": lease_until,
            "ready_at": lease_until,
            "leased_by": worker,
        }
        mine = and_(self.mine(EFFECT), EFFECT.c.key.in_(keys))
        self._write(update(EFFECT).where(mine).values(**values))

    def unhandled(self, sorts: Collection[str]) -> int:
        """How many effects wait that are of none of these sorts."""
        waiting = self.mine(EFFECT, status="waiting")
        query = select(func.count()).where(waiting, ~_is_of(EFFECT, sorts))
        return self.connection.execute(query).scalar_one()

    def has_earlier(self, sorts: Collection[str] | None = None) -> ColumnElement[bool]:
        """Says whether an unfinished effect, of these sorts, stands before one in its lane."""
        is_before = or_(
            _EARLIER.c.case_version < EFFECT.c.case_version,
            and_(
                _EARLIER.c.case_version == EFFECT.c.case_version,
                _EARLIER.c.number < EFFECT.c.number,
            ),
        )
        earlier = select(_EARLIER.c.key).where(
            _EARLIER.c.shop == self.shop,
            _EARLIER.c.case_id == EFFECT.c.case_id,
            _EARLIER.c.lane == EFFECT.c.lane,
            _EARLIER.c.status.in_(UNFINISHED),
            is_before,
        )
        if sorts is not None:
            # What was tried before blocks its lane even if its handler is gone now.
            is_tried = _EARLIER.c.attempts > 0
            earlier = earlier.where(or_(is_tried, _is_of(_EARLIER, sorts)))
        return earlier.exists()


def _is_of(table: FromClause, sorts: Collection[str]) -> ColumnElement[bool]:
    """The effects of these sorts, or of a name within a sort."""
    plain = [sort for sort in sorts if "/" not in sort]
    named = [tuple(sort.split("/", 1)) for sort in sorts if "/" in sort]
    named_ones = (and_(table.c.sort == sort, table.c.name == name) for sort, name in named)
    return or_(table.c.sort.in_(plain), *named_ones)


def _attempted(effect: Effect) -> Effect:
    return replace(effect, attempts=effect.attempts + 1)
