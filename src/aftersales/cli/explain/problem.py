"""The page of a problem's code."""

from aftersales.cli.exits import NotFound
from aftersales.definitions.problem_pages import codes, page_of
from aftersales.domain.conditions.words import did_you_mean


def page(code: str) -> str:
    """The page as Markdown. NotFound with the code that was probably meant."""
    found = page_of(code)
    if found is not None:
        return found
    known = codes()
    same = [other for other in known if other[0] == code[0].upper()]
    near = did_you_mean(code, same) or f"known are {', '.join(same or known)}"
    raise NotFound(f"there is no problem `{code.upper()}`; {near}")
