import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_definitions import ANSWER, FILES, WORKFLOW, write_file, write_folder

from aftersales.definitions.canonical import content_of, digest_of, node_of
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.notes import Notes
from aftersales.definitions.rulebooks import read_rulebook
from aftersales.definitions.text import Mapping, read
from aftersales.domain.conditions import Facts, Rates
from aftersales.domain.errors import DefinitionsInvalid, InvariantBroken
from aftersales.domain.policy import RowsDecision, Undecided, decide_rows
from aftersales.domain.rulebook import Rulebook

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def small(folder: Path, **changed: str | None) -> Rulebook:
    return Catalog.load(write_folder(folder, **changed)).rulebook("torn", NOON)


def facts(rulebook: Rulebook, **texts: str) -> Facts:
    return rulebook.facts(texts, rates=Rates.none(), builtins={"kind": "torn"})


def stored(value: Any) -> Any:
    """What a database gives back: the JSON has sorted keys."""
    return json.loads(json.dumps(value, sort_keys=True))


def reread(rulebook: Rulebook, *, with_places: bool = True) -> Rulebook:
    calendars = {c.digest: stored(c.to_canonical()) for c in rulebook.calendars.values()}
    places = stored(rulebook.places) if with_places else None
    return read_rulebook(stored(rulebook.canonical), calendars, places)


def test_a_rulebook_holds_what_binds_its_kind_and_nothing_else(tmp_path: Path) -> None:
    write_file(
        tmp_path, "policies/unasked.yaml", ANSWER.replace("policy: answer", "policy: unasked")
    )
    rulebook = small(tmp_path)
    files = [document["file"] for document in rulebook.canonical["documents"]]
    assert "policies/unasked.yaml" not in files
    assert "policies/deadlines.yaml" in files
    assert "policies/answer.yaml" not in files  # no guard of the small workflow reads its fact
    assert list(rulebook.calendars) == ["desk"]


def test_a_table_that_answers_a_fact_is_in_where_a_guard_reads_the_fact(tmp_path: Path) -> None:
    guarded = WORKFLOW.replace(
        "if: {approval: none_needed}", "if: {approval: none_needed, answer_by_us: fight}"
    )
    assert set(small(tmp_path, torn=guarded).policies.rows) == {"deadlines", "answer"}


def test_the_digest_is_that_of_the_canonical_form(tmp_path: Path) -> None:
    rulebook = small(tmp_path)
    assert rulebook.digest == digest_of(rulebook.canonical) == digest_of(stored(rulebook.canonical))


def test_comments_and_spacing_do_not_change_the_digest_and_a_word_does(tmp_path: Path) -> None:
    usual = small(tmp_path / "a").digest
    moved = small(tmp_path / "b", torn="# a comment\n\n" + WORKFLOW.replace("{by: ", "{by:  "))
    assert moved.digest == usual
    assert small(tmp_path / "c", torn=WORKFLOW.replace("7 days", "8 days")).digest != usual


def test_another_calendar_is_another_rulebook_and_an_unused_one_is_not(tmp_path: Path) -> None:
    usual = small(tmp_path / "a").digest
    calendars = FILES["policies/calendars.yaml"]
    later = calendars.replace("09:00-17:00", "09:00-18:00")
    assert small(tmp_path / "b", calendars=later).digest != usual
    unused = calendars.replace("08:00-16:00", "08:00-15:00")
    assert small(tmp_path / "c", calendars=unused).digest == usual


def test_a_rulebook_read_back_from_its_stored_form_is_the_same(tmp_path: Path) -> None:
    rulebook = small(tmp_path)
    again = reread(rulebook)
    assert again.digest == rulebook.digest
    assert again.workflow == rulebook.workflow
    assert list(again.workflow.states) == list(rulebook.workflow.states)
    assert again.policies == rulebook.policies
    assert again.schema == rulebook.schema
    assert again.replies == rulebook.replies
    assert again.ladders == rulebook.ladders
    assert again.places == rulebook.places


def test_every_shipped_rulebook_is_read_back_the_same() -> None:
    catalog = Catalog.load()
    for kind in catalog.kinds:
        rulebook = catalog.rulebook(kind, NOON)
        again = reread(rulebook)
        assert again.digest == rulebook.digest
        assert again.workflow == rulebook.workflow
        assert again.policies == rulebook.policies
        assert again.schema == rulebook.schema


def test_places_are_kept_apart_and_read_back(tmp_path: Path) -> None:
    rulebook = small(tmp_path)
    table = reread(rulebook).policies.rows["deadlines"]
    assert str(table.rows[0].ref) == "high (policies/deadlines.yaml:6)"
    bare = reread(rulebook, with_places=False)
    assert bare.digest == rulebook.digest
    assert str(bare.policies.rows["deadlines"].rows[0].ref) == "high (policies/deadlines.yaml:1)"


