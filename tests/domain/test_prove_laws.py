"""What is easily passed over in a proof: goods, alternatives, several extras, other currencies.

`TESTS_IN_FULL=1` draws five hundred policies.
"""

import os
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from proof_examples import SCHEMA, VALUES, laws_of, node, proven, world

from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import read_rows_table
from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import Decider, OptionsDecision, Policies, Spent, Undecided
from aftersales.domain.policy.prove import Law, World, prove_policy, prove_row_laws
from aftersales.domain.policy.prove.law import measured

POLICIES = 500 if os.environ.get("TESTS_IN_FULL") else 12
MINORS = [1, 3, 9, 10, 20, 29, 30, 31, 45, 50, 70, 99_999]
COSTS = [0, 9, 10, 11, 34, 35, 5_000, None]
ORDER = ["minor", "major"]

POLICY = """
aftersales: policy/1
policy: broken
remedies:
  all_back:  {refund: 100% of affected_value}
  some_back: {refund: 20% of affected_value}
  gift_card: {coupon: 10% of affected_value}
  voucher:   {coupon: 15% of affected_value}
  again:     {resend: the same, costs: [item_cost], if_missing: 0.01 USD}
  other:     {exchange: another, costs: [swap_cost], if_missing: 0.01 USD}
base:
  down: affected_value
  across: severity
  cells:
    low:  {minor: LOW_MINOR, major: LOW_MAJOR}
    high: {minor: HIGH_MINOR, major: HIGH_MAJOR}
REST
approval:
  none_needed: under 0.50 USD
  manager:     at least 0.50 USD
"""
DEAR = "exceptions:\n  - {id: dear, when: {item_cost: at least 0.10 USD}, options: [OPTIONS]}"
CAP = "limits:\n  each_option: {at_most: 120% of affected_value}"
THANKS = (
    "extras:\n  - {id: for_vips, when: {tier: vip}, add: gift_card}\n"
    "  - {id: for_major, when: {severity: major}, add: voucher}"
)
BACK = (
    "return_required:\n  choose: one\n  rows:\n"
    "    - {id: back, when: [{tier: regular, remedy: gift_card}, {tier: vip, remedy: all_back}],\n"
    "       answer: prepaid_label, within: 14 days}\n"
    "  otherwise: {answer: customer_keeps}"
)
FLOOR = (
    "aftersales: policy/1\npolicy: law\nfloors:\n"
    "  - {id: faulty, when: {severity: major}, must_offer_one_of: [resend, all_back], source: x}"
)


def policy(
    cells: str, *rest: str, low: str = "", minor: str = "", floors: str = "", of: str = POLICY
) -> World:
    """A policy of these cells; `low` and `minor` are those of such cases, if they are others."""
    written = of.replace("LOW_MINOR", minor or low or cells).replace("LOW_MAJOR", low or cells)
    written = written.replace("HIGH_MINOR", minor or cells).replace("HIGH_MAJOR", cells)
    return world(written.replace("REST", "\n".join(rest)), floors=floors)


def told(of: World, *laws: str) -> list[str]:
    """The codes of what is found, without those of cells that come to nothing."""
    return [finding.code for finding in proven(of, *laws) if finding.code != "P432"]


def test_goods_whose_cost_a_condition_reads_may_still_cost_anything() -> None:
    dear = policy("all_back", DEAR.replace("OPTIONS", "again"))
    assert told(dear, "{never: {options: again, cost: over 500 USD}}") == ["P435"]
    assert told(dear, "{never: {options: again, cost: under 0.10 USD}}") == []


@pytest.mark.parametrize("tier", ["vip", "regular"])
def test_the_amounts_at_which_a_law_begins_are_tried_where_it_speaks(tier: str) -> None:
    law = f"{{never: {{tier: {tier}, cost: 21.37 USD to 21.40 USD}}}}"
    assert told(policy("some_back"), law) == ["P435"]


@pytest.mark.parametrize("cost", ["5 USD to 15 USD", "15 USD to 25 USD"])
def test_amounts_are_tried_for_each_part_in_which_goods_cost_something_else(cost: str) -> None:
    rows = [f"  - {{id: a{n}, when: {{item_cost: {n} USD}}, options: again}}" for n in (10, 20)]
    of = policy("some_back", CAP, "exceptions:", *rows)
    law = f"{{never: {{cost: {cost}, cost_share: over 119%, options: again}}}}"
    assert told(of, law) == ["P435"]


def test_a_floor_of_law_is_held_for_goods_whose_cost_a_condition_reads() -> None:
    cells = "[again, some_back]"
    assert told(policy(cells, CAP, DEAR.replace("OPTIONS", "all_back"), floors=FLOOR)) == ["P433"]


def test_each_sort_of_goods_may_cost_anything_beside_the_others() -> None:
    both = policy("[again, other]")
    assert told(both, "{never: {options: other, cost: over 500 USD}}") == ["P435"]
    assert told(both, "{never: {options: again, cost: over 500 USD}}") == ["P435"]


