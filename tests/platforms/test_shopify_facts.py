"""The facts an order fills are declared facts, in texts that are read back as they are."""

import re
from pathlib import Path

import pytest
from shopify_samples import sample

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import FactSchema
from aftersales.platforms.shopify import chosen, read_order
from aftersales.platforms.shopify import facts as shopify_facts

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def schema() -> FactSchema:
    path = TOP / "policies" / "facts.yaml"
    root, problems = text.read(path.read_text(encoding="utf-8"), "facts.yaml")
    assert not problems
    assert isinstance(root, text.Mapping)
    return read_facts(root, Notes())


@pytest.mark.parametrize("name", ["order", "order_webhook", "order_charged_in_cad"])
def test_every_fact_filled_is_declared_and_canonical(name: str, schema: FactSchema) -> None:
    order = read_order(sample(name))
    facts = dict(order.facts) | {"affected_value": str(chosen(order, [])[1])}
    for fact, value in facts.items():
        assert schema.write(fact, schema.read(fact, value)) == value


@pytest.mark.parametrize(
    ("fact", "table"),
    [
        ("payment_provider", shopify_facts._PROVIDERS),
        ("card_network", shopify_facts._NETWORKS),
        ("carrier", shopify_facts._CARRIERS),
    ],
)
def test_every_choice_this_adapter_may_make_is_declared(
    fact: str, table: dict[str, str], schema: FactSchema
) -> None:
    for value in table.values():
        schema.read(fact, value)


def test_no_fact_filled_is_personal(schema: FactSchema) -> None:
    for fact in read_order(sample("order"), also=[sample("fulfillment_event")]).facts:
        declaration = schema.declared(fact)
        assert declaration is not None
        assert not declaration.personal


def test_the_reference_names_every_fact_that_is_filled() -> None:
    page = (TOP / "docs" / "reference" / "shopify.md").read_text(encoding="utf-8")
    facts = page.partition("## Facts")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", facts, re.MULTILINE))
    also = [sample("transaction"), sample("fulfillment_event")]
    filled = {"affected_value", *read_order(sample("order"), also=also).facts}
    assert filled == documented
