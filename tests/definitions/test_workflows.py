import pytest
from small_definitions import WORKFLOW, workflow_of

from aftersales.domain.duration import Duration
from aftersales.domain.workflow import Workflow


def workflow() -> Workflow:
    found, notes = workflow_of()
    assert notes.problems == []
    assert found is not None
    return found


def test_a_workflow_is_read_with_its_states_in_the_authors_order() -> None:
    torn = workflow()
    assert list(torn.states) == ["reported", "offered", "paid", "silent"]
    assert (torn.name, torn.starts_in, torn.calendar) == ("torn", "reported", "desk")
    assert torn.needs == ("affected_value", "severity")
    assert [str(action) for action in torn.when_opened] == ["send received"]


def test_an_event_may_have_several_ways_each_with_its_guard() -> None:
    first, second = workflow().states["reported"].events["propose"]
    assert (first.go_to, second.go_to) == ("offered", None)
    assert first.guard.reads == {"approval"}
    assert [(a.verb, a.argument) for a in first.do] == [("make offer", ""), ("send offer", "")]
    assert [(a.verb, a.argument) for a in second.do] == [("alert", "approvers")]


def test_a_bounded_event_says_what_comes_after() -> None:
    (remind,) = workflow().states["reported"].events["remind"]
    assert (remind.at_most, remind.after_that) == (2, "give_up")


def test_a_deadline_is_read_with_its_warnings() -> None:
    decide = workflow().states["reported"].deadlines["decide"]
    assert decide.within == Duration.parse("2 business days")
    assert decide.is_once_per_case
    assert [warning.at for warning in decide.warn] == [50, Duration.parse("1 business day")]


def test_a_wait_for_the_customer_names_when_it_starts_and_ends() -> None:
    answer = workflow().states["offered"].deadlines["answer"]
    assert (answer.starts_when_sent, answer.at_latest) == ("offer", "their_clock")
    assert (answer.due_at, answer.calendar) == ("midnight", "desk")


def test_a_case_deadline_is_read_with_its_stamp_and_buffer() -> None:
    clock = workflow().case_deadlines["their_clock"]
    assert (clock.starts, clock.stamped_by) == ("asked_at", "due_by")
    assert (clock.by_policy, clock.within) == ("deadlines", None)
    assert str(clock.buffer) == "4 business hours"
    assert clock.ends_with == ("sent offer", "they_paid")


def test_a_final_state_says_its_outcome_and_how_it_is_reopened() -> None:
    silent, paid = workflow().states["silent"], workflow().states["paid"]
    assert silent.is_final
    assert silent.outcome == "no_answer"
    assert silent.reopen is not None
    assert (silent.reopen.go_to, silent.reopen.at_most) == ("reported", 2)
    assert paid.follow_up is not None
    assert (paid.follow_up.after, str(paid.follow_up.wait)) == ("arrived", "24 hours")


def test_laws_of_a_workflow_are_read() -> None:
    never, once = workflow().always
    assert (never.never, never.unless_after) == ("send offer", "propose")
    assert (once.at_most_once, once.is_ever) == ("grant accepted option", True)


