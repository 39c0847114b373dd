from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from small_definitions import (
    ANSWER,
    DEADLINES,
    FACTS,
    FILES,
    REPLIES,
    TORN,
    WORKFLOW,
    write_file,
    write_folder,
)

from aftersales.definitions.catalog import Catalog
from aftersales.domain.errors import DefinitionsInvalid, KindNotInForce

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def codes(folder: Path) -> list[str]:
    _, problems = Catalog.check(folder)
    return [problem.code for problem in problems]


def test_the_shipped_definitions_have_no_problem() -> None:
    catalog, problems = Catalog.check()
    assert problems == []
    assert catalog is not None
    for kind in catalog.kinds:
        assert catalog.rulebook(kind, NOON).kind == kind


def test_a_folder_of_small_definitions_is_read(tmp_path: Path) -> None:
    catalog = Catalog.load(write_folder(tmp_path))
    assert catalog.kinds == ("torn",)
    rulebook = catalog.rulebook("torn", NOON)
    assert rulebook.workflow.name == "torn"
    assert set(rulebook.policies.compensation) == {"torn"}
    assert rulebook.replies["en"]["offer"].needs == ("order_id", "options")


def test_all_problems_of_all_files_are_found_in_one_run(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        torn=None,
        en=REPLIES.replace("subject:", "subjekt:", 1),
        answer=ANSWER.replace("affected_value", "afected_value"),
        deadlines=DEADLINES.replace("2 business days}", "2 busy days}"),
    )
    write_file(tmp_path, "workflows/torn.yaml", WORKFLOW.replace("go_to: offered", "go_to: offred"))
    write_file(
        tmp_path,
        "policies/compensation/offers.yaml",
        TORN.replace("options: refund_all", "options: refund"),
    )
    _, problems = Catalog.check(tmp_path)
    assert sorted({p.place.file for p in problems}) == [
        "policies/answer.yaml",
        "policies/compensation/offers.yaml",
        "policies/deadlines.yaml",
        "replies/en.yaml",
        "workflows/torn.yaml",
    ]
    assert len(problems) == 5, [str(p) for p in problems]


def test_a_file_that_cannot_be_read_does_not_blame_those_that_name_it(tmp_path: Path) -> None:
    write_folder(tmp_path, deadlines=DEADLINES.replace("choose: one", "choose: won"))
    assert codes(tmp_path) == ["K105"]


def test_load_raises_with_all_errors(tmp_path: Path) -> None:
    write_folder(tmp_path, answer=ANSWER.replace("policy/1", "policie/1"))
    with pytest.raises(DefinitionsInvalid) as raised:
        Catalog.load(tmp_path)
    assert "F801" in [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("first_line", "code", "help"),
    [
        ("aftersales: polcy/1", "F801", "did you mean `policy/1`?"),
        ("aftersales: policy/9", "F801", "policy/1"),
        ("aftersale: policy/1", "F802", "aftersales: policy/1"),
    ],
)
def test_a_file_must_say_a_known_format(
    tmp_path: Path, first_line: str, code: str, help: str
) -> None:
    write_file(tmp_path, "policies/extra.yaml", ANSWER.replace("aftersales: policy/1", first_line))
    _, problems = Catalog.check(write_folder(tmp_path))
    (problem,) = [p for p in problems if p.place.file == "policies/extra.yaml"]
    assert (problem.code, problem.place.line) == (code, 1)
    assert help in problem.help


