"""Problems are collected, and keys are read strictly."""

import pytest

from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.pairs import pairs
from aftersales.definitions.text import Mapping, Scalar, read
from aftersales.domain.conditions import did_you_mean
from aftersales.domain.duration import Duration, Unit
from aftersales.domain.problem import Place, Problem


def mapping(text: str) -> Mapping:
    root, problems = read(text, "a.yaml")
    assert problems == []
    assert isinstance(root, Mapping)
    return root


def found(notes: Notes) -> list[tuple[str, int, int, str, str]]:
    return [(p.code, p.place.line, p.place.column, p.message, p.help) for p in notes.problems]


def test_an_unknown_key_is_a_problem_with_the_key_that_was_meant() -> None:
    notes = Notes()
    keys = Keys(mapping("within: 2 days\nwhen_ovr: escalate"), notes, what="a deadline")
    assert keys.duration("within", required=True) == Duration(2, Unit.DAYS)
    assert keys.text("when_over", required=True) is None
    keys.done()
    assert found(notes) == [
        ("K101", 2, 1, "`when_ovr` is not a key of a deadline", "did you mean `when_over`?")
    ]


def test_an_unknown_key_that_is_near_none_lists_those_known() -> None:
    notes = Notes()
    keys = Keys(mapping("zzz: 1"), notes, what="a thing")
    keys.text("within")
    keys.done()
    assert found(notes) == [("K101", 1, 1, "`zzz` is not a key of a thing", "known here: `within`")]


def test_missing_keys_are_one_problem() -> None:
    notes = Notes()
    keys = Keys(mapping("a: 1"), notes, what="a thing")
    for name in ("a", "b", "c"):
        keys.text(name, required=True)
    keys.done()
    assert found(notes) == [("K102", 1, 1, "a thing needs `b`, `c`", "add `b: ...`, `c: ...`")]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{country: not US, CA}", "did you mean `not US nor CA`? write `country: not US nor CA`"),
        (
            "{country: not US, CA, MX, tier: vip}",
            "did you mean `not US nor CA nor MX`? write `country: not US nor CA nor MX`",
        ),
        ("{country: US, CA}", "did you mean `US or CA`? write `country: US or CA`"),
    ],
)
def test_a_comma_that_was_meant_as_a_word_gets_the_comma_hint(text: str, meant: str) -> None:
    notes = Notes()
    left = [key.text for key, _ in pairs(mapping(text), notes)]
    assert left == (["country", "tier"] if "tier" in text else ["country"])
    assert [(p.code, p.help) for p in notes.problems] == [("K103", meant)]


def test_a_key_left_without_a_value_is_a_problem_and_not_missing_too() -> None:
    notes = Notes()
    keys = Keys(mapping("within:\nwhen_over: escalate"), notes, what="a deadline")
    assert keys.text("within", required=True) is None
    assert keys.text("when_over") == "escalate"
    keys.done()
    assert found(notes) == [
        ("K103", 1, 1, "`within` has no value", "write a value after the colon, or remove the key")
    ]


def test_an_empty_text_in_quotes_is_a_value() -> None:
    notes = Notes()
    assert Keys(mapping('a: ""'), notes, what="a thing").text("a") == ""
    assert notes.problems == []


def test_the_wrong_shape_is_said_at_the_value() -> None:
    notes = Notes()
    keys = Keys(mapping("a: [1]\nb: {c: d}\nc: x\nd: {x: [y]}"), notes, what="a thing")
    keys.text("a")
    keys.list_of_texts("b")
    keys.pairs("c")
    inner = keys.keys("d", what="an inner thing")
    assert inner is not None
    inner.whole_number("x")
    assert [(p.code, p.place.line, p.place.column) for p in notes.problems] == [
        ("K104", 1, 4),
        ("K104", 2, 4),
        ("K104", 3, 4),
        ("K104", 4, 8),
    ]


def test_words_and_numbers_are_read_strictly() -> None:
    notes = Notes()
    text = "way: midnigt\nonce: maybe\ncount: 012\nwait: 2 fortnights\nlist: [a, b]\nflag: yes"
    keys = Keys(mapping(text), notes, what="a thing")
    assert keys.choice("way", ["close", "midnight"]) is None
    assert keys.yes_no("once") is False
    assert keys.whole_number("count") is None
    assert keys.duration("wait") is None
    assert keys.list_of_texts("list") == ("a", "b")
    assert keys.yes_no("flag") is True
    keys.done()
    assert [(p.code, p.place.line) for p in notes.problems] == [
        ("K105", 1),
        ("K105", 2),
        ("K104", 3),
        ("K104", 4),
    ]
    assert notes.problems[0].help == "did you mean `midnight`?"


def test_one_text_counts_as_a_list_of_one() -> None:
    assert Keys(mapping("by: agent"), Notes(), what="an event").list_of_texts("by") == ("agent",)


def test_what_is_not_a_mapping_is_one_problem() -> None:
    notes = Notes()
    keys = Keys(Scalar("x", Place("a.yaml", 3, 5)), notes, what="a deadline")
    assert keys.text("within", required=True) is None
    keys.done()
    assert [(p.code, p.place.line, p.place.column) for p in notes.problems] == [("K104", 3, 5)]


def test_problems_come_sorted_by_place_and_once_for_a_slip() -> None:
    notes = Notes()
    late, early = Place("b.yaml", 1, 1), Place("a.yaml", 9, 2)
    notes.error("X2", late, "second")
    notes.warning("X1", early, "first")
    notes.error("X2", late, "the same slip in other words")
    notes.extend([Problem("X3", early, "third")])
    assert [problem.message for problem in notes.problems] == ["first", "third", "second"]
    assert notes.has_errors
    assert not Notes().has_errors


def test_a_far_word_is_not_guessed() -> None:
    assert did_you_mean("country", ["severity", "tier"]) == ""
    assert did_you_mean("Severity", ["severity"]) == "did you mean `severity`?"
