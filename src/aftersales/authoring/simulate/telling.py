"""A simulation in words, for whoever prints it: the same ones on a terminal and on a page."""

from collections.abc import Iterator

from aftersales.authoring.simulate.simulation import Simulation
from aftersales.authoring.simulate.sums import Side, Sum
from aftersales.authoring.simulate.trying import NOT_KNOWN
from aftersales.domain.money import Money

OPTION, RULE = "option", "rule"
BREAKDOWNS = (OPTION, "kind", "month")  # those of every simulation, in this order
_TAKES = {
    "dearest": "the dearest option that is offered",
    "cheapest": "the cheapest option that is offered",
    "first": "the option that is offered first",
    "mean": "the mean of the options that are offered",
}


def amount(minor: int, currency: str, *, is_signed: bool = False) -> str:
    """`1,234.50`, without its currency; `+1,234.50` where the sign matters."""
    exact = Money.from_minor(minor, currency).amount
    return f"{exact:+,f}" if is_signed and minor else f"{exact:,f}"


def counted(count: int, what: str) -> str:
    """`1 case`, `1,204 cases`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def heading(found: Simulation) -> str:
    """How many cases, under which version, compared with which."""
    cases = counted(found.compared.cases_now + found.apart.cases_now, "past case")
    against = f", compared with {found.then}" if found.then else ""
    kind = f" of kind {found.asked.kind}" if found.asked.kind else ""
    return f"{cases}{kind} under {found.now}{against}"


def reckoned(found: Simulation) -> str:
    """What is added up: in which currency, which option, by which rules."""
    asked = found.asked
    rules = f"; by the rules of {asked.day}" if asked.day else ""
    policy = f"; by the policy {asked.policy}" if asked.policy else ""
    return f"Money in {asked.currency}: what {_TAKES[asked.takes]} costs us{rules}{policy}"


def changed(found: Simulation) -> str:
    """How many of the cases compared have changed, and what part of them that is."""
    cases, compared = found.changes.cases, found.compared.cases_now
    share = f" ({100 * cases / compared:.1f} %)" if compared else ""
    return f"{counted(cases, 'case')} changed{share}"


def changes(found: Simulation) -> list[tuple[int, str]]:
    """In what cases have changed, each with how many; one may have changed in several things."""
    counts = found.changes
    told = (
        (counts.dearer, "cost us more"),
        (counts.cheaper, "cost us less"),
        (counts.lost, "are no longer offered some option"),
        (counts.gained, "are offered a new one"),
        (counts.amounts, "have an option that costs something else"),
        (counts.approval, "need another approval"),
        (counts.returns, "have another answer to whether the goods come back"),
    )
    return [(count, what) for count, what in told if count]


def unseen_note(found: Simulation) -> str:
    """Why a past case may be like what is told as unseen all the same; empty where none is."""
    if not found.answered:
        return ""
    names = " and ".join(f"`{name}`" for name in found.answered)
    return f"Cases that give {names} are not found here: give the facts it is worked out from"


def given(option: str) -> str:
    """The option that was really given, where the past case names it."""
    return "which option is not known" if option == NOT_KNOWN else option


def undecided(found: Simulation) -> list[tuple[int, str]]:
    """The cases that could not be decided, by reason, most first."""
    parts = sorted(found.undecided.items(), key=lambda item: (-item[1].cases_now, str(item[0])))
    return [(part.cases_now, _why(side, has_then=bool(found.then))) for side, part in parts]


def _why(side: Side, *, has_then: bool) -> str:
    if not has_then:
        return side.now
    if side.then == side.now:
        return f"then and now: {side.now}"
    return f"then: {side.then or 'decided'}; now: {side.now or 'decided'}"


def breakdowns(found: Simulation) -> Iterator[tuple[str, list[tuple[str, Sum]]]]:
    """Each breakdown with its values, the dearest first; months in their order."""
    names = sorted(found.parts, key=lambda name: (name not in BREAKDOWNS, _order(name), name))
    for name in names:
        parts = [(v, p) for v, p in found.parts[name].items() if p.cases_then or p.cases_now]
        yield name, sorted(parts, key=lambda item: _rank(name, *item))


def _order(name: str) -> int:
    return BREAKDOWNS.index(name) if name in BREAKDOWNS else 0


def _rank(name: str, value: str, part: Sum) -> tuple[int, str]:
    money = 0 if name == "month" else -max(part.money_then, part.money_now)
    return money, value
