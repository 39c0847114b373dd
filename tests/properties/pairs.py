"""Two cases of one order and one customer, and all that can happen to them, in any order.

What happens is drawn as steps: a time and a seed. The seed is read against what is possible then,
so that most steps do something; what was asked is kept, so that another desk can be asked the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Literal

from hypothesis import strategies as st
from tests.properties.scripts import CATALOG, START, facts_of, possible

from aftersales.desk import Answer, CaseView, accepted, done, failed, unknown
from aftersales.domain.case import Account, Actor, Effect, Role
from aftersales.domain.money import Money
from aftersales.domain.rulebook import Rulebook
from aftersales.domain.workflow import Transition

PEOPLE = ["ann", "bob"]  # each of them agent, supervisor and manager
VALUES = ["12.00 USD", "15.00 USD", "22.00 USD", "48.00 USD", "150.00 USD"]  # most need nobody else
OUTSIDE = ["5.00 USD", "20.00 USD", "100.00 USD"]
GAPS = [0, 1, 5, 30, 60, 120, 240, 1441, 10081]
FORWARD = ("make offer", "accept option", "grant accepted option", "approve offer")
LIKELY = {"tracking_status": "lost", "returned_goods": "as_agreed", "address_fault": "customer"}

Sort = Literal["open", "event", "settle", "order", "tick"]


@dataclass(frozen=True)
class Step:
    """After so many minutes something happens; `seed` decides what."""

    minutes: int
    seed: int


@dataclass(frozen=True)
class Opening:
    """One of the cases: its kind, and what it is opened with."""

    kind: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pair:
    """The order's two cases, what was paid, how receivers answer, and what happens."""

    paid: str
    openings: tuple[Opening, Opening]
    answers: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Request:
    """Something asked of the desk, such that another desk can be asked the same."""

    at_minutes: int
    sort: Sort
    case: int = 0  # by order of opening
    event: str = ""
    role: Role = "system"
    who: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    effect: str = ""  # the end of its key, after the case
    answer: Answer | None = None
    number: int = 0

    @property
    def key(self) -> str:
        """Its idempotency key."""
        return f"request-{self.number}"


