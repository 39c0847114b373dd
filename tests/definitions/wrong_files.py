"""The files in `wrong/`, each with what is to be reported of it, and where: its first lines say.

`# expect: C203 8:56` is the code, line and column, of an error; `# expect: warning T316 8:5` of a
warning; a file with two slips has two such lines. ` in FILE` follows where the problem is not in
the file itself. `# as: FILE` is the file it stands for among the small definitions, which are
otherwise in order; `# without: FILE` leaves another of them out, `# in FILE: OLD -> NEW` changes
one, `# with FILE: {...}` adds one. `# strict` asks for what a strict check wants, too.

In YAML these lines are comments. Elsewhere they are taken off before the file is read, and lines
count from below them; `# into: FILE TABLE` is the table into which a CSV goes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from small_definitions import FILES

from aftersales.definitions.render import render, to_json
from aftersales.domain.problem import Problem

_HEADER = re.compile(r"\ufeff?((?:# [^\n]*\n)+)")
_EXPECT = re.compile(r"# expect: (warning |note )?([A-Z]\d{3}) (\d+):(\d+)(?: in (.+))?")
_ADDED = re.compile(r"# with (\S+): (\{.+\})")
_CHANGE = re.compile(r"# in (\S+): (.+) -> (.+)")

Found = tuple[str, str, str, int, int]


@dataclass(frozen=True)
class Wrong:
    """A wrong file: what stands in it, for which file, and what is to be found."""

    content: bytes
    file: str
    into: tuple[str, str]
    others: tuple[tuple[str, str | None], ...]
    is_strict: bool
    expected: tuple[Found, ...]

    @property
    def text(self) -> str:
        """What the file holds, as far as it is text."""
        return self.content.decode("utf-8-sig", errors="replace")

    @property
    def below(self) -> bytes:
        """What stands below its head."""
        head = _HEADER.match(self.text)
        return self.content[len(head[0].encode()) :] if head else self.content

    @classmethod
    @cache
    def read(cls, path: Path) -> "Wrong":
        """The file at `path` with what its first lines say."""
        content = path.read_bytes()
        head = _HEADER.match(content.decode("utf-8-sig", errors="replace"))
        lines = head[1].splitlines() if head else []
        file = next(line.removeprefix("# as: ") for line in lines if line.startswith("# as: "))
        others = [(line[11:], None) for line in lines if line.startswith("# without: ")]
        changes = [match for line in lines if (match := _CHANGE.fullmatch(line))]
        others += [(m[1], FILES[m[1]].replace(m[2], m[3], 1)) for m in changes]
        added = [match for line in lines if (match := _ADDED.fullmatch(line))]
        others += [(m[1], f"{m[2]}\n") for m in added]
        found = [match for line in lines if (match := _EXPECT.fullmatch(line))]
        expected = tuple(
            (m[2], (m[1] or "error").strip(), m[5] or file, int(m[3]), int(m[4])) for m in found
        )
        into = next((line[8:] for line in lines if line.startswith("# into: ")), "").partition(" ")
        is_strict = "# strict" in lines
        return cls(content, file, (into[0], into[2]), tuple(others), is_strict, expected)


def wrong_files(suffix: str = "*") -> list[Path]:
    """All of them, or those of one format."""
    return sorted((Path(__file__).parent / "wrong").glob(f"*.{suffix}"))


def check_told(wrong: Wrong, problems: Sequence[Problem], written: str) -> None:
    """That these problems are what is expected, each with a help and its line of `written`."""
    found = tuple(
        (p.code, p.severity, p.place.file, p.place.line, p.place.column) for p in problems
    )
    assert found == wrong.expected, [str(problem) for problem in problems]
    assert found
    for problem in problems:
        _check_shown(problem, wrong.file, written)


def _check_shown(problem: Problem, file: str, written: str) -> None:
    """That it has a help, and is shown with its line of `file` and a caret inside the line."""
    assert problem.help
    assert problem.message == problem.message.strip().rstrip(".")
    assert "\n" not in problem.message + problem.help
    if problem.place.file != file:
        return
    place = problem.place
    shown = render(problem, written)
    assert shown.startswith(f"{place.file}:{place.line}:{place.column}: {problem.severity}[")
    assert f"= help: {problem.help}" in shown
    line = written.splitlines()[place.line - 1]
    assert 1 <= place.column <= len(line) + 1
    assert shown.splitlines()[3].endswith("^")
    assert to_json(problem)["line"] == place.line
