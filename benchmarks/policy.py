"""How fast policies decide, beside other ways to put 50 rules to 8 facts: `make bench`.

One run, medians, all in one process and in turn. `--into README.md` renews the README's figures.
"""

import json
from decimal import Decimal
from functools import partial
from typing import Any

import rules
from measuring import Answers, Contestant, Question
from options import options_questions
from reporting import reported, run

from aftersales.domain.conditions import Facts, FactSchema, Value
from aftersales.domain.money import Money
from aftersales.domain.policy import RowsTable, decide_rows

try:
    import zen
except ImportError:
    zen = None  # type: ignore[assignment]

MARKS = "benchmark of policies"
PACKAGES = ("aftersales", "zen-engine")


def table_question(items: int) -> Question:
    """50 rules by 8 facts: which fits first?"""
    drawn = rules.rules()
    decided, schema = rules.table(drawn)
    cases = rules.cases(items)
    typed = [_typed(case, schema) for case in cases]
    by_code = rules.chain(drawn)
    written = [rules.texts(case) for case in cases]
    contestants = [
        Contestant("aftersales `decide_rows`", partial(_by_masks, decided, typed), True),
        Contestant(
            "aftersales, the facts read from texts first",
            partial(_from_texts, decided, schema, written),
            True,
        ),
        Contestant("each condition asked in turn", partial(_in_turn, decided, typed)),
        Contestant(
            "an `if` for each rule, generated Python", lambda: [by_code(case) for case in cases]
        ),
        *_zen(drawn, cases),
    ]
    title = f"a table of {rules.RULES} rules by {len(rules.NAMES)} facts"
    return Question(title, items, contestants, _same)


def _typed(case: dict[str, Any], schema: FactSchema) -> Facts:
    values: dict[str, Value] = {**case, "value": Money.from_minor(case["value"], "USD")}
    values |= {name: Decimal(case[name]) for name in ("days_late", "stars")}
    return Facts(schema, values)


def _by_masks(decided: RowsTable, typed: list[Facts]) -> Answers:
    return [decide_rows(decided, facts).answers["answer"] for facts in typed]


def _from_texts(decided: RowsTable, schema: FactSchema, written: list[dict[str, str]]) -> Answers:
    return _by_masks(decided, [schema.typed(texts) for texts in written])


def _in_turn(decided: RowsTable, typed: list[Facts]) -> Answers:
    assert decided.otherwise is not None
    rows = (*decided.rows, decided.otherwise)
    return [next(row.answers["answer"] for row in rows if row.when.holds(facts)) for facts in typed]


def _zen(drawn: list[rules.Rule], cases: list[dict[str, Any]]) -> list[Contestant]:
    """Its quickest way, by a loader that holds the model; and a decision made of the model."""
    if zen is None:
        return []
    model = rules.zen_model(drawn)
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"drawn": model}}})
    made = zen.ZenEngine().create_decision(json.dumps(model))
    return [
        Contestant(
            "zen-engine `evaluate`, static loader",
            lambda: [engine.evaluate("drawn", case)["result"]["answer"] for case in cases],
        ),
        Contestant(
            "zen-engine `create_decision`",
            lambda: [made.evaluate(case)["result"]["answer"] for case in cases],
        ),
    ]


def _same(answers: dict[str, Answers]) -> str:
    first = next(iter(answers.values()))
    for name, others in answers.items():
        assert list(others) == list(first), f"{name} answers otherwise"
    many, different = len(first), len(set(first))
    return f"all {len(answers)} ways give the same {many} answers, {different} of them different"


def report(runs: int, items: int) -> list[str]:
    """What is asked of a table and of policies, measured."""
    return reported([table_question(items), *options_questions(items)], PACKAGES, runs, items)


if __name__ == "__main__":
    run(__doc__, report, MARKS)
