"""Policies that are armed only after a simulation: their digests, and those that still wait."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from aftersales.definitions.canonical import content_of, digest_of
from aftersales.definitions.documents import Document
from aftersales.definitions.known import policies
from aftersales.domain.problem import Problem

_ARM = "arm"


def policy_digests(documents: Iterable[Document]) -> dict[str, str]:
    """What each policy that makes offers says, as a digest, by name: all its files and versions.

    Places, comments and the names of files do not count.
    """
    contents: dict[str, list[object]] = {}
    for document in policies(documents, "options"):
        contents.setdefault(document.name, []).append(content_of(document.root))
    return {
        name: digest_of({"policy": sorted(found, key=repr)}) for name, found in contents.items()
    }


def not_simulated(
    documents: Iterable[Document], recorded: AbstractSet[str] | None
) -> list[Problem]:
    """A problem (P450) for each policy that waits for a simulation of which none is on record.

    `recorded` are the digests of those that were simulated; None where there is no database.
    """
    known = list(documents)
    digests = policy_digests(known)
    return [
        Problem("P450", where.place, _message(document.name, recorded), _help(recorded))
        for document in policies(known, "options")
        if (where := document.root.key(_ARM)) is not None
        and (recorded is None or digests[document.name] not in recorded)
    ]


def _message(name: str, recorded: AbstractSet[str] | None) -> str:
    if recorded is None:
        return f"`{name}` waits for a simulation, and there is no database to hold one"
    return f"`{name}` waits for a simulation, and none of it as it stands is on record"


def _help(recorded: AbstractSet[str] | None) -> str:
    before = "run `aftersales migrate`, then " if recorded is None else "run "
    return f"{before}`aftersales simulate DIR --cases FILE --record`"
