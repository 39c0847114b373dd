"""The laws a workflow states under `always:`, held against what happened in a story.

They are proven over every path elsewhere; here one path is looked at.
"""

from collections.abc import Sequence

from aftersales.domain.case import HistoryEntry
from aftersales.domain.conditions import Facts
from aftersales.domain.workflow import Always, Workflow


def broken_laws(workflow: Workflow, history: Sequence[HistoryEntry], facts: Facts) -> list[str]:
    """What the newest entry of `history` breaks; `facts` are those known after it."""
    return [why for law in workflow.always if (why := _broken(law, history, facts))]


def _broken(law: Always, history: Sequence[HistoryEntry], facts: Facts) -> str:
    newest = history[-1]
    round_so_far = [entry for entry in history[:-1] if entry.round == newest.round]
    if law.at_most_once is not None and law.at_most_once in newest.did:
        before = _not_failed(history[:-1] if law.is_ever else round_so_far)
        done = sum(entry.did.count(law.at_most_once) for entry in before)
        if done + newest.did.count(law.at_most_once) > 1:
            return f"`{law.at_most_once}` was done twice, and the workflow says at most once"
    if law.never is not None and law.never in newest.did and law.guard.holds(facts):
        comes_after = any(_is(law.unless_after, entry) for entry in (*round_so_far, newest))
        if law.unless_after is None or not comes_after:
            unless = f" before `{law.unless_after}`" if law.unless_after else ""
            return f"`{law.never}` was done{unless}, and the workflow says never"
    return ""


def _not_failed(entries: Sequence[HistoryEntry]) -> Sequence[HistoryEntry]:
    """What was done since a remedy last failed: what failed may be given again."""
    failed = [n for n, entry in enumerate(entries) if entry.event == "remedy_failed"]
    return entries[failed[-1] + 1 :] if failed else entries


def _is(what: str | None, entry: HistoryEntry) -> bool:
    return what is not None and (entry.event == what or what in entry.did)