def test_a_calendar_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    rulebook = small(tmp_path)
    (digest,) = rulebook.canonical["calendars"].values()
    (calendar,) = rulebook.calendars.values()
    other = {**calendar.to_canonical(), "zone": "UTC"}
    with pytest.raises((InvariantBroken, ValueError)):
        read_rulebook(rulebook.canonical, {digest: other}, rulebook.places)


def test_a_rulebook_of_other_semantics_is_refused_not_misread(tmp_path: Path) -> None:
    rulebook = small(tmp_path)
    calendars = {c.digest: c.to_canonical() for c in rulebook.calendars.values()}
    with pytest.raises(DefinitionsInvalid, match="semantics"):
        read_rulebook({**rulebook.canonical, "semantics": 99}, calendars, rulebook.places)


def test_one_rulebook_is_one_object(tmp_path: Path) -> None:
    catalog = Catalog.load(write_folder(tmp_path))
    rulebook = catalog.rulebook("torn", NOON)
    assert catalog.rulebook("torn", datetime(2030, 1, 1, tzinfo=UTC)) is rulebook
    assert catalog.known_rulebook(rulebook.digest) is rulebook
    assert catalog.known_rulebook("nothing") is None


def test_a_fact_may_be_answered_by_a_policy(tmp_path: Path) -> None:
    guarded = WORKFLOW.replace(
        "if: {approval: none_needed}", "if: {approval: none_needed, answer_by_us: fight}"
    )
    rulebook = small(tmp_path, torn=guarded)
    dear = facts(rulebook, affected_value="60 USD")
    assert rulebook.answer("answer_by_us", dear) == "fight"
    assert rulebook.answered(dear, frozenset({"answer_by_us"}))["answer_by_us"] == "fight"
    assert "answer_by_us" not in rulebook.answered(dear, frozenset({"severity"}))
    unknown = rulebook.answer("answer_by_us", facts(rulebook))
    assert isinstance(unknown, Undecided)
    assert "affected_value" in unknown.why
    assert "answer_by_us" not in rulebook.answered(facts(rulebook), frozenset({"answer_by_us"}))


def test_warnings_that_a_table_answers_are_armed_as_the_workflows_own(tmp_path: Path) -> None:
    rulebook = small(tmp_path)
    known = rulebook.facts(
        {"affected_value": "120 USD"}, rates=Rates.none(), builtins={"deadline": "their_clock"}
    )
    decision = decide_rows(rulebook.policies.rows["deadlines"], known)
    assert isinstance(decision, RowsDecision)
    warnings = rulebook.ladder("deadlines", decision)
    assert [(str(w.at), [str(a) for a in w.do]) for w in warnings] == [
        ("50", ["alert supervisor"]),
        ("2 business days", ["alert assignee"]),
    ]


def test_the_calendar_without_a_name_is_the_workflows(tmp_path: Path) -> None:
    rulebook = small(tmp_path)
    assert rulebook.calendar(None) is rulebook.calendars["desk"]
    assert rulebook.calendar("of the workflow") is rulebook.calendars["desk"]
    assert rulebook.calendar("desk") is rulebook.calendars["desk"]


def test_a_reply_falls_back_to_a_language_that_has_it(tmp_path: Path) -> None:
    german = FILES["replies/en.yaml"].replace("language: en", "language: de")
    write_file(tmp_path, "replies/de.yaml", german.replace("  offer:", "  other:"))
    rulebook = small(tmp_path)
    for name, languages, expected in (
        ("received", ("de", "en"), "de"),
        ("offer", ("de", "en"), "en"),
        ("offer", ("fr",), "en"),
    ):
        template = rulebook.reply(name, languages)
        assert template is not None
        assert template.language == expected
    assert rulebook.reply("nothing", ("en",)) is None


def test_any_file_of_ours_keeps_its_order_through_the_canonical_form(tmp_path: Path) -> None:
    for file, written in FILES.items():
        root, problems = read(written, file)
        assert isinstance(root, Mapping), problems
        again = node_of(stored(content_of(root)), file)
        assert content_of(again) == content_of(root)


def test_the_digest_is_the_same_in_another_process_with_another_hash_seed(tmp_path: Path) -> None:
    digest = small(tmp_path).digest
    script = (
        "import sys; from datetime import datetime, UTC\n"
        "from aftersales.definitions.catalog import Catalog\n"
        "at = datetime(2026, 11, 21, tzinfo=UTC)\n"
        "print(Catalog.load(sys.argv[1]).rulebook('torn', at).digest)"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        )
        assert done.stdout.strip() == digest


def test_no_problem_is_left_in_the_notes_of_a_good_rulebook(tmp_path: Path) -> None:
    _, problems = Catalog.check(write_folder(tmp_path))
    assert problems == Notes().problems
