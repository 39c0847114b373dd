"""What a reply may contain is a short list; all else is found before anything runs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.notifiers import check_template


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Guten Tag,\nDanke.",
        "{{ a }}, {{ b | money }}, {{ c | date_time }}, {{ d | date }}, {{ e | list }}",
        'Hello{{ name | if_known(" {}") }}',
        "{% if a and not b %}x{% elif c is known %}y{% else %}z{% endif %}",
        "{% for option in options %}- {{ option.text }}{% else %}none{% endfor %}",
        "{% for a in x %}{% for b in a.parts %}{{ b }}{% endfor %}{% endfor %}",
        "{# a note to colleagues #}",
    ],
)
def test_a_plain_reply_is_fine(text: str) -> None:
    assert check_template(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7 * 7 }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a' ~ b }}",
        "{{ a + b }}",
        "{{ a == b }}",
        "{{ a() }}",
        "{{ range(10) }}",
        "{{ a.b() }}",
        "{{ a.b.c }}",
        "{{ 'x'.upper }}",
        "{{ a['b'] }}",
        "{{ a[0] }}",
        "{{ a.__class__ }}",
        "{{ a._x }}",
        "{{ _a }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
        "{{ a if b else c }}",
        "{{ a | upper }}",
        "{{ a | attr('b') }}",
        "{{ a | map('x') }}",
        "{{ a | center(99999999) }}",
        "{{ a | if_known }}",
        "{{ a | if_known(b) }}",
        "{{ a | if_known(9) }}",
        "{{ a | money('EUR') }}",
        "{{ a | if_known(form='x') }}",
        "{{ a | if_known(*b) }}",
        "{{ a is defined }}",
        "{{ a is divisibleby 3 }}",
        "{% set a = 1 %}",
        "{% set a %}x{% endset %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% block a %}{% endblock %}",
        "{% macro a() %}{% endmacro %}",
        "{% call a() %}{% endcall %}",
        "{% filter money %}x{% endfilter %}",
        "{% with a = 1 %}{% endwith %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% for a in range(9) %}{% endfor %}",
        "{% for a in b | list %}{% endfor %}",
        "{% for a, c in b %}{% endfor %}",
        "{% for a in b if a %}{% endfor %}",
        "{% for a in b recursive %}{% endfor %}",
        "{% for a in b %}{% for c in b %}{% for d in b %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in 'abc' %}{% endfor %}",
        "{% do a %}",
        "{{ a",
        "{% if a %}",
        "x" * 20_001,
        "{% if a %}" * 40 + "{% endif %}" * 40,
        "{{ " + "(" * 5000 + "a" + ")" * 5000 + " }}",
        "{% if " + "not " * 3000 + "a %}{% endif %}",
    ],
    ids=lambda text: text[:40],
)
def test_what_is_not_on_the_list_is_found_at_once(text: str) -> None:
    started = time.perf_counter()
    problems = check_template(text)
    assert problems
    assert all(message and line >= 1 for message, line in problems)
    assert time.perf_counter() - started < 2


def test_all_that_is_wrong_is_told_with_its_lines() -> None:
    text = "fine\n{{ a | upper }}\n{{ b.c.d }}\n"
    assert [line for _, line in check_template(text)] == [2, 3]
    assert "date_time, if_known, list, money" in check_template(text)[0][0]


def test_a_name_that_is_neither_needed_nor_guarded_is_found() -> None:
    text = (
        'Dear {{ name | if_known(" {}") }}\n{% if gift is known %}{{ gift }}{% endif %}{{ order }}'
    )
    assert check_template(text, needs=["order"]) == []
    assert check_template(text, needs=[]) == [
        ("`order` is used but not among what the reply needs", 2)
    ]


@given(st.text(alphabet="{}%|.()[]'\"_ abif\n*+-~,=", max_size=60))
def test_any_text_is_judged_without_an_accident(text: str) -> None:
    assert isinstance(check_template(text), list)
