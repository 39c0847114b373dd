"""Money in the database: accounts, the ledger, offers, lines of orders."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from aftersales.domain.case import Account, LedgerEntry, Line, Offer
from aftersales.domain.errors import CaseChangedMeanwhile
from aftersales.store.connected import Connected
from aftersales.store.mapping import (
    account_of,
    account_row,
    ledger_of,
    ledger_row,
    line_of,
    line_row,
    offer_of,
)
from aftersales.store.tables import ACCOUNT, LEDGER, OFFER, ORDER_LINE


class MoneyRows(Connected):
    """Reading and writing what was paid, granted and offered."""

    def account(self, scope: str) -> Account | None:
        """The account of `order:ID` or `customer:ID`, if one was opened."""
        row = self.row(select(ACCOUNT).where(self.mine(ACCOUNT, scope=scope)))
        return account_of(row) if row else None

    def put_account(self, account: Account) -> Account:
        """Save an account read at `account.version` (0: a new one). Gives it with its new version.

        CaseChangedMeanwhile if another case changed it since it was read.
        """
        saved = replace(account, version=account.version + 1)
        row = {**account_row(self.shop, saved), "version": saved.version}
        if account.version == 0:
            is_saved = self._insert_new(ACCOUNT, row)
        else:
            mine = self.mine(ACCOUNT, scope=account.scope, version=account.version)
            is_saved = self._write(update(ACCOUNT).where(mine).values(**row)) == 1
        if not is_saved:
            raise CaseChangedMeanwhile(f"the account {account.scope} has changed since it was read")
        return saved

    def ledger_entry(self, id: str) -> LedgerEntry | None:
        """The remedy granted under this id."""
        row = self.row(select(LEDGER).where(self.mine(LEDGER, id=id)))
        return ledger_of(row) if row else None

    def put_ledger_entry(self, entry: LedgerEntry) -> None:
        """Enter a remedy that no case granted: one paid by hand, known for an order only."""
        self._upsert(LEDGER, [ledger_row(self.shop, entry)])

    def ledger_of_order(self, order_id: str) -> tuple[LedgerEntry, ...]:
        """What was granted on an order, over all its cases, oldest first."""
        return self._ledger(self.mine(LEDGER, order_id=order_id))

    def ledger_of_case(self, case_id: str) -> tuple[LedgerEntry, ...]:
        """What was granted in a case, oldest first."""
        return self._ledger(self.mine(LEDGER, case_id=case_id))

    def goodwill_of_customer(self, customer_key: str, since: datetime) -> tuple[LedgerEntry, ...]:
        """What a customer was given beyond what he was owed, at or after `since`, oldest first."""
        if not customer_key:
            return ()
        stands = LEDGER.c.status.in_(("reserved", "confirmed"))
        mine = self.mine(LEDGER, customer_key=customer_key, counts_as="goodwill")
        return self._ledger(mine & stands & (LEDGER.c.granted_at >= since))

    def offer(self, id: str) -> Offer | None:
        """The offer of this id."""
        row = self.row(select(OFFER).where(self.mine(OFFER, id=id)))
        return offer_of(row) if row else None

    def offers(self, case_id: str) -> tuple[Offer, ...]:
        """All offers made in a case, oldest first."""
        query = select(OFFER).where(self.mine(OFFER, case_id=case_id))
        rows = self.rows(query.order_by(OFFER.c.case_version, OFFER.c.id))
        return tuple(offer_of(row) for row in rows)

    def put_order_lines(self, order_id: str, lines: Sequence[Line]) -> None:
        """Record the lines of an order, in place of those recorded before."""
        self._write(delete(ORDER_LINE).where(self.mine(ORDER_LINE, order_id=order_id)))
        of_order = {"shop": self.shop, "order_id": order_id}
        rows = [{**of_order, **line_row(line, number)} for number, line in enumerate(lines, 1)]
        self._insert(ORDER_LINE, rows)

    def order_lines(self, order_id: str) -> tuple[Line, ...]:
        """The lines of an order as recorded."""
        query = select(ORDER_LINE).where(self.mine(ORDER_LINE, order_id=order_id))
        return tuple(line_of(row) for row in self.rows(query.order_by(ORDER_LINE.c.number)))

    def _ledger(self, condition: ColumnElement[bool]) -> tuple[LedgerEntry, ...]:
        query = select(LEDGER).where(condition).order_by(LEDGER.c.granted_at, LEDGER.c.id)
        return tuple(ledger_of(row) for row in self.rows(query))
