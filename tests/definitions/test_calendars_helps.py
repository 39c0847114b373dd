"""What newcomers write in calendars, stories and durations, and what they are told to write."""

from datetime import date
from pathlib import Path

import pytest
from small_calendars import one

from aftersales.definitions import load_calendars, text
from aftersales.definitions.calendar_zones import zone_help
from aftersales.definitions.notes import Notes
from aftersales.definitions.story_files import read_tests_file
from aftersales.definitions.team import read_team
from aftersales.domain.duration import Duration
from aftersales.domain.errors import DefinitionsInvalid, ValueUnreadable

DESK = "zone: Europe/London, hours: {mon-fri: 09:00-17:00}"


def told(line: str, today: date | None = None) -> tuple[str, str, str]:
    """The code, message and help of the one problem of a calendar."""
    _, problems = one(line, today)
    (problem,) = problems
    return problem.code, problem.message, problem.help


@pytest.mark.parametrize(
    ("zone", "help"),
    [
        ("Europe/Manchester", "zone of GB: `Europe/London`"),
        ("BST", "zone of GB: `Europe/London`"),
        ("Europe/Londn", "did you mean `Europe/London`?"),
        ("london", "did you mean `Europe/London`?"),
        ("europe/london", "did you mean `Europe/London`?"),
    ],
)
def test_of_a_wrong_zone_a_near_city_is_told_else_the_zones_of_the_country(
    zone: str, help: str
) -> None:
    holidays = "holidays: {country: GB, subdivision: ENG}, known_until: 2026"
    line = f"zone: {zone}, hours: {{mon: 09:00-17:00}}, {holidays}"
    assert told(line) == ("T301", f"`{zone}` is not a time zone", help)


def test_a_zone_that_is_near_to_none_is_not_guessed() -> None:
    for zone in ("Europe/Manchester", "Asia/Beijing", "BST", "CST", ""):
        assert zone_help(zone) == ""
    assert zone_help("CST", ["US"]).startswith("zones of US: `America/New_York`, ")
    assert zone_help("Asia/Beijing", ["CN"]).startswith("zones of CN: `Asia/Shanghai`")
    _, _, help = told("zone: Asia/Beijing, hours: {mon: 09:00-17:00}")
    assert help == "write it like `Europe/Berlin` or `UTC`"


def test_a_wrong_zone_of_a_shift_is_not_guessed_either() -> None:
    notes = Notes()
    shift = "shift: {zone: Europe/Manchester, mon-fri: 09:00-17:00}"
    root, _ = text.read(f"aftersales: team/1\nagents:\n  a: {{roles: agent, {shift}}}\n", "t.yaml")
    assert isinstance(root, text.Mapping)
    read_team(root, notes)
    assert [problem.help for problem in notes.problems] == ["write it like `Europe/Berlin`"]


@pytest.mark.parametrize(
    ("hours", "help"),
    [
        ("saturday: 09:00-12:00", "did you mean `sat`?"),
        ("Mon: 09:00-12:00", "did you mean `mon`?"),
        ("tues: 09:00-12:00", "did you mean `tue`?"),
        ("Monday - Friday: 09:00-12:00", "did you mean `mon-fri`?"),
        ("mon to fri: 09:00-12:00", "did you mean `mon-fri`?"),
        ("workday: 09:00-12:00", "did you mean `workdays`?"),
        ("mon: 09:00-17:00, sun: closed", "leave a closed day out"),
    ],
)
def test_days_of_the_week_in_other_words_are_known(hours: str, help: str) -> None:
    assert told(f"zone: UTC, hours: {{{hours}}}")[2] == help


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("closed: [2026-11-31]", "November has 30 days"),
        ("closed: [2026-02-29]", "February 2026 has 28 days"),
        ("closed: [02-30]", "February has 29 days"),
        ("closed: [24-12]", "the month comes first: `12-24`"),
        ("closed: [2026-12-24 to 2026-24-12]", "the month comes first: `2026-12-24`"),
        ("closed: {2026-12-24: Eve, half off}", 'quote the reason: `"Eve, half off"`'),
        (
            "special_days: {2026-12-24: closed}",
            "write it under `closed`: `{2026-12-24: why}`",
        ),
    ],
)
def test_a_slip_in_a_date_is_told_as_what_it_is(line: str, help: str) -> None:
    assert told(f"{DESK}, {line}")[2] == help


