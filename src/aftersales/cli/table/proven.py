"""What a check finds of a table that has come in: told at once, not when somebody asks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aftersales.cli.output import say

if TYPE_CHECKING:
    from aftersales.definitions.catalog import Catalog
    from aftersales.definitions.contents import Contents
    from aftersales.domain.problem import Problem


_NOT_PROVEN = ("P436", "P437")


@dataclass(frozen=True, slots=True)
class Proven:
    """The problems of the table, and which other files cannot be read: then nothing is proven.

    With the texts of the files that the problems stand in.
    """

    problems: "tuple[Problem, ...]"
    elsewhere: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

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

        say_problems(self.problems, {**self.sources, **sources})
        if self.elsewhere:
            files = ", ".join(self.elsewhere)
            say(f"not proven: there are errors in {files}; run: aftersales check")


def proven(
    before: "Contents",
    files: Mapping[str, bytes],
    file: str,
    policy: str,
    told: "Callable[[Problem], Problem]" = lambda p: p,
) -> Proven:
    """The check of `before` with `files` put in: what is of the policy, and what is new elsewhere.

    `told` says where a problem of `file` is shown.
    """
    from aftersales.definitions.contents import Contents  # here: help needs none

    contents = Contents({**before.files, **files})
    catalog, problems = _checked(contents)
    own_files = {file, *_files_of(policy, contents)}
    others = [p for p in problems if p.place.file not in own_files]
    new = _new(others, before)
    own = [p for p in problems if p.place.file in own_files or p in new]
    unread = {p.place.file for p in others if catalog is None and p.severity == "error"}
    return Proven(
        tuple(told(p) if p.place.file == file else p for p in own),
        tuple(sorted(unread - {p.place.file for p in new})),
        {p.place.file: contents.files[p.place.file].decode(errors="replace") for p in own},
    )


def _files_of(policy: str, contents: "Contents") -> Iterator[str]:
    """The files that form the policy together, and those that state laws about it."""
    from aftersales.definitions.documents import read_contents  # here: help needs none
    from aftersales.definitions.law_files import law_files
    from aftersales.definitions.notes import Notes

    for document in read_contents(contents, Notes()).documents:
        if document.format == "policy" and document.name == policy:
            yield document.file
    yield from (law.place.file for law in law_files(contents, Notes()) if law.policy == policy)


def _checked(contents: "Contents") -> "tuple[Catalog | None, list[Problem]]":
    """All that a check finds but notes, by place."""
    from aftersales.authoring.check import proofs  # here: help needs none
    from aftersales.definitions.catalog import Catalog

    catalog, problems = Catalog.check_contents(contents, datetime.now(UTC).date())
    if catalog is not None:
        problems = sorted([*problems, *proofs(catalog, contents)], key=lambda p: (p.place, p.code))
    return catalog, [problem for problem in problems if problem.severity != "note"]


def _new(problems: "list[Problem]", before: "Contents") -> "list[Problem]":
    """Those that were not there before; none if that could not be read, as nothing was proven."""
    if not problems:
        return []
    catalog, known = _checked(before)
    if catalog is None:
        return []
    # by no line: facts that are put in move what stands below them
    keys = {(p.place.file, p.code, p.message) for p in known}
    return [p for p in problems if (p.place.file, p.code, p.message) not in keys]
