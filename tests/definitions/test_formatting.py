"""The formatter: on every right file there is, and on thousands of ways to write them otherwise.

`TESTS_IN_FULL=1` (`make full`) draws 5,000 mutated files.
"""

import os
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest
from mutated import comments_in, in_symbols, mutated

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.formatting import formatted, upgraded
from aftersales.definitions.notes import Notes
from aftersales.domain.conditions import FactSchema
from aftersales.domain.errors import InvariantBroken
from printed_pages import of_sort

ROOT = Path(__file__).parents[2]
MUTATED = 5000 if os.environ.get("TESTS_IN_FULL") else 150
_PARTS = 10


@cache
def schema() -> FactSchema:
    root, _ = text.read((ROOT / "policies" / "facts.yaml").read_text("utf-8"), "facts.yaml")
    assert isinstance(root, text.Mapping)
    return read_facts(root, Notes())


@cache
def right_files() -> dict[str, str]:
    """Every right file: shipped, of the examples, and printed in a page."""
    folders = [ROOT / name for name in ("policies", "workflows", "replies", "examples")]
    paths = sorted(path for folder in folders for path in folder.rglob("*.yaml"))
    files = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    printed = [block for sort in ("file", "tests", "alone") for block in of_sort(sort)]
    return files | {f"{block.page} {block.path}": block.content for block in printed}


def in_our_style(content: str, file: str = "file.yaml") -> str:
    result = formatted(content, file, schema())
    assert result.problems == ()
    return result.text


@cache
def right_file_in_our_style(name: str) -> str:
    return in_our_style(right_files()[name], name)


def plain(content: str) -> str:
    """All that a text says, order of keys included."""
    root, problems = text.read(content, "file.yaml")
    assert problems == []
    assert root is not None
    return repr(text.plain(root))


# -- on all files


@pytest.mark.parametrize("name", [name for name in right_files() if "/" in name.split()[0]])
def test_every_shipped_file_is_in_our_style_already(name: str) -> None:
    assert right_file_in_our_style(name) == right_files()[name], f"run: aftersales fmt {name}"


@pytest.mark.parametrize("name", right_files())
def test_a_file_in_our_style_says_the_same_and_stays_as_it_is(name: str) -> None:
    again = right_file_in_our_style(name)
    assert plain(again) == plain(right_files()[name])
    assert in_our_style(again, name) == again


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_mutated_file_gets_back_its_meaning_and_keeps_its_comments(part: int) -> None:
    names = list(right_files())
    for seed in range(part, MUTATED, _PARTS):
        name = names[seed % len(names)]
        written = mutated(right_files()[name], seed)
        again = in_our_style(written, name)
        assert plain(again) == plain(right_file_in_our_style(name)), (seed, name)
        assert in_our_style(again, name) == again, (seed, name)
        assert comments_in(again) == comments_in(written), (seed, name)


def test_the_mutations_reach_what_they_are_made_for() -> None:
    names = ("policies/return_window.yaml", "policies/compensation/damaged.yaml")
    drawn = "".join(mutated(right_files()[name], seed) for name in names for seed in range(40))
    for sign in ('">= ', '"!= ', '"not(', "..", "\t", "\r\n", "# mark", ",\n"):
        assert sign in drawn, sign
    assert in_symbols("20 USD to under 100 USD") == "[20 USD..100 USD)"


# -- what it does


def table(when: str, *more: str) -> str:
    rows = "\n".join(f"  - {row}" for row in (f"{{id: a, when: {when}, x: b}}", *more))
    return f"aftersales: policy/1\npolicy: t\nchoose: one\nanswers: {{x: [b, c]}}\nrows:\n{rows}\n"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('{affected_value: ">= 100 USD"}', "{affected_value: at least 100 USD}"),
        ('{affected_value: "[20 USD..100 USD)"}', "{affected_value: 20 USD to under 100 USD}"),
        ('{affected_value: "(20.00 USD..100 USD]"}', "{affected_value: over 20 USD to 100 USD}"),
        ('{days_since_delivery: "!= 3"}', "{days_since_delivery: not 3}"),
        ('{country: "not(US, CA)"}', "{country: not US nor CA}"),
        ('{tier: "-"}', "{tier: any}"),
        ("{in_stock: true}", "{in_stock: yes}"),
        ('{country: ["US",  "CA"]}', "{country: [US, CA]}"),
        ("{ country :  US  or   CA }", "{country: US or CA}"),
        ('{sent_at: ">= 2026-03-02 09:00 Europe/Berlin"}',
         "{sent_at: at least 2026-03-02 09:00 Europe/Berlin}"),
        ('{affected_value: ">= {USD: 100, EUR: 95}"}',
         '{affected_value: "at least {USD: 100, EUR: 95}"}'),
        ("{affected_value: {at least: {USD: 100, EUR: 95}}}",
         "{affected_value: {at least: {USD: 100, EUR: 95}}}"),
    ],
)  # fmt: skip
def test_a_cell_is_written_in_words(written: str, words: str) -> None:
    assert in_our_style(table(written)) == table(words)


