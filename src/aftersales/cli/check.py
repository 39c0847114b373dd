"""`aftersales check`: every problem of the definitions, in one run."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.authoring.check import check
from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.options import settings_options
from aftersales.cli.output import say
from aftersales.cli.problems import FORMATS, Found, show
from aftersales.definitions import Catalog
from aftersales.definitions.reasons import reasons_missing
from aftersales.definitions.shipped import shipped_folder
from aftersales.domain.errors import StoreNotReady

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.domain.problem import Problem


_TO_A_PERSON = "P432"


@click.command("check")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Want reasons for numbers; fail on warnings.")
@click.option("--notes", is_flag=True, help="Tell also what is no fault but good to know.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print one SARIF 2.1.0 document.")
@click.option("--github", "as_github", is_flag=True, help="Print annotations for GitHub Actions.")
@settings_options
def command(
    chosen: "Settings", directory: Path | None, *, strict: bool, notes: bool, **forms: bool
) -> int:
    """Read all definitions of DIRECTORY, prove the tables, and report every problem."""
    form = _form(forms)
    folder = directory or chosen.folder
    if folder is not None and not folder.is_dir():
        raise NotFound(f"there is no folder `{folder}`")
    today = datetime.now(UTC).date()
    catalog, problems = check(folder, today=today)
    if catalog is not None:
        problems += _in_replies(catalog)
    root = folder or shipped_folder()
    if strict:
        more = [*reasons_missing(root, today=today), *_not_simulated(catalog, chosen)]
        problems = sorted([*problems, *more], key=_order)
    told = [found for found in problems if notes or found.severity != "note"]
    show(Found(told, root), form)
    if catalog is not None and form is None:
        say(f"kinds: {', '.join(catalog.kinds)}")
    places = sum(found.code == _TO_A_PERSON for found in problems)
    if places and not notes:
        say(f"{_places(places)} in some cases: `--notes` tells which")
    faults = (found.severity for found in problems if found.severity != "note")
    is_refused = any(strict or severity == "error" for severity in faults)
    return Exit.REFUSED if is_refused else Exit.DONE


def _places(count: int) -> str:
    return "1 rule leaves it to a person" if count == 1 else f"{count} rules leave it to a person"


def _form(forms: dict[str, bool]) -> str | None:
    """The one form that was asked for."""
    asked = [form for form in FORMATS if forms[f"as_{form}"]]
    if len(asked) > 1:
        named = " and ".join(f"--{form}" for form in asked)
        raise click.UsageError(f"one form at a time: {named} were given")
    return asked[0] if asked else None


def _order(problem: "Problem") -> tuple[object, ...]:
    return problem.place, problem.code


def _not_simulated(catalog: Catalog | None, chosen: "Settings") -> "list[Problem]":
    """The policies that wait for a simulation. Only for these a database is looked into."""
    if catalog is None or not catalog.has_policies_to_simulate:
        return []
    from aftersales.config import simulations_from  # here: see above

    try:
        return catalog.not_simulated(simulations_from(chosen).policies())
    except StoreNotReady:
        return catalog.not_simulated(None)


def _in_replies(catalog: Catalog) -> "list[Problem]":
    """What no reply may say: found before it is sent, not when."""
    from aftersales.notifiers import check_replies  # here: not needed when a file is wrong

    books = catalog.rulebooks
    return check_replies(known for book in books for known in book.replies.values())