SLIPS = {
    "an unknown state": ("go_to: offered,", "go_to: offerd,", "W504", "did you mean `offered`?"),
    "an unknown event of a timer": (
        "when_over: expire}",
        "when_over: expires}",
        "W505",
        "did you mean `expire`?",
    ),
    "an event closed to system": ("expire: {by: system", "expire: {by: agent", "W506", "system"),
    "an event after the last time, closed to system": (
        "give_up: {by: system",
        "give_up: {by: agent",
        "W506",
        "system",
    ),
    "an unknown role": ("accept: {by: customer", "accept: {by: custommer", "W507", "`customer`"),
    "a way that leads nowhere": ("by: platform, go_to: paid,", "by: platform,", "W508", "stay"),
    "a way that goes and stays": (
        "by: platform, go_to: paid,",
        "by: platform, go_to: paid, stay: true,",
        "W508",
        "keep one",
    ),
    "after_that without at_most": ("at_most: 2 times, after_that", "after_that", "W508", "at_most"),
    "a final state that waits": (
        "    outcome: compensated",
        "    outcome: compensated\n    waiting_for: desk",
        "W509",
        "follow_up",
    ),
    "an outcome of a state that waits": (
        "    waiting_for: customer",
        "    waiting_for: customer\n    outcome: lost",
        "W509",
        "final: true",
    ),
    "an unknown template": (
        "send received]\n\ncase",
        "send recieved]\n\ncase",
        "W512",
        "`received`",
    ),
    "a wait for a message that nobody sends": (
        "starts_when: sent offer",
        "starts_when: sent ofer",
        "W512",
        "did you mean `offer`?",
    ),
    "an unknown table": ("by policy deadlines", "by policy deadline", "W513", "`deadlines`"),
    "an unknown policy": ("[make offer, send", "[make offer tron, send", "W513", "`torn`"),
    "an unknown calendar": ("calendar: desk, due", "calendar: dsk, due", "W514", "`desk`"),
    "an unknown case deadline": ("at_latest: their_clock", "at_latest: our_clock", "W515", "clock"),
    "a start that is not an instant": ("starts: asked_at", "starts: country", "W516", "instant"),
    "a duration without a unit": ("within: 2 business days", "within: 2", "W517", "business days"),
    "no time at all": ("within: 2 business days", "within: 0 days", "W517", "at least one"),
    "a number of times": ("at_most: 1 time,", "at_most: once,", "W517", "1 time"),
    "a warning after the end": ("1 business day: [", "2 business days: [", "W518", "less than"),
    "a warning of more than all": ("{50%:", "{150%:", "W518", "99%"),
    "a fact that only others may set": (
        "takes: {option: required}",
        "takes: {option: required, due_by: optional}",
        "W519",
        "set_by",
    ),
    "an unknown fact": (
        "needs: [affected_value,",
        "needs: [affected_vale,",
        "C203",
        "affected_value",
    ),
    "an unknown fact in a guard": (
        "if: {approval: none_needed}",
        "if: {aproval: none_needed}",
        "C203",
        "approval",
    ),
    "an unknown verb": ("[expire offer]", "[expires offer]", "W502", "`expire offer`"),
    "a verb without its thing": ("[alert manager]", "[alert]", "W503", "alert ROLE"),
    "a verb with too much": ("[expire offer]", "[expire offer now]", "W503", "expire offer"),
    "an alert to a customer": ("[alert manager]", "[alert customer]", "W507", "agent"),
    "an unknown key": (
        "    waiting_for: customer",
        "    wating_for: customer",
        "K101",
        "waiting_for",
    ),
    "a party that is none": ("waiting_for: customer", "waiting_for: custmer", "K105", "`customer`"),
    "an event named reopen": ("      give_up: {by", "      reopen: {by", "W500", "reopen"),
    "a name with capitals": ("  offered:\n", "  Offered:\n", "W500", "small letters"),
    "a start in a final state": ("starts_in: reported", "starts_in: silent", "W504", "final"),
    "a missing start": ("starts_in: reported\n", "", "K102", "starts_in"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_reported_where_it_is_with_a_help(name: str) -> None:
    right, wrong, code, help = SLIPS[name]
    assert WORKFLOW.count(right) >= 1, name
    found, notes = workflow_of(WORKFLOW.replace(right, wrong, 1))
    assert found is None
    problem = next((p for p in notes.problems if p.code == code), None)
    assert problem is not None, [str(p) for p in notes.problems]
    assert help in problem.help + problem.message
    line = WORKFLOW[: WORKFLOW.index(right)].count("\n") + 1
    assert abs(problem.place.line - line) <= 2 or code in ("K102", "W506")


def test_one_slip_is_one_problem() -> None:
    for name in ("an unknown event of a timer", "an unknown verb", "an unknown calendar"):
        right, wrong, *_ = SLIPS[name]
        _, notes = workflow_of(WORKFLOW.replace(right, wrong, 1))
        assert len(notes.problems) == 1, [str(p) for p in notes.problems]


def test_all_slips_are_found_in_one_run() -> None:
    written = WORKFLOW.replace("calendar: desk, due", "calendar: dsk, due")
    written = written.replace("[expire offer]", "[expires offer]").replace("100%", "1")
    _, notes = workflow_of(written.replace("{by: customer,", "{by: custommer,"))
    assert [problem.code for problem in notes.problems] == ["W514", "W507", "W502"]


def test_a_state_that_waits_needs_a_deadline() -> None:
    lines = WORKFLOW.splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if "answer: {within" in line)
    _, notes = workflow_of("".join([*lines[: start - 1], *lines[start + 1 :]]))
    assert [p.code for p in notes.problems] == ["W510"]


def test_a_state_that_no_event_leads_to_is_found() -> None:
    extra = "  lost: {final: true, outcome: lost}\n\nalways:"
    _, notes = workflow_of(WORKFLOW.replace("\nalways:", extra))
    assert [(p.code, p.place.line) for p in notes.problems] == [("W511", 39)]


def test_names_of_other_files_are_not_checked_where_those_are_not_known() -> None:
    found, notes = workflow_of(WORKFLOW.replace("calendar: desk", "calendar: moon"), strict=False)
    assert found is not None, notes.problems
    assert found.calendar == "moon"
