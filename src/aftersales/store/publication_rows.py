"""What was published: one row for each publication and each withdrawal, in order, never changed.

The id of a row is its number within the shop, so that rows sort as they were made, whatever the
clocks of the machines that made them. Contents are read apart: they are large.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from aftersales.store.connected import Connected, Row
from aftersales.store.tables import PUBLICATION

_DIGITS = 9
_WITHDRAWAL = ""  # in the place of a digest
_WITHDRAWS = "withdraws"


@dataclass(frozen=True, slots=True)
class StoredPublication:
    """Definitions made valid from an instant; or, where `withdraws` is set, one taken back."""

    number: int
    digest: str
    valid_from: datetime
    published_at: datetime
    published_by: str
    note: str
    withdraws: int | None = None


class PublicationRows(Connected):
    """Reading and writing publications."""

    def newest_publication(self) -> int:
        """The number of the newest entry; 0 if nothing was ever published."""
        query = select(func.max(PUBLICATION.c.id)).where(self.mine(PUBLICATION))
        return int(self.connection.scalar(query) or 0)

    def publications(self) -> tuple[StoredPublication, ...]:
        """All entries without their contents, in the order in which they were made."""
        columns = [column for column in PUBLICATION.c if column.name not in ("shop", "contents")]
        query = select(*columns).where(self.mine(PUBLICATION)).order_by(PUBLICATION.c.id)
        return tuple(self._publication(row) for row in self.rows(query))

    def publication_contents(self, number: int) -> Mapping[str, Any] | None:
        """What the entry of that number carries; None if there is no such entry."""
        query = select(PUBLICATION.c.contents).where(self.mine(PUBLICATION, id=_id(number)))
        row = self.row(query)
        return None if row is None else row["contents"]

    def put_publication(self, entry: StoredPublication, contents: Mapping[str, Any]) -> bool:
        """Keep an entry. False if another one has taken its number meanwhile."""
        is_withdrawal = entry.withdraws is not None
        return self._insert_new(
            PUBLICATION,
            {
                "shop": self.shop,
                "id": _id(entry.number),
                "digest": _WITHDRAWAL if is_withdrawal else entry.digest,
                "valid_from": entry.valid_from,
                "published_at": entry.published_at,
                "published_by": entry.published_by,
                "note": entry.note,
                "contents": {_WITHDRAWS: entry.withdraws} if is_withdrawal else contents,
            },
        )

    def _publication(self, row: Row) -> StoredPublication:
        number = int(row["id"])
        withdraws = None
        if row["digest"] == _WITHDRAWAL:
            withdraws = (self.publication_contents(number) or {}).get(_WITHDRAWS)
        values = {name: value for name, value in row.items() if name != "id"}
        return StoredPublication(number=number, withdraws=withdraws, **values)


def _id(number: int) -> str:
    """A number of one width, so that texts sort as numbers do."""
    return str(number).zfill(_DIGITS)
