"""What a play of the demo came to, in a form in which two plays can be compared."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from aftersales.definitions import Catalog
from aftersales.demo import Script, attach, play
from aftersales.desk import Desk
from aftersales.store import Store
from aftersales.testing import FrozenClock

CATALOG = Catalog.load()


def played(
    folder: Path, script: Script, ticks: Iterable[datetime], *, waits_start_when_told: bool
) -> Desk:
    """A desk on a new database in `folder`, after the whole script."""
    store = Store(f"sqlite:///{folder / 'demo.db'}")
    store.migrate()
    clock = FrozenClock(script.begins_at)
    desk = Desk(
        store=store, catalog=CATALOG, clock=clock, waits_start_when_told=waits_start_when_told
    )
    attach(desk, folder / "outbox")
    assert play(desk, clock, script, ticks).errors == []
    return desk


def normalised(desk: Desk) -> Any:
    """Everything stored of cases, histories, ledger and accounts: ids by order of opening, and
    nothing of when it was recorded."""
    views = sorted(desk.find_cases(limit=1000), key=lambda v: (v.case.opened_at, v.case.order_id))
    with desk.store.reading(desk.shop) as tx:
        found = [
            {
                "case": asdict(view.case),
                "history": [asdict(entry) for entry in tx.history(view.id)],
                "ledger": [asdict(entry) for entry in tx.ledger_of_case(view.id)],
                "account": asdict(tx.account(f"order:{view.case.order_id}")),
            }
            for view in views
        ]
    text = json.dumps(found, default=str, sort_keys=True)
    for number, view in enumerate(views):
        text = text.replace(view.id, f"case-{number}")
    return [_unrecorded(entry) for entry in json.loads(text)]


def _unrecorded(entry: dict[str, Any]) -> dict[str, Any]:
    for row in entry["history"]:
        del row["recorded_at"]
    return entry
