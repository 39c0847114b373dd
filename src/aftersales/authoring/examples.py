"""Examples run: a policy asked one question, and the answer held against what is expected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from aftersales.authoring.first_offer import goodwill_given, left_to_refund
from aftersales.authoring.results import Asked, Difference, StoryResult, compared
from aftersales.authoring.texts import canonical_texts
from aftersales.authoring.why_not import why_no_option, why_no_row
from aftersales.definitions.catalog import Catalog
from aftersales.definitions.story_files import Example, TestsFile
from aftersales.domain.calendar import parse_instant
from aftersales.domain.conditions import Facts
from aftersales.domain.errors import AftersalesError
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import (
    OptionsDecision,
    RowsDecision,
    Spent,
    Undecided,
    decide_options,
    decide_rows,
    explain_rows,
)
from aftersales.domain.rulebook import Rulebook

BUILT_IN = ("kind", "state", "deadline", "priority")
OPENED = "2026-06-01 12:00"
"""When the case of an example was opened, where it does not say `opened_at`."""
Found = Mapping[str, tuple[str, ...]]


def run_example(catalog: Catalog, tests: TestsFile, example: Example) -> StoryResult:
    """Ask the policy of the file, and compare."""
    tests = replace(tests, zone=example.zone)
    given = {**tests.usual, **example.given}
    at = parse_instant(given.pop("opened_at", OPENED), tests.zone)
    rulebook = catalog.rulebook(_kind(catalog, tests, given), at)
    example = _answers_expected(rulebook, tests, example, given)
    try:
        asked = ask(catalog, rulebook, tests.tests_of, given, at, zone=tests.zone)
    except AftersalesError as error:
        stopped = Difference(example.place, str(error))
        return StoryResult(example.name, example.place, (stopped,))
    told = tuple(_differences(example, asked))
    return StoryResult(example.name, example.place, told, asked=(asked,))


class NotAsked(AftersalesError):
    """No case of that kind asks the policy."""


def _is_in_force(catalog: Catalog, policy: str, at: datetime) -> bool:
    begun = [version.policies for version in catalog.versions if version.first <= at.date()]
    return bool(begun) and policy in {*begun[-1].compensation, *begun[-1].rows}


def ask(
    catalog: Catalog,
    rulebook: Rulebook,
    policy: str,
    given: Mapping[str, str],
    at: datetime,
    *,
    zone: str,
) -> Asked:
    """Put a question to `policy`, for facts as an author writes them. NotAsked, ValueUnreadable."""
    builtins = {name: given[name] for name in BUILT_IN if name in given}
    rest = {name: text for name, text in given.items() if name not in builtins}
    texts = canonical_texts(rulebook.schema, rest, zone)
    rates = catalog.rates_on(at.astimezone(UTC).date())
    raw = rulebook.facts(texts, rates=rates, builtins={**builtins, "opened_at": at})
    if policy in rulebook.policies.compensation:
        facts = rulebook.answered(raw, rulebook.policies.reads(policy))
        return Asked(rulebook, policy, facts, _offered(rulebook, policy, facts), raw)
    rows = rulebook.policies.rows.get(policy)
    if rows is None:
        told = f"no case of `{rulebook.kind}` asks `{policy}`; give a `kind` that does"
        if not _is_in_force(catalog, policy, at):
            told = f"`{policy}` is not in force on {at.date()}: see its `from` and `until`"
        raise NotAsked(told)
    facts = rulebook.answered(raw, rows.reads)
    return Asked(rulebook, policy, facts, decide_rows(rows, facts), raw)


def found(asked: Asked) -> Found:
    """What an example may expect, by name, as it was decided."""
    if isinstance(asked.decision, Undecided):
        is_options = asked.policy in asked.rulebook.policies.compensation
        return {"undecided": ("yes",), **({"options": ()} if is_options else {})}
    if isinstance(asked.decision, OptionsDecision):
        return _of_options(asked.decision)
    answers = {name: (text,) for name, text in asked.decision.answers.items()}
    return {**answers, "rule": (asked.decision.rule.rule,), "undecided": ("no",)}


def _offered(rulebook: Rulebook, policy: str, facts: Facts) -> OptionsDecision | Undecided:
    amount = facts.get("affected_value")
    currency = amount.currency if isinstance(amount, Money) else "USD"
    left, nothing = left_to_refund(facts, currency, None), zero(currency)
    return decide_options(
        rulebook.policies, policy, facts, Spent(left, nothing, goodwill_given(facts))
    )


def _answers_expected(
    rulebook: Rulebook, tests: TestsFile, example: Example, given: dict[str, str]
) -> Example:
    """In the columns of a rows table's tests, the table's answers are expected, not given."""
    table = rulebook.policies.rows.get(tests.tests_of)
    answers = {column.name for column in table.columns} if table is not None else set()
    told = {name: (given.pop(name),) for name in answers & set(example.given)}
    return replace(example, expect={**told, **example.expect})


def _kind(catalog: Catalog, tests: TestsFile, given: Mapping[str, str]) -> str:
    kind = given.get("kind", tests.tests_of)
    return kind if kind in catalog.kinds else catalog.kinds[0]


def _of_options(decision: OptionsDecision) -> Found:
    amounts = (r.amount for option in decision.options for r in option.remedies)
    return {
        "undecided": ("no",),
        "options": tuple(option.id for option in decision.options),
        "rule": (decision.rule.rule,),
        "approval": (decision.approval,),
        "returns": tuple(dict.fromkeys(option.returns.answer for option in decision.options)),
        "amounts": tuple(str(amount) for amount in amounts if amount is not None),
    }


def _differences(example: Example, asked: Asked) -> list[Difference]:
    known = found(asked)
    differing = [
        (name, expected)
        for name, expected in example.expect.items()
        if sorted(known.get(name, ())) != sorted(expected)
    ]
    decided = _decided(asked) if differing else ()
    return [
        compared(
            example.place,
            name,
            expected,
            known.get(name, ()),
            why=(*decided, *_ruled_out(asked, name, expected)),
            is_rewritable=name in known,
        )
        for name, expected in differing
    ]


def _decided(asked: Asked) -> tuple[str, ...]:
    if isinstance(asked.decision, Undecided):
        return (f"nobody can say: {asked.decision.why}",)
    return (f"decided by {asked.decision.rule}",)


def _ruled_out(asked: Asked, name: str, expected: tuple[str, ...]) -> list[str]:
    """For each option or row that is expected and is not so: the first thing that ruled it out."""
    if name == "options" and isinstance(asked.decision, OptionsDecision):
        policy = asked.rulebook.policies.compensation[asked.policy]
        offered = {frozenset(option.id.split(" + ")) for option in asked.decision.options}
        absent = [id for id in expected if frozenset(id.split(" + ")) not in offered]
        whys = [why_no_option(policy, asked.facts, asked.decision, id) for id in absent]
        return [f"`{why.option}` was left out: {why.why}{_at(why.rule)}" for why in whys]
    if name == "rule" and isinstance(asked.decision, RowsDecision):
        table = asked.rulebook.policies.rows[asked.policy]
        row = why_no_row(asked.decision, explain_rows(table, asked.facts), expected[0])
        return [f"`{expected[0]}` does not decide: {row.why}{_at(row.rule)}"] if row else []
    if name == "rule" and isinstance(asked.decision, OptionsDecision):
        left_out = [out for out in asked.decision.left_out if out.what == expected[0]]
        return [f"`{out.what}` does not decide: {out.why}{_at(out.rule)}" for out in left_out]
    return []


def _at(rule: object) -> str:
    return f" [{rule}]" if rule is not None else ""
