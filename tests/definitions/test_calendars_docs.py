"""What the reference of calendars prints is so: its fragments, its feed, its Python."""

import re
from pathlib import Path

import pytest
from small_calendars import hours_on

from aftersales.definitions import load_calendars
from aftersales.domain.calendar import Calendar, parse_instant
from aftersales.domain.duration import Duration
from printed_pages import ROOT, Block, blocks, of_sort, page, run_python

PAGE = "calendars.md"


def printed(sort: str) -> list[Block]:
    return [block for block in of_sort(sort) if block.page == PAGE]


def made(folder: Path, content: str) -> dict[str, Calendar]:
    (folder / "calendars.yaml").write_text(content, encoding="utf-8")
    return load_calendars(folder / "calendars.yaml")


def test_the_printed_sources_of_holidays_close_their_days(tmp_path: Path) -> None:
    [feed] = re.findall(r"```ics\n(.*?)```", page(f"reference/{PAGE}"), re.S)
    (tmp_path / "our-days.ics").write_text(feed, encoding="utf-8")
    [fragment] = printed("fragment")
    own = "".join(f"    {line}\n" for line in fragment.content.splitlines())
    head = "aftersales: calendars/1\ncalendars:\n  x:\n"
    zone = "    zone: Europe/Berlin\n    hours: {mon-fri: 09:00-17:00}\n"
    calendar = made(tmp_path, head + zone + own)["x"]
    closed = ["2026-02-02", "2026-02-03", "2026-09-21", "2026-07-10", "2026-12-29", "2026-01-06"]
    assert [hours_on(calendar, day) for day in closed] == [[]] * len(closed)
    assert hours_on(calendar, "2026-02-04") == [9, 17]
    assert hours_on(calendar, "2025-06-19") == [9, 17]  # Corpus Christi, worked here


def calendars_printed(tmp_path: Path, name: str) -> Calendar:
    for block in printed("file"):
        if f"  {name}:" in block.content:
            return made(tmp_path, block.content)[name]
    raise AssertionError(name)


def test_the_printed_weekends_are_so(tmp_path: Path) -> None:
    dubai = calendars_printed(tmp_path, "desk_dubai")
    friday, sunday = ("2021-11-12", "2022-11-11"), ("2021-11-14", "2022-11-13")
    assert [hours_on(dubai, day) for day in friday] == [[9, 12], [9, 12]]
    assert [hours_on(dubai, day) for day in sunday] == [[9, 17], []]
    johor = calendars_printed(tmp_path, "desk_johor")
    assert hours_on(johor, "2024-07-12") == []
    assert hours_on(johor, "2025-07-11") == [9, 17]


def test_the_printed_freeze_is_so(tmp_path: Path) -> None:
    calendar = calendars_printed(tmp_path, "platform_of_the_example")
    start = parse_instant("2026-02-13 10:00", "Asia/Shanghai")
    due = calendar.due(start, Duration.parse("7 days"))
    assert due.business_date.isoformat() == "2026-02-27"


def test_the_printed_python_prints_what_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    run_python(f"reference/{PAGE}")
    out, of_pauses = capsys.readouterr().out.splitlines()
    told = re.search(r"it prints `(.*?)` and the (\w+) days", page(f"reference/{PAGE}"))
    assert told is not None
    assert out.startswith(told[1])
    assert {"four": 4}[told[2]] == out.count("['2026-")
    paused = re.search(r"A day's pause makes it `(.*?)`", page(f"reference/{PAGE}"))
    assert paused is not None
    assert of_pauses.startswith(paused[1])
    assert told[1].replace(" ", "T").replace("+00:00", "Z") in of_pauses


def test_the_printed_shop_has_its_days_of_every_year(tmp_path: Path) -> None:
    [block] = [block for block in printed("file") if "desk_of_a_shop" in block.content]
    shop = made(tmp_path, block.content)["desk_of_a_shop"]
    assert hours_on(shop, "2026-12-24")[-1] == 15
    assert hours_on(shop, "2027-12-24") == [9, 12]
    assert [hours_on(shop, day) for day in ("2028-12-24", "2028-12-29", "2031-01-02")] == [[]] * 3
    assert hours_on(shop, "2031-01-03") != []


def test_each_block_of_the_page_is_run_somewhere() -> None:
    own = [block for block in blocks() if block.page == PAGE]
    assert {block.sort for block in own} == {"file", "fragment"}
    assert len(own) >= 5
