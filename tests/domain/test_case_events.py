"""Events: which way is taken, why none is, and what a change holds."""

import pytest
from case_examples import (
    ANN,
    CUSTOMER,
    START,
    SUE,
    around,
    changed,
    hours,
    opened,
    opening,
    put,
    refused,
    rulebook,
)

from aftersales.domain.case import Opening, allowed_events, open_case


def test_an_opened_case_stands_in_the_first_state_at_version_one() -> None:
    change = changed(open_case(around(), opening()))
    case = change.case
    assert (case.state, case.version, case.round, case.visit) == ("reported", 1, 1, 1)
    assert (change.before, change.history.event, change.history.version) == (None, "open", 1)
    assert case.opened_at == case.last_effective_at == START


@pytest.mark.parametrize("missing", ["affected_value", "severity"])
def test_a_case_is_not_opened_without_what_it_needs(missing: str) -> None:
    given = {name: text for name, text in opening().facts.items() if name != missing}
    outcome = open_case(around(), _with(given))
    assert f"needs `{missing}`" in refused(outcome).reason


def _with(facts: dict[str, str]) -> Opening:
    return Opening("shop", "case", ANN, START, "USD", facts)


def test_the_one_way_whose_guard_holds_is_taken() -> None:
    assert changed(put(opened(), "sort_out")).case.state == "closed"
    with_photo = opened(severity="major", photo="yes")
    assert changed(put(with_photo, "sort_out")).case.state == "asking"


def test_where_no_guard_holds_the_refusal_says_which_cell_failed() -> None:
    refusal = refused(put(opened(severity="major", photo="no"), "sort_out"))
    assert refusal.code == "guard"
    assert "photo" in refusal.reason
    assert "sort_out" not in refusal.allowed
    assert "ask" in refusal.allowed


def test_where_two_ways_fit_neither_is_taken_and_a_person_is_called() -> None:
    rules = rulebook(("if: {severity: major, photo: yes}", "if: {severity: any}"))
    refusal = refused(put(opened(rules), "sort_out", rules=rules))
    assert refusal.code == "conflict"
    assert refusal.raises is not None
    assert refusal.raises.case.needs_person
    assert refusal.raises.case.state == "reported"


def test_a_guard_that_reads_an_unknown_fact_refuses() -> None:
    refusal = refused(put(opened(), "dry"))
    assert (refusal.code, "`weather`" in refusal.reason) == ("fact_missing", True)
    assert changed(put(opened(weather="dry"), "dry")).case.state == "closed"


def test_a_guard_is_judged_on_the_offer_that_would_be_made() -> None:
    change = changed(put(opened(), "propose"))
    assert [offer.status for offer in change.offers] == ["open"]
    dear = put(opened(affected_value="60.00 USD"), "propose")
    assert refused(dear).code == "guard"


def test_an_event_of_a_state_is_not_possible_in_another() -> None:
    refusal = refused(put(opened(), "answered", by=CUSTOMER))
    assert (refusal.code, refusal.reason) == (
        "not_here",
        "`answered` is not possible in `reported`",
    )


def test_an_event_of_anywhere_is_possible_in_every_open_state() -> None:
    case = changed(put(opened(), "ask")).case
    assert changed(put(case, "note", photo="yes")).case.state == "asking"
    closed = changed(put(opened(), "sort_out")).case
    assert refused(put(closed, "note")).code == "closed"


def test_what_the_system_does_by_itself_is_not_among_what_is_allowed() -> None:
    case = opened()
    allowed = allowed_events(rulebook(), case)
    assert set(allowed) == {"ask", "hurry", "sort_out", "dry", "propose", "note"}


def test_a_change_says_what_was_before_and_after() -> None:
    case = opened()
    change = changed(put(case, "ask", after=2, recorded_after=3))
    assert change.before is case
    assert change.case.version == case.version + 1
    entry = change.history
    assert (entry.state_before, entry.state_after) == ("reported", "asking")
    assert entry.effective_at == START + hours(2)
    assert entry.recorded_at == START + hours(3)
    assert entry.did == ("send question",)


def test_effects_have_keys_of_their_version() -> None:
    change = changed(put(opened(), "ask"))
    assert [effect.key for effect in change.effects] == ["shop/case/2/1"]
    assert (change.effects[0].lane, change.effects[0].name) == ("message", "question")


def test_deciding_changes_none_of_what_it_was_given() -> None:
    case, surroundings = opened(), around()
    before = (repr(case), repr(surroundings))
    put(case, "propose")
    assert (repr(case), repr(surroundings)) == before


def test_the_same_case_and_event_give_the_same_change() -> None:
    assert put(opened(), "propose", after=1) == put(opened(), "propose", after=1)


def test_a_refusal_leaves_no_trace_of_the_facts_given() -> None:
    case = opened(severity="major")
    refused(put(case, "dry", photo="yes"))
    assert "photo" not in case.facts


def test_an_event_before_the_last_one_moves_nothing() -> None:
    case = changed(put(opened(), "note", after=5)).case
    change = changed(put(case, "ask", after=3, recorded_after=6))
    assert change.case.state == "reported"
    assert (change.history.note, change.history.effective_at) == (
        "recorded late",
        START + hours(3),
    )
    assert change.case.last_effective_at == case.last_effective_at
    assert [effect.sort for effect in change.effects] == ["alert"]


def test_what_a_person_does_takes_the_call_for_a_person_off() -> None:
    case = changed(put(opened(), "note", after=5)).case
    called = changed(put(case, "ask", after=3, recorded_after=6)).case
    assert called.needs_person
    assert not changed(put(called, "note", by=SUE, after=7)).case.needs_person
    asking = changed(put(case, "ask", after=6)).case
    called = changed(put(asking, "note", after=3, recorded_after=7)).case
    assert changed(put(called, "answered", by=CUSTOMER, after=8)).case.needs_person


def test_where_the_policy_has_no_answer_a_person_is_called() -> None:
    rules = rulebook(("when: {severity: any}", "when: {severity: minor}"))
    refusal = refused(put(opened(rules, severity="major"), "propose", rules=rules))
    assert refusal.code == "undecided"
    assert refusal.raises is not None
    assert refusal.raises.case.needs_person
