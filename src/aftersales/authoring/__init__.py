"""Floor 3. For policy authors: what they wrote, tried out. Never imports the store."""

from aftersales.authoring.readiness import Readiness, readiness
from aftersales.authoring.rehearsal import Rehearsal
from aftersales.authoring.results import Difference, StoryResult
from aftersales.authoring.stories import run_story, run_tests

__all__ = [
    "Difference",
    "Readiness",
    "Rehearsal",
    "StoryResult",
    "readiness",
    "run_story",
    "run_tests",
]
