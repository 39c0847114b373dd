"""Problems as SARIF 2.1.0, the form in which code scanners of all makers hand over findings.

Source: OASIS, Static Analysis Results Interchange Format, version 2.1.0.
"""

from pathlib import Path
from typing import Any

from aftersales import __version__
from aftersales.cli.problems.found import Found
from aftersales.definitions.problem_pages import page_of, title_of
from aftersales.domain.problem import Problem

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FAMILIES = {
    "Y": "the text is not YAML as it is read here",
    "K": "keys and the shape of values",
    "C": "facts and conditions",
    "T": "calendars",
    "P": "policies",
    "W": "workflows",
    "R": "replies",
    "S": "stories and examples",
    "F": "files and what goes over several",
    "I": "tables that come in",
}


def sarif(found: Found) -> dict[str, Any]:
    """The log of one run: the codes that were found as rules, each problem as a result."""
    codes = sorted({problem.code for problem in found.problems})
    driver = {
        "name": "aftersales",
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"HERE": {"uri": f"{Path.cwd().as_uri()}/"}},
        "results": [_result(problem, found, codes) for problem in found.problems],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    """A code with its page, which says what it means, with a wrong and a right example."""
    title = title_of(code) or FAMILIES.get(code[0], "definitions")
    told = f"{title}; `aftersales explain {code}` tells more"
    page = page_of(code) or told
    return {
        "id": code,
        "shortDescription": {"text": title},
        "help": {"text": told, "markdown": page},
    }


def _result(problem: Problem, found: Found, codes: list[str]) -> dict[str, Any]:
    place, path = problem.place, found.path(problem)
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.line,
        "endColumn": place.column + place.length,
    }
    return {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.severity,
        "message": {"text": _text(problem)},
        "locations": [{"physicalLocation": {"artifactLocation": _file(path), "region": region}}],
    }


def _text(problem: Problem) -> str:
    help = (f"help: {problem.help}",) if problem.help else ()
    return "\n".join([problem.message, *problem.notes, *help])


def _file(path: Path) -> dict[str, str]:
    """A file below this folder is named from here, so that the log means the same elsewhere."""
    from urllib.parse import quote  # here: only this form needs it

    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": "HERE"}
