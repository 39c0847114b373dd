"""Replies are written in the customer's language, and not at all where something is missing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.domain.case import Effect
from aftersales.domain.duration import Duration
from aftersales.domain.money import Money
from aftersales.notifiers import ReplyNotRenderable, compose, render
from aftersales.notifiers.render import MAX_RENDERED_LENGTH

AT = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Reply:
    body: str
    subject: str = "Your order"
    needs: tuple[str, ...] = ()


def body(text: str, language: str = "en", zone: str = "UTC", **values: Any) -> str:
    return render(Reply(text), values, language=language, zone=zone).body.rstrip("\n")


def test_a_reply_holds_its_values_and_lists_its_options() -> None:
    reply = Reply(
        subject="Your order {{ order_id }}: our proposal",
        body=(
            'Hello{{ name | if_known(" {}") }},\n'
            "please choose until {{ answer_by | date_time }}:\n"
            "{% for option in options %}\n"
            "- {{ option.text }}\n"
            "{% endfor %}\n"
            "Thank you.\n"
        ),
        needs=("order_id", "options", "answer_by"),
    )
    values = {
        "order_id": "1001",
        "name": None,
        "answer_by": AT,
        "options": [{"text": "a new one"}, {"text": "your money back"}],
    }
    rendered = render(reply, values, language="en", zone="America/New_York")
    assert rendered.subject == "Your order 1001: our proposal"
    assert rendered.body.replace("\u202f", " ") == (
        "Hello,\n"
        "please choose until Tuesday, March 3, 2026, 11:00 AM (Eastern Standard Time):\n"
        "- a new one\n"
        "- your money back\n"
        "Thank you.\n"
    )


@pytest.mark.parametrize(
    ("language", "text", "value", "said"),
    [
        ("en", "{{ x | money }}", Money("1234.50", "EUR"), "€1,234.50"),
        ("de", "{{ x | money }}", Money("1234.50", "EUR"), "1.234,50\xa0€"),
        ("en", "{{ x | money }}", Money("1500", "JPY"), "¥1,500"),
        ("en", "{{ x | money }}", Money("0.125", "KWD"), "KWD\xa00.125"),
        ("en", "{{ x | money }}", Money("5", "ISK"), "ISK\xa05"),
        ("en-GB", "{{ x | date }}", date(2026, 3, 3), "Tuesday, 3 March 2026"),
        ("de", "{{ x | date }}", date(2026, 3, 3), "Dienstag, 3. März 2026"),
        ("zz-DE", "{{ x }}", "left as it is", None),
        ("de-XX", "{{ x | date }}", date(2026, 3, 3), "Dienstag, 3. März 2026"),
        ("en", "{{ x | list }}", ["a", "b", "c"], "a, b, and c"),
        ("fr", "{{ x | list }}", ["a", "b"], "a et b"),
        ("en", "{{ x }}", Money("5", "EUR"), "€5.00"),
        ("en", "{{ x }}", Duration.parse("1 day"), "1 day"),
        ("de", "{{ x }}", Duration.parse("3 days"), "3 Tage"),
        ("de", "{{ x }}", Duration.parse("2 business days"), "2 business days"),
        ("de", "{{ x }}", Fraction(1, 8), "12,5\xa0%"),
        ("en", "{{ x }}", 1200, "1,200"),
        ("de", "{{ x }}", Decimal("1.5"), "1,5"),
        ("en", "{{ x }}", "{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        (
            "en",
            '{{ x | if_known("(until {})") }}',
            date(2026, 1, 2),
            "(until Friday, January 2, 2026)",
        ),
        ("en", "{% if x is known %}yes{% else %}no{% endif %}", "", "no"),
        ("en", "{% if x is known %}yes{% else %}no{% endif %}", "a", "yes"),
    ],
)
def test_values_are_said_as_people_there_read_them(
    language: str, text: str, value: object, said: str | None
) -> None:
    if said is None:
        with pytest.raises(ReplyNotRenderable, match="is not a language"):
            body(text, language, x=value)
    else:
        assert body(text, language, x=value) == said


def test_a_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    assert "Wednesday" in body("{{ x | date }}", zone="Europe/Berlin", x=late)


def test_midnight_is_the_end_of_the_day_before() -> None:
    end = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)
    said = body("{{ x | date_time }}", zone="America/New_York", x=end)
    assert said == "Saturday, November 28, 2026, 24:00 (Eastern Standard Time)"


def test_everything_that_is_missing_is_said_at_once() -> None:
    reply = Reply("{{ a }}", needs=("a", "b", "c"))
    with pytest.raises(ReplyNotRenderable, match="needs `a`, `c`, which"):
        render(reply, {"b": "x", "c": None}, language="en")


@pytest.mark.parametrize("text", ["{{ x }}", "{{ x | money }}", "{% if x %}{% endif %}"])
def test_a_name_that_is_not_known_stops_the_sending(text: str) -> None:
    with pytest.raises(ReplyNotRenderable, match="x"):
        body(text)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        b"x",
        object(),
        {1, 2},
        lambda: 1,
        ["x"] * 101,
        [object()],
        {"a": {"b": 2.5}},
    ],
)
def test_what_is_no_plain_value_is_refused(value: object) -> None:
    with pytest.raises(ReplyNotRenderable):
        body("{{ x }}", x=value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ x | money }}", "5"),
        ("{{ x | date_time }}", "tomorrow"),
        ("{{ x | date_time }}", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("{{ x | date }}", 3),
        ("{{ x | list }}", "abc"),
        ("{{ x }}", {"a": "b"}),
        ("{{ x }}", True),
        ("{{ x.items }}", {"a": "b"}),
        ("{{ x.upper }}", "abc"),
        ("{{ x.text }}", {"a": "b"}),
        ("{% for a in x %}{{ a }}{% endfor %}", 3),
        ("{% for a in x %}{{ a }}{% endfor %}", "abc"),
        ("{% for a in x %}{{ a }}{% endfor %}", {"a": "b"}),
    ],
)
def test_a_value_of_another_sort_than_the_text_wants_stops_the_sending(
    text: str, value: object
) -> None:
    with pytest.raises(ReplyNotRenderable):
        body(text, x=value)


def test_what_a_reply_does_not_use_cannot_stop_it() -> None:
    assert body("{{ x }}", x="fine", y=object(), z=1.5) == "fine"


def test_a_very_long_text_is_cut() -> None:
    assert body("{{ x }}", x="a" * 9000) == "a" * 5000


def test_a_zone_that_does_not_exist_stops_the_sending() -> None:
    with pytest.raises(ReplyNotRenderable, match="is not a zone"):
        body("x", zone="../../etc/passwd")


def test_a_template_that_is_not_allowed_is_never_run() -> None:
    with pytest.raises(ReplyNotRenderable, match=r"not allowed \(line 2\)"):
        body("\n{{ x.__class__ }}", x="a")


def test_a_reply_has_a_greatest_length() -> None:
    loops = "{% for a in x %}{% for b in x %}{{ t }}{% endfor %}{% endfor %}"
    with pytest.raises(ReplyNotRenderable, match=f"longer than {MAX_RENDERED_LENGTH}"):
        body(loops, x=["a"] * 100, t="t" * 5000)


@pytest.mark.parametrize("name", ["Ann\nBcc: all@example.com", "=?utf-8?q?Bcc?=", "x" * 301])
def test_no_value_can_write_a_mails_headers(name: str) -> None:
    with pytest.raises(ReplyNotRenderable, match="the subject"):
        render(Reply("x", subject="For {{ name }}"), {"name": name}, language="en")


@given(st.text(max_size=200))
def test_a_text_comes_out_as_it_is_but_for_invisible_controls(text: str) -> None:
    written = body("[{{ x }}]", x=text)
    assert written.startswith("[")
    assert not {c for c in written if ord(c) < 32} - {"\n", "\t"}
    assert [c for c in written[1:-1] if c.isprintable()] == [c for c in text if c.isprintable()]


def test_a_message_carries_its_effect_and_language() -> None:
    effect = Effect(
        key="shop/c1/2/0", case_id="c1", lane="message", sort="message", name="offer", due_at=AT
    )
    message = compose(effect, Reply("Guten Tag"), {}, language="de")
    assert (message.effect.key, message.language, message.subject, message.body) == (
        "shop/c1/2/0",
        "de",
        "Your order",
        "Guten Tag\n",
    )
