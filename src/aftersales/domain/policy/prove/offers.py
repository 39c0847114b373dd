"""Proofs about what is offered: never nothing, never below the law, as the author's laws say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from aftersales.domain.conditions import ALWAYS
from aftersales.domain.conditions.space import (
    Atom,
    Box,
    BudgetSpent,
    Cover,
    NotProvable,
    case_in_words,
    region_in_words,
)
from aftersales.domain.errors import FactMissing
from aftersales.domain.money import Money
from aftersales.domain.policy.decision import OptionsDecision, RuleRef, Undecided
from aftersales.domain.policy.prove.exceptions import prove_starts
from aftersales.domain.policy.prove.finding import Finding, not_proven
from aftersales.domain.policy.prove.law import MATTER, Law, measured
from aftersales.domain.policy.prove.lines import TooFine
from aftersales.domain.policy.prove.profiles import Left, Profile, Survey
from aftersales.domain.policy.prove.sweep import Sweep, Tried
from aftersales.domain.policy.prove.world import World

_MOST_PATHS = 400
_AMOUNTS = "split the policy, or give fewer shares of other facts and coarser roundings"


@dataclass(slots=True)
class Breach:
    """One thing that is wrong in some cases: an example, and where else it is so."""

    sort: str  # what it is about: a law's number, or `below the law` and the like
    ref: RuleRef
    why: str
    example: Tried
    path: Box
    befores: set[int] = field(default_factory=set)
    atoms: int = 0
    is_of_all: bool = True  # of each amount of those atoms


@dataclass(frozen=True, slots=True)
class Slip:
    """The same, before it is known which rule it is of: None is the one that starts it."""

    sort: str
    ref: RuleRef | None
    why: str
    example: Tried
    is_of_all: bool


def prove_policy(name: str, world: World, laws: Sequence[Law] = ()) -> list[Finding]:
    """What is wrong with a compensation policy, and which of the laws about it do not hold."""
    policy = world.policies.compensation[name]
    try:
        survey = Survey(policy, world, laws)
        found = prove_starts(policy, survey.space)
        return [*found, *_Judging(survey, laws).findings()]
    except NotProvable as why:
        help = "write the amounts in each currency, or add the rate to `policies/rates.yaml`"
        return [not_proven(policy.ref, str(why), help)]
    except BudgetSpent:
        help = "let its rules read fewer facts"
        return [not_proven(policy.ref, "its rules cut the cases into too many parts", help)]
    except TooFine:
        return [not_proven(policy.ref, "too many amounts would have to be tried", _AMOUNTS)]


class _Judging:
    """The offers of one policy, held against law, channels, approval, and the author's laws."""

    def __init__(self, survey: Survey, laws: Sequence[Law]) -> None:
        self.survey = survey
        self.laws = laws
        self.sweep = Sweep(survey, laws)
        self.breaches: dict[tuple[str, RuleRef], Breach] = {}
        self._found: dict[tuple[Left, frozenset[int], Atom, bool], list[Slip]] = {}

    def findings(self) -> list[Finding]:
        for course, parts in self.survey.courses():
            for atoms, profile in parts:
                if profile is not None:
                    self._judge(course.before, course.path, atoms, profile)
        for law in (law for law in self.laws if law.sort == "never_less"):
            self._never_less(law)
        return [*map(self._finding, _widest(self.breaches.values())), *self._open()]

    def _judge(self, before: int, path: Box, atoms: int, profile: Profile) -> None:
        axis = self.survey.last
        for number, atom in _numbered(self.survey.space.axes[axis].atoms, atoms):
            here = (*path[:axis], 1 << number, *path[axis + 1 :])
            for slip in self._slips(profile, atom, here):
                ref = slip.ref or profile.start.ref
                breach = self.breaches.get((slip.sort, ref))
                if breach is None:
                    breach = self.breaches[slip.sort, ref] = self._breach(slip, ref, profile, here)
                breach.befores.add(before)
                breach.atoms |= 1 << number
                breach.is_of_all &= slip.is_of_all

    def _slips(self, profile: Profile, atom: Atom, here: Box) -> list[Slip]:
        """What is wrong with the offers of a profile: once for all that come to the same."""
        key = (profile.course, profile.laws, atom, _is_meant(profile, self.survey))
        if key not in self._found:
            facts = self.survey.space.facts_of(here)
            tried = self.sweep.tried(profile, atom, facts) if facts is not None else []
            laws = [self.laws[n] for n in sorted(profile.laws)]
            laws = [law for law in laws if law.sort != "never_less"]
            # The amounts were tried in another case that comes to the same; a law speaks of this.
            own = self.sweep.in_case(tried, facts) if facts and laws else tried
            self._found[key] = list(_wrong(own, laws, self.survey, is_meant=key[3]))
        return self._found[key]

    def _breach(self, slip: Slip, ref: RuleRef, profile: Profile, here: Box) -> Breach:
        """The slip in a case of its own, explained."""
        facts = self.survey.space.facts_of(here)
        own = self.sweep.again(slip.example, facts) if facts is not None else slip.example
        why = slip.why
        if slip.sort == "nothing" and isinstance(own.outcome, OptionsDecision):
            named = [
                o for o in own.outcome.left_out if " + " in o.what or o.what in profile.relevant
            ]
            why = "; ".join(f"{out.what}: {out.why}" for out in named) or why
        return Breach(slip.sort, ref, why, own, here)

    def _never_less(self, law: Law) -> None:
        survey = self.survey if law.along == self.survey.fact else None
        survey = survey or Survey(self.survey.policy, self.survey.world, self.laws, along=law.along)
        # The same offers serve: what they come to does not hang on the order of the walk.
        sweep = replace(self.sweep, on=survey)
        falls = _Falls(law, survey, sweep)
        for (sort, ref), breach in falls.found().items():
            self.breaches.setdefault((sort, ref), breach)

    def _open(self) -> list[Finding]:
        """What could not be told: each law that is not refuted, else the policy itself."""
        why = self.sweep.why_not_exact
        if not why:
            return []
        broken = {ref for _, ref in self.breaches}
        laws = [law for law in self.laws if law.ref not in broken]
        if not laws:
            return [not_proven(self.survey.policy.ref, why, _AMOUNTS)]
        name = self.survey.policy.name
        told = [(law, f"{law.text} is not proven of `{name}`: {why}") for law in laws]
        return [Finding("P436", law.ref, m, _AMOUNTS, severity="warning") for law, m in told]

    def _finding(self, breach: Breach) -> Finding:
        space, axis = self.survey.space, self.survey.last
        atoms = breach.atoms if breach.is_of_all else space.whole[axis]
        paths = self.survey.walk.paths(breach.befores, _MOST_PATHS)
        boxes = [(*path[:axis], atoms, *path[axis + 1 :]) for _, path in paths]
        region = Cover(boxes, space.sizes).grown(boxes[0], space.whole) if boxes else breach.path
        given = next(iter(self.survey.walk.must)) if len(self.survey.walk.must) == 1 else None
        example = self._example(breach, region, given)
        notes = (
            f"for example: {example}",
            breach.why,
            f"all of: {region_in_words(space, region, given=given)}",
        )
        code, message, help, severity = _TOLD[breach.sort.partition(" ")[0]]
        named = {"rule": breach.ref.rule, "policy": self.survey.policy.name}
        law = next((law.text for law in self.laws if law.ref == breach.ref), "")
        return Finding(
            code,
            breach.ref,
            message.format(**named, law=law),
            help.format(**named),
            notes,
            "error" if severity == "error" else "note",
        )

    def _example(self, breach: Breach, region: Box, given: Box | None) -> str:
        """The facts of the region as they are in the example, its amount first."""
        space, fact = self.survey.space, self.survey.fact
        facts = breach.example.facts
        told = [f"{fact} {facts.text(fact)}"] if fact and facts.get(fact) is not None else []
        for axis, mask, usual in zip(space.axes, region, given or space.whole, strict=True):
            if mask not in (axis.whole, usual) and axis.fact != fact:
                value = facts.text(axis.fact) if facts.get(axis.fact) is not None else "missing"
                told.append(f"{axis.fact} {value}")
        if breach.example.goods:
            goods = Money.from_minor(breach.example.goods, breach.example.currency)
            told.append(f"goods that cost us {goods}")
        return ", ".join(told) or case_in_words(space, region, given=given)


