"""What would be if: worked out on a copy, and never saved."""

from datetime import datetime

from aftersales.domain.case.draft import Draft
from aftersales.domain.case.model import Actor, Case
from aftersales.domain.case.pausing import resume
from aftersales.domain.case.situation import Surroundings


def if_resumed(around: Surroundings, case: Case, *, at: datetime) -> Case:
    """The case as it would be if all that is paused went on at `at`; itself if nothing is."""
    paused = dict.fromkeys(timer.deadline for timer in case.timers if timer.paused_at is not None)
    if not paused:
        return case
    draft = Draft(around, case, before=None, at=max(at, case.last_effective_at), by=Actor.system())
    for deadline in paused:
        resume(draft, deadline)
    return draft.case