def test_quotes_stay_where_the_text_would_read_otherwise() -> None:
    needed = table("{tier: vip}", '{id: c, when: {tier: new}, x: c, because: "a, b: c #d"}')
    assert in_our_style(needed) == needed
    needless = table("{tier: vip}", "{id: c, when: {tier: new}, x: c, because: 'a b: it''s'}")
    assert "because: 'a b: it''s'" in in_our_style(needless)
    assert "because: it's" in in_our_style(needless.replace("a b: it''s", "it''s"))


def test_a_text_left_out_is_not_the_same_as_an_empty_one() -> None:
    for value in ('""', "''"):
        written = f"aftersales: policy/1\npolicy: t\nabout: {value}\n"
        assert in_our_style(written) == written


def test_replies_keep_their_quotes_and_their_bodies() -> None:
    written = dedent("""\
        aftersales: replies/1
        language: en
        replies:
            a:
                needs: [ order_id ]
                subject: "plain"
                body: |
                    two

                      spaces\x20\x20
                    and `>= 3`
        """)
    expected = dedent("""\
        aftersales: replies/1
        language: en
        replies:
          a:
            needs: [order_id]
            subject: "plain"
            body: |
                two

                  spaces\x20\x20
                and `>= 3`
        """)
    assert in_our_style(written) == expected
    assert plain(expected) == plain(written)


def test_lists_are_indented_and_dashes_have_one_space() -> None:
    written = (
        "aftersales: policy/1\npolicy: t\nrows:\n-   id: a\n    when: {tier: vip}\n-   id: b\n"
    )
    expected = (
        "aftersales: policy/1\npolicy: t\nrows:\n  - id: a\n    when: {tier: vip}\n  - id: b\n"
    )
    assert in_our_style(written) == expected


def test_a_comment_keeps_its_place() -> None:
    written = dedent("""\
        # first
        aftersales: policy/1   # one
        policy: t              # two

        rows:
            # of the rows
            - {id: a,when: {tier: vip}} # behind
                # deeper

            # last of the rows
        otherwise: {x: b}
        # at the end
        """)
    expected = dedent("""\
        # first
        aftersales: policy/1   # one
        policy: t              # two

        rows:
          # of the rows
          - {id: a, when: {tier: vip}}  # behind
              # deeper

          # last of the rows
        otherwise: {x: b}
        # at the end
        """)
    assert in_our_style(written) == expected


def test_what_was_aligned_stays_aligned_when_cells_change() -> None:
    written = (
        table(
            '{affected_value: "< 20 USD"},      x: b, because: y',
            "{id: bb, when: {affected_value: at least 20 USD}, x: c}",
        )
        .replace("{id: a, when", "{id: a,  when")
        .replace(", x: b}\n", "}\n")
    )
    expected = (
        table(
            "{affected_value: under 20 USD},    x: b, because: y",
            "{id: bb, when: {affected_value: at least 20 USD}, x: c}",
        )
        .replace("{id: a, when", "{id: a,  when")
        .replace(", x: b}\n", "}\n")
    )
    assert in_our_style(written) == expected


def test_rows_that_were_not_aligned_are_not() -> None:
    written = table("{tier: vip}", "{id: long_name,   when: {tier: regular}, x: c}")
    assert "{id: long_name, when: {tier: regular}, x: c}" in in_our_style(written)


def test_keys_in_another_order_on_each_line_come_to_rest() -> None:
    rows = ("{x: b,   id: c,  when: {tier: new}}", "{when: {tier: vip},   x: b,  id: d}")
    again = in_our_style(table("{tier: vip}", *rows))
    assert in_our_style(again) == again


# -- what it leaves alone


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (table("{contry: US}"), "C203"),
        (table("{affected_value: >= 100 USD}"), "Y100"),
        (table('{affected_value: ">= 100"}'), "C201"),
        (table("{country: not US, CA}"), "K103"),
        ("rows: []\n", "F802"),
        ("- a\n", "F802"),
        ("aftersales: policy/2\npolicy: t\n", "F801"),
        ("", "Y102"),
    ],
)
def test_a_file_with_a_problem_is_left_as_it_is(written: str, code: str) -> None:
    result = formatted(written, "file.yaml", schema())
    assert [problem.code for problem in result.problems] == [code]
    assert result.text == written


def test_a_result_that_would_mean_something_else_is_thrown_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> str:
        return table("{tier: new}")

    monkeypatch.setattr("aftersales.definitions.formatting.style.laid_out", broken)
    with pytest.raises(InvariantBroken, match="would not mean the same"):
        formatted(table("{tier: vip}"), "file.yaml", schema())


def test_the_order_of_keys_is_part_of_the_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    swapped = table("{tier: vip}").replace("{id: a, when: {tier: vip}", "{when: {tier: vip}, id: a")
    monkeypatch.setattr(
        "aftersales.definitions.formatting.style.laid_out", lambda *_, **__: swapped
    )
    with pytest.raises(InvariantBroken):
        formatted(table("{tier: vip}"), "file.yaml", schema())


# -- older versions


def test_a_text_is_rewritten_step_by_step() -> None:
    steps = {
        "policy/1": lambda written: written.replace("policy/1", "policy/2"),
        "policy/2": lambda written: written.replace("policy/2", "policy/3"),
    }
    assert upgraded("aftersales: policy/1\n", "policy/1", steps) == "aftersales: policy/3\n"
    assert upgraded("aftersales: policy/1\n", "policy/1") == "aftersales: policy/1\n"
