"""A case told as a short story: dated lines in plain words, made from its history."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aftersales.desk import CaseView, Desk, option_text
from aftersales.domain.calendar import local
from aftersales.domain.case import Actor, HistoryEntry, LedgerEntry, Offer
from aftersales.domain.rulebook import Rulebook

FOLLOW_UP = "follow_up"
_SILENT = {"message_sent"}  # that a message was handed over says nothing new
_ALERTED = {"assignee": "its agent is told", "approvers": "who may approve it is told"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story. `about` is the kind, where the order has several cases."""

    at: datetime
    about: str
    text: str
    stands: str = ""  # where the case stands from now on, if it moved
    follows: bool = False  # it follows from what somebody did at the same instant


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one order."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A case with all that its lines are made of."""

    view: CaseView
    rulebook: Rulebook
    offers: Mapping[str, Offer]
    ledger: tuple[LedgerEntry, ...]
    about: str


def story(desk: Desk, order_id: str) -> Story:
    """The story of an order, over all its cases, in the order in which things happened."""
    views = desk.find_cases(order_id=order_id)
    told = [_told(desk, view, is_one_of_many=len(views) > 1) for view in views]
    lines = [line for each in told for line in _lines(each, desk.history(each.view.id))]
    case = views[0].case
    items = ", ".join(line.title for line in case.lines).lower()
    where = f"{case.facts.get('platform', '')}, {case.facts.get('country', '')}"
    about = told[0].rulebook.workflow.about
    title = f"{about}: a {items} ({order_id}, {where.replace('_', ' ')})"
    return Story(title, tuple(sorted(lines, key=lambda line: (line.at, line.follows))))


def _told(desk: Desk, view: CaseView, *, is_one_of_many: bool) -> _Told:
    with desk.store.reading(desk.shop) as tx:
        offers = {offer.id: offer for offer in tx.offers(view.id)}
        ledger = tx.ledger_of_case(view.id)
    about = view.kind.replace("_", " ") if is_one_of_many else ""
    return _Told(view, desk.rulebook(view.id), offers, ledger, about)


def _lines(told: _Told, history: Iterable[HistoryEntry]) -> Iterator[Line]:
    zone = told.rulebook.calendar(of_case=told.view.case.calendar).zone
    for entry in history:
        if entry.event in _SILENT:
            continue
        phrases = [_happened(entry), *_did(told, entry)]
        at, text = local(entry.effective_at, zone), "; ".join(filter(None, phrases))
        follows = entry.actor.role == "system" and entry.event != "open"
        yield Line(at, told.about, text, _stands(told, entry), follows)


def _stands(told: _Told, entry: HistoryEntry) -> str:
    if entry.state_before == entry.state_after:
        return ""
    state = told.rulebook.workflow.states[entry.state_after]
    if state.outcome is not None:
        return f"closed: {state.outcome.replace('_', ' ')}"
    return state.label or entry.state_after.replace("_", " ")


def _happened(entry: HistoryEntry) -> str:
    """Who did what, or that time was over."""
    words = entry.event.replace("_", " ")
    if entry.event == "open":
        return f"{_who(entry.actor)} opens the case"
    if entry.event.startswith("warning of "):
        return f"time for `{words.removeprefix('warning of ')}` runs short"
    if entry.event == FOLLOW_UP:
        return "we ask again"
    if entry.rule.startswith("timer "):
        return f"time is over: {words}"
    given = ", ".join(f"{_words(k)}: {_words(v)}" for k, v in _worth_telling(entry))
    told = f" ({given})" if given else ""
    if entry.actor.role == "system":
        return "" if entry.event.startswith("remedy_") else f"{words}{told}"
    return f"{_who(entry.actor)}: {words}{told}"


def _worth_telling(entry: HistoryEntry) -> list[tuple[str, str]]:
    return [(k, v) for k, v in entry.facts.items() if k != "option" and not k.endswith("_at")]


def _who(actor: Actor) -> str:
    if actor.role == "system":
        return "the shop"
    name = _words(actor.id).replace(".", " ").title()
    return name if actor.role == "customer" else f"{name} ({actor.role})"


def _did(told: _Told, entry: HistoryEntry) -> Iterator[str]:
    for action in entry.did:
        verb = next((verb for verb in _SAID if action == verb or action.startswith(f"{verb} ")), "")
        if verb:
            yield _SAID[verb](told, entry, action.removeprefix(verb).strip())
        elif " confirmed: " in action or " failed: " in action:
            yield _turned_out(told, action)


def _turned_out(told: _Told, action: str) -> str:
    """`full_refund confirmed: ...` of the ledger, with its amount."""
    remedy, _, rest = action.partition(" ")
    how, _, why = rest.partition(": ")
    entry = next((e for e in told.ledger if e.remedy == remedy and e.status == how), None)
    amount = f" of {entry.amount}" if entry is not None and entry.amount is not None else ""
    return f"{_words(remedy)}{amount} {how}" + (f" ({why})" if how == "failed" else "")


def _offer_made(told: _Told, entry: HistoryEntry, _: str) -> str:
    offer = told.offers.get(f"{entry.case_id}/offer-{entry.version}")
    options = " or ".join(option_text(option) for option in offer.options) if offer else ""
    return f"an offer is made: {options}"


def _chosen(_: _Told, entry: HistoryEntry, __: str) -> str:
    return f"takes {_words(entry.facts.get('option', ''))}"


def _alerted(_: _Told, __: HistoryEntry, whom: str) -> str:
    role, _sep, why = whom.partition(": ")
    named = _ALERTED.get(role, f"a {role} is told")
    return f"{named} ({why})" if why else named


def _recorded(_: _Told, __: HistoryEntry, fact: str) -> str:
    return f"{_words(fact)} is entered in the order's account"


def _plainly(text: str) -> Callable[[_Told, HistoryEntry, str], str]:
    return lambda _told, _entry, argument: text.format(_words(argument))


def _words(text: str) -> str:
    return text.replace("_", " ")


# The first that fits: `send offer` before `send`.
_SAID: dict[str, Callable[[_Told, HistoryEntry, str], str]] = {
    "make offer": _offer_made,
    "approve offer": _plainly("the offer is approved"),
    "send offer": _plainly("it goes out"),
    "withdraw offer": _plainly("no offer stands any more"),
    "decline offer": _plainly("the offer is declined"),
    "expire offer": _plainly("the offer has expired"),
    "accept option": _chosen,
    "grant accepted option": _plainly("it is granted"),
    "hold order": _plainly("the order is held, nothing more is paid on it"),
    "release order": _plainly("the order is free again"),
    "open case": _plainly("a case of its own is opened: {}"),
    "record": _recorded,
    "alert": _alerted,
    "call": _plainly("{} is asked for"),
    "tag": _plainly("tagged {}"),
    "send": _plainly("message “{}” goes out"),
}
