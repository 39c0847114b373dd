"""Problems of definitions, shown to people and to machines, wherever they come from."""

from aftersales.cli.problems.found import Found
from aftersales.cli.problems.shown import FORMATS, show

__all__ = ["FORMATS", "Found", "show"]
