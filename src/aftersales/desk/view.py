"""What a caller sees of a case."""

from dataclasses import dataclass
from datetime import datetime

from aftersales.domain.case import Case, Offer, allowed_events
from aftersales.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it stands: what is possible, and until when.

    `is_repeat` says that this is the answer given before to the same request.
    """

    case: Case
    allowed_events: tuple[str, ...]
    waiting_for: str
    offer: Offer | None = None
    is_repeat: bool = False

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def kind(self) -> str:
        return self.case.kind

    @property
    def state(self) -> str:
        return self.case.state

    @property
    def version(self) -> int:
        return self.case.version

    @property
    def due_at(self) -> datetime | None:
        """When the next deadline is over; warnings before it do not count."""
        ends = (t.due_at for t in self.case.timers if t.warning is None and t.due_at is not None)
        return min(ends, default=None)

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None

    @property
    def outcome(self) -> str:
        return self.case.outcome

    @property
    def needs_person(self) -> str:
        return self.case.needs_person


def view_of(
    rulebook: Rulebook, case: Case, offer: Offer | None, *, is_repeat: bool = False
) -> CaseView:
    """The view of `case` under the rulebook it is bound to."""
    return CaseView(
        case=case,
        allowed_events=allowed_events(rulebook, case),
        waiting_for=rulebook.workflow.states[case.state].waiting_for or "",
        offer=offer,
        is_repeat=is_repeat,
    )
