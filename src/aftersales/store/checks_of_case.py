"""What must be so of one case: its history, its chain, its offers, its effects."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aftersales.store.chain import body_digest, chain_hash, content_hash
from aftersales.store.connected import Row
from aftersales.store.finding import Finding
from aftersales.store.mapping import case_of, effect_of, history_of

# An accepted offer stays accepted when its remedy fails, and another may follow it in that round.
STANDING = ("proposed", "open")
_RESTORE = "compare with a backup; somebody or something other than aftersales wrote here"
_REPORT = "this is a fault of aftersales: please report it"


@dataclass(frozen=True, slots=True)
class Stored:
    """A case and its rows, in the order of its versions."""

    case: Row
    history: Sequence[Row]
    offers: Sequence[Row]
    effects: Sequence[Row]

    def finding(self, code: str, message: str, help: str = _RESTORE) -> Finding:
        """A finding about this case."""
        return Finding(code, self.case["id"], message, help)


def check_case(stored: Stored) -> Iterator[Finding]:
    """All that is wrong with a case."""
    yield from _check_versions(stored)
    yield from _check_chain(stored)
    yield from _check_row(stored)
    yield from _check_effects(stored)
    yield from _check_offers(stored)


def _check_versions(stored: Stored) -> Iterator[Finding]:
    found = [row["version"] for row in stored.history]
    expected = list(range(1, stored.case["version"] + 1))
    if found == expected:
        return
    missing = sorted(set(expected) - set(found))
    added = sorted(set(found) - set(expected))
    if missing:
        yield stored.finding("history-missing", f"no history of version {_listed(missing)}")
    if added:
        yield stored.finding("history-added", f"history of version {_listed(added)}, never reached")


def _check_chain(stored: Stored) -> Iterator[Finding]:
    """Each link is computed again; one that breaks is reported, and the rest goes on from there."""
    previous = ""
    for row in stored.history:
        entry = history_of(row)
        content = content_hash(row["shop"], entry, row["effects"], form=row["form"])
        if content != row["content_hash"]:
            yield stored.finding("history-changed", f"version {row['version']} was changed")
        elif chain_hash(previous, content, entry) != row["chain_hash"]:
            message = f"version {row['version']} does not follow the one before it"
            yield stored.finding("chain-broken", message)
        previous = row["chain_hash"]
    if previous != stored.case["chain_head"]:
        yield stored.finding("chain-head", "the history does not end where the case says")


def _check_row(stored: Stored) -> Iterator[Finding]:
    row = stored.case
    case = case_of(row, [])
    if case.due_at != row["due_at"]:
        message = f"it is due at {row['due_at']}, its earliest timer at {case.due_at}"
        yield stored.finding("due-at", message, _REPORT)
    last = stored.history[-1] if stored.history else None
    if last is not None and (last["state_after"], last["round"]) != (case.state, case.round):
        message = f"it is in `{case.state}`, its history ends in `{last['state_after']}`"
        yield stored.finding("state", message)


def _check_effects(stored: Stored) -> Iterator[Finding]:
    found: dict[int, dict[str, str]] = {}
    for row in stored.effects:
        expected = f"{row['shop']}/{row['case_id']}/{row['case_version']}/{row['number']}"
        if row["key"] != expected:
            yield stored.finding("effect-key", f"the effect {row['key']} should be {expected}")
        digest = body_digest(effect_of(row))
        if digest != row["body_digest"]:
            yield stored.finding("effect-changed", f"the effect {row['key']} was changed")
        found.setdefault(row["case_version"], {})[str(row["number"])] = row["body_digest"]
    for entry in stored.history:
        effects = found.pop(entry["version"], {})
        if effects != entry["effects"]:
            message = f"version {entry['version']} does not have exactly the effects it caused"
            yield stored.finding("effects", message)
    for version in sorted(found):
        yield stored.finding("effects", f"there are effects of version {version}, never reached")


def _check_offers(stored: Stored) -> Iterator[Finding]:
    rounds = {row["version"]: row["round"] for row in stored.history}
    standing = Counter(
        rounds.get(row["case_version"]) for row in stored.offers if row["status"] in STANDING
    )
    for number, count in standing.items():
        if number is None:
            yield stored.finding("offer-version", "an offer is of a version never reached")
        elif count > 1:
            yield stored.finding("offers", f"{count} offers stand in round {number}", _REPORT)
    current = stored.case["offer_id"]
    if current and current not in {row["id"] for row in stored.offers}:
        yield stored.finding("offer-missing", f"its offer {current} is not stored")


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    return f"{shown} and {len(numbers) - 5} more" if len(numbers) > 5 else shown
