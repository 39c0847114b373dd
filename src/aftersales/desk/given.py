"""Facts as a caller gives them, and those the desk knows itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aftersales.desk.orders import is_untouched
from aftersales.domain.case import Account, Line
from aftersales.domain.conditions import canonical_text
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money
from aftersales.domain.rulebook import Rulebook
from aftersales.store import Transaction


def texts_of(rulebook: Rulebook, facts: Mapping[str, object]) -> dict[str, str]:
    """The facts as canonical texts; `option` is an answer, not a fact that is kept."""
    texts: dict[str, str] = {}
    for name, value in facts.items():
        if name == "option":
            texts[name] = str(value)
        else:
            texts[name] = canonical_text(rulebook.schema, name, value)
    return texts


def with_built_in(
    tx: Transaction,
    rulebook: Rulebook,
    facts: Mapping[str, object],
    lines: Sequence[Line],
    customer_id: str,
    at: datetime,
) -> dict[str, Any]:
    """The facts given, and those the desk knows itself unless they were given."""
    """The facts given, and those the desk knows itself unless they were given."""
    known: dict[str, Any] = {}
    if lines:
        known["affected_value"] = sum((line.value for line in lines[1:]), lines[0].value)
    if customer_id:
        known["earlier_cases_365d"] = tx.earlier_cases(customer_id, at - timedelta(days=365))
        given = [e.cost for e in tx.goodwill_of_customer(customer_id, at - timedelta(days=90))]
        if given and len({cost.currency for cost in given}) == 1:
            known["goodwill_given_90d"] = sum(given[1:], given[0])
    declared = {name: value for name, value in known.items() if rulebook.schema.declared(name)}
    return {**declared, **facts}


def currency_of(
    account: Account | None, lines: Sequence[Line], texts: Mapping[str, str], rulebook: Rulebook
) -> str:
    """What the customer was charged in: by the account, the lines, or the facts."""
    if account is not None and not is_untouched(account):
        return account.paid.currency
    if lines:
        return lines[0].value.currency
    first_asked = sorted(texts, key=lambda name: (name != "affected_value", name))
    amounts = (
        value
        for name in first_asked
        if isinstance(value := rulebook.schema.read(name, texts[name]), Money)
    )
    first = next(amounts, None)
    if first is not None:
        return first.currency
    if account is not None:
        return account.paid.currency
    raise ValueUnreadable(
        "the currency of the order is not known", help="record the order, or give a fact of money"
    )
