"""An offer while it is being worked out: drafts of options, and what is noted on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money
from aftersales.domain.policy.decision import LeftOut, RuleRef, Spent, Step
from aftersales.domain.policy.remedies import Priced, price
from aftersales.domain.policy.table import Combination, OptionPolicy


@dataclass(frozen=True, slots=True)
class Draft:
    """One option so far. `steps` are those of the option, before those of its remedies."""

    parts: tuple[Priced, ...]
    steps: tuple[Step, ...] = ()

    @property
    def names(self) -> Combination:
        return tuple(part.remedy.name for part in self.parts)

    @property
    def id(self) -> str:
        return " + ".join(self.names)

    @property
    def cost(self) -> int:
        """In minor units."""
        return sum(part.remedy.cost.minor for part in self.parts)

    def with_step(self, step: Step) -> "Draft":
        return replace(self, steps=(*self.steps, step))


@dataclass(slots=True)
class Work:
    """What one working-out reads, and what it notes: steps taken, things left out."""

    policy: OptionPolicy
    facts: Facts
    spent: Spent
    steps: list[Step] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _prices: dict[str, Priced] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """The currency of the order: all amounts of the offer are in it."""
        return self.spent.left_to_refund.currency

    def price(self, name: str) -> Priced:
        """The remedy of that name, priced once."""
        if name not in self._prices:
            self._prices[name] = price(self.policy.remedies[name], self.facts, self.currency)
        return self._prices[name]

    def draft(self, names: Combination) -> Draft:
        return Draft(tuple(self.price(name) for name in names))

    def leave_out(self, what: str, why: str, rule: RuleRef | None = None) -> None:
        self.left_out.append(LeftOut(what, why, rule))

    def merged(self, options: Iterable[Combination]) -> tuple[Combination, ...]:
        """Equal options once, in the order of the first, each remedy once in an option."""
        kept: dict[frozenset[str], Combination] = {}
        for names in options:
            single = tuple(dict.fromkeys(names))
            same = kept.setdefault(frozenset(single), single)
            if same is not single:
                self.note_merged(" + ".join(single), " + ".join(same))
        return tuple(kept.values())

    def note_merged(self, one: str, other: str) -> None:
        self.steps.append(Step(f"`{one}` and `{other}` come to the same", "offered once"))

    def money(self, minor: int) -> Money:
        return Money.from_minor(minor, self.currency)
