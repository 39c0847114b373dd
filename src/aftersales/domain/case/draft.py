"""The working copy of a case during one decision. It never leaves this package."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aftersales.domain.calendar import Calendar
from aftersales.domain.case.change import Change
from aftersales.domain.case.model import (
    Account,
    Actor,
    Case,
    Effect,
    HistoryEntry,
    Lane,
    LedgerEntry,
    Offer,
    Timer,
)
from aftersales.domain.case.situation import Surroundings
from aftersales.domain.conditions import Condition, Facts, Value
from aftersales.domain.policy import OptionsDecision


class NotPermitted(Exception):
    """The event cannot be taken; becomes a Refusal. `calls_person` where a person must look."""

    def __init__(self, code: str, reason: str, *, calls_person: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.calls_person = calls_person


class Draft:
    """Everything one decision has come to so far; `change` freezes it."""

    def __init__(
        self, around: Surroundings, case: Case, *, before: Case | None, at: datetime, by: Actor
    ) -> None:
        self.around = around
        self.before = before
        self.at = at
        self.by = by
        self.case = replace(case, version=case.version + 1) if before is not None else case
        self.offer = around.offer
        self.account = around.account
        self.customer_account = around.customer_account
        self.ledger: dict[str, LedgerEntry] = {}
        self.effects: list[Effect] = []
        self.did: list[str] = []
        self.sent: list[str] = []
        self.personal: dict[str, str] = {}
        self.given: dict[str, str] = {}
        self.rule = ""
        self.prospect: OptionsDecision | None = None
        self.fired: Timer | None = None  # the deadline whose being over led to this
        self.paused: set[str] = set()  # deadlines of the state it leads to, to be armed paused
        self._offers: dict[str, Offer] = {}

    # -- reading

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """The order's ledger as it stands in this draft."""
        known = {entry.id: entry for entry in self.around.ledger} | self.ledger
        return tuple(known.values())

    def facts(self, **more: Value) -> Facts:
        """The case's facts with the built-in ones, typed."""
        case, held = self.case, self.account is not None and bool(self.account.held_by)
        builtins: dict[str, Value] = {
            "kind": case.kind,
            "state": case.state,
            "opened_at": case.opened_at,
            "order_held": held,
            **more,
        }
        if case.priority:
            builtins["priority"] = case.priority
        if case.outcome:
            builtins["outcome"] = case.outcome
        rates = self.around.rates_on(self.at.date())
        return self.around.rulebook.facts(case.facts, rates=rates, builtins=builtins)

    def calendar(self, name: str | None) -> Calendar:
        """The calendar `name`; without a name, the one this case is counted on."""
        return self.around.rulebook.calendar(name, of_case=self.case.calendar)

    def facts_for(self, condition: Condition, **more: Value) -> Facts:
        """The facts `condition` is judged on, with those it reads that a policy answers."""
        return self.around.rulebook.answered(self.facts(**more), condition.reads)

    # -- changing

    def set(self, **fields: Any) -> None:
        """Replace fields of the case."""
        self.case = replace(self.case, **fields)

    def put_offer(self, offer: Offer) -> None:
        self.offer = offer
        self._offers[offer.id] = offer
        self.set(offer_id=offer.id, stands_since=self.case.version)

    def put_entry(self, entry: LedgerEntry) -> None:
        self.ledger[entry.id] = entry

    def put_account(self, account: Account) -> None:
        self.account = account

    def put_customer_account(self, account: Account) -> None:
        self.customer_account = account

    def count(self, name: str) -> None:
        """Note one more use of a bounded transition or a `once` deadline."""
        self.set(counts={**self.case.counts, name: self.case.counts.get(name, 0) + 1})

    def add_effect(self, lane: Lane, sort: str, name: str, **fields: Any) -> Effect:
        """An instruction to the outside, under the next stable key of this version."""
        case = self.case
        effect = Effect(
            key=f"{case.shop}/{case.id}/{case.version}/{len(self.effects) + 1}",
            case_id=case.id,
            lane=lane,
            sort=sort,
            name=name,
            due_at=self.at,
            order_id=case.order_id,
            round=case.round,
            visit=case.visit,
            **fields,
        )
        self.effects.append(effect)
        return effect

    def call_person(self, why: str, role: str = "supervisor") -> None:
        """Mark the case for a person, and tell one."""
        self.set(needs_person=why)
        self.add_effect("alert", "alert", role, details={"why": why})
        self.did.append(f"alert {role}: {why}")

    # -- finishing

    def change(self, event: str, *, note: str = "", effective_at: datetime | None = None) -> Change:
        """The finished change, with its history entry."""
        case = self.case
        entry = HistoryEntry(
            case_id=case.id,
            version=case.version,
            event=event,
            actor=self.by,
            effective_at=effective_at or self.at,
            recorded_at=self.around.recorded_at,
            round=case.round,
            state_before=self.before.state if self.before else "",
            state_after=case.state,
            facts=self._public(self.given),
            did=tuple(self.did),
            rule=self.rule,
            note=note,
        )
        return Change(
            case=case,
            history=entry,
            before=self.before,
            offers=tuple(self._offers.values()),
            ledger=tuple(self.ledger.values()),
            account=self.account if self.account != self.around.account else None,
            customer_account=(
                self.customer_account
                if self.customer_account != self.around.customer_account
                else None
            ),
            effects=tuple(self.effects),
            personal=dict(self.personal),
        )

    def _public(self, facts: Mapping[str, str]) -> dict[str, str]:
        return {name: text for name, text in facts.items() if name not in self.personal}
