"""`aftersales case explain`: why this due date, why this offer, why not another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from aftersales.authoring.reckoning import hours_in_words
from aftersales.cli.case import words
from aftersales.cli.case.find import find_case
from aftersales.cli.options import json_option, settings_options, zone_of
from aftersales.cli.output import plain, put, put_json
from aftersales.cli.pages import put_page
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import CaseView, Desk, DueExplained, Explanation
    from aftersales.domain.case import Account, LedgerEntry
    from aftersales.domain.policy import LeftOut, OptionsDecision, RuleRef, Step
    from aftersales.store import StoredRefusal

_NOT_YET = "not yet: it waits until its message is sent"


@click.command("explain")
@click.argument("case_id")
@json_option
@settings_options
def command(chosen: "Settings", case_id: str, as_json: bool) -> None:
    """Why this due date, why this offer, and why not another."""
    desk = desk_from(chosen)
    view = find_case(desk, case_id)
    put_explanation(chosen, desk, view, as_json=as_json)


def put_explanation(chosen: "Settings", desk: "Desk", view: "CaseView", *, as_json: bool) -> None:
    """Print the explanation of a case, and under which publication it was opened."""
    explanation = desk.explain(view.id)
    publication = desk.publication(view.id)
    if as_json:
        put_json(plain(explanation) | {"publication": publication and publication.number})
        return
    zone = zone_of(chosen, explanation.zone)
    put_page(explained(explanation, zone))
    if publication is not None:
        put()
        put(words.opened_under(publication, view.case.rulebook, zone))


def explained(explanation: "Explanation", zone: str) -> list[str]:
    """The page, line by line."""
    sections = [_dues(explanation.due, zone)]
    if explanation.offer is not None:
        decision = explanation.offer.decision
        sections += [_offer(decision), _left_out(decision.left_out)]
    sections.append(_given(explanation.ledger, zone))
    if explanation.account is not None:
        sections.append(["The order's account", f"  {_account(explanation.account)}"])
    sections.append(_refused(explanation.refusals, zone))
    written = [section for section in sections if section]
    if not written:
        return ["nothing is due, and nothing was offered"]
    return [line for section in written for line in (*section, "")][:-1]


def _dues(dues: "Sequence[DueExplained]", zone: str) -> list[str]:
    page = []
    for due in dues:
        if due.is_warning:
            continue
        page.append(f"  {due.deadline}: {_at(due, zone)}")
        lines = words.why_due(due.why, zone, used_before=_used_before(due), paused_at=due.paused_at)
        page += [f"    {line}" for line in lines]
    return ["Why these due dates", *page] if page else []


def _used_before(due: "DueExplained") -> str:
    """What a newer calendar found used: `2` of the business days, `3:00 h` of the hours."""
    if due.used_seconds_before:
        return hours_in_words(due.used_seconds_before)
    return str(due.used_days_before or "")


def _at(due: "DueExplained", zone: str) -> str:
    if due.paused_at is not None:
        return f"no date: paused since {words.when(due.paused_at, zone)}{_going_on(due, zone)}"
    return f"{words.when(due.due_at, zone)}, {due.until}" if due.due_at else _NOT_YET


def _going_on(due: "DueExplained", zone: str) -> str:
    if due.if_resumed_at is None:
        return ""
    return f"; resumed now, it would be due {words.when(due.if_resumed_at, zone)}"


def _offer(decision: "OptionsDecision") -> list[str]:
    page = ["Why this offer", f"  rule {decision.rule}", *_steps(decision.steps, "  ")]
    for option in decision.options:
        page += [f"  {option.id}", *_steps(option.steps, "    ")]
    return page


def _steps(steps: "Sequence[Step]", margin: str) -> list[str]:
    return [f"{margin}{step.what}: {step.result}{_by(step.rule, step.what)}" for step in steps]


def _left_out(left_out: "Sequence[LeftOut]") -> list[str]:
    page = [f"  {out.what}: {out.why}{_by(out.rule, out.what)}" for out in left_out]
    return ["Why not", *page] if page else []


def _by(rule: "RuleRef | None", told: str) -> str:
    """The rule and where it is written; its id only if the line has not said it."""
    if rule is None:
        return ""
    id = "" if told.startswith(rule.rule) else f"{rule.rule}, "
    return f" ({id}{rule.file}:{rule.line})"


def _given(ledger: "Sequence[LedgerEntry]", zone: str) -> list[str]:
    page = []
    for entry in ledger:
        amount = f" {entry.amount}" if entry.amount is not None else ""
        reason = f", {entry.reason}" if entry.reason else ""
        by = "" if entry.by == "us" else f", by {entry.by}"
        at = words.when(entry.granted_at, zone)
        page.append(f"  {entry.remedy}:{amount} {entry.status}{by} ({at}){reason}")
    return ["Given on this order so far", *page] if page else []


def _refused(refusals: "Sequence[StoredRefusal]", zone: str) -> list[str]:
    page = [
        f"  {words.when(no.at, zone)}: {no.event} by {no.actor}: {no.reason}" for no in refusals
    ]
    return ["Refused so far", *page] if page else []


def _account(account: "Account") -> str:
    held = f" · held by {account.held_by}" if account.held_by else ""
    return (
        f"paid {account.paid} · reserved {account.reserved} · confirmed {account.confirmed}"
        f" · paid by others {account.external} · left {account.left}{held}"
    )
