"""Moves to calendars that differ elsewhere change nothing, whatever happens between them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from case_examples import ANN, START, around, changed, opening, put
from hypothesis import given, settings
from hypothesis import strategies as st
from pausing_examples import WEEK, rulebook

from aftersales.domain.calendar import HOUR, Calendar, Plan, Week, day_number, iso
from aftersales.domain.case import Case, Moved, move, open_case
from aftersales.domain.rulebook import Rulebook

FAR = (date(2027, 9, 1), date(2027, 9, 2))
LUNCH = (*(((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)),) * 4, ((8 * HOUR, 12 * HOUR),), (), ())
DURATIONS = ("90 business hours", "20 business days", "20 days", "900 hours", "9 days")
HOW = ("", ", due_at: midnight", ", due_at: same_time", ", if_closed: following")
YEARS = {"first_year": 2025, "last_year": 2028}
BUFFERS = ("", ", buffer: 2 hours", ", buffer: 1 business day")


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to the case, so long after what happened before."""

    what: str  # hold, go_on, tell or move
    after: timedelta
    told: int = 0


def steps() -> st.SearchStrategy[list[Step]]:
    """Up to twelve days of pauses, moves, and news of when it all began."""
    after = st.one_of(st.integers(0, 32).map(lambda n: n * 15), st.integers(0, 1440))
    what = st.sampled_from(("hold", "go_on", "move", "move", "tell"))
    told = st.integers(0, 120)
    minutes = after.map(lambda minutes: timedelta(minutes=minutes))
    return st.lists(st.builds(Step, what, minutes, told), min_size=1, max_size=12)


@cache
def rules_of(within: str, how: str, buffer: str, is_broken: bool) -> Rulebook:
    """The example with another `lease`, on a desk with or without a break."""
    is_of_days = within.endswith(" days")
    how = how if is_of_days and not (how.startswith(", if") and "business" in within) else ""
    lease = "lease: {starts: told_at, within: 10 hours, buffer: 2 hours"
    written = (
        f"lease: {{starts: told_at, within: {within}{how}{buffer}, warn: {{50%: [alert agent]}}"
    )
    return rulebook((lease, written), week=LUNCH if is_broken else WEEK, **YEARS)


def elsewhere(rules: Rulebook, day: date) -> Rulebook:
    """The same rules on a calendar that is closed on one day more, long after all this."""
    desk = closed_on(day, rules.calendars["desk"].content.table.week)
    return replace(rules, digest=f"with {desk.digest}", calendars={"desk": desk})


@cache
def closed_on(day: date, week: Week) -> Calendar:
    """The calendar of that week but for one day."""
    closed = {day_number(day): "far"}
    return Calendar.built(Plan(name="desk", zone="UTC", week=week, closed=closed, **YEARS))


def lived(rules: Rulebook, steps: list[Step], *, is_moved: bool) -> Case:
    """The case after these steps, with its moves or without."""
    case, now, bound = begun(rules), START, rules
    newer = [elsewhere(rules, day) for day in FAR]
    for number, step in enumerate(steps):
        now += step.after
        if step.what != "move":
            told = START + timedelta(minutes=step.told + number)
            facts = {"told_at": iso(told)} if step.what == "tell" else {}
            after = (now - START) / timedelta(hours=1)
            case = changed(put(case, step.what, after=after, rules=bound, **facts)).case
        elif is_moved:
            case, bound = moved(case, bound, newer[number % 2], now)
    return case


def begun(rules: Rulebook) -> Case:
    """The case of which only `lease` runs."""
    case = changed(open_case(around(rules), opening({"told_at": iso(START)}))).case
    return only_lease(case)


def only_lease(case: Case) -> Case:
    """The case without its other timers: nothing else fires or caps."""
    return replace(case, timers=tuple(t for t in case.timers if t.deadline == "lease"))


def moved(case: Case, before: Rulebook, rules: Rulebook, at: datetime) -> tuple[Case, Rulebook]:
    """The case bound to these rules, and they."""
    outcome = move(around(rules, recorded_at=at), case, before, at=at, by=ANN, why="newer")
    if outcome is None:
        return case, before  # it was bound to them
    assert isinstance(outcome, Moved), outcome
    return outcome.change.case, rules


@settings(deadline=None, max_examples=150)
@given(
    steps=steps(),
    within=st.sampled_from(DURATIONS),
    how=st.sampled_from(HOW),
    buffer=st.sampled_from(BUFFERS),
    is_broken=st.booleans(),
)
def test_moves_between_pauses_and_news_change_no_date(
    steps: list[Step], within: str, how: str, buffer: str, is_broken: bool
) -> None:
    rules = rules_of(within, how, buffer, is_broken)
    still, gone = (lived(rules, steps, is_moved=is_moved) for is_moved in (False, True))
    assert dates(gone) == dates(still)
    assert told(gone) == told(still)


def test_what_was_to_spare_on_the_last_day_is_spent_by_a_pause_that_goes_on_over_moves() -> None:
    pauses = [("hold", 480), ("move", 1261), ("move", 360), ("go_on", 780)]
    steps = [Step(what, timedelta(minutes=minutes)) for what, minutes in pauses]
    rules = rules_of("20 business days", "", "", False)
    still, gone = (lived(rules, steps, is_moved=is_moved) for is_moved in (False, True))
    assert dates(gone) == dates(still)


def dates(case: Case) -> list[object]:
    """When its timers are due, and since when they are paused."""
    return [(t.id, t.due_at, t.paused_at, t.pauses) for t in only_lease(case).timers]


def told(case: Case) -> list[object]:
    """What people are told of its dates that a move has no part in."""
    running = [t for t in only_lease(case).timers if t.paused_at is None]
    return [(t.id, [t.why.get(n) for n in ("start", "planned", "pauses")]) for t in running]
