"""What a check finds of a table that has come in: told at once, not when somebody asks."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aftersales.cli.output import say

if TYPE_CHECKING:
    from aftersales.definitions.contents import Contents
    from aftersales.domain.problem import Problem


_POLICY = re.compile(rb"^policy: *([\w-]+)", re.MULTILINE)
_NOT_PROVEN = ("P436", "P437")


@dataclass(frozen=True, slots=True)
class Proven:
    """The problems of the table, and which other files cannot be read: then nothing is proven."""

    problems: "tuple[Problem, ...]"
    elsewhere: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the table cannot be used as it is."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def is_proven(self) -> bool:
        """Whether all that can be proven of the table holds."""
        is_open = any(problem.code in _NOT_PROVEN for problem in self.problems)
        return not self.elsewhere and not self.has_errors and not is_open

    def tell(self, sources: Mapping[str, str]) -> None:
        """The problems with their lines, for people."""
        from aftersales.cli.table.named import say_problems  # here: it is told rarely

        say_problems(self.problems, sources)
        if self.elsewhere:
            files = ", ".join(self.elsewhere)
            say(f"not proven: there are errors in {files}; run: aftersales check")


def proven(
    contents: "Contents", file: str, told: "Callable[[Problem], Problem]" = lambda p: p
) -> Proven:
    """The check of `contents`, as far as `file` and the laws about its policy go.

    `told` says where a problem is shown.
    """
    from aftersales.authoring.check import proofs  # here: help needs none
    from aftersales.definitions.catalog import Catalog

    catalog, problems = Catalog.check_contents(contents, datetime.now(UTC).date())
    if catalog is not None:
        problems = sorted([*problems, *proofs(catalog, contents)], key=lambda p: (p.place, p.code))
    files = {file, *_laws_about(file, contents)}
    own = [p for p in problems if p.place.file in files and p.severity != "note"]
    own = [told(p) if p.place.file == file else p for p in own]
    errors = problems if catalog is None else ()
    others = {p.place.file for p in errors if p.severity == "error"} - files
    return Proven(tuple(own), tuple(sorted(others)))


def _laws_about(file: str, contents: "Contents") -> Iterator[str]:
    """The tests files of the policy of `file`: there stand its laws."""
    named = _POLICY.search(contents.files[file])
    if named is None:
        return
    about = re.compile(rb"^for: *(?:policy/)?" + re.escape(named[1]) + rb"\s*$", re.MULTILINE)
    yield from (n for n, raw in contents.files.items() if n != file and about.search(raw))
