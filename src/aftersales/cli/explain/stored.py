"""A stored case: its page, and why an option is not in its offer."""

from typing import TYPE_CHECKING

from aftersales.cli.case.explain import put_explanation
from aftersales.cli.case.find import find_case
from aftersales.cli.exits import NotFound
from aftersales.cli.explain.why import of_options
from aftersales.config import desk_from

if TYPE_CHECKING:
    from aftersales.authoring.why_not import WhyNot
    from aftersales.config import Settings
    from aftersales.desk import CaseView, Desk
    from aftersales.domain.conditions import Value


def explained(chosen: "Settings", id: str) -> "tuple[Desk, CaseView]":
    """The case that `id` names, whole or in part. NotFound if there is none."""
    desk = desk_from(chosen)
    return desk, find_case(desk, id)


def page(desk: "Desk", case_id: str, chosen: "Settings", *, as_json: bool) -> None:
    """The same as `aftersales case explain`."""
    put_explanation(chosen, desk, desk.get_case(case_id), as_json=as_json)


def why_no(desk: "Desk", view: "CaseView", option: str) -> "WhyNot":
    """Why the offer that stands does not hold `option`. NotFound if the case has no offer."""
    offer = desk.explain(view.id).offer
    if offer is None:
        raise NotFound(f"no offer was made for the case `{view.id}`")
    rulebook = desk.rulebook(view.id)
    policy = rulebook.policies.compensation[offer.decision.rule.policy]
    rates = desk.catalog.rates_on(offer.made_at.date())
    builtins: dict[str, Value] = {"kind": view.kind, "opened_at": view.case.opened_at}
    facts = rulebook.facts(offer.facts, rates=rates, builtins=builtins)
    facts = rulebook.answered(facts, rulebook.policies.reads(policy.name))
    return of_options(policy, facts, offer.decision, option)
