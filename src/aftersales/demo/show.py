"""The demo on the screen: progress, then tables and stories; plain text without a terminal."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from aftersales.demo.play import Played
from aftersales.demo.report import CasesOfKind, Given, Kept, Report
from aftersales.demo.script import Script
from aftersales.demo.stories import Story
from aftersales.domain.money import Money

WIDEST = 110
_PARTIES = {"desk": "the desk", "customer": "customers", "carrier": "carriers", "bank": "banks"}


class Screen:
    """Where the demo is shown."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or _console()

    @contextmanager
    def progress(self, script: Script) -> Iterator[Callable[[Played], None]]:
        """A bar over the days, on a terminal only; gives the function that moves it."""
        bar = Progress(
            TextColumn("  [bold]{task.fields[day]}"),
            BarColumn(bar_width=36),
            TextColumn("{task.fields[done]}", style="dim"),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        )
        with bar:
            task = bar.add_task("", total=script.days, day="", done="")

            def show(played: Played) -> None:
                gone = (played.at - script.begins_at).total_seconds() / 86_400
                done = f"{played.steps} events · {played.fired} timers · {played.delivered} effects"
                day = f"{played.at:%a} {played.at.day:>2} {played.at:%b}"
                bar.update(task, completed=gone, day=day, done=done)

            yield show

    def say(self, text: str = "") -> None:
        """A line of plain words."""
        self._console.print(Text(text))

    def report(self, report: Report) -> None:
        """The three tables."""
        total = sum(k.outcomes.total() + k.states.total() for k in report.cases)
        self._heading(f"{total} cases of {report.orders} orders")
        self._table(("kind", "closed", "open"), map(_kind_row, report.cases), wide=1)
        self._heading("What was given")
        columns = ("", "by us", "failed", "on its way", "by platform or bank", "parcels sent again")
        self._table(columns, map(_given_row, report.given), numbers=True)
        self._heading("Deadlines")
        kept = ("", "met", "missed", "running", "missed were")
        self._table(kept, map(_kept_row, report.kept), numbers=True, last_is_text=True)

    def story(self, story: Story) -> None:
        """A story: when, and what."""
        self._heading(story.title)
        table = Table.grid(padding=(0, 2), expand=False)
        table.add_column(no_wrap=True, style="dim")
        table.add_column()
        last = ""
        for line in story.lines:
            day = _day(line.at)
            text = Text(f"{line.about}: " if line.about else "", style="cyan")
            text.append(line.text, style="default")
            if line.stands:
                text.append(f"  → {line.stands}", style="bold")
            table.add_row(f"{day if day != last else '':<10} {line.at:%H:%M}", text)
            last = day
        self._console.print(Padding(table, (0, 0, 0, 2), expand=False))

    def next_steps(self, lines: Iterable[tuple[str, str]]) -> None:
        """Commands to type next, each with what it shows: never wrapped, so that they copy."""
        self._heading("What to type next")
        lines = tuple(lines)
        widest = max(len(command) for command, _ in lines)
        for command, shows in lines:
            line = Text(f"  {command:<{widest}}   ", style="bold")
            self._console.print(line.append(shows, style="not bold dim"), soft_wrap=True)
        self._console.print()

    def _heading(self, text: str) -> None:
        self._console.print()
        self._console.print(Text(text, style="bold"))

    def _table(
        self,
        columns: Iterable[str],
        rows: Iterable[Iterable[str]],
        *,
        numbers: bool = False,
        last_is_text: bool = False,
        wide: int = -1,
    ) -> None:
        columns = tuple(columns)
        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 3, 0, 0))
        for index, name in enumerate(columns):
            is_text = not numbers or index == 0 or (last_is_text and index == len(columns) - 1)
            ratio = 1 if index == wide else None
            table.add_column(name, justify="left" if is_text else "right", ratio=ratio)
        for row in rows:
            table.add_row(*map(Text, row))
        self._console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal or console.width > WIDEST:
        console.width = WIDEST
    return console


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day:>2} {at:%b}"


def _kind_row(cases: CasesOfKind) -> tuple[str, str, str]:
    return cases.kind.replace("_", " "), _listed(cases.outcomes), _listed(cases.states) or "–"


def _given_row(given: Given) -> tuple[str, ...]:
    amounts = (given.confirmed, given.failed, given.waiting, given.outside)
    return given.currency, *map(_amount, amounts), str(given.goods or "–")


def _kept_row(kept: Kept) -> tuple[str, ...]:
    counts = (str(kept.endings[ending] or "–") for ending in ("met", "missed", "running"))
    return _PARTIES.get(kept.party, kept.party), *counts, _listed(kept.missed)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.most_common())


def _amount(money: Money) -> str:
    return "–" if money.is_zero else f"{money.amount:,}"
