"""Small, complete values to store: one case, its changes, and what hangs on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aftersales.domain.case import (
    Account,
    Actor,
    Case,
    Change,
    Effect,
    HistoryEntry,
    LedgerEntry,
    Line,
    Offer,
    Timer,
)
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import (
    LeftOut,
    Option,
    OptionsDecision,
    Remedy,
    ReturnAnswer,
    RuleRef,
    Step,
)
from aftersales.store import Transaction, canonical, sha256

SHOP = "shop"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RULES = canonical({"workflow": "any"})
DIGEST = sha256(RULES)
EUR = "EUR"


def euros(amount: str) -> Money:
    return Money(amount, EUR)


def line() -> Line:
    return Line("SKU-1", 2, euros("39.90"), "Teapot")


def timer(*, due_at: datetime | None = NOON + timedelta(days=1), **more: object) -> Timer:
    fields = {"round": 1, "visit": 1, "deadline": "answer", "number": 0, "due_at": due_at}
    why = {"start": "2026-03-02", "skipped": [["2026-03-07", "weekend"]]}
    return Timer(**{**fields, "started_at": NOON, "why": why, **more})  # type: ignore[arg-type]


def case(id: str = "case-1", **more: object) -> Case:
    fields: dict[str, object] = {
        "shop": SHOP,
        "id": id,
        "kind": "any",
        "state": "reported",
        "version": 1,
        "round": 1,
        "visit": 1,
        "rulebook": DIGEST,
        "currency": EUR,
        "opened_at": NOON,
        "last_effective_at": NOON,
        "order_id": "1001",
        "customer_key": "c9",
        "facts": {"severity": "major"},
        "lines": (line(),),
        "timers": (timer(), timer(warning=0, due_at=NOON + timedelta(hours=12))),
        "counts": {"reminded": 1},
    }
    return Case(**{**fields, **more})  # type: ignore[arg-type]


def entry(case: Case, *, before: Case | None = None, **more: object) -> HistoryEntry:
    made = HistoryEntry(
        case_id=case.id,
        version=case.version,
        event="open" if before is None else "propose",
        actor=Actor.agent("ann"),
        effective_at=NOON + timedelta(minutes=case.version),
        recorded_at=NOON + timedelta(minutes=case.version, seconds=1),
        round=case.round,
        state_before=before.state if before else "",
        state_after=case.state,
        facts={"severity": "major"},
        did=("send offer",),
        rule="propose (workflows/any.yaml:9)",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def opening(id: str = "case-1", **more: object) -> Change:
    """The change that opens a case; `more` are parts of the change."""
    opened = more.pop("case", None) or case(id)
    assert isinstance(opened, Case)
    return Change(case=opened, history=entry(opened), **more)  # type: ignore[arg-type]


def next_change(
    before: Case, *, fields: Mapping[str, object] | None = None, **more: object
) -> Change:
    """A change one version on; `fields` are the case's, `more` parts of the change."""
    after = replace(before, **{"version": before.version + 1, **(fields or {})})  # type: ignore[arg-type]
    history = entry(after, before=before)
    return Change(case=after, history=history, before=before, **more)  # type: ignore[arg-type]


def effect(of: Case, number: int = 1, **more: object) -> Effect:
    fields: dict[str, object] = {
        "key": f"{of.shop}/{of.id}/{of.version}/{number}",
        "case_id": of.id,
        "lane": "message",
        "sort": "message",
        "name": "offer",
        "due_at": NOON,
        "order_id": of.order_id,
        "details": {"language": "en", "count": 2},
    }
    return Effect(**{**fields, **more})  # type: ignore[arg-type]


def remedy() -> Remedy:
    amount = euros("7.98")
    return Remedy("part_refund", "refund", amount, amount, "goodwill", {"lines": "goods"})


def decision() -> OptionsDecision:
    rule = RuleRef("any_policy", "row 2", "policies/any.yaml", 12)
    option = Option(
        id="part_refund",
        remedies=(remedy(),),
        approval="supervisor",
        returns=ReturnAnswer("customer_keeps", "default"),
        steps=(Step("20% of 39.90 EUR", "7.98 EUR", rule), Step("rounded", "7.98 EUR")),
    )
    left_out = LeftOut("resend", "in_stock is no", rule)
    return OptionsDecision((option,), rule, (Step("cell", "large"),), (left_out,), "supervisor")


def offer(id: str = "offer-1", **more: object) -> Offer:
    made = Offer(
        id=id,
        status="proposed",
        decision=decision(),
        currency=EUR,
        digest="d" * 64,
        made_by=Actor.agent("ann"),
        made_at=NOON,
        case_version=1,
        policy="any_policy",
        facts={"severity": "major"},
    )
    return replace(made, **more)  # type: ignore[arg-type]


def ledger_entry(id: str = "ledger-1", **more: object) -> LedgerEntry:
    made = LedgerEntry(
        id=id,
        case_id="case-1",
        order_id="1001",
        customer_key="c9",
        remedy="part_refund",
        sort="refund",
        status="reserved",
        cost=euros("7.98"),
        amount=euros("7.98"),
        counts_as="owed",
        by="us",
        granted_at=NOON,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def account(**more: object) -> Account:
    nothing = zero(EUR)
    made = Account("order:1001", euros("39.90"), nothing, nothing, nothing)
    return replace(made, **more)  # type: ignore[arg-type]


def put_rules(tx: Transaction) -> None:
    """Keep the rulebook that every case here is bound to."""
    tx.put_definition(DIGEST, "rulebook", RULES)
