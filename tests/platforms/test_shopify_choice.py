"""The lines a matter is about are chosen by name and number."""

import pytest
from shopify_samples import order_with, sample

from aftersales.domain.money import Money
from aftersales.platforms import PayloadUnreadable
from aftersales.platforms.shopify import chosen, read_order

ORDER = read_order(sample("order"))


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


@pytest.mark.parametrize(
    ("choices", "value"),
    [
        (["MUG-BLUE=1"], "13.46"),
        (["MUG-BLUE=2"], "26.91"),
        (["MUG-BLUE"], "26.91"),
        (["7100002=1"], "71.10"),
        (["MUG-BLUE=1", "LAMP-DESK=1"], "84.56"),
        (["MUG-BLUE=1", "MUG-BLUE=1"], "26.91"),
        ([], "98.01"),
    ],
)
def test_the_affected_value_is_that_of_the_chosen_lines(choices: list[str], value: str) -> None:
    lines, affected_value = chosen(ORDER, choices)
    assert affected_value == eur(value)
    assert sum(line.value.minor for line in lines) == affected_value.minor


def test_an_order_without_lines_is_affected_whole() -> None:
    order = read_order(order_with(line_items=None))
    assert chosen(order, []) == ((), eur("102.91"))


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ("MUG-BLU=1", "did you mean `MUG-BLUE`?"),
        ("XYZ=1", "it holds: `MUG-BLUE`, `LAMP-DESK`"),
        ("MUG-BLUE=3", "names 3 of `MUG-BLUE`, but the order holds 2"),
        ("MUG-BLUE=0", "`0` is not a number of items"),
        ("MUG-BLUE=one", "`one` is not a number of items"),
        ("MUG-BLUE=", "`` is not a number of items"),
    ],
)
def test_a_choice_that_cannot_be_made_says_what_can(choice: str, says: str) -> None:
    with pytest.raises(PayloadUnreadable) as caught:
        chosen(ORDER, [choice])
    assert says in str(caught.value)


def test_too_many_in_two_choices_are_too_many() -> None:
    with pytest.raises(PayloadUnreadable, match="names 3"):
        chosen(ORDER, ["MUG-BLUE=2", "MUG-BLUE=1"])


def test_a_sku_of_two_lines_is_named_by_a_lines_id() -> None:
    items = sample("order")["order"]["line_items"]
    items[1]["sku"] = "MUG-BLUE"
    order = read_order(order_with(line_items=items))
    with pytest.raises(PayloadUnreadable, match="`7100001`, `7100002`"):
        chosen(order, ["MUG-BLUE=1"])
    assert chosen(order, ["7100002=1"])[1] == eur("71.10")


def test_a_line_without_a_sku_is_named_by_its_id() -> None:
    items = sample("order")["order"]["line_items"]
    items[0]["sku"] = ""
    lines, _ = chosen(read_order(order_with(line_items=items)), ["7100001=1"])
    assert lines[0].sku == "7100001"
