"""Floor 2. YAML text to domain definitions, and problems with file, line and column."""

from aftersales.definitions.catalog import Catalog
from aftersales.definitions.rulebooks import read_rulebook

__all__ = ["Catalog", "read_rulebook"]