def test_a_folder_without_definitions_is_one_problem(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere") == ["F804"]


@pytest.mark.parametrize("missing", ["facts", "calendars"])
def test_a_missing_file_of_facts_or_calendars_is_said(tmp_path: Path, missing: str) -> None:
    assert "F804" in codes(write_folder(tmp_path, **{missing: None}))


def test_a_file_that_is_not_utf8_is_reported_where_it_stops_being_text(tmp_path: Path) -> None:
    write_folder(tmp_path)
    (tmp_path / "replies" / "de.yaml").write_bytes(b"aftersales: replies/1\nlanguage: \xff\xfe\n")
    _, problems = Catalog.check(tmp_path)
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [("Y107", 2, 11)]


def test_files_of_tests_are_left_to_their_own_reader(tmp_path: Path) -> None:
    write_file(tmp_path, "workflows/torn.tests.yaml", "not: [even definitions")
    assert codes(write_folder(tmp_path)) == []


def test_two_versions_for_the_same_day_are_refused(tmp_path: Path) -> None:
    write_file(tmp_path, "policies/compensation/torn_2.yaml", TORN)
    write_file(tmp_path, "workflows/torn_2.yaml", WORKFLOW)
    assert codes(write_folder(tmp_path)) == ["F803", "F803"]


def test_a_version_holds_from_the_desks_midnight_of_its_first_day(tmp_path: Path) -> None:
    write_folder(tmp_path, torn=None)
    old = WORKFLOW.replace("starts_in", "until: 2026-02-28\nstarts_in")
    new = WORKFLOW.replace("within: 7 days", "within: 9 days")
    new = new.replace("starts_in", "from: 2026-03-01\nstarts_in")
    write_file(tmp_path, "workflows/torn_old.yaml", old)
    write_file(tmp_path, "workflows/torn_new.yaml", new)
    write_file(tmp_path, "policies/compensation/offers.yaml", TORN)
    catalog = Catalog.load(tmp_path)

    def days(instant: datetime) -> str:
        answer = catalog.rulebook("torn", instant).workflow.states["offered"].deadlines["answer"]
        return str(answer.within)

    assert days(datetime(2026, 3, 1, 4, 59, 59, tzinfo=UTC)) == "7 days"  # 23:59:59 in New York
    assert days(datetime(2026, 3, 1, 5, tzinfo=UTC)) == "9 days"


def test_a_policy_that_begins_later_than_its_workflow_only_refuses_the_days_before(
    tmp_path: Path,
) -> None:
    dated = DEADLINES.replace("choose: one", "from: 2026-03-01\nchoose: one")
    catalog = Catalog.load(write_folder(tmp_path, deadlines=dated))
    assert catalog.rulebook("torn", NOON)
    with pytest.raises(KindNotInForce, match="2026-02-28"):
        catalog.rulebook("torn", datetime(2026, 2, 28, 12, tzinfo=UTC))


def test_a_policy_that_ends_while_its_workflow_goes_on_is_a_problem(tmp_path: Path) -> None:
    ended = DEADLINES.replace("choose: one", "until: 2026-12-31\nchoose: one")
    assert "W513" in codes(write_folder(tmp_path, deadlines=ended))


TODAY = date(2026, 11, 21)
LATER = TORN.replace("applies_to", "from: 2027-01-01\napplies_to")


def told_today(folder: Path, today: date | None = TODAY) -> list[str]:
    _, problems = Catalog.check(folder, today=today)
    return [f"{one.code} {one.place.file} {one.message}" for one in problems]


def test_a_policy_that_begins_later_and_has_no_earlier_version_is_warned_of(
    tmp_path: Path,
) -> None:
    write_folder(tmp_path, offers=LATER)
    what = "cases of `torn` can be opened, and nothing can be offered to them"
    told = [f"P438 policies/compensation/offers.yaml before 2027-01-01 {what}"]
    assert told_today(tmp_path) == told
    assert told_today(tmp_path, date(2027, 1, 1)) == []
    assert told_today(tmp_path, None) == []
    write_file(
        tmp_path,
        "policies/compensation/2026.yaml",
        TORN.replace("about", "until: 2026-12-30\nabout"),
    )
    [gap] = told_today(tmp_path)
    assert gap.endswith(f"from 2026-12-31 to 2026-12-31 {what}")
    write_file(
        tmp_path,
        "policies/compensation/2026.yaml",
        TORN.replace("about", "until: 2026-12-31\nabout"),
    )
    assert told_today(tmp_path) == []


@pytest.mark.parametrize("last", ["2026-11-20", "2027-03-31"])
def test_a_compensation_policy_that_ends_and_nothing_follows_is_warned_of(
    tmp_path: Path, last: str
) -> None:
    write_folder(tmp_path, offers=TORN.replace("about", f"until: {last}\nabout"))
    what = f"after {last} cases of `torn` can be opened, and nothing can be offered to them"
    assert told_today(tmp_path) == [f"P438 policies/compensation/offers.yaml {what}"]
    begins = date.fromisoformat(last) + timedelta(days=1)
    following = TORN.replace("about", f"from: {begins}\nabout")
    write_file(tmp_path, "policies/compensation/next.yaml", following)
    assert told_today(tmp_path) == []


def test_facts_that_end_leave_kinds_of_which_no_case_can_be_opened(tmp_path: Path) -> None:
    write_folder(tmp_path, facts=FACTS.replace("facts:", "until: 2026-12-31\nfacts:", 1))
    what = "after 2026-12-31 no case of `torn` can be opened"
    assert told_today(tmp_path) == [f"P438 policies/facts.yaml {what}"]


def test_a_kind_that_ends_with_its_policy_is_not_warned_of(tmp_path: Path) -> None:
    write_folder(tmp_path, offers=TORN.replace("about", "until: 2026-12-31\nabout"), torn=None)
    ending = WORKFLOW.replace("starts_in", "until: 2026-12-31\nstarts_in")
    write_file(tmp_path, "workflows/torn.yaml", ending)
    assert told_today(tmp_path) == []


def test_a_kind_that_is_only_planned_is_not_warned_of(tmp_path: Path) -> None:
    write_folder(tmp_path, offers=LATER, torn=None)
    write_file(
        tmp_path,
        "workflows/torn.yaml",
        WORKFLOW.replace("starts_in", "from: 2027-01-01\nstarts_in"),
    )
    assert told_today(tmp_path) == []


def test_a_kind_whose_workflow_makes_no_offer_needs_no_compensation_policy(tmp_path: Path) -> None:
    write_folder(tmp_path, offers=LATER, torn=None)
    write_file(tmp_path, "workflows/torn.yaml", WORKFLOW.replace("make offer, ", ""))
    assert "P438" not in " ".join(told_today(tmp_path))


def test_a_table_that_a_workflow_asks_and_that_begins_later_is_warned_of(tmp_path: Path) -> None:
    dated = DEADLINES.replace("choose: one", "from: 2027-01-01\nchoose: one")
    write_folder(tmp_path, deadlines=dated)
    no_case = "before 2027-01-01 no case of `torn` can be opened"
    assert told_today(tmp_path) == [f"P438 policies/deadlines.yaml {no_case}"]


@pytest.mark.parametrize(
    "period", ["from: 1 March", "from: 2026-02-30", "from: 2026-03-02\nuntil: 2026-03-01"]
)
def test_a_period_that_makes_no_sense_is_refused(tmp_path: Path, period: str) -> None:
    changed = ANSWER.replace("choose: first", f"{period}\nchoose: first")
    assert "F805" in codes(write_folder(tmp_path, answer=changed))


def test_an_unknown_kind_is_refused_with_the_closest_known_one(tmp_path: Path) -> None:
    catalog = Catalog.load(write_folder(tmp_path))
    with pytest.raises(KindNotInForce, match="did you mean `torn`"):
        catalog.rulebook("thorn", NOON)


def test_a_naive_instant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="naive"):
        Catalog.load(write_folder(tmp_path)).rulebook("torn", datetime(2026, 11, 21))  # noqa: DTZ001


