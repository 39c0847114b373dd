"""The page of a proposal: what a change comes to, before it is used, for whoever approves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from aftersales.reports.page import page

Mark = Literal["", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the page. `mark` says whether it speaks for the change or against it.

    `table` begins with its heads; `data` is what a machine gets.
    """

    name: str
    title: str
    lines: Sequence[str]
    mark: Mark = ""
    table: Sequence[Sequence[str]] = ()
    data: object = field(default=None)


def proposal_page(heading: str, sections: Sequence[Section]) -> str:
    """The whole page as HTML, in one file."""
    return page("A change, before it is used", "proposal.html", heading=heading, sections=sections)


def proposal_markdown(heading: str, sections: Sequence[Section]) -> str:
    """The same as Markdown, for a pull request."""
    lines = ["# A change, before it is used", "", f"{_plain(heading)}.", ""]
    for section in sections:
        lines += [f"## {section.title}", "", *(f"- {_plain(line)}" for line in section.lines), ""]
        lines += [*_table(section.table), ""] if section.table else []
    return "\n".join(lines).rstrip() + "\n"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *others = rows
    yield _row(head)
    yield "|" + "---|" * len(head)
    yield from map(_row, others)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """What an author wrote, as text: no table, link or tag is made of it."""
    for sign in "\\|<[*":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
