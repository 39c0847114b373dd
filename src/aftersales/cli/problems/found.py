"""The problems of one run, and where their files are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Found:
    """Problems by place; `folder` is that to which their files are relative."""

    problems: Sequence[Problem]
    folder: Path

    def path(self, problem: Problem) -> Path:
        """Where the file of a problem is: seen from here, if it lies below, else in full."""
        whole, here = (self.folder / problem.place.file).absolute(), Path.cwd()
        return whole.relative_to(here) if whole.is_relative_to(here) else whole

    def sources(self) -> dict[str, str]:
        """The texts of the files that have problems. One that cannot be read shows no line."""
        files = {found.place.file: self.folder / found.place.file for found in self.problems}
        return {
            name: file.read_text(encoding="utf-8", errors="replace")
            for name, file in files.items()
            if file.is_file()
        }
