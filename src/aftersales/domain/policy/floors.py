"""Floors of law: what must be among the options offered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aftersales.domain.conditions import ALWAYS, Condition
from aftersales.domain.policy.channels import COUPON
from aftersales.domain.policy.decision import RuleRef
from aftersales.domain.policy.remedies import Priced


@dataclass(frozen=True, slots=True)
class Floor:
    """Where it holds, at least one option must give one of these remedies, by name or by sort."""

    ref: RuleRef
    must_offer_one_of: tuple[str, ...]
    when: Condition = ALWAYS
    source: str = ""

    def is_met_by(self, options: Iterable[Iterable[Priced]]) -> bool:
        """A coupon, a mere goodwill gift, or what a limit of ours cut down never meets it."""
        return any(self._counts(priced) for option in options for priced in option)

    def _counts(self, priced: Priced) -> bool:
        remedy = priced.remedy
        if remedy.sort == COUPON or priced.is_goodwill or priced.is_cut:
            return False
        return remedy.name in self.must_offer_one_of or remedy.sort in self.must_offer_one_of


@dataclass(frozen=True, slots=True)
class Floors:
    """All floors."""

    floors: tuple[Floor, ...] = ()

    def holding(self, holds: Callable[[Condition], bool]) -> tuple[Floor, ...]:
        """The floors that bind where these conditions hold. FactMissing if that cannot be told."""
        return tuple(floor for floor in self.floors if holds(floor.when))
