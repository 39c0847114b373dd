"""What the forty days came to, in numbers: read from the desk when they are over."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from aftersales.demo.deadlines import Ended, endings
from aftersales.desk import CaseView, Desk
from aftersales.domain.case import LedgerEntry
from aftersales.domain.money import Money, zero


@dataclass(frozen=True, slots=True)
class CasesOfKind:
    """The cases of one kind: how those that are closed ended, and where the others stand."""

    kind: str
    about: str
    outcomes: Counter[str]
    states: Counter[str]


@dataclass(frozen=True, slots=True)
class Given:
    """What was given in one currency: by us, and by platforms and banks behind us."""

    currency: str
    confirmed: Money
    failed: Money
    waiting: Money
    outside: Money
    goods: int  # parcels sent again, exchanges


@dataclass(slots=True)
class Kept:
    """The deadlines of one party."""

    party: str
    endings: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers of the demo."""

    orders: int
    cases: tuple[CasesOfKind, ...]
    given: tuple[Given, ...]
    kept: tuple[Kept, ...]


def report(desk: Desk) -> Report:
    """Count everything on the desk."""
    views = desk.find_cases(limit=10_000)
    return Report(
        orders=len({view.case.order_id for view in views}),
        cases=tuple(_of_kind(desk, kind, views) for kind in sorted({v.kind for v in views})),
        given=tuple(_given(_entries(desk, views))),
        kept=tuple(_kept(desk, views)),
    )


def _of_kind(desk: Desk, kind: str, views: Iterable[CaseView]) -> CasesOfKind:
    mine = [view for view in views if view.kind == kind]
    return CasesOfKind(
        kind=kind,
        about=desk.rulebook(mine[0].id).workflow.about,
        outcomes=Counter(view.outcome for view in mine if not view.is_open),
        states=Counter(view.state for view in mine if view.is_open),
    )


def _entries(desk: Desk, views: Iterable[CaseView]) -> list[LedgerEntry]:
    with desk.store.reading(desk.shop) as tx:
        return [entry for view in views for entry in tx.ledger_of_case(view.id)]


def _given(entries: Iterable[LedgerEntry]) -> Iterable[Given]:
    by_currency: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        by_currency[entry.cost.currency].append(entry)
    for currency, mine in sorted(by_currency.items()):
        ours = [entry for entry in mine if entry.by == "us"]
        yield Given(
            currency=currency,
            confirmed=_total(ours, "confirmed", currency),
            failed=_total(ours, "failed", currency),
            waiting=_total(ours, "reserved", currency),
            outside=_total([e for e in mine if e.by != "us"], "confirmed", currency),
            goods=sum(e.amount is None and e.status == "confirmed" for e in ours),
        )


def _total(entries: Iterable[LedgerEntry], status: str, currency: str) -> Money:
    amounts = (entry.amount for entry in entries if entry.status == status)
    return sum((amount for amount in amounts if amount is not None), zero(currency))


def _kept(desk: Desk, views: Iterable[CaseView]) -> Iterable[Kept]:
    kept: dict[str, Kept] = {}
    for view in views:
        for ended in endings(desk.rulebook(view.id), view.case, desk.history(view.id)):
            _count(kept.setdefault(ended.party, Kept(ended.party)), ended)
    return sorted(kept.values(), key=lambda k: -k.endings.total())


def _count(kept: Kept, ended: Ended) -> None:
    kept.endings[ended.ending] += 1
    if ended.ending == "missed":
        kept.missed[ended.name] += 1
