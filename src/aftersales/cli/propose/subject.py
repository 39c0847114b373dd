"""What a proposal is about: the new definitions, those they are compared with, and the shop."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales.authoring import Readiness
from aftersales.authoring.diff import Difference, compare
from aftersales.cli.exits import NotFound
from aftersales.cli.publish.ready import ready
from aftersales.cli.versions import PUBLISHED, Version, VersionUnreadable, label_of, version_named
from aftersales.config import publications_from
from aftersales.definitions import Contents
from aftersales.definitions.shipped import shipped_folder
from aftersales.domain.calendar import zone_of
from aftersales.domain.errors import AftersalesError, StoreNotReady

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.desk import Publications

_LAST_COMMIT = "HEAD"


@dataclass(frozen=True, slots=True)
class Subject:
    """The change. `new` is None where it has errors, `old` where there is nothing to compare with.

    `label` is what people call the folder; `day` is the one of whose rules is spoken. Without a
    difference, `why_not_compared` may say why.
    """

    label: str
    folder: Path
    contents: Contents
    found: Readiness
    new: Version | None
    old: Version | None
    difference: Difference | None
    why_not_compared: str
    source: str
    now: datetime
    day: date
    chosen: "Settings"
    published: "Publications | None"

    @property
    def heading(self) -> str:
        """Which definitions, compared with which."""
        against = f", compared with {self.old.label}" if self.old else ""
        return f"{self.label} ({self.contents.digest[:8]}){against}"


def subject_of(
    folder: Path | None, against: str | None, source: str, day: date | None, chosen: "Settings"
) -> Subject:
    """Take the folder, check and test it, and find what it is compared with."""
    if folder is not None and not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")
    root, now = folder or shipped_folder(), datetime.now(UTC)
    contents = Contents.of_folder(root)
    published = _published(chosen)
    old = _old(against, folder, chosen, published)
    found = ready(contents, chosen, today=now.date())
    new = Version(label_of(folder), found.catalog) if found.catalog is not None else None
    on = day or now.astimezone(zone_of(new.catalog.zone) if new else UTC).date()
    difference, why = _compared(new, old, on)
    return Subject(
        label=label_of(folder),
        folder=root,
        contents=contents,
        found=found,
        new=new,
        old=old,
        difference=difference,
        why_not_compared=why,
        source=source,
        now=now,
        day=on,
        chosen=chosen,
        published=published,
    )


def _compared(new: Version | None, old: Version | None, on: date) -> tuple[Difference | None, str]:
    if new is None or old is None:
        return None, ""
    try:
        return compare(old.catalog, new.catalog, on=on), ""
    except AftersalesError as error:
        return None, str(error)


def _published(chosen: "Settings") -> "Publications | None":
    """What is published; None where there is no database yet."""
    try:
        published = publications_from(chosen)
        published.open_cases()  # the database is looked for when it is asked
    except StoreNotReady:
        return None
    return published


def _old(
    against: str | None,
    folder: Path | None,
    chosen: "Settings",
    published: "Publications | None",
) -> Version | None:
    """What was named; else what is in force, else the last commit, else nothing."""
    if against is not None:
        return version_named(against, folder, chosen)
    if published is not None and published.in_force() is not None:
        return version_named(PUBLISHED, folder, chosen)
    try:
        return version_named(_LAST_COMMIT, folder, chosen)
    except VersionUnreadable:
        return None
