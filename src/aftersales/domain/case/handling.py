"""Who of the desk may handle this case: others are refused, whatever the event."""

from aftersales.domain.case.draft import Draft, NotPermitted
from aftersales.domain.case.model import Actor
from aftersales.domain.case.offers import LADDER, may_act_as
from aftersales.domain.errors import FactMissing


def refuse_others(draft: Draft, by: Actor) -> None:
    """NotPermitted where a rule leaves this case to roles that `by` does not reach.

    It binds the people of the desk; customers, platforms, banks and the system are not of it.
    """
    rulebook = draft.around.rulebook
    handling = rulebook.policies.handling
    if by.role not in LADDER or not handling.rules:
        return
    try:
        holding = handling.holding(rulebook.answered(draft.facts(), handling.reads))
    except FactMissing as missing:
        raise NotPermitted("fact_missing", str(missing)) from missing
    for rule in holding:
        if not any(may_act_as(by.role, role) for role in rule.only):
            roles = " or ".join(rule.only)
            message = f"this case is for {roles} ({rule.ref}); {by.id} is here as {by.role}"
            raise NotPermitted("role", message)