def test_goods_of_unknown_cost_leave_a_case_to_a_person_and_no_law_open() -> None:
    of = POLICY.replace(", if_missing: 0.01 USD", "")
    assert told(policy("[again, all_back]", of=of), "{never: {options: some_back}}") == []


def test_extras_are_added_together() -> None:
    thanked = policy("all_back", THANKS)
    assert told(thanked, "{never: {options: all_back + gift_card + voucher}}") == ["P435"]
    law = "{never: {cost: 200 USD to 201 USD, cost_share: over 120%}}"
    assert told(thanked, law) == ["P435"]


@pytest.mark.parametrize(("one", "other"), [("vip", "regular"), ("regular", "vip")])
def test_what_one_alternative_of_a_law_asks_is_not_taken_for_anothers(one: str, other: str) -> None:
    gift, back = f"{{tier: {one}, options: gift_card}}", f"{{tier: {other}, options: all_back}}"
    assert told(policy("all_back"), f"{{never: [{gift}, {back}]}}") == ["P435"]
    assert told(policy("all_back"), f"{{always: [{gift}, {back}]}}") == ["P435"]


def test_the_alternatives_of_a_row_of_return_are_told_apart() -> None:
    law = "{never: {options: all_back, return_required: prepaid_label}}"
    assert told(policy("all_back", BACK), law) == ["P435"]
    swapped = BACK.replace("regular", "x").replace("vip", "regular").replace("tier: x", "tier: vip")
    assert told(policy("all_back", swapped), law) == ["P435"]


def test_a_law_may_ask_what_the_best_option_is_worth() -> None:
    dear = policy("[some_back, again]", low="some_back")
    assert told(dear, "{never: {best_value_to_customer: over 1 USD}}") == ["P435"]
    assert told(dear, "{always: {best_value_to_customer: at least 0 USD}}") == []


@pytest.mark.parametrize("when", ["tier: regular", "tier: vip", "tier: missing", "in_stock: no"])
def test_never_less_is_held_in_the_cases_that_it_is_about(when: str) -> None:
    law = f"{{never_less: {{measure: cost, when: {{affected_value: up, {when}}}}}}}"
    assert told(policy("some_back", low="all_back"), law) == ["P435"]


def test_never_less_holds_goods_against_what_is_offered_without_them() -> None:
    of = policy("some_back", CAP, low="again")
    assert told(of, "{never_less: {measure: cost, when: {affected_value: up}}}") == ["P435"]


def test_never_less_tries_the_amounts_at_which_either_of_two_neighbours_bends() -> None:
    of = POLICY.replace(
        "{refund: 20% of affected_value}", "{refund: 20% of affected_value, at_most: 60 USD}"
    )
    of = of.replace(
        "{refund: 100% of affected_value}", "{refund: 10% of affected_value, at_least: 35 USD}"
    )
    crossing = policy("all_back", minor="some_back", of=of)
    assert told(crossing, "{never_less: {measure: cost, when: {severity: up}}}") == ["P435"]


def test_amounts_in_a_currency_of_which_no_condition_speaks_are_not_proven() -> None:
    of = POLICY.replace(
        "some_back: {refund: 20% of affected_value}",
        "some_back: {refund: 20% of affected_value, at_most: {USD: 60, EUR: 100}}",
    )
    law = "{never: {cost: 'over {USD: 60, EUR: 60}'}}"
    assert told(policy("some_back", of=of), law) == ["P436"]
    assert told(policy("some_back", of=of)) == ["P437"]


@st.composite
def drawn(draw: st.DrawFn) -> tuple[World, Law]:
    """A policy with two sorts of goods, extras, alternatives, and a law about it."""
    names = ["all_back", "some_back", "again", "other", "other + gift_card", "again + some_back"]
    cells = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    options = [f"[{', '.join(draw(cells))}]" for _ in range(3)]
    dear = draw(st.sampled_from(["", DEAR.replace("[OPTIONS]", options[2])]))
    rest = [draw(st.sampled_from(["", some])) for some in (CAP, THANKS, BACK)]
    of = policy(
        options[0], dear, *rest, minor=options[1], floors=draw(st.sampled_from(["", FLOOR]))
    )
    [law] = laws_of(of, draw(st.sampled_from(LAWS)))
    return of, law


LAWS = [
    "{never: {cost_share: over 130%}}",
    "{never: {options: other, cost: at least 0.34 USD}}",
    "{never: {remedy: resend, approval: manager, item_cost: at least 0.10 USD}}",
    "{never: [{tier: vip, options: other}, {tier: regular, remedy: coupon}]}",
    "{never: {return_required: prepaid_label, tier: vip}}",
    "{never: {best_value_to_customer: 0.20 USD to 0.29 USD}}",
    "{always: {remedy: [resend, exchange]}, when: [{tier: vip}, {severity: major}]}",
    "{always: {cost: under 0.30 USD}, when: {affected_value: under 0.50 USD}}",
    "{never_less: {measure: cost, when: {affected_value: up, tier: vip}}}",
    "{never_less: {measure: best_value_to_customer, when: {affected_value: up, in_stock: no}}}",
    "{never_less: {measure: cheapest_cost, when: {severity: up, tier: vip}}}",
]


