"""What was measured as a Markdown table, printed, and put into a page between its marks."""

from collections.abc import Sequence
from pathlib import Path

from measuring import Measured, ratio, spoken

HEAD = ("question", "answered by", "time", "aftersales is")


def table(measured: Sequence[Measured]) -> list[str]:
    """The Markdown table: our own lines first, each other beside the first of ours."""
    lines = [_line(HEAD), _line(["---"] * len(HEAD))]
    for one in measured:
        title = one.question.title
        for contestant in one.question.contestants:
            seconds = one.seconds[contestant.name]
            beside = "" if contestant.is_ours else ratio(one.ours, seconds)
            lines.append(_line((title, contestant.name, spoken(seconds), beside)))
            title = ""
    return lines


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write_into(file: Path, lines: Sequence[str], name: str) -> None:
    """Put the report between the marks of a page: `<!-- NAME -->` and `<!-- end of the NAME -->`.

    ValueError if the page has none.
    """
    begin_mark, end_mark = f"<!-- {name} -->", f"<!-- end of the {name} -->"
    page = file.read_text(encoding="utf-8")
    before, begin, rest = page.partition(begin_mark)
    _, end, after = rest.partition(end_mark)
    if not end:
        raise ValueError(f"`{file}` has no `{begin_mark}` and `{end_mark}` in this order")
    file.write_text("\n".join([before + begin, *lines, end + after]), encoding="utf-8")
