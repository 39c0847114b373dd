"""The invariant checker: what must be so of everything stored, whatever ran and whatever crashed.

It goes through the cases a page at a time, so that its memory does not grow with the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import Table, func, select, text

from aftersales.store.checks_of_case import Stored, check_case
from aftersales.store.checks_of_money import check_accounts, check_ledger
from aftersales.store.columns import canonical, sha256
from aftersales.store.connected import Row
from aftersales.store.finding import Finding
from aftersales.store.tables import CASE, DEFINITION, EFFECT, HISTORY, OFFER
from aftersales.store.transaction import Transaction

PAGE = 500
GRACE = timedelta(hours=1)

_OF_CASES = (HISTORY, OFFER, EFFECT)
_RESTORE = "compare with a backup; somebody or something other than aftersales wrote here"


@dataclass(slots=True)
class _Page:
    cases: list[Row]
    rows: dict[str, dict[str, list[Row]]] = field(default_factory=dict)

    def of(self, table: Table, case_id: str) -> list[Row]:
        return self.rows[table.name].get(case_id, [])


def integrity(
    tx: Transaction, *, now: datetime | None = None, grace: timedelta = GRACE
) -> list[Finding]:
    """All that is wrong in a shop. With `now`, also what was due longer than `grace` ago."""
    return list(findings(tx, now=now, grace=grace))


def findings(
    tx: Transaction, *, now: datetime | None = None, grace: timedelta = GRACE
) -> Iterator[Finding]:
    """The same as `integrity`, one by one, in bounded memory."""
    yield from _check_database(tx)
    yield from _check_definitions(tx)
    yield from _check_publications(tx)
    for table in _OF_CASES:
        yield from _check_orphans(tx, table)
    for page in _pages(tx):
        yield from chain.from_iterable(check_case(_stored(page, case)) for case in page.cases)
    yield from check_accounts(tx)
    yield from check_ledger(tx)
    yield from _check_left_to_people(tx)
    if now is not None:
        yield from _check_waiting(tx, now - grace)


def _stored(page: _Page, case: Row) -> Stored:
    history, offers, effects = (page.of(table, case["id"]) for table in _OF_CASES)
    return Stored(case, history, offers, effects)


def _pages(tx: Transaction) -> Iterator[_Page]:
    last = ""
    while True:
        query = select(CASE).where(tx.mine(CASE), CASE.c.id > last).order_by(CASE.c.id).limit(PAGE)
        page = _Page(list(tx.rows(query)))
        if not page.cases:
            return
        first, last = page.cases[0]["id"], page.cases[-1]["id"]
        for table in _OF_CASES:
            page.rows[table.name] = _grouped(tx, table, first, last)
        yield page


def _grouped(tx: Transaction, table: Table, first: str, last: str) -> dict[str, list[Row]]:
    version = table.c.version if table is HISTORY else table.c.case_version
    query = select(table).where(tx.mine(table), table.c.case_id.between(first, last))
    if table is OFFER:
        query = query.with_only_columns(
            *(c for c in OFFER.c if c.name not in ("decision", "facts"))
        )
    found: dict[str, list[Row]] = {}
    for row in tx.rows(query.order_by(table.c.case_id, version)):
        found.setdefault(row["case_id"], []).append(row)
    return found


def _check_database(tx: Transaction) -> Iterator[Finding]:
    if tx.connection.dialect.name != "sqlite":
        return
    for line in tx.connection.execute(text("PRAGMA quick_check")).scalars():
        if line != "ok":
            yield Finding("database-corrupt", "", str(line), "restore a backup")


def _check_definitions(tx: Transaction) -> Iterator[Finding]:
    unknown = (
        ~select(DEFINITION.c.digest)
        .where(tx.mine(DEFINITION), DEFINITION.c.digest == CASE.c.rulebook)
        .exists()
    )
    query = select(CASE.c.rulebook, func.min(CASE.c.id).label("case_id")).where(
        tx.mine(CASE), unknown
    )
    for row in tx.rows(query.group_by(CASE.c.rulebook)):
        message = f"its rulebook {row['rulebook'][:12]} is not stored"
        yield Finding("rulebook-missing", row["case_id"], message, _RESTORE)
    for digest in tx.connection.scalars(
        select(DEFINITION.c.digest).where(tx.mine(DEFINITION))
    ).all():
        stored = tx.definition(digest)
        if stored is not None and sha256(stored.canonical) != digest:
            message = f"the stored {stored.kind_of} {digest[:12]} is not what its digest says"
            yield Finding("definition-changed", "", message, _RESTORE)


def _check_publications(tx: Transaction) -> Iterator[Finding]:
    entries = tx.publications()
    for number, entry in enumerate(entries, 1):
        if entry.number != number:
            yield Finding("publication-gone", "", f"publication {number} is gone", _RESTORE)
            return
        is_publication = entry.withdraws is None
        if is_publication and sha256(canonical(tx.publication_contents(number))) != entry.digest:
            message = f"publication {number} is not what its digest says"
            yield Finding("publication-changed", "", message, _RESTORE)


def _check_orphans(tx: Transaction, table: Table) -> Iterator[Finding]:
    has_case = select(CASE.c.id).where(tx.mine(CASE), CASE.c.id == table.c.case_id).exists()
    query = select(table.c.case_id).distinct().where(tx.mine(table), ~has_case)
    for row in tx.rows(query.limit(PAGE)):
        name = table.name.removeprefix("aftersales_")
        message = f"there is {name} of a case that is gone"
        yield Finding("case-vanished", row["case_id"], message, _RESTORE)


def _check_left_to_people(tx: Transaction) -> Iterator[Finding]:
    for case_id, reason in tx.parked(limit=PAGE).items():
        help = "look at it, then put an event to it or clear its attempts"
        yield Finding("case-parked", case_id, f"it is parked: {reason}", help, "warning")
    for effect in tx.effects_by_status(("dead", "unknown"), limit=PAGE):
        message = f"the effect {effect.key} ({effect.sort} {effect.name}) is {effect.status}"
        help = "find out whether it was carried out, and settle it; its lane waits for that"
        yield Finding(f"effect-{effect.status}", effect.case_id, message, help, "warning")


def _check_waiting(tx: Transaction, since: datetime) -> Iterator[Finding]:
    query = select(CASE.c.id, CASE.c.due_at).where(
        tx.mine(CASE), CASE.c.due_at < since, CASE.c.parked_at.is_(None)
    )
    for row in tx.rows(query.order_by(CASE.c.due_at).limit(PAGE)):
        message = f"a timer was due at {row['due_at']:%Y-%m-%d %H:%M} UTC and has not fired"
        help = "run `aftersales tick`; if it ran, this is a fault: report it"
        yield Finding("timer-late", row["id"], message, help)
    effects = select(EFFECT.c.case_id, EFFECT.c.key, EFFECT.c.sort, EFFECT.c.ready_at)
    late = effects.where(tx.mine(EFFECT), EFFECT.c.ready_at < since, ~tx.has_earlier())
    for row in tx.rows(late.order_by(EFFECT.c.ready_at).limit(PAGE)):
        message = f"the effect {row['key']} has waited since {row['ready_at']:%Y-%m-%d %H:%M} UTC"
        help = f"run `aftersales tick`; is there a handler for `{row['sort']}`?"
        yield Finding("effect-late", row["case_id"], message, help, "warning")
