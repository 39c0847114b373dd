"""The problems of one run, and where their files are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Found:
    """Problems by place; `folder` is that to which their files are relative.

    `files` are what they say, where they lie in no folder.
    """

    problems: Sequence[Problem]
    folder: Path
    files: Mapping[str, bytes] | None = None

    def path(self, problem: Problem) -> Path:
        """Where the file of a problem is: seen from here, if it lies below, else in full."""
        whole, here = (self.folder / problem.place.file).absolute(), Path.cwd()
        return whole.relative_to(here) if whole.is_relative_to(here) else whole

    def sources(self) -> dict[str, str]:
        """The texts of the files that have problems. One that cannot be read shows no line."""
        names = dict.fromkeys(found.place.file for found in self.problems)
        if self.files is not None:
            known = ((name, self.files.get(name)) for name in names)
            return {name: raw.decode(errors="replace") for name, raw in known if raw is not None}
        files = {name: self.folder / name for name in names}
        return {
            name: file.read_text(encoding="utf-8", errors="replace")
            for name, file in files.items()
            if file.is_file()
        }
