"""The files of a folder as one value: complete, exact, and read again to the same definitions."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales.definitions import Catalog, Contents, ContentsUnreadable, contents
from aftersales.definitions.shipped import FOLDERS, shipped_folder

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALENDARS = """\
aftersales: calendars/1
calendars:
  desk: {zone: Europe/Berlin, hours: {mon-fri: 09:00-17:00}, holidays: {ical: ours.ics}, known_until: 2026}
"""  # noqa: E501
FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//shop//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20260504
SUMMARY:Büro zu
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FOLDERS:
        shutil.copytree(shipped_folder() / name, tmp_path / "shop" / name)
    return tmp_path / "shop"


def stored(of: Contents) -> Contents:
    """The same, written as JSON and read again."""
    return Contents.from_plain(json.loads(json.dumps(of.to_plain())))


def test_what_was_taken_gives_the_same_rulebooks_as_the_folder(folder: Path) -> None:
    taken = stored(Contents.of_folder(folder))
    shutil.rmtree(folder)
    catalog, problems = Catalog.check_contents(taken)
    assert catalog is not None, problems
    shipped = Catalog.load()
    assert catalog.kinds == shipped.kinds
    for kind in shipped.kinds:
        assert catalog.rulebook(kind, AT).digest == shipped.rulebook(kind, AT).digest
        assert catalog.rulebook(kind, AT).places == shipped.rulebook(kind, AT).places


def test_the_bytes_come_back_exactly(folder: Path) -> None:
    (folder / "policies/odd.yaml").write_bytes(b"\xef\xbb\xbfa: b\r\n")
    (folder / "policies/latin.ics").write_bytes("Büro".encode("latin-1"))
    taken = Contents.of_folder(folder)
    again = stored(taken)
    assert dict(again.files) == dict(taken.files)
    assert again.digest == taken.digest
    again.write_to(folder.parent / "copy")
    for file, content in taken.files.items():
        assert (folder.parent / "copy" / file).read_bytes() == content


def test_tests_and_feeds_are_taken_and_nothing_else(folder: Path) -> None:
    for name in ("notes.txt", ".hidden.yaml", "policies.yaml~"):
        (folder / "policies" / name).write_text("x", "utf-8")
    (folder / "aftersales.toml").write_text("", "utf-8")
    (folder / "policies/ours.ics").write_text("x", "utf-8")
    taken = Contents.of_folder(folder)
    assert {Path(file).suffix for file in taken.files} == {".yaml", ".ics"}
    assert "policies/.hidden.yaml" not in taken.files
    assert "workflows/damaged.tests.yaml" in dict(taken.tests())
    assert "workflows/damaged.tests.yaml" not in dict(taken.definitions())


def test_a_calendar_finds_its_feed_in_what_was_taken(folder: Path) -> None:
    (folder / "policies/desk.yaml").write_text(CALENDARS.replace("desk:", "other:"), "utf-8")
    (folder / "policies/ours.ics").write_bytes(FEED.encode())
    taken = Contents.of_folder(folder)
    catalog, problems = Catalog.check_contents(taken)
    assert catalog is not None, problems
    assert catalog.calendars["other"] == Catalog.load(folder).calendars["other"]
    assert not catalog.calendars["other"].is_open(datetime(2026, 5, 4, 10, tzinfo=UTC))
    lost = Contents({f: raw for f, raw in taken.files.items() if not f.endswith("ours.ics")})
    catalog, problems = Catalog.check_contents(lost)
    assert catalog is None
    assert [problem.code for problem in problems] == ["T314"]


def test_problems_are_those_of_the_folder_word_for_word(folder: Path) -> None:
    file = folder / "policies/compensation/damaged.yaml"
    file.write_text(file.read_text("utf-8").replace("severity", "severty"), "utf-8")
    (folder / "replies/xx.yaml").write_bytes(b"aftersales: replies/1\nlanguage: \xff\n")
    _, of_folder = Catalog.check(folder)
    catalog, of_contents = Catalog.check_contents(Contents.of_folder(folder))
    assert catalog is None
    assert of_contents == of_folder
    assert {problem.code for problem in of_contents} >= {"Y107"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("replies/en.yaml", "\n", "\n\n"), ("workflows/damaged.tests.yaml", "a", "b")],
)
def test_the_digest_tells_any_change(folder: Path, file: str, old: str, new: str) -> None:
    before = Contents.of_folder(folder).digest
    path = folder / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert Contents.of_folder(folder).digest != before
    path.write_text(text, "utf-8")
    assert Contents.of_folder(folder).digest == before


def test_a_folder_that_is_being_saved_is_not_taken_by_halves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, edited = Path.read_bytes, folder / "replies/en.yaml"

    def read_while_edited(path: Path) -> bytes:
        if path == edited:
            edited.write_bytes(read(edited) + b"\n")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_while_edited)
    with pytest.raises(ContentsUnreadable, match="being saved just now"):
        Contents.of_folder(folder)


@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_BYTES"])
def test_too_much_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(contents, limit, 5)
    with pytest.raises(ContentsUnreadable, match="has over"):
        Contents.of_folder(folder)


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"form": "contents/2", "texts": {}, "bytes": {}},
        {"form": "contents/1", "texts": {"a": 1}, "bytes": {}},
        {"form": "contents/1", "texts": {}, "bytes": {"a": "?"}},
    ],
)
def test_what_are_no_contents_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(ContentsUnreadable):
        Contents.from_plain(plain)


def test_a_name_that_leads_out_of_the_folder_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ContentsUnreadable, match="does not lie in"):
        Contents({"../out.yaml": b""}).write_to(tmp_path / "in")
    assert not (tmp_path / "out.yaml").exists()
