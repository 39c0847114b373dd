"""The tables. Every name begins with `aftersales_`: they may live in a host's database."""

from sqlalchemy import Table

from aftersales.store.tables import cases, money, outbox, records
from aftersales.store.tables.base import PREFIX, metadata
from aftersales.store.tables.outbox import UNFINISHED

SCHEMA = "0001"  # the newest migration: what `check_ready` asks for


def _table(name: str) -> Table:
    return metadata.tables[PREFIX + name]


CASE = _table("case")
CASE_LINE = _table("case_line")
HISTORY = _table("history")
EVENT_KEY = _table("event_key")
CUSTOMER_DATA = _table("customer_data")
ACCOUNT = _table("account")
ORDER_LINE = _table("order_line")
LEDGER = _table("ledger")
OFFER = _table("offer")
EFFECT = _table("effect")
DELIVERY = _table("delivery")
DEFINITION = _table("definition")
PUBLICATION = _table("publication")
REFUSAL = _table("refusal")
SIMULATION = _table("simulation")

__all__ = [
    "ACCOUNT", "CASE", "CASE_LINE", "CUSTOMER_DATA", "DEFINITION", "DELIVERY", "EFFECT",
    "EVENT_KEY", "HISTORY", "LEDGER", "OFFER", "ORDER_LINE", "PREFIX", "PUBLICATION", "REFUSAL",
    "SCHEMA", "SIMULATION", "UNFINISHED", "cases", "metadata", "money", "outbox", "records",
]  # fmt: skip
