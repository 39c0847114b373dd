"""How a problem reads."""

import json

from hypothesis import given
from hypothesis import strategies as st

from aftersales.definitions.render import render, render_all, summary, to_json
from aftersales.domain.problem import Place, Problem

FILE = "policies/compensation/damaged.yaml"
LINE = (
    "    when: {affected_value: under 100 USD, contry: not home nor nearby, "
    "severity: at least major}"
)
SOURCE = "\n" * 25 + LINE + "\nnext: line\n"


def test_a_slip_shows_its_line_with_carets_under_the_word() -> None:
    place = Place(FILE, 26, 43, 6)
    help = "did you mean `country`? (policies/facts.yaml:11)"
    problem = Problem("C203", place, "`contry` is not a fact", help)
    assert render(problem, SOURCE) == (
        "policies/compensation/damaged.yaml:26:43: error[C203] `contry` is not a fact\n"
        "   |\n"
        "26 |     when: {affected_value: under 100 USD, contry: not home nor nearby, "
        "severity: at least major}\n"
        "   |                                           ^^^^^^\n"
        "   = help: did you mean `country`? (policies/facts.yaml:11)"
    )


def test_a_problem_of_a_whole_table_shows_examples_below_the_line() -> None:
    problem = Problem(
        "P402",
        Place(FILE, 31, 9, 10),
        "two exceptions fit the same case: `far_away` (line 25) and `vip_abroad` (line 31)",
        "write `wins_over: far_away` in `vip_abroad`, or `tier: not vip` in `far_away`",
        (
            "for example: affected_value 10 USD, severity major, tier vip, country DE",
            "far_away offers full_refund, vip_abroad offers half_refund",
        ),
    )
    assert render(problem, "x\n" * 30 + "  - id: vip_abroad\n") == (
        "policies/compensation/damaged.yaml:31:9: error[P402] two exceptions fit the same case: "
        "`far_away` (line 25) and `vip_abroad` (line 31)\n"
        "   |\n"
        "31 |   - id: vip_abroad\n"
        "   |         ^^^^^^^^^^\n"
        "   = for example: affected_value 10 USD, severity major, tier vip, country DE\n"
        "   = far_away offers full_refund, vip_abroad offers half_refund\n"
        "   = help: write `wins_over: far_away` in `vip_abroad`, or `tier: not vip` in `far_away`"
    )


def test_a_problem_without_its_source_still_reads() -> None:
    problem = Problem("K101", Place("a.yaml", 3, 1, 4), "`whne` is not a key of a rule")
    assert render(problem) == "a.yaml:3:1: error[K101] `whne` is not a key of a rule"
    assert render(problem, "one line") == render(problem)


def test_carets_stand_under_wide_letters_and_tabs() -> None:
    wide = render(Problem("X1", Place("a.yaml", 1, 5, 2), "here"), "客户: 退款")
    assert wide.splitlines()[3] == "  | " + " " * 6 + "^^^^"
    tab = render(Problem("X1", Place("a.yaml", 1, 4, 1), "here"), "a:\tb")
    assert tab.splitlines()[3] == "  |    ^"


def test_a_long_line_is_shown_around_the_slip() -> None:
    source = "x" * 5_000 + "slip" + "y" * 5_000
    shown = render(Problem("X1", Place("a.yaml", 1, 5_001, 4), "here"), source).splitlines()
    assert max(map(len, shown)) < 180
    start = shown[3].index("^")
    assert shown[2][start : start + 4] == "slip"
    assert shown[3].strip("| ") == "^^^^"


def test_on_a_terminal_words_are_folded_and_a_line_is_shown_in_part() -> None:
    problem = Problem("X1", Place("a.yaml", 1, 41, 4), "it is " * 9 + "so", "do " * 20 + "so")
    source = "x" * 40 + "slip" + "y" * 40
    whole, shown = render(problem, source), render(problem, source, width=40).splitlines()
    assert max(map(len, shown)) <= 40
    at = next(number for number, line in enumerate(shown) if "^" in line)
    start = shown[at].index("^")
    assert shown[at - 1][start : start + 4] == "slip"
    assert [*shown[: at - 2], *shown[at + 1 :]] == [
        "a.yaml:1:41: error[X1] it is it is it is",
        "    it is it is it is it is it is it is",
        "    so",
        "  = help: do do do do do do do do do do",
        "      do do do do do do do do do do so",
    ]
    words = " ".join(shown[: at - 2] + shown[at + 1 :]).split()
    told = [line for line in whole.splitlines() if "|" not in line]
    assert words == " ".join(told).split()


def test_nothing_in_a_file_can_steer_the_terminal() -> None:
    problem = Problem("X1", Place("a.yaml", 1, 1), "bad \x1b[31m word", "\x9b2J\u202e")
    text = render(problem, "\x1b]0;title\x07 line")
    assert all(ord(character) >= 32 or character == "\n" for character in text)
    assert "\x9b" not in text
    assert "\u202e" not in text


@given(st.integers(1, 5), st.integers(1, 60), st.integers(0, 60), st.text(max_size=200))
def test_any_place_in_any_source_is_shown(line: int, column: int, length: int, source: str) -> None:
    problem = Problem("X1", Place("a.yaml", line, column, length), "here", "do this")
    text = render(problem, source)
    assert text.startswith(f"a.yaml:{line}:{column}: error[X1] here")
    assert text.endswith("= help: do this")


def test_all_problems_end_with_how_many_there_are() -> None:
    slip = Problem("X1", Place("a.yaml", 1, 1), "one")
    doubt = Problem("X2", Place("b.yaml", 1, 1), "two", severity="warning")
    assert render_all([slip, doubt], {"a.yaml": "text"}) == (
        "a.yaml:1:1: error[X1] one\n  |\n1 | text\n  | ^\n\n"
        "b.yaml:1:1: warning[X2] two\n\n1 error, 1 warning\n"
    )
    assert summary([]) == "no problems"
    assert summary([slip, slip]) == "2 errors"


def test_a_problem_is_data_too() -> None:
    problem = Problem("X1", Place("a.yaml", 2, 3, 4), "message", "help", ("note",))
    assert json.loads(json.dumps(to_json(problem))) == {
        "code": "X1",
        "severity": "error",
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "length": 4,
        "message": "message",
        "help": "help",
        "notes": ["note"],
    }