class _Falls:
    """Looks for two cases that differ in one fact only, the higher of which gets less."""

    def __init__(self, law: Law, survey: Survey, sweep: Sweep) -> None:
        self.law = law
        self.survey = survey
        self.sweep = sweep

    def found(self) -> dict[tuple[str, RuleRef], Breach]:
        seen: set[tuple[object, ...]] = set()
        number = self.survey.space.numbers.get(self.survey.fact, 0)
        for course, parts in self.survey.courses():
            alike = tuple((atoms, profile and profile.course) for atoms, profile in parts)
            if (course.path[number], alike) in seen:
                continue
            seen.add((course.path[number], alike))
            steps = [
                s for atoms, profile in parts for s in self._steps(course.path, atoms, profile)
            ]
            steps.sort(key=lambda step: step[0])
            for lower, higher in _pairs(steps, self.law.along == self.survey.fact):
                fall = self._fall(lower, higher)
                if fall is not None:
                    breach = Breach("less", self.law.ref, fall[0], fall[1], course.path)
                    breach.befores.add(course.before)
                    breach.atoms, breach.is_of_all = (
                        self.survey.space.whole[self.survey.last],
                        False,
                    )
                    return {("less", self.law.ref): breach}
        return {}

    def _steps(
        self, path: Box, atoms: int, profile: Profile | None
    ) -> Iterator[tuple[tuple[int, int], Tried]]:
        """The offers along the course, each with its atom and its amount."""
        axis = self.survey.last
        for number, _ in _numbered(self.survey.space.axes[axis].atoms, atoms):
            here = (*path[:axis], 1 << number, *path[axis + 1 :])
            facts = self.survey.space.facts_of(here)
            atom = self._money_atom(here)
            if profile is None or facts is None or atom is None:
                continue
            found = self.sweep.tried(profile, atom, facts)
            found = found if self.law.when is ALWAYS else self.sweep.in_case(found, facts)
            for tried in found:
                is_offer = isinstance(tried.outcome, OptionsDecision) and tried.outcome.options
                if is_offer and self._is_asked(tried):
                    yield (number, tried.at), tried

    def _money_atom(self, here: Box) -> Atom | None:
        number = self.survey.space.numbers.get(self.survey.fact)
        if number is None:
            return None
        chosen = self.survey.space.axes[number].chosen(here[number])
        return chosen[0] if chosen[0].is_line else None

    def _fall(self, lower: Tried, higher: Tried) -> tuple[str, Tried] | None:
        low, high = self._measure(lower), self._measure(higher)
        if high >= low:
            return None
        is_money = self.law.along == self.survey.fact
        fact = self.survey.fact if is_money else self.law.along
        before, after = lower.facts.text(fact), higher.facts.text(fact)
        worth = [Money.from_minor(n, lower.currency) for n in (low, high)]
        why = f"{self.law.measure} is {worth[0]} with {fact} {before}, and {worth[1]} with {after}"
        return why, higher

    def _is_asked(self, tried: Tried) -> bool:
        try:
            return self.law.when.holds(tried.facts)
        except FactMissing:
            return False

    def _measure(self, tried: Tried) -> int:
        assert isinstance(tried.outcome, OptionsDecision)
        matter = tried.facts.get(MATTER)
        worth = getattr(matter, "minor", tried.at)
        return measured(tried.outcome, self.law.measure, tried.currency, worth)


