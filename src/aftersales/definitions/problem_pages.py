"""The page of each problem code: what it means, a wrong and a right example, as Markdown."""

import re
from importlib.resources import files
from pathlib import Path

_CODE = re.compile(r"[A-Z]\d{3}")
_IN_WHEEL = Path("shipped", "problems")
_IN_REPOSITORY = Path("docs", "reference", "problems")


def page_of(code: str) -> str | None:
    """The page of a code such as `C203`, in either case; None if there is no such code."""
    wanted = code.strip().upper()
    if not _CODE.fullmatch(wanted):
        return None
    page = pages_folder() / f"{wanted}.md"
    return page.read_text(encoding="utf-8") if page.is_file() else None


def codes() -> tuple[str, ...]:
    """Every code that has a page, in order."""
    return tuple(sorted(p.stem for p in pages_folder().glob("*.md") if _CODE.fullmatch(p.stem)))


def title_of(code: str) -> str | None:
    """The first line of a code's page without the code: what it means in a few words."""
    page = page_of(code)
    return None if page is None else page.partition("\n")[0].partition(": ")[2].strip()


def pages_folder() -> Path:
    """Where the pages are: in a wheel, an sdist and an editable install alike.

    FileNotFoundError if the installation has none.
    """
    package = Path(str(files("aftersales")))
    for folder in (package / _IN_WHEEL, package.parent.parent / _IN_REPOSITORY):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no pages of problems beside {package}; reinstall")
