"""The pages of the documents, and what is printed in them: blocks of YAML, tables, Python."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("reference/*.md"), *DOCS.glob("how-to/*.md"), *DOCS.glob("decisions/*")])
REFERENCE = DOCS / "reference"
_BLOCK = re.compile(r"(?:<!-- ([^\n]+?) -->\n)?```yaml\n(.*?)```", re.S)
_TICKED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A block of YAML in a page."""

    page: str
    sort: str
    path: str
    content: str


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks() -> Iterator[Block]:
    for path in PAGES:
        for said, content in _BLOCK.findall(path.read_text(encoding="utf-8")):
            sort, _, file = said.partition(": ")
            yield Block(path.name, sort, file, content)


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
