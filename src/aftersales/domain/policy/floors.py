"""Floors of law: what must be among the options offered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aftersales.domain.conditions import ALWAYS, Condition
from aftersales.domain.policy.channels import COUPON
from aftersales.domain.policy.decision import Remedy, RuleRef
from aftersales.domain.policy.remedies import Priced, RemedyRule


@dataclass(frozen=True, slots=True)
class Floor:
    """Where it holds, at least one option must give one of these remedies, by name or by sort."""

    ref: RuleRef
    must_offer_one_of: tuple[str, ...]
    when: Condition = ALWAYS
    source: str = ""

    def is_met_by(self, options: Iterable[Iterable[Priced]]) -> bool:
        """What a limit of ours cut down never meets it, nor what `counts` leaves out."""
        priced = (one for option in options for one in option)
        return any(self.counts(one.remedy) and not one.is_cut for one in priced)

    def counts(self, remedy: Remedy | RemedyRule) -> bool:
        """Whether this is one of what must be offered. A coupon or a goodwill gift never is."""
        if remedy.sort == COUPON or remedy.counts_as == "goodwill":
            return False
        return remedy.name in self.must_offer_one_of or remedy.sort in self.must_offer_one_of


@dataclass(frozen=True, slots=True)
class Floors:
    """All floors."""

    floors: tuple[Floor, ...] = ()

    def holding(self, holds: Callable[[Condition], bool]) -> tuple[Floor, ...]:
        """The floors that bind where these conditions hold. FactMissing if that cannot be told."""
        return tuple(floor for floor in self.floors if holds(floor.when))
