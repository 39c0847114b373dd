"""A transaction of the store: reads, writes, and the saving of one whole change."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update

from aftersales.domain.case import Case, Change, Effect
from aftersales.domain.errors import CaseChangedMeanwhile, InvariantBroken
from aftersales.store.case_rows import NOT_LEASED, NOT_PARKED, CaseRows
from aftersales.store.chain import FORM, chain_hash, content_hash
from aftersales.store.connected import Row
from aftersales.store.mapping import (
    case_row,
    effect_place,
    effect_row,
    history_row,
    ledger_row,
    line_row,
    offer_row,
)
from aftersales.store.money_rows import MoneyRows
from aftersales.store.outbox_rows import OutboxRows
from aftersales.store.past_rows import PastRows
from aftersales.store.publication_rows import PublicationRows
from aftersales.store.record_rows import RecordRows
from aftersales.store.simulation_rows import SimulationRows
from aftersales.store.tables import CASE, CASE_LINE, CUSTOMER_DATA, EFFECT, HISTORY, LEDGER, OFFER


class Transaction(
    CaseRows, MoneyRows, OutboxRows, PublicationRows, RecordRows, PastRows, SimulationRows
):
    """One shop's data within one database transaction. It stores; it never decides."""

    def save(self, change: Change) -> None:
        """Save a change whole. CaseChangedMeanwhile if its case or account has moved on since."""
        _require_sound(change, self.shop)
        effects = [effect_row(self.shop, effect) for effect in change.effects]
        head = self._put_history_after(change, effects)
        self._put_case(change, head)
        self._insert(HISTORY, [head])
        self._put_personal(change)
        offers = [offer_row(self.shop, change.case.id, offer) for offer in change.offers]
        self._upsert(OFFER, offers)
        self._upsert(LEDGER, [ledger_row(self.shop, entry) for entry in change.ledger])
        accounts = (change.account, change.customer_account)
        for account in sorted((a for a in accounts if a is not None), key=lambda a: a.scope):
            self.put_account(account)  # always in this order, so that no two wait for each other
        self._put_effects(effects)

    def _put_history_after(self, change: Change, effects: Sequence[Row]) -> Row:
        """The row of history, chained to the head of the version it follows."""
        digests = {str(row["number"]): row["body_digest"] for row in effects}
        content = content_hash(self.shop, change.history, digests)
        return {
            **history_row(self.shop, change.history),
            "effects": digests,
            "form": FORM,
            "content_hash": content,
            "chain_hash": chain_hash(self._head(change.before), content, change.history),
        }

    def _head(self, before: Case | None) -> str:
        if before is None:
            return ""
        mine = self.mine(CASE, id=before.id, version=before.version)
        row = self.row(select(CASE.c.chain_head).where(mine))
        if row is None:
            raise CaseChangedMeanwhile
        return str(row["chain_head"])

    def _put_case(self, change: Change, head: Row) -> None:
        case, before = change.case, change.before
        row = case_row(case, personal=change.personal)
        row |= {"chain_head": head["chain_hash"], **NOT_LEASED, **NOT_PARKED}
        if before is None:
            is_saved = self._insert_new(CASE, row)
        else:
            mine = self.mine(CASE, id=before.id, version=before.version)
            is_saved = self._write(update(CASE).where(mine).values(**row)) == 1
        if not is_saved:
            raise CaseChangedMeanwhile
        if before is None or before.lines != case.lines:
            self._put_lines(case, is_new=before is None)

    def _put_lines(self, case: Case, *, is_new: bool) -> None:
        if not is_new:
            self._write(delete(CASE_LINE).where(self.mine(CASE_LINE, case_id=case.id)))
        of_case = {"shop": self.shop, "case_id": case.id}
        rows = [{**of_case, **line_row(line, number)} for number, line in enumerate(case.lines, 1)]
        self._insert(CASE_LINE, rows)

    def _put_personal(self, change: Change) -> None:
        case = change.case
        of_case = {"shop": self.shop, "customer_key": case.customer_key, "case_id": case.id}
        rows = [
            {**of_case, "name": name, "value": text, "recorded_at": change.history.recorded_at}
            for name, text in change.personal.items()
        ]
        self._upsert(CUSTOMER_DATA, rows)

    def _put_effects(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if self._insert_new(EFFECT, row):
                continue
            stored = self.row(select(EFFECT.c.body_digest).where(self.mine(EFFECT, key=row["key"])))
            if stored is None or stored["body_digest"] != row["body_digest"]:
                raise InvariantBroken(f"the effect `{row['key']}` exists with another body")


def _require_sound(change: Change, shop: str) -> None:
    """What must hold of every change, or nothing of it is saved."""
    case, entry, before = change.case, change.history, change.before
    follows = before.version + 1 if before else 1
    faults: Mapping[str, bool] = {
        "it is of another shop": case.shop != shop,
        "its history is of another case": entry.case_id != case.id,
        "its history is of another version": entry.version != case.version,
        "it is of another case than before": before is not None and before.id != case.id,
        f"its version is {case.version}, not {follows}": case.version != follows,
        "an effect is of another version": any(
            not _is_of(effect, case) for effect in change.effects
        ),
        "personal facts stand in its history": bool(change.personal.keys() & entry.facts.keys()),
    }
    for fault, is_so in faults.items():
        if is_so:
            raise InvariantBroken(f"the change of case {case.id} was not saved: {fault}")


def _is_of(effect: Effect, case: Case) -> bool:
    version, _ = effect_place(effect.key)
    return effect.case_id == case.id and version == case.version