def test_rates_are_those_of_the_day(tmp_path: Path) -> None:
    for day, usd in (("2026-01-01", "1.05"), ("2026-11-01", "1.08")):
        content = f"aftersales: rates/1\nfrom: {day}\nbase: EUR\nrates: {{USD: {usd}}}\n"
        write_file(tmp_path, f"policies/rates_{day}.yaml", content)
    catalog = Catalog.load(write_folder(tmp_path))
    assert catalog.rates.texts() == {"USD": "1.08"}
    assert catalog.rates_on(date(2026, 5, 1)).texts() == {"USD": "1.05"}
    assert catalog.rates_on(date(2025, 5, 1)).texts() == {}


def test_a_rate_that_is_none_is_refused(tmp_path: Path) -> None:
    content = "aftersales: rates/1\nbase: EUR\nrates: {USD: dear, euro: 2}\n"
    write_file(tmp_path, "policies/rates.yaml", content)
    assert codes(write_folder(tmp_path)) == ["F806", "F806"]


def test_the_team_is_read_and_its_slips_found(tmp_path: Path) -> None:
    shift = "{zone: Europe/Berlin, mon-fri: 14:00-23:00}"
    good = f"{{roles: [agent], languages: [en], shift: {shift}, at_most: 40 open}}"
    write_file(tmp_path, "policies/team.yaml", f"aftersales: team/1\nagents: {{ann: {good}}}\n")
    ann = Catalog.load(write_folder(tmp_path)).team.agents["ann"]
    assert (ann.roles, ann.at_most_open) == (("agent",), 40)
    assert ann.shift is not None
    assert ann.shift.hours == {"mon-fri": "14:00-23:00"}
    bad = good.replace("agent", "agnet").replace("Berlin", "Berlim").replace("40 open", "many")
    write_file(tmp_path, "policies/team.yaml", f"aftersales: team/1\nagents: {{ann: {bad}}}\n")
    assert codes(tmp_path) == ["F807", "F807", "F807"]


