"""The pages of the documents, and what is printed in them: blocks of YAML, tables, Python, steps.

A tutorial is steps: what is typed, with what is printed below it, and edits of a file: a block
`before: PATH` stands there once, and the block `after` below takes its place. In what is printed a
line of `...` stands for any lines, and `...` at the end of a line for the rest of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
FOLDERS = ("tutorial", "how-to", "reference", "decisions")
PAGES = sorted(path for folder in FOLDERS for path in DOCS.glob(f"{folder}/*.md"))
REFERENCE = DOCS / "reference"
_BLOCK = re.compile(r"(?:<!-- ([^\n]+?) -->\n)?```yaml\n(.*?)```", re.S)
_STEP = re.compile(
    r"```console\n(?P<console>.*?)```"
    r"|<!-- before: (?P<file>\S+) -->\n```yaml\n(?P<before>.*?)```"
    r".*?<!-- after -->\n```yaml\n(?P<after>.*?)```",
    re.S,
)
_TICKED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A block of YAML in a page."""

    page: str
    sort: str
    path: str
    content: str


@dataclass(frozen=True)
class Typed:
    """A command as it is typed, and what is printed below it."""

    command: str
    printed: str

    def is_told_by(self, output: str) -> bool:
        """Whether `output` is what is printed, but for what `...` leaves out."""
        lines = [
            r"(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
            for line in self.printed.splitlines()
        ]
        return re.fullmatch("".join(lines), output) is not None


@dataclass(frozen=True)
class Edited:
    """An edit of a file: text that stands in it once, and what takes its place."""

    file: str
    before: str
    after: str

    def apply(self, folder: Path) -> None:
        path = folder / self.file
        written = path.read_text(encoding="utf-8")
        assert written.count(self.before) == 1, f"{self.file} has not once:\n{self.before}"
        path.write_text(written.replace(self.before, self.after), encoding="utf-8")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks() -> Iterator[Block]:
    for path in PAGES:
        for said, content in _BLOCK.findall(path.read_text(encoding="utf-8")):
            sort, _, file = said.partition(": ")
            yield Block(path.name, sort, file, content)


def steps(name: str) -> Iterator[Typed | Edited]:
    """What a page has its reader do, in its order."""
    for found in _STEP.finditer(page(name)):
        if found["file"]:
            yield Edited(found["file"], found["before"], found["after"])
            continue
        for part in re.split(r"^\$ ", found["console"], flags=re.M)[1:]:
            command, _, printed = part.partition("\n")
            yield Typed(command, printed)


def of_sort(sort: str) -> list[Block]:
    return [block for block in blocks() if block.sort == sort]


def table(name: str, marker: str) -> list[list[str]]:
    """The rows of the table under `<!-- marker -->`, head and rule left out."""
    found = re.search(rf"<!-- {re.escape(marker)} -->\n((?:\|.*\n)+)", page(name))
    assert found, f"{name} has no table `{marker}`"
    lines = found[1].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def firsts(name: str, marker: str) -> list[str]:
    """The words in backticks in the first cells of a table."""
    return [word for row in table(name, marker) for word in _TICKED.findall(row[0])]


def run_python(name: str) -> dict[str, object]:
    """Run the Python of a page, one block after the other."""
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", page(name), re.S):
        exec(compile(block, name, "exec"), names)
    return names
