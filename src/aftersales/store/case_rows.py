"""Cases in the database: read, found, leased and parked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_, update

from aftersales.domain.case import Case, HistoryEntry
from aftersales.domain.errors import CaseNotFound
from aftersales.store.connected import Connected, Row
from aftersales.store.mapping import case_of, history_of
from aftersales.store.tables import CASE, CASE_LINE, CUSTOMER_DATA, HISTORY

NOT_LEASED = {"attempts": 0, "lease_until": None}
NOT_PARKED = {"parked_at": None, "parked_reason": ""}


class CaseRows(Connected):
    """Reading cases, and the marks a tick leaves on them."""

    def case(self, case_id: str) -> Case:
        """The case as it stands. CaseNotFound if this shop has none of that id."""
        found = self._cases(select(CASE).where(self.mine(CASE, id=case_id)))
        if not found:
            raise CaseNotFound(f"no case `{case_id}` in this shop")
        return found[0]

    def find_cases(
        self,
        *,
        kind: str | None = None,
        state: str | None = None,
        order_id: str | None = None,
        customer_key: str | None = None,
        is_open: bool | None = None,
        needs_person: bool | None = None,
        due_before: datetime | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> list[Case]:
        """Cases in the order of their ids, which is that of their opening, from after `after`."""
        given = {"kind": kind, "state": state, "order_id": order_id, "customer_key": customer_key}
        wanted = {name: value for name, value in given.items() if value is not None}
        query = select(CASE).where(self.mine(CASE, **wanted))
        for condition in _conditions(is_open, needs_person, due_before, after):
            query = query.where(condition)
        return self._cases(query.order_by(CASE.c.id).limit(limit))

    def find_ids(self, part: str, *, limit: int = 10) -> list[str]:
        """Ids of cases that begin or end with `part`: to be short on a command line."""
        is_like = or_(
            CASE.c.id.startswith(part, autoescape=True), CASE.c.id.endswith(part, autoescape=True)
        )
        query = select(CASE.c.id).where(self.mine(CASE), is_like).order_by(CASE.c.id).limit(limit)
        return list(self.connection.scalars(query))

    def history(self, case_id: str) -> tuple[HistoryEntry, ...]:
        """Everything that happened to a case, oldest first."""
        query = select(HISTORY).where(self.mine(HISTORY, case_id=case_id))
        return tuple(history_of(row) for row in self.rows(query.order_by(HISTORY.c.version)))

    def personal(self, case_id: str) -> dict[str, str]:
        """The facts of a case that are kept apart, because they are personal."""
        query = select(CUSTOMER_DATA.c.name, CUSTOMER_DATA.c.value)
        rows = self.rows(query.where(self.mine(CUSTOMER_DATA, case_id=case_id)))
        return {row["name"]: row["value"] for row in rows}

    def earlier_cases(self, customer_key: str, since: datetime) -> int:
        """How many cases a customer opened at or after `since`. None for an unknown customer."""
        if not customer_key:
            return 0
        query = select(func.count()).where(
            self.mine(CASE, customer_key=customer_key), CASE.c.opened_at >= since
        )
        return self.connection.execute(query).scalar_one()

    def count_by(self, *columns: str) -> dict[tuple[str, ...], int]:
        """How many cases there are, by `kind`, `state`, `outcome`, `priority` or the like."""
        wanted = [CASE.c[name] for name in columns]
        query = select(*wanted, func.count()).where(self.mine(CASE)).group_by(*wanted)
        counted = self.connection.execute(query.order_by(*wanted))
        return {tuple(row[:-1]): row[-1] for row in counted}

    # -- a tick's marks

    def count_open(self) -> dict[str, int]:
        """How many cases of each kind are open."""
        query = select(CASE.c.kind, func.count()).where(self.mine(CASE, closed_at=None))
        counted = self.connection.execute(query.group_by(CASE.c.kind).order_by(CASE.c.kind))
        return {row[0]: row[1] for row in counted}

    def due_cases(
        self, now: datetime, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[str]:
        """Cases with a timer due strictly before `now`, most overdue first.

        Left out are those parked, and those leased to another tick. `after` is the due time and id
        of the last case seen.
        """
        query = select(CASE.c.id).where(self.mine(CASE), _is_free(now))
        if after is not None:
            query = query.where(tuple_(CASE.c.due_at, CASE.c.id) > after)
        query = query.order_by(CASE.c.due_at, CASE.c.id).limit(limit)
        return list(self.connection.scalars(query))

    def lease_case(
        self, case_id: str, version: int, now: datetime, lease_until: datetime, max_attempts: int
    ) -> bool:
        """Reserve a due case for one attempt, counted here, before the work.

        False where it has moved on or is another's; and where it was attempted `max_attempts` times
        already: then it is parked.
        """
        mine = and_(self.mine(CASE, id=case_id, version=version), _is_free(now))
        leased = update(CASE).where(mine, CASE.c.attempts < max_attempts)
        if self._write(leased.values(attempts=CASE.c.attempts + 1, lease_until=lease_until)):
            return True
        reason = f"given up after {max_attempts} attempts"
        self._write(update(CASE).where(mine).values(parked_at=now, parked_reason=reason))
        return False

    def clear_attempts(self, case_id: str) -> None:
        """The work on a case went well, or a person has looked: forget attempts, lease, parking."""
        values = {**NOT_LEASED, **NOT_PARKED}
        self._write(update(CASE).where(self.mine(CASE, id=case_id)).values(**values))

    def park_case(self, case_id: str, reason: str, *, at: datetime) -> None:
        """Set a case aside until a person has looked; all others go on."""
        values = {"parked_at": at, "parked_reason": reason, "lease_until": None}
        self._write(update(CASE).where(self.mine(CASE, id=case_id)).values(**values))

    def parked(self, *, limit: int = 1000) -> dict[str, str]:
        """The parked cases, and why each is."""
        query = select(CASE.c.id, CASE.c.parked_reason)
        query = query.where(self.mine(CASE), CASE.c.parked_at.is_not(None))
        rows = self.rows(query.order_by(CASE.c.id).limit(limit))
        return {row["id"]: row["parked_reason"] for row in rows}

    def why_parked(self, case_id: str) -> str:
        """Why a case is parked; empty if it is not."""
        query = select(CASE.c.parked_reason).where(self.mine(CASE, id=case_id))
        row = self.row(query.where(CASE.c.parked_at.is_not(None)))
        return str(row["parked_reason"]) if row else ""

    # -- within

    def _cases(self, query: Select[tuple[object, ...]]) -> list[Case]:
        rows = self.rows(query)
        lines = self._lines([row["id"] for row in rows])
        return [case_of(row, lines.get(row["id"], [])) for row in rows]

    def _lines(self, case_ids: Sequence[str]) -> dict[str, list[Row]]:
        if not case_ids:
            return {}
        query = select(CASE_LINE).where(self.mine(CASE_LINE), CASE_LINE.c.case_id.in_(case_ids))
        found: dict[str, list[Row]] = {}
        for row in self.rows(query.order_by(CASE_LINE.c.case_id, CASE_LINE.c.number)):
            found.setdefault(row["case_id"], []).append(row)
        return found


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(
        CASE.c.due_at.is_not(None),
        CASE.c.due_at < now,
        CASE.c.parked_at.is_(None),
        or_(CASE.c.lease_until.is_(None), CASE.c.lease_until <= now),
    )


def _conditions(
    is_open: bool | None,
    needs_person: bool | None,
    due_before: datetime | None,
    after: str | None,
) -> list[ColumnElement[bool]]:
    calls = or_(CASE.c.needs_person != "", CASE.c.parked_at.is_not(None))
    conditions = [
        (is_open, CASE.c.closed_at.is_(None) if is_open else CASE.c.closed_at.is_not(None)),
        (needs_person, calls if needs_person else ~calls),
    ]
    found = [condition for asked, condition in conditions if asked is not None]
    if due_before is not None:
        found.append(and_(CASE.c.due_at.is_not(None), CASE.c.due_at < due_before))
    if after is not None:
        found.append(CASE.c.id > after)
    return found