def offers(of: World) -> Iterator[tuple[Facts, OptionsDecision | Undecided]]:
    decider = Decider(of.policies, "broken")
    names = ["severity", "tier", "in_stock"]
    for texts in product(*(VALUES[name] for name in names)):
        pairs = zip(names, texts, strict=True)
        known = {fact: SCHEMA.read(fact, text) for fact, text in pairs if text is not None}
        for minor, item, swap in product(MINORS, COSTS, (0, 34, 5_000, None)):
            value = Money.from_minor(minor, "USD")
            costs = {"item_cost": item, "swap_cost": swap}
            money = {n: Money.from_minor(c, "USD") for n, c in costs.items() if c is not None}
            facts = Facts(SCHEMA, {**known, **money, "affected_value": value})
            yield facts, decider.decide(facts, Spent(value, zero("USD")))


def is_broken(law: Law, of: World) -> bool:
    """Whether a case tried here breaks the law."""
    decided = [(f, d) for f, d in offers(of) if isinstance(d, OptionsDecision) and d.options]
    if law.sort != "never_less":
        return any(law.breach(d, f, "USD") is not None for f, d in decided)
    seen: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for facts, decision in decided:
        if not law.when.holds(facts):
            continue
        worth = getattr(facts["affected_value"], "minor", 0)
        step = worth if law.along == "affected_value" else ORDER.index(str(facts["severity"]))
        others = tuple((n, facts.get(n)) for n in sorted(SCHEMA.declarations) if n != law.along)
        seen.setdefault(others, []).append((step, measured(decision, law.measure, "USD", worth)))
    return any(
        low > high
        for steps in seen.values()
        for (_, low), (_, high) in zip(sorted(steps), sorted(steps)[1:], strict=False)
    )


@settings(max_examples=POLICIES, phases=[Phase.explicit, Phase.generate])
@given(drawn())
def test_no_law_that_some_case_breaks_is_passed_over(pair: tuple[World, Law]) -> None:
    of, law = pair
    found = {finding.code for finding in prove_policy("broken", of, [law])}
    if is_broken(law, of):
        assert found & {"P435", "P436", "P437"}, law.text
    if any(isinstance(d, Undecided) and "law" in d.why for _, d in offers(of)):
        assert found & {"P433", "P437"}


TABLE = """
aftersales: policy/1
policy: notes
choose: all
answers: {note: [one, two, three]}
rows:
  - {id: a, when: {tier: vip}, note: one}
  - {id: b, when: {in_stock: no}, note: two}
otherwise: {note: three}
"""


@pytest.mark.parametrize(
    ("law", "found"),
    [
        ("{never: {note: two, tier: vip}}", ["P435"]),
        ("{never: {note: three, tier: vip}}", []),
        ("{never: {note: three, tier: regular}}", ["P435"]),
        ("{always: {note: one}, when: {tier: vip}}", []),
        ("{always: {note: two}, when: {tier: vip}}", ["P435"]),
        ("{always: {note: one or two}, when: {in_stock: no}}", []),
    ],
)
def test_of_a_table_of_all_rows_each_that_fits_is_held_to_the_laws(
    law: str, found: list[str]
) -> None:
    notes = Notes()
    table = read_rows_table([node(TABLE, "notes.yaml")], SCHEMA, notes)
    assert table is not None, notes.problems
    of = World(SCHEMA, Policies({}, rows={table.name: table}))
    laws = laws_of(of, law)
    assert [finding.code for finding in prove_row_laws(table, of, laws)] == found


ONE = """
aftersales: policy/1
policy: notes
answers: {note: [one, two, three]}
rows:
  - {id: a, when: {tier: vip}, note: one}
  - {id: b, when: {tier: not vip, in_stock: no}, note: two}
otherwise: {note: three}
"""


@pytest.mark.parametrize(
    ("law", "found"),
    [
        ("{always: {note: two}, when: {tier: vip}}", ["P435"]),
        ("{always: {note: one}, when: {tier: vip}}", []),
        ("{never: {note: two}}", ["P435"]),
        ("{never: {note: three, tier: vip}}", []),
    ],
)
def test_a_row_that_alone_fits_decides_though_there_is_an_otherwise(
    law: str, found: list[str]
) -> None:
    notes = Notes()
    table = read_rows_table([node(ONE, "notes.yaml")], SCHEMA, notes)
    assert table is not None, notes.problems
    of = World(SCHEMA, Policies({}, rows={table.name: table}))
    assert [finding.code for finding in prove_row_laws(table, of, laws_of(of, law))] == found
