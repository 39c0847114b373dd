"""A decision table of DMN, taken in as a rows table."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.output import put, put_json, say
from aftersales.cli.table.named import say_problems

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.definitions.interchange.dmn import FromDmn
    from aftersales.definitions.interchange.dmn_xml import Element
    from aftersales.definitions.notes import Notes

SUFFIXES = (".dmn", ".xml")


def take_in(
    chosen: "Settings", file: Path, to: Path, decision: str | None, *, as_json: bool
) -> int:
    """Write the decision of `file` as the policy `to`, and tell which facts it needs."""
    from aftersales.definitions.formatting.files import schemas_of  # here: help needs none
    from aftersales.definitions.interchange.dmn import from_dmn
    from aftersales.definitions.interchange.dmn_xml import read_dmn
    from aftersales.definitions.notes import Notes
    from aftersales.definitions.shipped import shipped_folder
    from aftersales.domain.conditions import FactSchema

    if to.exists():
        raise click.UsageError(f"`{to}` is there already; name a new file")
    notes = Notes()
    root = read_dmn(file.read_bytes(), str(file), notes)
    schemas = schemas_of(chosen.folder or shipped_folder(), Notes())
    schema = schemas[-1] if schemas else FactSchema()
    made = from_dmn(_decision(root, decision), schema, notes) if root else None
    if made is not None:
        to.write_text(made.table, encoding="utf-8")
    if as_json:
        put_json(_as_data(made, to, notes))
    else:
        _tell(made, to, notes)
    return Exit.REFUSED if made is None else Exit.DONE


def _decision(root: "Element", name: str | None) -> "Element":
    from aftersales.definitions.interchange.dmn import decisions_in  # here: help needs none

    found = decisions_in(root)
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if name is not None and name in found:
        return found[name]
    listed = ", ".join(f"`{other}`" for other in found) or "none"
    if name is None and found:
        raise click.UsageError(f"say which by `--decision`: {listed}")
    raise NotFound(f"there is no such decision table; there are: {listed}")


def _tell(made: "FromDmn | None", to: Path, notes: "Notes") -> None:
    say_problems(notes.problems)
    if made is None:
        say("nothing was written")
        return
    if made.facts:
        put(made.facts.rstrip("\n"))
        say("put these into policies/facts.yaml, then run: aftersales check")
    say(f"{to}: the policy `{made.policy}`")


def _as_data(made: "FromDmn | None", to: Path, notes: "Notes") -> dict[str, object]:
    from aftersales.definitions.render import to_json  # here: help needs none

    return {
        "file": str(to),
        "policy": made.policy if made else None,
        "facts": made.facts if made else "",
        "problems": [to_json(problem) for problem in notes.problems],
    }
