"""Options in words, as a reply says them."""

import pytest

from aftersales.desk import option_text, remedy_text
from aftersales.domain.money import Money
from aftersales.domain.policy import Option, Remedy, ReturnAnswer

CALLED = {"label.en": "half of your money", "label.de": "die Hälfte zurück"}


def refund(details: dict[str, str]) -> Remedy:
    half = Money("19.95", "EUR")
    return Remedy("half", "refund", half, half, details=details)


@pytest.mark.parametrize(
    ("details", "language", "expected"),
    [
        ({}, "de", "a refund of 19.95 EUR"),
        (CALLED, "de", "die Hälfte zurück (19.95 EUR)"),
        (CALLED, "de-AT", "die Hälfte zurück (19.95 EUR)"),
        (CALLED, "fr", "half of your money (19.95 EUR)"),
        ({"label": "half back", "labelled": "x"}, "fr", "half back (19.95 EUR)"),
    ],
)
def test_a_remedy_is_called_by_its_label_in_the_language_of_the_reply(
    details: dict[str, str], language: str, expected: str
) -> None:
    assert remedy_text(refund(details), language) == expected


def test_an_option_is_said_in_one_language() -> None:
    goods = Remedy("new", "resend", Money(8, "EUR"), details={"label.de": "ein neues Stück"})
    keeps = ReturnAnswer("customer_keeps", "")
    option = Option("half + new", (refund(CALLED), goods), "none_needed", keeps)
    assert option_text(option, "de") == "die Hälfte zurück (19.95 EUR) + ein neues Stück"
    assert option_text(option) == "half of your money (19.95 EUR) + ein neues Stück"
