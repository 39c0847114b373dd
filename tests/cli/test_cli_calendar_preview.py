"""`calendar preview`: what would move is told and nothing is moved; asked for, it is moved."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from aftersales import Money, load_calendars
from aftersales.cli import main
from aftersales.cli.calendar.preview import counts, page
from aftersales.desk import CaseMoved, DueMoved, Preview
from aftersales.domain.calendar import parse_instant
from aftersales.testing import ShopForTests, desk_for_tests
from printed_pages import run_python

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "policies" / "calendars.yaml"
BY_HAND = (
    *("--order-id", "1001", "--paid", "39.90 EUR", "--customer", "c9"),
    *("--fact", "affected_value=39.90 EUR", "--fact", "severity=minor"),
    *("--fact", "country=DE", "--fact", "platform=own_shop"),
)
FACTS = {
    "affected_value": Money("39.90", "EUR"),
    "severity": "minor",
    "country": "DE",
    "platform": "own_shop",
    "evidence": "photo",
}


def written(path: Path, line: str) -> Path:
    """The shipped calendars with one more line for `desk`."""
    text = SHIPPED.read_text(encoding="utf-8")
    head, hours, tail = text.partition("    hours: {mon-fri: 09:00-17:00}\n")
    assert head.rstrip().endswith("zone: America/New_York")
    path.write_text(f"{head}{hours}    {line}\n{tail}", encoding="utf-8")
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The desk is closed on Christmas Eve."""
    return written(tmp_path / "new.yaml", "closed: {2026-12-24: Christmas Eve}")


@pytest.fixture
def shop(tmp_path: Path) -> ShopForTests:
    """A case was opened two days before Christmas Eve."""
    shop = desk_for_tests(tmp_path, at="2026-12-22T14:00:00Z")
    shop.desk.record_order("1001", paid=Money("39.90", "EUR"))
    shop.desk.open_case("damaged", order_id="1001", customer_id="c9", facts=FACTS)
    return shop


@pytest.mark.parametrize("document", ["reference/cli.md", "how-to/publish_holidays.md"])
def test_the_page_is_as_documented(shop: ShopForTests, new: Path, document: str) -> None:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    printed = re.search(r"\$ aftersales calendar preview \S+\n(.*?)```", text, re.S)
    assert printed is not None
    found = shop.desk.preview_calendars(load_calendars(new))
    lines = page(found, now=shop.desk.now())
    (case,) = found.cases
    shown = [line.replace(case.case_id[-8:], "4f1c09ab") for line in lines]
    assert shown == printed[1].splitlines()


def test_the_keys_of_the_json_are_as_documented() -> None:
    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    section = text.partition("## `aftersales calendar preview")[2].partition("\n## ")[0]
    told = set(re.findall(r"`([a-z_]+)`", section.partition("| key | value |")[2]))
    fields = {f for kind in (Preview, CaseMoved, DueMoved) for f in kind.__dataclass_fields__}
    assert told == fields


def test_dates_are_spoken_in_the_calendars_zone_or_in_the_one_asked_for(
    shop: ShopForTests, new: Path
) -> None:
    found = shop.desk.preview_calendars(load_calendars(new))
    assert any("desk (America/New_York)" in line for line in page(found, now=shop.desk.now()))
    lines = page(found, now=shop.desk.now(), zone="Asia/Tokyo")
    assert lines[0] == "desk (Asia/Tokyo)"
    assert any("Fri 25 Dec, 07:00 -> Tue 29 Dec, 07:00" in line for line in lines)
    later = page(found, now=parse_instant("2027-01-02T09:00:00Z"))
    assert any("Thu 24 Dec 2026, 17:00 -> Mon 28 Dec 2026, 17:00" in line for line in later)


def test_guesses_overdue_timers_and_refusals_are_marked() -> None:
    at = parse_instant("2026-12-24T22:00:00Z")
    due = DueMoved("1/1/decide/0", "decide", "desk", "UTC", at, at, True, False)
    case = CaseMoved("c" * 36, "damaged", "reported", None, (due,))
    guessed = replace(due, after=at + timedelta(days=3), is_provisional=True, why=("x closed",))
    cases = (
        case,
        replace(case, dues=(guessed,), is_overdue=True, is_moved=True),
        replace(case, dues=(replace(due, after=at + timedelta(days=1), is_paused=True),)),
        replace(case, dues=(), refused="the newer rulebook has no state `reported`"),
    )
    found = Preview(cases, looked_at=9, moved=1, paused=1, confirmed=1, refused=1, untouched=5)
    told = "\n".join(page(found, now=at))
    assert "  no longer provisional\n    cccccccc  damaged  decide  Thu 24 Dec, 22:00\n" in told
    assert "-> Sun 27 Dec, 22:00  (provisional; something is due first)" in told
    assert "paused; if resumed now Thu 24 Dec, 22:00 -> Fri 25 Dec, 22:00\n" in told
    assert "Cannot be moved\n  cccccccc  the newer rulebook has no state `reported`" in told
    assert counts(found) == (
        "9 open cases: 1 would move · 1 paused, to end at another time · 1 confirmed · "
        "1 cannot be moved · 5 untouched"
    )


