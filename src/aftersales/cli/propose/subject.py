"""What a proposal is about: the new definitions, those they are compared with, and the shop."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales.authoring import Readiness
from aftersales.cli.exits import NotFound
from aftersales.cli.publish.ready import ready
from aftersales.cli.versions import PUBLISHED, Version, VersionUnreadable, version_named
from aftersales.config import publications_from
from aftersales.definitions import Contents
from aftersales.definitions.shipped import shipped_folder
from aftersales.domain.errors import StoreNotReady

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import Publications

_LAST_COMMIT = "HEAD"


@dataclass(frozen=True, slots=True)
class Subject:
    """The change. `old` is None where there is nothing to compare with; `asked` is its name."""

    folder: Path
    contents: Contents
    found: Readiness
    old: Version | None
    asked: str
    source: str
    now: datetime
    chosen: "Settings"
    published: "Publications | None"

    @property
    def heading(self) -> str:
        """Which definitions, compared with which."""
        against = f", compared with {self.old.label}" if self.old else ""
        return f"{self.folder} ({self.contents.digest[:8]}){against}"


def subject_of(
    folder: Path | None, against: str | None, source: str, chosen: "Settings"
) -> Subject:
    """Take the folder, check and test it, and find what it is compared with."""
    if folder is not None and not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")
    root, now = folder or shipped_folder(), datetime.now(UTC)
    contents = Contents.of_folder(root)
    published = _published(chosen)
    asked, old = _old(against, folder, chosen, published)
    found = ready(contents, chosen, today=now.date())
    return Subject(root, contents, found, old, asked, source, now, chosen, published)


def _published(chosen: "Settings") -> "Publications | None":
    try:
        return publications_from(chosen)
    except StoreNotReady:
        return None


def _old(
    against: str | None,
    folder: Path | None,
    chosen: "Settings",
    published: "Publications | None",
) -> tuple[str, Version | None]:
    """What was named; else what is in force, else the last commit, else nothing."""
    if against is not None:
        return against, version_named(against, folder, chosen)
    if published is not None and published.in_force() is not None:
        return PUBLISHED, version_named(PUBLISHED, folder, chosen)
    try:
        return _LAST_COMMIT, version_named(_LAST_COMMIT, folder, chosen)
    except VersionUnreadable:
        return "", None