def test_facts_with_a_slip_are_not_blamed_on_those_who_read_them(tmp_path: Path) -> None:
    wrong = FACTS.replace("{type: choice, of: [none, photo, video]}", "{type: chioce}")
    wrong = wrong.replace("in_order: true}", "in_ordre: true}")
    _, problems = Catalog.check(write_folder(tmp_path, facts=wrong))
    assert {p.place.file for p in problems} == {"policies/facts.yaml"}
    assert len(problems) == 2, [str(p) for p in problems]


def test_the_files_of_the_small_definitions_are_all_read(tmp_path: Path) -> None:
    write_folder(tmp_path)
    for file in FILES:
        path = tmp_path / file
        good = path.read_text()
        path.write_text(good + "nonsense: true\n")
        assert codes(tmp_path) == ["K101"], file
        path.write_text(good)


def test_a_table_must_answer_what_it_is_asked(tmp_path: Path) -> None:
    no_within = "choose: one\nanswers: {colour: [red]}\notherwise: {colour: red}\n"
    deadlines = f"aftersales: policy/1\npolicy: deadlines\n{no_within}"
    assert codes(write_folder(tmp_path / "a", deadlines=deadlines)) == ["W521"]
    guarded = WORKFLOW.replace("{approval: none_needed}", "{answer_by_us: fight}")
    answer = f"aftersales: policy/1\npolicy: answer\n{no_within}"
    assert codes(write_folder(tmp_path / "b", torn=guarded, answer=answer)) == ["C205"]


def test_a_table_whose_answers_stand_in_a_file_of_other_days_is_told_which(tmp_path: Path) -> None:
    later = ANSWER.replace("choose: first", "choose: first\nfrom: 2027-01-01")
    kept = [line for line in ANSWER.splitlines() if not line.startswith(("answers", "otherwise"))]
    write_folder(tmp_path, answer=later)
    write_file(tmp_path, "policies/more.yaml", "\n".join(kept).replace("dear", "dearer"))
    _, problems = Catalog.check(tmp_path)
    [told] = [one for one in problems if one.code == "P411"]
    assert told.place.file == "policies/more.yaml"
    assert "`answers` stand in policies/answer.yaml (from 2027-01-01 on)" in told.message
