"""The database: tables, transactions, migrations. It stores what was decided, whole, or nothing."""

from aftersales.store.checks import findings, integrity
from aftersales.store.columns import canonical, sha256
from aftersales.store.dialect import is_transient
from aftersales.store.finding import Finding
from aftersales.store.ids import uuid7
from aftersales.store.past_rows import PastCase
from aftersales.store.publication_rows import StoredPublication
from aftersales.store.record_rows import StoredAnswer, StoredDefinition, StoredRefusal
from aftersales.store.simulation_rows import StoredSimulation
from aftersales.store.store import Host, Store
from aftersales.store.transaction import Transaction

__all__ = [
    "Finding",
    "Host",
    "PastCase",
    "Store",
    "StoredAnswer",
    "StoredDefinition",
    "StoredPublication",
    "StoredRefusal",
    "StoredSimulation",
    "Transaction",
    "canonical",
    "findings",
    "integrity",
    "is_transient",
    "sha256",
    "uuid7",
]
