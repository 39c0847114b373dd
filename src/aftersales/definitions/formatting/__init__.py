"""The formatter: edits the text of definitions by positions, and shows that it means the same."""

from aftersales.definitions.formatting.style import Formatted, formatted
from aftersales.definitions.formatting.upgrading import STEPS, upgraded

__all__ = ["STEPS", "Formatted", "formatted", "upgraded"]
