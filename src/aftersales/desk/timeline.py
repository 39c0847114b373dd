"""Which publication is in force at an instant: a pure function of what was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aftersales.store import StoredPublication


@dataclass(frozen=True, slots=True)
class Timeline:
    """The publications of a shop, in the order in which they were made.

    The one that began last is in force; of two that begin together, the one published last. A
    publication never begins before it was made, and only one that has not begun can be withdrawn:
    so what was in force at an instant stays so for ever.
    """

    entries: Sequence[StoredPublication]

    def in_force(self, at: datetime) -> StoredPublication | None:
        """The publication in force at that instant; None before the first."""
        begun = (entry for entry in self.standing if entry.valid_from <= at)
        return max(begun, key=_place, default=None)

    def binding(self, opened_at: datetime, *, now: datetime) -> StoredPublication | None:
        """The publication that binds a case opened at an instant that is not later than `now`.

        A case opened before anything was in force is bound by the first that was; None while none
        has begun.
        """
        first = min((entry.valid_from for entry in self.standing), default=None)
        if first is None or first > now:
            return None
        return self.in_force(max(min(opened_at, now), first))

    def until(self, entry: StoredPublication) -> datetime | None:
        """When another takes its place; None if none does yet. It may be before it ever began."""
        later = (other for other in self.standing if _place(other) > _place(entry))
        return min((other.valid_from for other in later), default=None)

    @property
    def standing(self) -> list[StoredPublication]:
        """The publications that were not withdrawn."""
        withdrawn = {entry.withdraws for entry in self.entries}
        return [e for e in self.entries if e.withdraws is None and e.number not in withdrawn]


def _place(entry: StoredPublication) -> tuple[datetime, int]:
    return entry.valid_from, entry.number
