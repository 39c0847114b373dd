"""Versions by name: a folder, or a git revision of the folder; what is missing is said."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales.cli.exits import NotFound
from aftersales.cli.versions import Version, VersionUnreadable, version_named, version_of
from past_shop import HALF_FOR_ALL, write_shop


def git(folder: Path, *arguments: str) -> str:
    named = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    command = ["git", "-C", str(folder), *named, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop in a subfolder of a repository; its last commit takes an option away."""
    git(tmp_path, "init", "-q", "-b", "main")
    folder = write_shop(tmp_path / "rules")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    write_shop(folder, HALF_FOR_ALL)
    git(tmp_path, "commit", "-qam", "second")
    return folder


def offers_whole(version: Version) -> bool:
    """Whether the version offers a full refund somewhere."""
    rulebook = version.catalog.rulebook("torn", datetime(2026, 3, 2, tzinfo=UTC))
    policy = rulebook.policies.compensation["torn"]
    return any(("full_refund",) in row.options for row in policy.rows)


def test_a_revision_is_the_folder_as_it_was_then(shop: Path) -> None:
    old = version_named("HEAD~1", shop)
    assert (offers_whole(old), offers_whole(version_of(shop))) == (True, False)
    assert old.label == f"HEAD~1 ({git(shop, 'rev-parse', 'HEAD~1')[:7]})"


def test_a_revision_by_its_own_hash_is_called_by_it(shop: Path) -> None:
    commit = git(shop, "rev-parse", "HEAD~1")
    assert version_named(commit, shop).label == commit[:7]


def test_a_change_that_is_not_committed_is_no_part_of_a_revision(shop: Path) -> None:
    write_shop(shop)
    assert not offers_whole(version_named("main", shop))
    assert offers_whole(version_of(shop))


def test_a_folder_goes_before_a_revision_of_the_same_name(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop.parent)
    write_shop(shop.parent / "main")
    assert version_named("main", shop).label == "main"
    assert offers_whole(version_named("main", shop))
    assert not offers_whole(version_named("refs/heads/main", shop))


def test_links_in_a_revision_are_not_followed(shop: Path) -> None:
    (shop / "policies" / "secret.yaml").symlink_to("/etc/passwd")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "third")
    assert not offers_whole(version_named("HEAD", shop))


def test_a_hook_of_git_does_not_lead_astray(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert not offers_whole(version_named("HEAD", shop))


@pytest.mark.parametrize("named", ["HEAD~9", "nope", "", "--all"])
def test_what_is_neither_folder_nor_revision_is_said(named: str, shop: Path) -> None:
    with pytest.raises(VersionUnreadable, match="neither a folder nor a revision"):
        version_named(named, shop)


@pytest.mark.parametrize(
    ("named", "help"),
    [
        ("shiped", "did you mean `shipped`?"),
        ("spring_2027", "did you mean `spring_2026`?"),
        ("../elsewhere/nothing", "name a folder, a revision of git, `shipped` or `published`"),
    ],
)
def test_the_version_that_was_meant_is_said(named: str, help: str, shop: Path) -> None:
    git(shop, "tag", "spring_2026")
    with pytest.raises(VersionUnreadable, match=re.escape(help)):
        version_named(named, shop)


def test_a_folder_beside_it_may_have_been_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_shop(tmp_path / "rules")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VersionUnreadable, match="did you mean `rules`"):
        version_named("ruels", folder)


def test_a_revision_before_the_folder_existed_has_no_definitions(shop: Path) -> None:
    later = write_shop(shop.parent / "later")
    with pytest.raises(VersionUnreadable, match="has no definitions in `later/`"):
        version_named("HEAD", later)


def test_outside_a_repository_it_is_said(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "rules")
    with pytest.raises(VersionUnreadable, match="in no git repository"):
        version_named("HEAD~1", folder)


def test_without_git_it_is_said(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(VersionUnreadable, match="git is not installed"):
        version_named("HEAD", shop)


def test_a_version_with_problems_is_refused_with_them(shop: Path) -> None:
    write_shop(shop, ("options: coupon", "options: cupon"))
    git(shop, "commit", "-qam", "third")
    write_shop(shop)
    with pytest.raises(VersionUnreadable, match=r"(?s)HEAD \(.*compensation/torn.yaml:10:52"):
        version_named("HEAD", shop)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no folder"):
        version_of(tmp_path / "nowhere")


def test_the_shipped_definitions_have_a_name(shop: Path) -> None:
    assert "torn" not in version_named("shipped", shop).catalog.kinds
