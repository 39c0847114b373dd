"""What a test asked of policies: by itself, for facts they answer, and in a story as it went."""

from collections.abc import Iterator

from aftersales.authoring.explaining import answers_of, with_answers
from aftersales.authoring.results import Asked, Moment, StoryResult
from aftersales.domain.conditions import Facts
from aftersales.domain.policy import decide_rows
from aftersales.domain.rulebook import Rulebook


def asked_in(result: StoryResult) -> Iterator[Asked]:
    """Every question that a test put to a policy, and those put to others on its way."""
    for asked in result.asked:
        yield asked
        yield from _answered(asked.rulebook, asked.given, _reads(asked.rulebook, asked.policy))
    for number, moment in enumerate(result.moments):
        assert result.rulebook is not None
        yield from _at(result.rulebook, moment, is_first=number == 0)


def _reads(rulebook: Rulebook, policy: str) -> frozenset[str]:
    policies = rulebook.policies
    if policy in policies.compensation:
        return policies.reads(policy)
    return policies.rows[policy].reads


def _answered(rulebook: Rulebook, facts: Facts, reads: frozenset[str]) -> Iterator[Asked]:
    answers = answers_of(rulebook, facts, reads)
    known = with_answers(facts, answers)
    for answer in answers:
        yield Asked(rulebook, answer.policy, known, answer.decision, facts)


def _at(rulebook: Rulebook, moment: Moment, *, is_first: bool) -> Iterator[Asked]:
    """What was asked in one change of a story."""
    change, facts = moment.change, moment.facts
    for offer in change.offers:
        if offer.made_at == change.history.effective_at:
            reads = rulebook.policies.reads(offer.policy)
            known = with_answers(facts, answers_of(rulebook, facts, reads))
            yield Asked(rulebook, offer.policy, known, offer.decision, facts)
            yield from _answered(rulebook, facts, reads)
    state, event = change.history.state_before, change.history.event
    if state in rulebook.workflow.states:
        ways = rulebook.machine.ways(state, event)
        reads = frozenset().union(*(way.guard.reads for way in ways))
        yield from _answered(rulebook, facts, reads & facts.schema.derived_by_policy.keys())
    if is_first:
        yield from _opened(rulebook, facts)
    yield from _armed(rulebook, moment)


def _opened(rulebook: Rulebook, facts: Facts) -> Iterator[Asked]:
    """The priority, and by which calendar the case is counted."""
    yield from _answered(rulebook, facts.having(priority=None), frozenset({"priority"}))
    name = rulebook.workflow.calendar_by_policy
    if name is not None and name in rulebook.policies.rows:
        yield _rows(rulebook, name, facts)


def _armed(rulebook: Rulebook, moment: Moment) -> Iterator[Asked]:
    """How long each deadline is that this change armed and a policy answers."""
    case = moment.change.case
    state = rulebook.workflow.states[case.state]
    facts = moment.facts.having(priority=case.priority or None)
    for timer in case.timers:
        own = state.deadlines.get(timer.deadline)
        deadline = own or rulebook.workflow.case_deadlines.get(timer.deadline)
        is_new = timer.started_at == moment.change.history.effective_at
        if deadline is not None and deadline.by_policy and timer.warning is None and is_new:
            yield _rows(rulebook, deadline.by_policy, facts.having(deadline=deadline.name))


def _rows(rulebook: Rulebook, name: str, facts: Facts) -> Asked:
    table = rulebook.policies.rows[name]
    known = with_answers(facts, answers_of(rulebook, facts, table.reads))
    return Asked(rulebook, name, known, decide_rows(table, known), facts)
