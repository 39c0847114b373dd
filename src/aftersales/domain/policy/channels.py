"""What a platform lets a seller do there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aftersales.domain.conditions import ALWAYS, Condition
from aftersales.domain.policy.decision import RuleRef

COUPON = "coupon"


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """One row: where it holds, only the remedies in `can` may be given. None: any.

    `can` holds names or sorts of remedies, `never` other things that are forbidden there:
    `coupons`, `review_contact`.
    """

    ref: RuleRef
    when: Condition = ALWAYS
    can: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    source: str = ""


class Named(Protocol):
    """A remedy, declared or priced: what it is called is all that a channel looks at."""

    @property
    def name(self) -> str: ...

    @property
    def sort(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the channel of one case allows: all rules that hold there, together."""

    rules: tuple[ChannelRule, ...] = ()

    def forbids(self, thing: str) -> RuleRef | None:
        """The rule that forbids `thing`, such as `review_contact`."""
        return next((rule.ref for rule in self.rules if thing in rule.never), None)

    def refuses(self, remedy: Named) -> RuleRef | None:
        """The rule by which this remedy may not be given here."""
        if remedy.sort == COUPON and (by := self.forbids("coupons")):
            return by
        names = {remedy.name, remedy.sort}
        allowed = (rule for rule in self.rules if rule.can is not None and not names & rule.can)
        return next((rule.ref for rule in allowed), None)


@dataclass(frozen=True, slots=True)
class Channels:
    """The rules of all channels. Where none holds, everything is allowed."""

    rules: tuple[ChannelRule, ...] = ()

    def allowance(self, holds: Callable[[Condition], bool]) -> Allowance:
        """What may be done where these conditions hold. FactMissing if that cannot be told."""
        return Allowance(tuple(rule for rule in self.rules if holds(rule.when)))
