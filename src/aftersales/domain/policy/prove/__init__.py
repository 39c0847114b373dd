"""Proofs about policies: holes, conflicts, channels and floors of law, laws of the author."""

from aftersales.domain.policy.prove.applies import prove_applies, prove_offered
from aftersales.domain.policy.prove.finding import Finding
from aftersales.domain.policy.prove.law import MEASURES, Law
from aftersales.domain.policy.prove.offers import prove_policy
from aftersales.domain.policy.prove.row_laws import prove_row_laws
from aftersales.domain.policy.prove.rows import prove_rows
from aftersales.domain.policy.prove.world import World

__all__ = [
    "MEASURES",
    "Finding",
    "Law",
    "World",
    "prove_applies",
    "prove_offered",
    "prove_policy",
    "prove_row_laws",
    "prove_rows",
]
