"""When a definition is in force: `from:` and `until:`, by the day a case is opened."""

from dataclasses import dataclass
from datetime import date

from aftersales.definitions.calendar_dates import day_help
from aftersales.definitions.notes import Notes
from aftersales.definitions.text import Mapping, Scalar


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both in it; None is open-ended."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return (self.first or date.min) <= day <= (self.last or date.max)

    def meets(self, other: "Period") -> bool:
        """Whether the two have a day in common."""
        return self.holds(other.first or date.min) or other.holds(self.first or date.min)

    def __str__(self) -> str:
        first = f"from {self.first}" if self.first else "from the beginning"
        return f"{first} until {self.last}" if self.last else f"{first} on"


ALWAYS = Period()


def read_period(root: Mapping, notes: Notes) -> Period:
    """The period written in `root`; one that cannot be read is noted and taken as open."""
    first, last = _day(root, "from", notes), _day(root, "until", notes)
    if first and last and last < first:
        where = root.key("until") or root
        help = "`until` is the last day it holds"
        notes.error("F805", where, f"it ends on {last}, before it begins on {first}", help)
        return Period(first)
    return Period(first, last)


def _day(root: Mapping, key: str, notes: Notes) -> date | None:
    node = root.get(key)
    if node is None or (isinstance(node, Scalar) and node.is_left_out):
        return None
    text = node.text if isinstance(node, Scalar) else ""
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        is_text = isinstance(node, Scalar)
        message = f"`{key}` is not a day: `{text}`" if is_text else f"`{key}` is one day"
        notes.error("F805", node, message, day_help(text) or "write it like `2026-03-01`")
        return None
