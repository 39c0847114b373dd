"""Definitions as pages: their grids, each cell as dark as it is dear."""

from collections.abc import Sequence

from aftersales.authoring.show import HOTTEST, Shown
from aftersales.reports.page import page


def shown_page(title: str, pages: Sequence[Shown]) -> str:
    """The whole page as HTML, in one file."""
    return page(title, "grids.html", pages=pages, hottest=HOTTEST)
