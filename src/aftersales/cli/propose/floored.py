"""The section of a proposal about floors of law: which a change touches, and whether they hold."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from aftersales.authoring.floors import Touched, floors_of, touched
from aftersales.authoring.simulate.telling import counted
from aftersales.cli.propose.simulated import offers_changed
from aftersales.cli.propose.subject import Subject
from aftersales.definitions.render import to_json
from aftersales.domain.policy.decision import RuleRef
from aftersales.domain.policy.floors import Floor
from aftersales.domain.problem import Problem
from aftersales.reports import Entry, Part, Section

_BELOW, _NOT_PROVEN = "P433", ("P436", "P437")
_NOWHERE = RuleRef("", "", "", 0)


def floored(subject: Subject) -> Section | None:
    """Each floor of law: whether the change touches it, where, and what the proofs say."""
    if subject.new is None:
        files = [file for file, _ in subject.contents.definitions() if "/law/" in file]
        line = "not proven: there are errors"
        return (
            Section(name="law", title="Floors of law", mark="bad", lines=[line]) if files else None
        )
    now = floors_of(subject.new.catalog, subject.day)
    was = floors_of(subject.old.catalog, subject.day) if subject.old else now
    gone = [floor for floor in was if floor.ref.rule not in {one.ref.rule for one in now}]
    if not now and not gone:
        return None
    changed = offers_changed(subject)
    told = [_Told(touched(floor, changed), _how(floor, was), subject) for floor in now]
    is_bad = any(one.problems for one in told)
    is_odd = bool(gone) or any(one.how or one.why_not_proven for one in told)
    entries = [*(one.entry() for one in told), *(_gone(floor) for floor in gone)]
    return Section(
        name="law",
        title="Floors of law",
        mark="bad" if is_bad else "warn" if is_odd else "good",
        lines=list(_lines(told, gone, subject)),
        parts=[Part(entries=entries)],
        data=[*(one.data() for one in told), *({"floor": f.ref.rule, "is": "gone"} for f in gone)],
    )


class _Told:
    """A floor with all that is to be said about it."""

    def __init__(self, found: Touched, how: str, subject: Subject) -> None:
        self.found, self.how = found, how
        asked = f"the law asks for one of {', '.join(found.floor.must_offer_one_of)};"
        problems = subject.found.problems
        self.problems = [
            p for p in problems if p.code == _BELOW and any(asked in note for note in p.notes)
        ]
        self.why_not_proven = [p for p in problems if p.code in _NOT_PROVEN and _is_about(p, found)]

    def entry(self) -> Entry:
        """As it stands on the page."""
        floor = self.found.floor
        one_of = ", ".join(floor.must_offer_one_of)
        return Entry(
            text=f"{floor.ref.rule} ({floor.ref.file}:{floor.ref.line}): one of {one_of}",
            details=list(self._details()),
            mark="bad" if self.problems else "warn" if self.why_not_proven or self.how else "",
        )

    def data(self) -> dict[str, Any]:
        """As a machine gets it."""
        floor = self.found.floor
        return {
            "floor": floor.ref.rule,
            "file": floor.ref.file,
            "source": floor.source,
            "is": self.how or "as it was",
            "touched_by": list(self.found.policies),
            "example": self.found.example,
            "is_proven": not self.problems and not self.why_not_proven,
            "problems": [to_json(problem) for problem in (*self.problems, *self.why_not_proven)],
        }

    def _details(self) -> Iterator[str]:
        if self.how:
            yield f"the floor itself is {self.how}"
        if self.found.policies:
            by = ", ".join(self.found.policies)
            yield f"touched by {by}, for example: {self.found.example}"
        else:
            yield "not touched"
        for problem in (*self.problems, *self.why_not_proven):
            yield str(problem)
            yield from problem.notes
        if not self.problems and not self.why_not_proven:
            yield "proven: no case falls below it"
        if self.found.floor.source:
            yield f"source: {self.found.floor.source}"


def _is_about(problem: Problem, found: Touched) -> bool:
    """Whether what is not proven is a policy that touches the floor."""
    return any(
        f"`{name}` " in problem.message or f"`{name}`:" in problem.message
        for name in found.policies
    )


def _lines(told: Sequence[_Told], gone: Sequence[Floor], subject: Subject) -> Iterator[str]:
    reached = [one for one in told if one.found.policies]
    verb = "is" if len(reached) == 1 else "are"
    broken = sum(bool(one.problems) for one in told)
    open_ = sum(bool(one.why_not_proven) for one in told)
    outcome = f"{broken} broken" if broken else f"{open_} not proven" if open_ else "all hold"
    yield f"{len(reached)} of {counted(len(told), 'floor')} {verb} touched; {outcome}"
    if gone:
        yield f"no longer there: {', '.join(floor.ref.rule for floor in gone)}"
    unknown = subject.difference.uncompared if subject.difference else ()
    if unknown:
        names = ", ".join(one.policy for one in unknown)
        yield f"may be touched too, for not all of them could be compared: {names}"


def _how(floor: Floor, was: Sequence[Floor]) -> str:
    """What became of a floor itself; empty if it says what it said."""
    before = next((one for one in was if one.ref.rule == floor.ref.rule), None)
    if before is None:
        return "new"
    same = replace(before, ref=_NOWHERE) == replace(floor, ref=_NOWHERE)
    return "" if same else "changed"


def _gone(floor: Floor) -> Entry:
    source = [f"source: {floor.source}"] if floor.source else []
    return Entry(text=f"{floor.ref.rule}: is no longer there", details=source, mark="bad")
