"""The part of a decision that hangs on conditions alone: which remedies, by name, are worked out.

Cases for which the same conditions hold have the same unpriced offer; what it comes to differs.
"""

from dataclasses import dataclass, field

from aftersales.domain.policy.channels import Allowance
from aftersales.domain.policy.choice import chosen
from aftersales.domain.policy.decision import RuleRef, Undecided
from aftersales.domain.policy.draft import Work
from aftersales.domain.policy.floors import Floor
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.rows import why_not
from aftersales.domain.policy.table import Combination, Extra, OptionsRule, Policies

Obstacle = RemedyRule | frozenset[str]  # a remedy that is not possible; some never given together


@dataclass(slots=True)
class UnpricedOffer:
    """Where the working-out starts, and with which options; the rest is filled in when reached."""

    start: OptionsRule
    allowance: Allowance
    forbidden_by: RuleRef | None = None  # the channel allows nothing of this policy
    options: tuple[Combination, ...] = ()
    _extras: list[Extra] | None = None
    _floors: tuple[Floor, ...] | None = None
    _obstacles: dict[Combination, Obstacle | None] = field(default_factory=dict)
    _refused: dict[str, RuleRef | None] = field(default_factory=dict)

    def extras(self, work: Work) -> list[Extra]:
        """The extras whose condition holds. FactMissing if that cannot be told."""
        if self._extras is None:
            self._extras = work.fits(work.policy.extras)
        return self._extras

    def floors(self, policies: Policies, work: Work) -> tuple[Floor, ...]:
        """The floors of law that bind. FactMissing if that cannot be told."""
        if self._floors is None:
            self._floors = policies.floors.holding(work.holds)
        return self._floors

    def obstacle(self, names: Combination, work: Work) -> Obstacle | None:
        """Why these remedies cannot be given together, or one of them at all."""
        if names not in self._obstacles:
            self._obstacles[names] = _obstacle(names, work)
        return self._obstacles[names]

    def refused_by(self, name: str, work: Work) -> RuleRef | None:
        """The rule of the channel by which the remedy may not be given."""
        if name not in self._refused:
            self._refused[name] = self.allowance.refuses(work.policy.remedies[name])
        return self._refused[name]


def unpriced_offer(policies: Policies, work: Work) -> UnpricedOffer | Undecided:
    """Cell or exception, what the channel forbids at all, swaps, and what is possible."""
    start = chosen(work)
    if isinstance(start, Undecided):
        return start
    unpriced = UnpricedOffer(start, policies.channels.allowance(work.holds))
    unpriced.forbidden_by = _forbidden_by(unpriced.allowance, work)
    if unpriced.forbidden_by is None:
        unpriced.options = tuple(_possible(_swapped(start.options, work), unpriced, work))
    return unpriced


def why_obstacle(obstacle: Obstacle, names: Combination, work: Work) -> tuple[str, RuleRef | None]:
    """The obstacle in words, and its rule."""
    if isinstance(obstacle, RemedyRule):
        why = why_not(obstacle.only_if, work.facts)
        return f"`{obstacle.name}` is not possible: {why}", obstacle.ref
    listed = " and ".join(f"`{name}`" for name in names if name in obstacle)
    return f"{listed} are never given together", work.policy.limits.ref


def _forbidden_by(allowance: Allowance, work: Work) -> RuleRef | None:
    for thing in work.policy.channel_must_allow:
        if by := allowance.forbids(thing):
            work.leave_out(work.policy.name, f"the channel does not allow `{thing}`", by)
            return by
    return None


def _swapped(options: tuple[Combination, ...], work: Work) -> tuple[Combination, ...]:
    for swap in work.fits(work.policy.swaps):
        swapped = tuple(
            tuple(swap.use if name == swap.instead_of else name for name in names)
            for names in options
        )
        if swapped == options:
            work.leave_out(swap.ref.rule, f"no option has `{swap.instead_of}`", swap.ref)
        else:
            what = f"`{swap.use}` instead of `{swap.instead_of}`"
            work.note(what, _written(swapped), swap.ref)
        options = swapped
    return work.merged(options)


def _written(options: tuple[Combination, ...]) -> str:
    return ", ".join(" + ".join(names) for names in options)


def _possible(
    options: tuple[Combination, ...], unpriced: UnpricedOffer, work: Work
) -> list[Combination]:
    kept = []
    for names in options:
        obstacle = unpriced.obstacle(names, work)
        if obstacle is None:
            kept.append(names)
        elif work.is_told:
            work.leave_out(" + ".join(names), *why_obstacle(obstacle, names, work))
    return kept


def _obstacle(names: Combination, work: Work) -> Obstacle | None:
    for name in names:
        rule = work.policy.remedies[name]
        if not work.holds(rule.only_if):
            return rule
    for together in work.policy.limits.never_together:
        if together <= set(names):
            return together
    return None
