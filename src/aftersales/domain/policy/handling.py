"""Who may handle a case: rules that leave some cases to some roles."""

from dataclasses import dataclass

from aftersales.domain.conditions import ALWAYS, Condition, Facts
from aftersales.domain.policy.decision import RuleRef


@dataclass(frozen=True, slots=True)
class HandlingRule:
    """Where it holds, nobody of the desk handles the case but these roles, and those above them."""

    ref: RuleRef
    only: tuple[str, ...]
    when: Condition = ALWAYS
    because: str = ""


@dataclass(frozen=True, slots=True)
class Handling:
    """All such rules. Those that hold bind together."""

    rules: tuple[HandlingRule, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        """The facts that some rule reads."""
        return frozenset().union(*(rule.when.reads for rule in self.rules))

    def holding(self, facts: Facts) -> tuple[HandlingRule, ...]:
        """The rules that bind. FactMissing if that cannot be told."""
        return tuple(rule for rule in self.rules if rule.when.holds(facts))
