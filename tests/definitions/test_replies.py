import pytest

from aftersales.definitions import text
from aftersales.definitions.notes import Notes
from aftersales.definitions.replies import Replies, read_replies

REPLIES = """\
aftersales: replies/1
language: de
manners: Sie-Form
replies:
  offer:
    needs: [order_id, options]
    subject: "Ihre Bestellung {{ order_id }}"
    body: |
      Guten Tag,
      {% for option in options %}
      - {{ option.text }}
      {% endfor %}
"""


def replies_of(*written: str) -> tuple[Replies, Notes]:
    notes, roots = Notes(), []
    for number, content in enumerate(written):
        root, problems = text.read(content, f"replies/{number}.yaml")
        assert isinstance(root, text.Mapping), problems
        roots.append(root)
    return read_replies(roots, notes), notes


def test_a_reply_is_read_as_it_is_written() -> None:
    replies, notes = replies_of(REPLIES)
    assert notes.problems == []
    offer = replies["de"]["offer"]
    assert offer.needs == ("order_id", "options")
    assert offer.body.startswith("Guten Tag,\n{% for option in options %}\n")


def test_files_of_one_language_go_together() -> None:
    replies, notes = replies_of(REPLIES, REPLIES.replace("  offer:", "  refusal:"))
    assert notes.problems == []
    assert sorted(replies["de"]) == ["offer", "refusal"]


def test_the_same_reply_twice_in_one_language_is_refused() -> None:
    _, notes = replies_of(REPLIES, REPLIES)
    assert [(p.code, p.place.file) for p in notes.problems] == [("R602", "replies/1.yaml")]


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("    needs: [order_id, options]\n", "", "K102"),
        ("subject:", "subjekt:", "K101"),
        ("language: de", "language: deutsch", "R603"),
        ("  offer:", "  Offer:", "R601"),
        ("[order_id,", "[order id,", "R601"),
        ("language: de\n", "", "K102"),
    ],
)
def test_a_slip_in_a_reply_is_reported_with_a_help(right: str, wrong: str, code: str) -> None:
    _, notes = replies_of(REPLIES.replace(right, wrong, 1))
    (problem,) = notes.problems
    assert problem.code == code
    assert problem.help
