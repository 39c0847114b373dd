"""The page of a proposal: what a change comes to, before it is used, for whoever approves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from aftersales.reports.page import page

Mark = Literal["", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that is told, and what is told beneath it."""

    text: str
    details: Sequence[str] = ()
    mark: Mark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What stands together in a section: entries, or a table that begins with its heads.

    The columns of a table from `numbers_from` on hold numbers.
    """

    title: str = ""
    entries: Sequence[Entry] = ()
    table: Sequence[Sequence[str]] = ()
    numbers_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the page. `mark` says whether it speaks for the change or against it.

    The first of its lines says what there is to know; `data` is what a machine gets.
    """

    name: str
    title: str
    lines: Sequence[str]
    mark: Mark = ""
    parts: Sequence[Part] = ()
    data: object = field(default=None)


def proposal_page(heading: str, sections: Sequence[Section]) -> str:
    """The whole page as HTML, in one file."""
    return page("A change, before it is used", "proposal.html", heading=heading, sections=sections)


def proposal_markdown(heading: str, sections: Sequence[Section]) -> str:
    """The same as Markdown, for a pull request."""
    lines = ["# A change, before it is used", "", f"{_plain(heading)}.", ""]
    for section in sections:
        lines += [f"## {section.title}", "", *(f"- {_plain(line)}" for line in section.lines), ""]
        lines += [line for part in section.parts for line in _part(part)]
    return "\n".join(lines).rstrip() + "\n"


def _part(part: Part) -> Iterator[str]:
    if part.title:
        yield from (f"### {_plain(part.title)}", "")
    for entry in part.entries:
        yield f"- {_plain(entry.text)}"
        yield from (f"  - {_plain(detail)}" for detail in entry.details)
    if part.entries:
        yield ""
    if part.table:
        head, *rows = part.table
        number = len(head) if part.numbers_from is None else part.numbers_from
        yield _row(head)
        yield "|" + "---|" * number + "--:|" * (len(head) - number)
        yield from (*map(_row, rows), "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """What an author wrote, as text: no table, link or tag is made of it."""
    for sign in "\\|<[*":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
