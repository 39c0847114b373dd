"""What the shipped policies offer, with all explanations and without."""

import random
from dataclasses import replace
from datetime import UTC, datetime

from measuring import Answers, Contestant, Question

from aftersales.definitions import Catalog
from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money
from aftersales.domain.policy import (
    Decider,
    OptionsDecision,
    Spent,
    Undecided,
    decide_options,
)

KINDS = ("damaged", "not_received")
WORDS = {
    "severity": ("minor", "major", "total"),
    "tier": ("new", "regular", "regular", "vip"),
    "buyer": ("consumer", "consumer", "business"),
    "country": ("US", "US", "CA", "DE", "FR", "GB", "NO"),
    "platform": ("own_shop", "shopify", "amazon", "ebay"),
    "fulfilled_by": ("us", "us", "platform"),
    "fault": ("carrier", "warehouse", "product", "customer"),
    "evidence": ("none", "photo"),
    "in_stock": ("yes", "yes", "no"),
    "safety_risk": ("no", "no", "no", "yes"),
    "tracking_status": ("in_transit", "stalled", "delivered", "lost", "returned_to_sender"),
    "address_fault": ("none", "none", "customer", "carrier"),
    "days_since_delivery": ("3", "20", "40"),
}
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
PLENTY, NOTHING = Money("1000000", "USD"), Money("0", "USD")


def options_questions(items: int) -> list[Question]:
    """What may be offered: one question for each of two kinds."""
    catalog = Catalog.load()
    return [_question(catalog, kind, items) for kind in KINDS]


def _question(catalog: Catalog, kind: str, items: int) -> Question:
    policies = catalog.rulebook(kind, AT).policies
    cases = [_case(catalog, kind, n) for n in range(items)]
    decider = Decider(policies, kind)
    contestants = [
        Contestant(
            "aftersales `Decider.decide`, without explanations",
            lambda: [decider.decide(facts, spent) for facts, spent in cases],
            True,
        ),
        Contestant(
            "aftersales `decide_options`, explained",
            lambda: [decide_options(policies, kind, facts, spent) for facts, spent in cases],
        ),
    ]
    return Question(f"what `{kind}` offers, amounts included", items, contestants, _same)


def _case(catalog: Catalog, kind: str, n: int) -> tuple[Facts, Spent]:
    chance = random.Random(n)
    texts = {name: chance.choice(words) for name, words in WORDS.items()}
    cents = chance.randrange(500, 60_000)
    texts |= {"affected_value": f"{cents // 100}.{cents % 100:02} USD", "item_cost": "12.00 USD"}
    schema, rates = catalog.rulebook(kind, AT).schema, catalog.rates_on(AT.date())
    return schema.typed(texts, rates=rates, kind=kind, opened_at=AT), Spent(PLENTY, NOTHING)


def _same(answers: dict[str, Answers]) -> str:
    decided, told = answers.values()
    assert [_bare(one) for one in decided] == [_bare(one) for one in told]
    many = sum(isinstance(one, OptionsDecision) and bool(one.options) for one in told)
    return f"both say the same to the cent, and have something to offer in {many} of {len(told)}"


def _bare(decision: OptionsDecision | Undecided) -> OptionsDecision | Undecided:
    """Without what only an explanation has."""
    if isinstance(decision, Undecided):
        return decision
    options = tuple(replace(option, steps=()) for option in decision.options)
    return replace(decision, options=options, steps=(), left_out=())
