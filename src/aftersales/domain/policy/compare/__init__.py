"""Two versions of a policy compared by meaning: which cases are treated otherwise, and how."""

from aftersales.domain.policy.compare.changed import Changed, Compared
from aftersales.domain.policy.compare.offers import compare_offers
from aftersales.domain.policy.compare.tables import compare_tables

__all__ = ["Changed", "Compared", "compare_offers", "compare_tables"]
