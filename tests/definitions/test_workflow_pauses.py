# ruff: noqa: E501
"""Pauses that could not work, or could keep a case for ever, are told where they are written."""

import pytest
from small_definitions import WORKFLOW, workflow_of

OUR_OWN = (
    "case_deadlines:\n",
    "case_deadlines:\n  ours: {starts: opened_at, within: 5 business days, when_over: answer_now}\n",
)
REMIND = "stay: true, at_most: 2 times, after_that: give_up, do: [alert manager]"

PROBLEMS = {
    "a case deadline that nothing resumes": (
        (OUR_OWN, ("[make offer, send offer]", "[make offer, send offer, pause ours]")),
        ("W522", "resume ours"),
    ),
    "the only deadline of a state": (
        (
            ("[make offer, send offer]", "[make offer, send offer, pause answer]"),
            (
                "    events:\n      accept",
                "    events:\n      on: {by: agent, stay: true, do: [resume answer]}\n      accept",
            ),
        ),
        ("W523", "never paused"),
    ),
    "the only deadline of a state, by an event of anywhere": (
        (("do: [alert supervisor]}\n\nstates", "do: [pause answer, resume answer]}\n\nstates"),),
        ("W523", "never paused"),
    ),
    "the only deadline of a state, by its own warning": (
        (("expire}\n", "expire, warn: {50%: [pause answer]}}\n"),),
        ("W523", "never paused"),
    ),
    "a second deadline that runs in the first visit only": (
        (
            (REMIND, f"{REMIND[:-1]}, pause more]"),
            (
                "    events:\n      propose",
                "      more: {within: 9 days, when_over: remind}\n    events:\n      propose",
            ),
        ),
        ("W523", "never paused"),
    ),
    "a platform's deadline": (
        (("[make offer, send offer]", "[make offer, send offer, pause their_clock]"),),
        ("W524", "stamped_by"),
    ),
    "a platform's deadline resumed": (
        (("[make offer, send offer]", "[make offer, send offer, resume their_clock]"),),
        ("W524", "stamped_by"),
    ),
    "a deadline of another state": (
        ((REMIND, f"{REMIND[:-1]}, pause answer]"),),
        ("W525", "`offered`"),
    ),
    "a deadline of the state that is left": (
        (("[make offer, send offer]", "[make offer, send offer, resume decide]"),),
        ("W525", "`reported`"),
    ),
    "a deadline of a closed case": (
        (OUR_OWN, ("do: [send received]}", "do: [send received, resume ours]}")),
        ("W525", "closed case"),
    ),
    "no deadline at all": (
        (("[expire offer]", "[expire offer, pause anwser]"),),
        ("W515", "did you mean `answer`?"),
    ),
    "nothing after the verb": ((("[expire offer]", "[pause]"),), ("W503", "pause DEADLINE")),
    "a closed last day of business days": (
        (("within: 2 business days,", "within: 2 business days, if_closed: following,"),),
        ("W526", "in days"),
    ),
    "a closed last day that goes nowhere": (
        (("due_at: midnight,", "due_at: midnight, if_closed: folowing,"),),
        ("K105", "did you mean `following`?"),
    ),
}


def edited(written: str, *changes: tuple[str, str]) -> str:
    """The text with parts replaced, each where it stands first."""
    for old, new in changes:
        assert old in written, old
        written = written.replace(old, new, 1)
    return written


@pytest.mark.parametrize("name", PROBLEMS)
def test_it_is_one_problem_with_a_help(name: str) -> None:
    changes, (code, help) = PROBLEMS[name]
    found, notes = workflow_of(edited(WORKFLOW, *changes))
    assert found is None
    (problem,) = notes.problems
    assert problem.code == code
    assert help in problem.help + problem.message
    assert problem.place.line > 1


def test_a_deadline_may_be_paused_beside_one_that_is_not() -> None:
    beside = (
        "    events:\n      accept",
        "      most: {within: 90 days, when_over: expire}\n    events:\n      accept",
    )
    pause = ("[make offer, send offer]", "[make offer, send offer, pause answer]")
    found, notes = workflow_of(edited(WORKFLOW, beside, pause))
    assert found is not None, notes.problems


def test_a_law_may_name_a_pause() -> None:
    law = ("  - at_most_once: grant", "  - at_most_once: pause answer\n  - at_most_once: grant")
    found, notes = workflow_of(edited(WORKFLOW, law))
    assert found is not None, notes.problems


def test_what_becomes_of_a_closed_last_day_is_read() -> None:
    follow = ("due_at: midnight,", "due_at: midnight, if_closed: following,")
    found, notes = workflow_of(edited(WORKFLOW, follow))
    assert found is not None, notes.problems
    assert found.states["offered"].deadlines["answer"].if_closed == "following"
    assert found.states["reported"].deadlines["decide"].if_closed == "keep"
