"""Versions of the definitions as an author names them: a folder, or a revision of git."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales.cli.exits import NotFound
from aftersales.definitions import Catalog
from aftersales.definitions.contents import Contents
from aftersales.definitions.shipped import FOLDERS, shipped_folder
from aftersales.domain.conditions import did_you_mean
from aftersales.domain.errors import AftersalesError, DefinitionsInvalid
from aftersales.domain.problem import Problem

if TYPE_CHECKING:
    from aftersales.config import Settings

SHIPPED, PUBLISHED, PUBLICATION = "shipped", "published", "publication:"
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # they name another repository
_FILES = ("100644", "100755")  # modes of plain files; links and submodules are left out


class VersionUnreadable(AftersalesError):
    """A version of the definitions that was named cannot be used."""


@dataclass(frozen=True, slots=True)
class Version:
    """All definitions of one version, and what people call it: `my-shop`, `HEAD~1 (3fa2c1d)`."""

    label: str
    catalog: Catalog


def version_of(folder: Path | None) -> Version:
    """The definitions that stand in `folder`; without one, those shipped.

    NotFound if there is no such folder, VersionUnreadable with its problems if it has errors.
    """
    if folder is not None and not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")
    label = label_of(folder)
    return Version(label, _loaded(folder, label))


def label_of(folder: Path | None) -> str:
    """What people call a folder of definitions: `my-shop` also from inside it, never `.`."""
    label = str(folder or "the shipped definitions")
    return label if label.strip("./") else Path(label).resolve().name


def version_named(named: str, folder: Path | None, chosen: "Settings | None" = None) -> Version:
    """The version of `folder` that an author calls `named`: a folder, else a revision of git.

    `shipped` are the definitions that come with this package; with settings, `published` are those
    in force now, `publication:3` those of that number. The revision is one of the repository in
    which `folder` lies, and it is this folder that is read as it was then. VersionUnreadable says
    what is missing.
    """
    if named and Path(named).is_dir():
        return version_of(Path(named))
    if named == SHIPPED:
        return version_of(None)
    if chosen is not None and (named == PUBLISHED or named.startswith(PUBLICATION)):
        return _published(named, chosen)
    where = (folder or shipped_folder()).resolve()
    commit = _commit(named, where)
    label = f"{named} ({commit[:7]})" if not commit.startswith(named) else commit[:7]
    return Version(label, _checked(*Catalog.check_contents(_contents(commit, where, named)), label))


def _published(named: str, chosen: "Settings") -> Version:
    """Definitions as they were published: those in force, or those of a number."""
    from aftersales.config import publications_from  # here: most versions need no database

    publications = publications_from(chosen)
    digits = named.removeprefix(PUBLICATION)
    if named == PUBLISHED:
        found = publications.in_force()
    else:
        found = publications.get(int(digits) if digits.isdecimal() else 0)
    if found is None:
        raise VersionUnreadable("nothing is published yet, so that there is nothing in force")
    label = f"publication {found.number}"
    contents = publications.contents(found.number)
    return Version(label, _checked(*Catalog.check_contents(contents), label))


def _loaded(folder: Path | None, label: str) -> Catalog:
    return _checked(*Catalog.check(folder), label)


def _checked(catalog: Catalog | None, problems: Sequence[Problem], label: str) -> Catalog:
    if catalog is None:
        errors = [problem for problem in problems if problem.severity == "error"]
        raise _Invalid(label, errors)
    return catalog


class _Invalid(VersionUnreadable, DefinitionsInvalid):
    """The definitions of a version have problems."""

    def __init__(self, label: str, problems: list[Problem]) -> None:
        DefinitionsInvalid.__init__(self, problems)
        first = "\n".join(str(problem) for problem in problems[:5])
        more = f"\nand {len(problems) - 5} more" if len(problems) > 5 else ""
        self.args = (f"the definitions of {label} have problems:\n{first}{more}",)


def _commit(named: str, folder: Path) -> str:
    if _git(folder, "rev-parse", "--show-toplevel") is None:
        raise VersionUnreadable(
            f"`{named}` is not a folder, and `{folder}` is in no git repository, "
            f"so that it cannot be a revision either; {_meant(named, folder)}"
        )
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{named}^{{commit}}")
    commit = _git(folder, *asked)
    if not commit:
        raise VersionUnreadable(
            f"`{named}` is neither a folder nor a revision of the git repository of `{folder}`; "
            f"{_meant(named, folder)}"
        )
    return commit.decode().strip()


def _meant(named: str, folder: Path) -> str:
    """The version that was probably meant: a folder beside it, a name of git, or one of ours."""
    refs = _git(folder, "for-each-ref", "--format=%(refname:short)") or b""
    above = Path(named).parent
    beside = [path for path in above.iterdir() if path.is_dir()] if above.is_dir() else []
    known = [SHIPPED, PUBLISHED, *refs.decode(errors="replace").split(), *map(str, beside)]
    usual = f"name a folder, a revision of git, `{SHIPPED}` or `{PUBLISHED}`"
    return did_you_mean(named, known) or usual


def _contents(commit: str, folder: Path, named: str) -> Contents:
    """The definitions that `folder` held at `commit`."""
    prefix = (_git(folder, "rev-parse", "--show-prefix") or b"").decode().strip()
    entries = [entry for entry in _entries(commit, folder) if entry[1].parts[0] in FOLDERS]
    if not entries:
        raise VersionUnreadable(
            f"`{named}` has no definitions in `{prefix or '.'}`: no {', '.join(FOLDERS)}"
        )
    blobs = ((file.as_posix(), _git(folder, "cat-file", "blob", blob)) for blob, file in entries)
    return Contents({file: content or b"" for file, content in sorted(blobs)})


def _entries(commit: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The id and the name, relative to `folder`, of each plain file under it at `commit`."""
    listed = _git(folder, "ls-tree", "-r", "-z", commit) or b""
    for line in listed.split(b"\0"):
        about, _, name = line.partition(b"\t")
        mode, _, rest = about.decode().partition(" ")
        file = Path(os.fsdecode(name))
        if mode in _FILES and ".." not in file.parts:
            yield rest.partition(" ")[2], file


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers in `folder`; None where it refuses. VersionUnreadable without git."""
    command = ["git", "-C", str(folder), *arguments]
    environ = {name: text for name, text in os.environ.items() if name not in _OF_A_HOOK}
    try:
        run = subprocess.run(command, capture_output=True, check=False, env=environ)  # noqa: S603
    except FileNotFoundError:
        raise VersionUnreadable("git is not installed, and only it can read a revision") from None
    return run.stdout if run.returncode == 0 else None
