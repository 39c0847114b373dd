"""A decision table of DMN, taken in as a rows table."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales.cli.exits import Exit, NotFound
from aftersales.cli.output import put, put_json, say
from aftersales.cli.table.named import say_problems
from aftersales.cli.table.proven import Proven, proven

if TYPE_CHECKING:
    from aftersales.config import Settings
    from aftersales.definitions.interchange.dmn import FromDmn
    from aftersales.definitions.interchange.dmn_xml import Element
    from aftersales.definitions.notes import Notes

_FACTS = re.compile(rb"^aftersales: *facts/", re.MULTILINE)
SUFFIXES = (".dmn", ".xml")


def take_in(
    chosen: "Settings", file: Path, to: Path, decision: str | None, *, as_json: bool
) -> int:
    """Write the decision of `file` as the policy `to`, prove it, and tell which facts it needs."""
    from aftersales.definitions.formatting.files import schemas_of  # here: help needs none
    from aftersales.definitions.interchange.dmn import from_dmn
    from aftersales.definitions.interchange.dmn_xml import read_dmn
    from aftersales.definitions.notes import Notes
    from aftersales.domain.conditions import FactSchema

    folder = _folder(to, chosen)
    notes, raw = Notes(), file.read_bytes()
    root = read_dmn(raw, str(file), notes)
    schemas = schemas_of(folder, Notes())
    schema = schemas[-1] if schemas else FactSchema()
    made = from_dmn(_decision(root, decision), schema, notes) if root else None
    if made is None:
        found = None
        sources = {str(file): raw.decode(errors="replace")}
        say_problems(() if as_json else notes.problems, sources)
    else:
        found = _proven(made, folder, to.resolve().relative_to(folder.resolve()).as_posix())
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(made.table, encoding="utf-8")
    if as_json:
        put_json(_as_data(made, to, notes, found))
    else:
        _tell(made, to, found)
    is_wrong = made is None or (found is not None and found.has_errors)
    return Exit.REFUSED if is_wrong else Exit.DONE


def _folder(to: Path, chosen: "Settings") -> Path:
    """The definitions into which `to` goes. UsageError where it would not be read, or is there."""
    from aftersales.definitions.formatting.files import folder_of  # here: help needs none
    from aftersales.definitions.shipped import FOLDERS

    if to.exists():
        raise click.UsageError(f"`{to}` is there already; name a new file")
    folder = chosen.folder or folder_of(to)
    if folder is None:
        raise click.UsageError(
            f"`{to}` lies in no folder of definitions; say which: `--folder DIR`"
        )
    read = [(folder / name).resolve() for name in FOLDERS]
    is_read = to.suffix in (".yaml", ".yml") and not to.stem.endswith(".tests")
    if not (is_read and any(to.resolve().is_relative_to(part) for part in read)):
        like = folder / "policies" / f"{to.stem}.yaml"
        raise click.UsageError(f"`{to}` would not be read as a policy; say `--to {like}`")
    return folder


def _proven(made: "FromDmn", folder: Path, file: str) -> "Proven | None":
    """What is found of the table, with the facts that it needs declared; None if they cannot be."""
    from aftersales.definitions.contents import Contents  # here: help needs none
    from aftersales.definitions.interchange.dmn import declared_too

    before, files = Contents.of_folder(folder), {file: made.table.encode()}
    if made.facts:
        of_facts = {n: raw for n, raw in before.files.items() if _FACTS.search(raw[:4096])}
        try:
            written = [(name, raw.decode()) for name, raw in of_facts.items()]
        except UnicodeDecodeError:  # the check says which file cannot be read
            return proven(before, files, file, made.policy)
        texts = ((name, declared_too(text, made.facts)) for name, text in written)
        declared = next(((name, text) for name, text in texts if text is not None), None)
        if declared is None:
            return None
        files[declared[0]] = declared[1].encode()
    return proven(before, files, file, made.policy)


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


def _tell(made: "FromDmn | None", to: Path, found: "Proven | None") -> None:
    if made is None:
        say("nothing was written")
        return
    if made.facts:
        put(made.facts.rstrip("\n"))
        say("put these into policies/facts.yaml")
    say(f"{to}: the policy `{made.policy}`")
    if found is None:
        say("not proven: put the facts into policies/facts.yaml, then run: aftersales check")
        return
    from aftersales.definitions.render import summary  # here: help needs none

    found.tell({})
    if found.is_proven:
        say(f"proven{', with these facts' if made.facts else ''}: {summary(found.problems)}")


def _as_data(
    made: "FromDmn | None", to: Path, notes: "Notes", found: "Proven | None"
) -> dict[str, object]:
    from aftersales.definitions.render import to_json  # here: help needs none

    problems = [*notes.problems, *(found.problems if found else ())]
    return {
        "file": str(to),
        "policy": made.policy if made else None,
        "facts": made.facts if made else "",
        "is_proven": found is not None and found.is_proven,
        "problems": [to_json(problem) for problem in problems],
    }
