"""What a proof came to: a hole, a conflict, a broken law, or that nothing is proven."""

from dataclasses import dataclass

from aftersales.domain.policy.decision import RuleRef
from aftersales.domain.problem import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found about a table, at the rule where its author can mend it.

    It has no column: that is looked up where the text is at hand.
    """

    code: str
    ref: RuleRef
    message: str
    help: str
    notes: tuple[str, ...] = ()
    severity: Severity = "error"


def at(ref: RuleRef) -> str:
    """A rule with its line: `far_away` (line 25)."""
    return f"`{ref.rule}` (line {ref.line})"


def not_proven(ref: RuleRef, why: str, help: str) -> Finding:
    """That a table could not be judged: never to be read as that it is in order."""
    return Finding("P437", ref, f"`{ref.policy}` is not proven: {why}", help, severity="warning")
