"""Pages: one file, no script, and whatever authors wrote is text on it."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from aftersales.reports import page
from aftersales.reports.page import _environment

WORDS = """\
{% extends "page.html" %}{% import "pictures.html" as pictures %}
{% block body %}<p title="{{ words }}">{{ words }}</p>
{{ pictures.bar(0.5, words) }}
{{ pictures.bars([(words, 3, words), ("b", 0, "0")]) }}
{{ pictures.columns([(words, 3, words)]) }}
{{ pictures.pairs([(words, 3, 4, words)], words, words) }}
{% endblock %}"""


class Tags(HTMLParser):
    """The tags of a page, their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = _environment()
    own = DictLoader({"words.html": WORDS})
    monkeypatch.setattr(environment, "loader", ChoiceLoader([own, environment.loader]))


@pytest.mark.usefixtures("of_words")
@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '" onload="alert(1)', "</style><b>", "a & b", "{{ 7 }}"]
)
def test_what_authors_wrote_is_text_on_a_page_and_nothing_else(words: str) -> None:
    neutral, told = (Tags(page(text, "words.html", words=text)) for text in ("plain", words))
    assert [tag for tag, _ in told.tags] == [tag for tag, _ in neutral.tags]
    assert [set(attributes) for _, attributes in told.tags] == [set(a) for _, a in neutral.tags]
    assert words in told.text
    assert told.open == []


@pytest.mark.usefixtures("of_words")
def test_what_would_turn_or_hide_text_is_replaced() -> None:
    text = page("a\u202eb", "words.html", words="x\u2066y\x1bz")
    assert not {"\u202e", "\u2066", "\x1b"} & set(text)
    assert "x\ufffdy\ufffdz" in text


@pytest.mark.usefixtures("of_words")
def test_a_page_has_no_script_and_loads_nothing() -> None:
    tags = Tags(page("t", "words.html", words="w")).tags
    assert not {"script", "link", "img", "iframe", "object", "base"} & {tag for tag, _ in tags}
    assert not [a for _, a in tags if {"href", "src", "onclick", "onload", "style"} & set(a)]
    [policy] = [a["content"] for _, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")


@pytest.mark.usefixtures("of_words")
def test_a_value_that_was_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="words"):
        page("t", "words.html")


@pytest.mark.usefixtures("of_words")
def test_the_longest_bar_fills_the_width_and_nothing_is_drawn_for_nothing() -> None:
    tags = Tags(page("t", "words.html", words="w")).tags
    widths = [a.get("width") for tag, a in tags if tag == "rect" and a.get("class") == "value"]
    assert widths[:3] == ["50.0", "320.0", "0.0"]


def test_each_colour_of_the_light_page_has_one_for_the_dark() -> None:
    style = Path(__file__).parents[2] / "src/aftersales/reports/templates/style.css"
    light, _, rest = style.read_text(encoding="utf-8").partition(
        "@media (prefers-color-scheme: dark)"
    )
    dark, _, _ = rest.partition("\n}\n")
    names = [
        {w.partition(":")[0] for w in part.split() if w.startswith("--")} for part in (light, dark)
    ]
    assert names[0] == names[1]
    assert len(names[0]) >= 15