# -- as it is typed


class Typed:
    """Runs commands in one folder, and keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *args: str, code: int = 0) -> tuple[str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(args))
        printed = self._capsys.readouterr()
        assert int(ended.value.code or 0) == code, printed.out + printed.err
        assert "Traceback" not in printed.err
        return printed.out, printed.err

    def json(self, *args: str) -> Any:
        return json.loads(self(*args, "--json")[0])


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Typed]:
    """A folder with a database, a case opened on a Tuesday, and a desk that is closed from then."""
    monkeypatch.chdir(tmp_path)
    typed = Typed(capsys)
    with time_machine.travel(datetime(2026, 12, 1, 15, 0, tzinfo=UTC), tick=False):
        typed("migrate")
        typed("case", "open", "damaged", *BY_HAND)
        written(tmp_path / "new.yaml", "closed: {2026-12-02 to 2026-12-11: the roof is repaired}")
        yield typed


def test_without_apply_nothing_moves_and_what_to_type_is_told(typed: Typed) -> None:
    before = typed("case", "list")
    out, err = typed("calendar", "preview", "new.yaml")
    assert "the roof is repaired" in out
    assert out.splitlines()[-1] == "1 open case: 1 would move"
    assert "aftersales calendar preview new.yaml --apply" in err
    assert typed("case", "list") == before


def test_with_apply_the_case_is_moved_once_and_its_history_says_so(typed: Typed) -> None:
    preview = typed.json("calendar", "preview", "new.yaml")
    why = ("--why", "the roof", "--as", "supervisor:sue")
    applied = typed.json("calendar", "preview", "new.yaml", "--apply", *why)
    assert (applied["moved"], applied["is_applied"]) == (1, True)
    (case,) = typed.json("case", "list")
    after = {due["after"] for moved in applied["cases"] for due in moved["dues"]}
    assert case["due_at"] in after
    assert [m["case_id"] for m in preview["cases"]] == [m["case_id"] for m in applied["cases"]]
    history, _ = typed("case", "history", case["id"])
    assert "rulebook_moved" in history
    assert "supervisor sue" in history
    assert "the roof" in history
    assert "moved from" in typed("case", "explain", case["id"])[0]
    out, err = typed("calendar", "preview", "new.yaml", "--apply")
    assert out == "1 open case: 1 untouched\n"
    assert err.startswith("warning: new cases still get `desk` as it stands in the shipped")
    assert typed("doctor", "--json")[0] == "[]\n"


def test_calendars_that_the_file_does_not_name_are_told(typed: Typed) -> None:
    text = "aftersales: calendars/1\ncalendars:\n  mine: {zone: UTC, hours: {mon-fri: 09-17}}\n"
    Path("other.yaml").write_text(text.replace("09-17", "09:00-17:00"), encoding="utf-8")
    out, err = typed("calendar", "preview", "other.yaml")
    assert out == "1 open case: 1 untouched\n"
    assert "not in other.yaml, and left as they are: desk" in err


def test_a_file_that_cannot_be_read_is_told_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = Typed(capsys)
    Path("wrong.yaml").write_text(
        "aftersales: calendars/1\ncalendars:\n  desk: {zone: Nowhere, hours: {mon: 09:00-17:00}}\n",
        encoding="utf-8",
    )
    shutil.copy(ROOT / "policies" / "facts.yaml", "facts.yaml")
    Path("text.yaml").write_text("{", encoding="utf-8")
    wrong = {"none.yaml": 4, "wrong.yaml": 1, "facts.yaml": 1, "text.yaml": 1}
    for file, code in wrong.items():
        _, err = typed("calendar", "preview", file, "--apply", code=code)
        assert file in err


def test_the_python_of_the_how_to_runs() -> None:
    unused = tuple(sorted(load_calendars(SHIPPED)))
    assert run_python("how-to/publish_holidays.md")["preview"] == Preview(unused=unused)


def test_without_a_database_the_message_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], new: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    _, err = Typed(capsys)("calendar", "preview", str(new), code=3)
    assert "aftersales migrate" in err


# -- a folder of its own


@pytest.fixture
def folder(typed: Typed) -> Path:
    """A folder with definitions of its own, to which the settings point."""
    typed("init", "shop")
    Path("aftersales.toml").write_text('folder = "shop"\n', encoding="utf-8")
    return Path("shop")


def closing(days: int) -> str:
    """The desk is closed from tomorrow for so many days."""
    today = datetime.now(UTC).date()
    span = f"{today + timedelta(days=1)} to {today + timedelta(days=days)}"
    return f"closed: {{{span}: the roof is repaired}}"


def test_the_file_of_the_folder_is_edited_previewed_and_applied(typed: Typed, folder: Path) -> None:
    """New cases get what it says at once; those that are open keep theirs until they are moved."""
    (old,) = typed.json("case", "list")
    file = str(written(folder / "policies" / "calendars.yaml", closing(10)))
    typed("check", "shop")
    typed("case", "open", "damaged", *BY_HAND)
    out, err = typed("calendar", "preview", file)
    assert out.splitlines()[-1] == "2 open cases: 1 would move · 1 untouched"
    assert f"aftersales calendar preview {file} --apply" in err
    (again,) = (case for case in typed.json("case", "list") if case["id"] == old["id"])
    assert again["due_at"] == old["due_at"]
    out, err = typed("calendar", "preview", file, "--apply", "--as", "supervisor:sue")
    assert (out.splitlines()[-1], err) == ("2 open cases: 1 moved · 1 untouched", "")


def test_a_feed_beside_the_edited_file_is_found(typed: Typed, folder: Path) -> None:
    days = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:{0}\nSUMMARY:fair\nEND:VEVENT\n"
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    spans = "".join(days.format(f"{tomorrow + timedelta(days=n):%Y%m%d}") for n in range(10))
    feed = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{spans}END:VCALENDAR\n"
    file = folder / "policies" / "calendars.yaml"
    (folder / "policies" / "office.ics").write_text(feed.replace("\n", "\r\n"), encoding="utf-8")
    text = file.read_text(encoding="utf-8")
    text = text.replace("    holidays: US\n", "    holidays: [US, {ical: office.ics}]\n", 1)
    text = re.sub(r"known_until: \d+", f"known_until: {tomorrow.year}", text, count=1)
    file.write_text(text, encoding="utf-8")
    out, _ = typed("calendar", "preview", str(file))
    assert "closed now: fair" in out
    shutil.copy(file, "new.yaml")
    _, err = typed("calendar", "preview", "new.yaml", code=1)
    assert "there is no file `office.ics` beside this one" in err


def test_calendars_of_other_files_may_be_named_and_change_with_their_parts(
    typed: Typed, folder: Path
) -> None:
    head = "aftersales: calendars/1\ncalendars:\n"
    week = "hours: {mon-fri: 09:00-17:00}"
    north = f"{head}  manchester: {{zone: Europe/London, {week}}}\n"
    both = "  both: {together: [manchester, desk_cn]}\n"
    Path("new.yaml").write_text(north + both, encoding="utf-8")
    assert typed.json("calendar", "preview", "new.yaml")["unused"] == ["both", "manchester"]
    (folder / "policies" / "both.yaml").write_text(
        head + both.replace("manchester", "desk_de") + "  all: {together: [both, desk_gb]}\n",
        encoding="utf-8",
    )
    found = typed.json("calendar", "preview", str(folder / "policies" / "calendars.yaml"))
    assert {"both", "all"} <= {*found["unused"]}
    Path("new.yaml").write_text(f"{head}  desk_sa: {{zone: Asia/Riyadh, {week}}}\n", "utf-8")
    found = typed.json("calendar", "preview", "new.yaml")
    assert found["unused"] == ["desk_sa"]
    Path("new.yaml").write_text(f"{head}{both}", encoding="utf-8")
    _, err = typed("calendar", "preview", "new.yaml", code=1)
    assert "new.yaml:3" in err
    assert "there is no calendar `manchester`" in err


def test_joint_calendars_are_those_published_once_anything_is(typed: Typed, folder: Path) -> None:
    head = "aftersales: calendars/1\ncalendars:\n"
    (folder / "policies" / "both.yaml").write_text(
        f"{head}  both: {{together: [desk_de, desk_gb]}}\n", encoding="utf-8"
    )
    typed("publish", "shop", "--from", "now", "--by", "lea")
    (folder / "policies" / "both.yaml").write_text(
        f"{head}  only_edited: {{together: [desk_sa, desk_gb]}}\n", encoding="utf-8"
    )
    found = typed.json("calendar", "preview", str(folder / "policies" / "calendars.yaml"))
    assert "both" in found["unused"]
    assert "only_edited" not in found["unused"]


def test_a_folder_that_still_has_the_old_calendar_is_warned_of(typed: Typed, folder: Path) -> None:
    new = written(Path("newer.yaml"), closing(10))
    _, err = typed("calendar", "preview", str(new))
    assert "warning" not in err
    for _ in range(2):
        _, err = typed("calendar", "preview", str(new), "--apply", "--json")
        assert "warning: new cases still get `desk` as it stands in `" in err
        assert "shop`, which differs from newer.yaml; change it there too" in err
    shutil.copy(new, folder / "policies" / "calendars.yaml")
    assert typed("calendar", "preview", str(new), "--apply")[1] == ""


def test_nobody_but_staff_moves_cases(typed: Typed) -> None:
    before = typed("case", "list")
    for role in ("customer", "platform", "bank"):
        args = ("calendar", "preview", "new.yaml", "--apply", "--as", f"{role}:c1")
        _, err = typed(*args, code=1)
        assert err == (
            f"error: a {role} may not move cases; "
            "this is for agent, supervisor, manager or system\n"
        )
    assert typed("case", "list") == before
