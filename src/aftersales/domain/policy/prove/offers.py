"""Proofs about what is offered: never nothing, never below the law, as the author's laws say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from aftersales.domain.conditions.space import (
    Atom,
    Box,
    BudgetSpent,
    Cover,
    NotProvable,
    case_in_words,
    region_in_words,
)
from aftersales.domain.money import Money
from aftersales.domain.policy.decision import OptionsDecision, RuleRef, Undecided
from aftersales.domain.policy.prove.approval import prove_approval
from aftersales.domain.policy.prove.exceptions import prove_starts
from aftersales.domain.policy.prove.falls import Measures, first_fall
from aftersales.domain.policy.prove.finding import Finding, not_proven
from aftersales.domain.policy.prove.law import Law
from aftersales.domain.policy.prove.lines import TooFine
from aftersales.domain.policy.prove.pricing import Pricing
from aftersales.domain.policy.prove.profiles import Profile, Survey
from aftersales.domain.policy.prove.returns import prove_returns
from aftersales.domain.policy.prove.sweep import Sweep, Tried
from aftersales.domain.policy.prove.world import World

_MOST_PATHS = 400
_MOST_NAMED = 3
_AMOUNTS = "split the policy, or give fewer shares of other facts and coarser roundings"
_RATES = "write the amounts in each currency, or add the rate to `policies/rates.yaml`"


@dataclass(slots=True)
class Breach:
    """One thing that is wrong in some cases: an example, and where else it is so."""

    sort: str  # what it is about: a law's number, or `below the law` and the like
    ref: RuleRef
    why: str
    example: Tried
    survey: Survey  # which found it, and whose space `path` lies in
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
        found = [*prove_starts(policy, survey.space), *prove_approval(policy, world)]
        found += prove_returns(survey)
        return [*found, *_Judging(survey, laws).findings()]
    except NotProvable as why:
        return [not_proven(policy.ref, str(why), _RATES)]
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
        pricing = Pricing(survey.policy, survey.world, survey.fact)
        self.sweep = Sweep(survey, pricing, laws)
        self.breaches: dict[tuple[str, RuleRef], Breach] = {}
        self._not_proven: dict[RuleRef, str] = {}
        self._measures: dict[str, Measures] = {}  # of all laws with one measure
        self._found: dict[tuple[object, ...], list[Slip]] = {}

    def findings(self) -> list[Finding]:
        self.sweep.note_untried_currencies()
        for course, parts in self.survey.courses():
            for atoms, profile in parts:
                if profile is not None:
                    self._judge(course.before, course.path, atoms, profile)
        for law in (law for law in self.laws if law.sort == "never_less"):
            self._never_less(law)
        found = map(self._finding, _widest(self.breaches.values()))
        return [*found, *self._open(), *self._converted()]

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
        is_meant = _is_meant(profile, self.survey)
        asked = profile.laws, profile.boxes, is_meant
        key = (*self.sweep.key(profile.course, atom, here), *asked)
        if key not in self._found:
            found = self._wrong(profile, self.sweep.tried(profile.course, atom, here), here)
            if found or self.sweep.why_inexact:
                tried = self.sweep.tried_round(profile.course, atom, here)
                found = self._wrong(profile, tried, here)
            self._found[key] = found
        return self._found[key]

    def _wrong(self, profile: Profile, tried: Sequence[Tried], here: Box) -> list[Slip]:
        facts = self.survey.space.facts_of(here)
        laws = [self.laws[n] for n in sorted(profile.laws)]
        laws = [law for law in laws if law.sort != "never_less"]
        # The amounts were tried in another case that comes to the same; a law speaks of this.
        own = self.sweep.in_case(tried, facts) if facts and laws else tried
        return list(_wrong(own, laws, self.survey, is_meant=_is_meant(profile, self.survey)))

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
        for law in (law for law in self.laws if law.ref == ref):
            if isinstance(own.outcome, OptionsDecision):
                why = law.breach(own.outcome, own.facts, own.currency) or why
        return Breach(slip.sort, ref, why, own, self.survey, here)

    def _never_less(self, law: Law) -> None:
        survey = self.survey if law.along == self.survey.fact else None
        survey = survey or Survey(self.survey.policy, self.survey.world, self.laws, along=law.along)
        sweep = replace(self.sweep, on=survey, laws=())
        fall = first_fall(law, survey, sweep, self._measures.setdefault(law.measure, {}))
        if fall is not None:
            whole = survey.space.whole[survey.last]
            breach = Breach(
                "less", law.ref, fall.why, fall.higher, survey, fall.path, {fall.before}, whole
            )
            breach.is_of_all = False
            self.breaches.setdefault(("less", law.ref), breach)
        elif sweep.why_inexact:
            self._not_proven[law.ref] = sweep.why_inexact

    def _open(self) -> Iterator[Finding]:
        """What could not be told: each law that is not refuted, else the policy itself."""
        name, of_all = self.survey.policy.name, self.sweep.why_inexact
        whys = self._unproven()
        for law in (law for law in self.laws if law.ref in whys):
            why = whys[law.ref]
            message = f"{law.text} is not proven of `{name}`: {why}"
            yield Finding("P436", law.ref, message, _help(why), severity="warning")
        if of_all and all(law.ref in self._broken() for law in self.laws):
            yield not_proven(self.survey.policy.ref, of_all, _help(of_all))

    def _broken(self) -> set[RuleRef]:
        return {ref for _, ref in self.breaches}

    def _unproven(self) -> dict[RuleRef, str]:
        """The laws that are neither refuted nor proven, and why not."""
        of_all, broken = self.sweep.why_inexact, self._broken()
        refs = [law.ref for law in self.laws if law.ref not in broken]
        return {ref: why for ref in refs if (why := of_all or self._not_proven.get(ref, ""))}

    def _converted(self) -> Iterator[Finding]:
        """A note of the currencies in which no amount is tried: they are as others, but rounded."""
        space, rates = self.survey.space, self.survey.world.rates
        axis = space.numbers.get(self.survey.fact)
        told = {*self._broken(), *self._unproven()}
        proven = [law for law in self.laws if law.ref not in told]
        if axis is None or not any(law.bends or law.measure for law in proven):
            return
        which = "laws" if len(proven) == len(self.laws) else "other laws"
        tried = dict.fromkeys(atom.currency for atom in space.axes[axis].atoms if atom.is_line)
        others = [one for one in (rates.base, *rates.per_base) if one and one not in tried]
        if others:
            policy = self.survey.policy
            message = (
                f"the {which} about `{policy.name}` are proven in {' and '.join(tried)}; in "
                f"{_some(others)} an offer is the same, converted, but for its rounding"
            )
            help = "where a law must hold to the cent in one of them, name an amount in it"
            yield Finding("P439", policy.ref, message, help, severity="note")

    def _finding(self, breach: Breach) -> Finding:
        space, axis, walk = breach.survey.space, breach.survey.last, breach.survey.walk
        atoms = breach.atoms if breach.is_of_all else space.whole[axis]
        paths = walk.paths(breach.befores, _MOST_PATHS)
        boxes = [(*path[:axis], atoms, *path[axis + 1 :]) for _, path in paths]
        region = Cover(boxes, space.sizes).grown(boxes[0], space.whole) if boxes else breach.path
        given = next(iter(walk.must)) if len(walk.must) == 1 else None
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
        space, fact = breach.survey.space, breach.survey.fact
        facts = breach.example.facts
        told = [f"{fact} {facts.text(fact)}"] if fact and facts.get(fact) is not None else []
        for axis, mask, usual in zip(space.axes, region, given or space.whole, strict=True):
            if mask not in (axis.whole, usual) and axis.fact != fact:
                value = facts.text(axis.fact) if facts.get(axis.fact) is not None else "missing"
                told.append(f"{axis.fact} {value}")
        cost = breach.example.cost_of_goods
        if cost and not any(name in space.numbers for name, _ in breach.example.goods):
            goods = Money.from_minor(cost, breach.example.currency)
            told.append(f"goods that cost us {goods}")
        return ", ".join(told) or case_in_words(space, region, given=given)


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


def _help(why: str) -> str:
    """What to do where a proof is not whole: the reason may be a rate that is missing."""
    return _RATES if "the rate " in why else _AMOUNTS


def _is_meant(profile: Profile, survey: Survey) -> bool:
    """Whether a channel says in so many words that nothing is given there: `can: []`."""
    rules = survey.world.policies.channels.rules
    closed = {rule.ref for rule in rules if rule.can is not None and not rule.can}
    return bool(closed.intersection(profile.by)) or bool(survey.policy.channel_must_allow)


def _some(names: Sequence[str]) -> str:
    """A few of them, and how many more there are."""
    more = len(names) - _MOST_NAMED
    if more <= 1:
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{', '.join(names[:_MOST_NAMED])} and {more} more"


def _widest(breaches: Iterable[Breach]) -> list[Breach]:
    return sorted(breaches, key=lambda b: (b.ref.file, b.ref.line, b.sort))


def _digits(tried: Tried) -> tuple[int, int, int]:
    """How round a case is: the fewest digits first, small before large, cheap goods last."""
    text = f"{tried.at}".rstrip("0")
    return (len(text), abs(len(f"{tried.at}") - 4), tried.cost_of_goods)


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
