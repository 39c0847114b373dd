"""Past cases under one version of the definitions, or under two: what would change, at what cost.

Cases are handed in as values, in batches; what is kept does not grow with their number.
"""

from aftersales.authoring.simulate.comparing import TAKES, Takes
from aftersales.authoring.simulate.explaining import Explained, Offer
from aftersales.authoring.simulate.looking import facts_known, unknown_columns, usual_currency
from aftersales.authoring.simulate.past import OWN_COLUMNS, Batch, Region
from aftersales.authoring.simulate.simulation import PastCasesUnreadable, Simulation, simulate
from aftersales.authoring.simulate.sums import Changes, Side, Sum
from aftersales.authoring.simulate.trying import Asked

__all__ = [
    "OWN_COLUMNS",
    "TAKES",
    "Asked",
    "Batch",
    "Changes",
    "Explained",
    "Offer",
    "PastCasesUnreadable",
    "Region",
    "Side",
    "Simulation",
    "Sum",
    "Takes",
    "facts_known",
    "simulate",
    "unknown_columns",
    "usual_currency",
]
