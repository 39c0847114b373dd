"""Where a desk's definitions come from: a catalog that never changes, or what is published."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from weakref import WeakKeyDictionary

from aftersales.definitions import Catalog, Contents
from aftersales.desk.timeline import Timeline
from aftersales.domain.errors import DefinitionsInvalid, NothingPublished
from aftersales.domain.problem import Problem
from aftersales.store import StoredPublication, Transaction

_MOST_KEPT = 8
"""Catalogs kept in memory: the one in force, and those of cases opened a little before it."""


class CatalogSource(Protocol):
    """What a desk asks for its definitions, in each transaction that needs them."""

    def catalog(self, tx: Transaction, at: datetime, *, now: datetime) -> Catalog:
        """The definitions that bind a case opened at that instant."""


class Fixed:
    """One catalog, whatever is published: what a developer gave the desk."""

    def __init__(self, catalog: Catalog) -> None:
        self.always = catalog

    def catalog(self, tx: Transaction, at: datetime, *, now: datetime) -> Catalog:  # noqa: ARG002
        """The catalog."""
        return self.always


class Published:
    """What is published for the shop in its database, and is in force at the instant asked for.

    A new publication is noticed by the next transaction, in every process. Each is read once. It
    may be shared by threads and by the desks of several shops.
    """

    def __init__(self, *, otherwise: Callable[[], Catalog] | None = None) -> None:
        """`otherwise` gives the definitions that hold until the first publication has begun.

        It is called once. Without it, NothingPublished.
        """
        self._otherwise = otherwise
        self._first: Catalog | None = None
        self._lock = threading.RLock()
        self._timelines: dict[str, Timeline] = {}
        self._seen: WeakKeyDictionary[Transaction, Timeline] = WeakKeyDictionary()
        self._catalogs: OrderedDict[str, Catalog] = OrderedDict()

    def catalog(self, tx: Transaction, at: datetime, *, now: datetime) -> Catalog:
        """The definitions in force at that instant, of the publications of this shop."""
        found = self.timeline(tx).binding(at, now=now)
        with self._lock:
            if found is None:
                return self.read_otherwise()
            if found.digest not in self._catalogs:
                self._catalogs[found.digest] = read_publication(tx, found)
            self._catalogs.move_to_end(found.digest)
            while len(self._catalogs) > _MOST_KEPT:
                self._catalogs.popitem(last=False)
            return self._catalogs[found.digest]

    def timeline(self, tx: Transaction) -> Timeline:
        """What is published, as this transaction sees it: looked up once in each."""
        with self._lock:
            if tx not in self._seen:
                known, newest = self._timelines.get(tx.shop), tx.newest_publication()
                if known is None or len(known.entries) != newest:
                    known = Timeline(tx.publications())
                    self._timelines[tx.shop] = known
                self._seen[tx] = known
            return self._seen[tx]

    def read_otherwise(self) -> Catalog:
        """What holds while no publication has begun. NothingPublished if there is nothing."""
        with self._lock:
            if self._first is None:
                if self._otherwise is None:
                    raise NothingPublished
                self._first = self._otherwise()
            return self._first


class PublicationInvalid(DefinitionsInvalid):
    """What was published can no longer be read."""

    def __init__(self, number: int, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.args = (f"publication {number} cannot be read by this version:\n{self.args[0]}",)


def read_publication(tx: Transaction, entry: StoredPublication) -> Catalog:
    """The definitions of a publication. PublicationInvalid if this version cannot read them."""
    contents = Contents.from_plain(tx.publication_contents(entry.number) or {})
    catalog, problems = Catalog.check_contents(contents)
    if catalog is None:
        raise PublicationInvalid(entry.number, [p for p in problems if p.severity == "error"])
    return catalog