def _pairs(
    steps: Sequence[tuple[tuple[int, int], Tried]], is_money: bool
) -> Iterator[tuple[Tried, Tried]]:
    """Neighbours along the fact, with the same goods and currency, and else the same amount."""
    last: dict[tuple[object, ...], Tried] = {}
    for (_, amount), tried in steps:
        key = (tried.goods, tried.currency, None if is_money else amount)
        if key in last:
            yield last[key], tried
        last[key] = tried


def _wrong(
    tried: Sequence[Tried], laws: Sequence[Law], survey: Survey, *, is_meant: bool
) -> Iterator[Slip]:
    """What is wrong with these offers, each with the roundest of its cases."""
    found: dict[tuple[str, RuleRef | None], list[tuple[str, Tried]]] = {}
    for one in tried:
        for sort, ref, why in _told(one, laws, survey, is_meant=is_meant):
            found.setdefault((sort, ref), []).append((why, one))
    for (sort, ref), cases in found.items():
        why, roundest = min(cases, key=lambda case: _digits(case[1]))
        yield Slip(sort, ref, why, roundest, len(cases) == len(tried))


def _told(
    tried: Tried, laws: Sequence[Law], survey: Survey, *, is_meant: bool
) -> Iterator[tuple[str, RuleRef | None, str]]:
    outcome = tried.outcome
    if isinstance(outcome, Undecided):
        if not outcome.missing:
            floors = {floor.ref for floor in survey.world.policies.floors.floors}
            yield "below" if floors.intersection(outcome.rules) else "undecided", None, outcome.why
        return
    if not outcome.options and not is_meant:
        yield "nothing", None, "nothing is left of its options"
    for law in laws:
        why = law.breach(outcome, tried.facts, tried.currency)
        if why is not None:
            yield "law", law.ref, why


def _is_meant(profile: Profile, survey: Survey) -> bool:
    """Whether a channel says in so many words that nothing is given there: `can: []`."""
    rules = survey.world.policies.channels.rules
    closed = {rule.ref for rule in rules if rule.can is not None and not rule.can}
    return bool(closed.intersection(profile.by)) or bool(survey.policy.channel_must_allow)


def _widest(breaches: Iterable[Breach]) -> list[Breach]:
    return sorted(breaches, key=lambda b: (b.ref.file, b.ref.line, b.sort))


def _digits(tried: Tried) -> tuple[int, int, int]:
    """How round a case is: the fewest digits first, small before large, cheap goods last."""
    text = f"{tried.at}".rstrip("0")
    return (len(text), abs(len(f"{tried.at}") - 4), tried.goods or 0)


def _numbered(atoms: Sequence[Atom], mask: int) -> Iterator[tuple[int, Atom]]:
    return ((n, atom) for n, atom in enumerate(atoms) if mask >> n & 1)


_TOLD = {
    "below": (
        "P433",
        "`{rule}` falls below a floor of law",
        "offer what the law asks for in `{rule}`, or add an exception for these cases",
        "error",
    ),
    "nothing": (
        "P432",
        "`{rule}` leaves nothing to offer in some cases: they go to a person",
        "if no person is to look at them, add an option that can be given there",
        "note",
    ),
    "undecided": (
        "P434",
        "`{rule}` is not decided in some cases: they go to a person",
        "let each cost have one band of approval, and each case one answer to `return_required`",
        "error",
    ),
    "law": (
        "P435",
        "a law does not hold: {law}",
        "change the rule that is named, or the law",
        "error",
    ),
    "less": (
        "P435",
        "a law does not hold: {law}",
        "change the rule that is named, or the law",
        "error",
    ),
}
