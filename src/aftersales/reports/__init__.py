"""Adapters that show what policy authors ask for as pages to keep, print and pass on."""

from aftersales.reports.grids import shown_page
from aftersales.reports.page import page
from aftersales.reports.proposal import Entry, Part, Section, proposal_markdown, proposal_page
from aftersales.reports.simulation import simulation_page

__all__ = [
    "Entry",
    "Part",
    "Section",
    "page",
    "proposal_markdown",
    "proposal_page",
    "shown_page",
    "simulation_page",
]