def test_dates_without_a_reason_may_stand_in_braces_too() -> None:
    calendars, problems = one(f"{DESK}, closed: {{2026-12-23, 2026-12-24: Eve, 2026-12-28}}")
    assert problems == []
    assert len(calendars["x"].content.almanac.closed) == 3


@pytest.mark.parametrize(
    ("country", "help"),
    [
        ("EN", "write `{country: GB, subdivision: ENG}`"),
        ("GB-ENG", "write `{country: GB, subdivision: ENG}`"),
        ("England", "write `{country: GB, subdivision: ENG}`"),
        ("DE-BY", "write `{country: DE, subdivision: BY}`"),
        ("Germany", "write `DE`"),
        ("USA", "write `US`"),
        ("de", "did you mean `DE`?"),
        ("XX", "two capital letters, such as `US` or `DE`"),
    ],
)
def test_a_country_in_other_words_is_known(country: str, help: str) -> None:
    assert told(f"{DESK}, holidays: {country}, known_until: 2026")[2] == help


def test_where_the_known_years_are_missing_the_last_one_is_named() -> None:
    line, today = f"{DESK}, holidays: CN", date(2026, 11, 22)
    assert told(line, today) == (
        "K102",
        "a calendar with `holidays` needs `known_until`",
        "add `known_until: 2026`: the last year whose holidays are published",
    )
    assert "`known_until: 2027`" in told(f"{DESK}, holidays: US", today)[2]


def test_known_years_that_are_misspelt_are_not_missing_too() -> None:
    code, _, help = told(f"{DESK}, holidays: US, known_untill: 2026")
    assert (code, help) == ("K101", "did you mean `known_until`?")


def test_a_path_that_is_not_there_is_told_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(DefinitionsInvalid) as refused:
        load_calendars("policies/nope.yaml")
    (problem,) = refused.value.problems
    assert problem.message == "there is no file `policies/nope.yaml`"
    assert (problem.code, problem.place.file) == ("F804", "policies/nope.yaml")


@pytest.mark.parametrize(
    ("written", "help"),
    [
        ("2 working days", "did you mean `2 business days`?"),
        ("1 workday", "did you mean `1 business day`?"),
        ("4 working hours", "did you mean `4 business hours`?"),
        ("1 week", "count days: `7 days`"),
        ("2 months", "how long a month is differs; count days: `60 days`"),
        ("2days", "did you mean `2 days`?"),
        ("48h", "did you mean `48 hours`?"),
        ("90 mins", "did you mean `90 minutes`?"),
        ("9 dyas", "did you mean `9 days`?"),
        ("9 horus", "did you mean `9 hours`?"),
        ("9 busness days", "did you mean `9 business days`?"),
        ("9 wekdays", "did you mean `9 business days`?"),
        ("2 Business Days", "did you mean `2 business days`?"),
        ("2 fortnights", "write a whole number and one of: "),
        ("two days", "write a whole number and one of: "),
    ],
)
def test_a_duration_in_other_words_is_known(written: str, help: str) -> None:
    with pytest.raises(ValueUnreadable) as refused:
        Duration.parse(written)
    assert str(refused.value) == f"`{written}` is not a duration"
    assert refused.value.help.startswith(help)


def test_what_a_suggestion_says_can_be_read() -> None:
    for written in ("99999 weeks", "9 years", "9 dyas", "60 mins"):
        with pytest.raises(ValueUnreadable) as refused:
            Duration.parse(written)
        quoted = refused.value.help.split("`")[1::2]
        assert quoted
        for suggested in quoted:
            Duration.parse(suggested)


def test_a_story_says_of_a_deadline_when_it_is_due_or_why_it_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.tests.yaml"
    for word, codes in (("stopped", ["S705"]), ("paused", []), ("no", []), ("2026-10-09", [])):
        file.write_text(
            "aftersales: tests/1\nfor: workflow/a\nzone: UTC\ntests:\n"
            f"  - {{name: a, story: [{{by: agent, expect: {{due: {{answer: {word}}}}}}}]}}\n"
        )
        notes = Notes()
        read_tests_file(file, file.name, notes)
        assert [problem.code for problem in notes.problems] == codes
        assert all("`paused`" in p.help and "`no`" in p.help for p in notes.problems)
