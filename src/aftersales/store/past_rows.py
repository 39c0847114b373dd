"""Past cases as they stood when an offer was first made, and what was granted: for simulations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from aftersales.domain.money import Money
from aftersales.store.connected import Connected, Row
from aftersales.store.tables import ACCOUNT, CASE, LEDGER, OFFER

_STANDS = ("reserved", "confirmed")
_BY_US = "us"


@dataclass(frozen=True, slots=True)
class PastCase:
    """One case with the facts of its first offer; without an offer, those it has now.

    `granted` are the options granted, `cost` what they cost us; both are empty where nothing was.
    """

    id: str
    kind: str
    opened_at: datetime
    currency: str
    facts: Mapping[str, str]
    paid: Money | None
    granted: tuple[str, ...]
    cost: Money | None


class PastRows(Connected):
    """Reading cases in bulk, without what a decision about one of them would need."""

    def past_cases(
        self,
        *,
        since: datetime | None = None,
        kinds: Collection[str] = (),
        after: str | None = None,
        limit: int = 500,
    ) -> list[PastCase]:
        """Cases in the order of their ids, from after `after`, opened at or after `since`."""
        columns = (CASE.c.id, CASE.c.kind, CASE.c.opened_at, CASE.c.currency, CASE.c.facts,
                   CASE.c.order_id)  # fmt: skip
        query = select(*columns).where(self.mine(CASE)).order_by(CASE.c.id).limit(limit)
        query = query.where(CASE.c.opened_at >= since) if since is not None else query
        query = query.where(CASE.c.kind.in_(kinds)) if kinds else query
        query = query.where(CASE.c.id > after) if after is not None else query
        cases = self.rows(query)
        ids = [row["id"] for row in cases]
        offered, granted = self._facts_offered_on(ids), self._granted(ids)
        paid = self._paid([row["order_id"] for row in cases if row["order_id"]])
        return [
            _past(row, offered.get(row["id"]), granted.get(row["id"], ()), paid) for row in cases
        ]

    def _facts_offered_on(self, ids: Sequence[str]) -> dict[str, Mapping[str, str]]:
        """The facts of the first offer of each case that has one."""
        mine = self.mine(OFFER), OFFER.c.case_id.in_(ids)
        first = (
            select(OFFER.c.case_id, func.min(OFFER.c.made_at).label("made_at"))
            .where(*mine)
            .group_by(OFFER.c.case_id)
            .subquery()
        )
        query = select(OFFER.c.case_id, OFFER.c.facts).where(*mine)
        is_first = (first.c.case_id == OFFER.c.case_id) & (first.c.made_at == OFFER.c.made_at)
        rows = self.rows(query.join(first, is_first).order_by(OFFER.c.id.desc()))
        return {row["case_id"]: row["facts"] for row in rows}

    def _granted(self, ids: Sequence[str]) -> dict[str, list[Row]]:
        """What stands in the ledger for each case and was given by us, oldest first."""
        columns = (LEDGER.c.case_id, LEDGER.c.option_id, LEDGER.c.cost_minor,
                   LEDGER.c.cost_currency)  # fmt: skip
        mine = self.mine(LEDGER, by=_BY_US), LEDGER.c.case_id.in_(ids)
        query = select(*columns).where(*mine, LEDGER.c.status.in_(_STANDS))
        found: dict[str, list[Row]] = {}
        for row in self.rows(query.order_by(LEDGER.c.granted_at, LEDGER.c.id)):
            found.setdefault(row["case_id"], []).append(row)
        return found

    def _paid(self, orders: Sequence[str]) -> dict[str, Money]:
        """What was paid for each order of which that is known."""
        columns = ACCOUNT.c.scope, ACCOUNT.c.paid_minor, ACCOUNT.c.currency
        scopes = [f"order:{order}" for order in orders]
        query = select(*columns).where(self.mine(ACCOUNT), ACCOUNT.c.scope.in_(scopes))
        return {
            row["scope"].removeprefix("order:"): Money.from_minor(
                row["paid_minor"], row["currency"]
            )
            for row in self.rows(query)
            if row["paid_minor"]
        }


def _past(
    row: Row, offered: Mapping[str, str] | None, granted: Sequence[Row], paid: Mapping[str, Money]
) -> PastCase:
    costs = [one for one in granted if one["cost_currency"] == row["currency"]]
    cost = sum(one["cost_minor"] for one in costs)
    options = dict.fromkeys(one["option_id"] for one in granted if one["option_id"])
    return PastCase(
        id=row["id"],
        kind=row["kind"],
        opened_at=row["opened_at"],
        currency=row["currency"],
        facts=row["facts"] if offered is None else offered,
        paid=paid.get(row["order_id"] or ""),
        granted=tuple(options),
        cost=Money.from_minor(cost, row["currency"]) if costs else None,
    )
