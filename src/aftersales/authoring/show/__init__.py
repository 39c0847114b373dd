"""What is written, seen: tables as grids, and what a customer can get by them."""

from aftersales.authoring.show.compensation import shown_policy
from aftersales.authoring.show.grid import HOTTEST, Cell, Grid, Shown, as_mapping, cell, grid
from aftersales.authoring.show.offers import shown_offers
from aftersales.authoring.show.tables import (
    shown_channels,
    shown_floors,
    shown_handling,
    shown_table,
)
from aftersales.authoring.show.workflows import shown_workflow

__all__ = [
    "HOTTEST",
    "Cell",
    "Grid",
    "Shown",
    "as_mapping",
    "cell",
    "grid",
    "shown_channels",
    "shown_floors",
    "shown_handling",
    "shown_offers",
    "shown_policy",
    "shown_table",
    "shown_workflow",
]
