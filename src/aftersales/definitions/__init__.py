"""Floor 2. YAML text to domain definitions, and problems with file, line and column."""

from aftersales.definitions.calendars import load_calendars
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.contents import Contents, ContentsUnreadable
from aftersales.definitions.rulebooks import read_rulebook, recalendared

__all__ = [
    "Catalog",
    "Contents",
    "ContentsUnreadable",
    "load_calendars",
    "read_rulebook",
    "recalendared",
]