@st.composite
def pairs(draw: st.DrawFn, most_steps: int = 22) -> Pair:
    """Two cases of any kinds; facts that let remedies be offered, more often than not."""
    openings = (draw(_openings()), draw(_openings()))
    gaps = st.sampled_from(GAPS)
    step = st.builds(Step, gaps, st.integers(0, 2**20))
    steps = draw(st.lists(step, min_size=most_steps * 2 // 3, max_size=most_steps))
    # Both may be about the same goods: then each alone may take all that was paid.
    paid = max(Money.parse(dict(opening.facts)["affected_value"]) for opening in openings)
    return Pair(str(paid), openings, draw(st.integers(0, 2**16)), tuple(steps))


@st.composite
def _openings(draw: st.DrawFn) -> Opening:
    kinds = [kind for kind in CATALOG.kinds if kind != "chargeback"]
    kind = draw(st.sampled_from([*kinds, *kinds, "chargeback"]))  # which stops all the others
    rulebook = CATALOG.rulebook(kind, START)
    facts = draw(facts_of(rulebook))
    usual = {"affected_value": draw(st.sampled_from(VALUES)), "fulfilled_by": "us"}
    usual |= {"evidence": "photo", "platform": "own_shop"}
    usual |= {"dispute_stage": "inquiry"} if "dispute_stage" in facts else {}
    return Opening(kind, tuple({**facts, **usual}.items()))


@dataclass
class Chooser:
    """Reads a step's seed against what is possible now."""

    seed: int
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def sort(self, *, may_open: bool, may_settle: bool) -> Sort:
        """What happens: mostly an event."""
        sorts: list[Sort] = ["event"] * 18 + ["tick"] * (6 if may_settle else 3) + ["order"]
        sorts += ["open"] * 10 if may_open else []
        sorts += ["settle"] * 3 if may_settle else []
        return self.random.choice(sorts)

    def one_of(self, open_ones: Sequence[int], all_of_them: Sequence[int]) -> int:
        """Which case: mostly one that is open."""
        is_usual = open_ones and self.random.random() < 0.95
        return self.random.choice(open_ones if is_usual else all_of_them)

    def event(self, at: int, case: int, view: CaseView, rulebook: Rulebook) -> Request:
        """An event to a case, by somebody who may put it, with facts that it takes."""
        if not view.is_open:
            role: Role = self.random.choice(["customer", "agent"])
            return Request(at, "event", case, "reopen", role, "c1" if role == "customer" else "ann")
        way = self._way(view.state, rulebook)
        role = self._role(way, view)
        who = self._who(view) if role not in ("customer", "system") else "c1"
        facts = {fact: self._text(rulebook, fact) for fact in way.takes}
        if "outside_refund" in facts:
            facts["outside_refund"] = self.random.choice(OUTSIDE)
        if "option" in facts and view.offer is not None:
            facts["option"] = self.random.choice(view.offer.options).id
        return Request(at, "event", case, way.event, role, who, tuple(facts.items()))

    def settle(self, at: int, effects: Sequence[tuple[int, Effect]]) -> Request:
        """The outcome of a remedy, told or carried out by hand."""
        case, effect = self.random.choice(list(effects))
        answer = self.random.choice([*[done("by hand")] * 3, failed("refused"), unknown()])
        return Request(at, "settle", case, effect=effect.key.split("/", 2)[2], answer=answer)

    def order(self, at: int, account: Account) -> Request:
        """The order is recorded again: as it was, or with more refunded by others."""
        more = self.random.choice([None, None, *OUTSIDE])
        if more is None:
            return Request(at, "order")
        refunded = account.confirmed + account.external + Money.parse(more)
        return Request(at, "order", facts=(("refunded", str(refunded)),))

    def _way(self, state: str, rulebook: Rulebook) -> Transition:
        """A way out of a state: mostly one towards a remedy, seldom one that closes the case."""
        machine, states = rulebook.machine, rulebook.workflow.states
        ways = [way for event in machine.events_of(state) for way in machine.ways(state, event)]
        forward = [way for way in ways if any(str(a).startswith(FORWARD) for a in way.do)]
        anywhere = rulebook.workflow.anywhere
        own = [way for way in ways if way.event not in anywhere]
        onward = [way for way in own if way.go_to and not states[way.go_to].is_final]
        among = self.random.choices([forward, onward, ways], [14, 5, 1])[0]
        return self.random.choice(among or onward or ways)

    def _who(self, view: CaseView) -> str:
        """Somebody: rather another person than the one who made the offer."""
        others = [who for who in PEOPLE if view.offer is None or who != view.offer.made_by.id]
        return self.random.choice([*PEOPLE, *others, *others, *others])

    def _text(self, rulebook: Rulebook, fact: str) -> str:
        texts = possible(rulebook, fact)
        return self.random.choice([*texts, *[LIKELY.get(fact, texts[0])] * len(texts)])

    def _role(self, way: Transition, view: CaseView) -> Role:
        role: str = self.random.choice(way.by)
        if role == "approvers":
            role = view.offer.approval if view.offer else "manager"
        return "agent" if role == "none_needed" else role  # type: ignore[return-value]


def answer_of(seed: int, effect: Effect) -> Answer:
    """How the receiver answers: mostly done; the same for the same attempt at the same effect."""
    place = effect.key.split("/", 2)[2]
    random = Random(f"{seed} {place} {effect.attempts}")
    match random.choice("dddddafuxx"):
        case "a":
            return accepted("taken")
        case "f":
            return failed("the bank said no")
        case "u":
            return unknown("no answer")
        case "x":
            raise ConnectionError("the bank is down")
    return done("paid")


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def actor_of(request: Request) -> Actor:
    """Who asks."""
    return Actor(request.who, request.role)
