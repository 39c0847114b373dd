"""Authors' slips in policies: each is found, at its place, with a help."""

from collections.abc import Sequence

import pytest

from aftersales.definitions import text
from aftersales.definitions.facts import read_facts
from aftersales.definitions.notes import Notes
from aftersales.definitions.policies import (
    read_channels,
    read_floors,
    read_option_policy,
    read_rows_table,
)
from aftersales.definitions.policy_review import check_reviews
from aftersales.domain.policy import Policies
from aftersales.domain.problem import Problem

FACTS = """
aftersales: facts/1
facts:
  severity: {type: choice, of: [minor, major, total], in_order: true}
  affected_value: {type: money, range: over 0 USD}
  item_cost: {type: money, may_be_missing: true}
  tier: {type: choice, of: [regular, vip]}
  country: {type: country}
  platform: {type: choice, of: [own_shop, amazon]}
  review_stars: {type: number, whole: true, may_be_missing: true, about_review: true}
  mood: {type: choice, of: [calm, angry], is: by policy mood}
bands:
  affected_value: {small: under 20 USD, large: at least 20 USD}
"""

POLICY = """aftersales: policy/1
policy: broken
remedies:
  coupon_10: {coupon: 10% of affected_value, at_most: 15 USD}
  half: {refund: 50% of affected_value}
  whole: {refund: 100% of affected_value}
  again: {resend: the ordered items, costs: [item_cost]}
base:
  down: affected_value
  across: severity
  cells:
    small: {minor: coupon_10, major: half, total: whole}
    large: {minor: [coupon_10, half], major: [half, again], total: again + coupon_10}
exceptions:
  - {id: abroad, when: {country: NO}, options: whole}
swaps:
  - {id: vip_swap, when: {tier: vip}, instead_of: coupon_10, use: half}
extras:
  - {id: vip_thanks, when: {tier: vip}, add: coupon_10}
limits:
  never_together: [[whole, coupon_10]]
  each_option: {at_most: 120% of affected_value}
  per_customer: {goodwill: at most 150 USD, within: 90 days}
approval:
  none_needed: under 50 USD
  manager: at least 50 USD
return_required:
  choose: one
  rows:
    - {id: back, when: {remedy: again}, answer: prepaid_label, within: 14 days}
  otherwise: {answer: customer_keeps}
"""

ROWS = """aftersales: policy/1
policy: deadlines
choose: one
answers:
  within: duration
  due_at: {of: [close, midnight], default: by unit}
  warn: {type: ladder, default: none}
rows:
  - {id: quick, when: {tier: vip}, within: 4 hours}
  - {id: slow, when: {tier: regular}, within: 1 business day, due_at: close}
"""


def node(source: str, file: str = "a.yaml") -> text.Mapping:
    root, problems = text.read(source, file)
    assert not problems
    assert isinstance(root, text.Mapping)
    return root


SCHEMA = read_facts(node(FACTS), Notes())


def slips(source: str) -> list[Problem]:
    """What is wrong with a compensation policy."""
    notes = Notes()
    policy = read_option_policy(node(source), SCHEMA, notes)
    assert (policy is None) == notes.has_errors
    return notes.problems


def row_slips(*sources: str, calendars: Sequence[str] | None = None) -> list[Problem]:
    """What is wrong with a rows table of these files."""
    notes = Notes()
    roots = [node(source, f"{n}.yaml") for n, source in enumerate(sources)]
    table = read_rows_table(roots, SCHEMA, notes, calendars=calendars)
    assert (table is None) == notes.has_errors
    return notes.problems


def at(source: str, word: str) -> tuple[int, int]:
    """Line and column of the first `word` in `source`."""
    before = source[: source.index(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_a_policy_without_slips_has_no_problems():
    assert slips(POLICY) == []
    assert row_slips(ROWS) == []


SLIPS = [
    ("P404", "major: half,", "major: hlaf,", "hlaf", "did you mean `half`?"),
    ("P404", "again + coupon_10", "again + coupn_10", "coupn_10", "did you mean `coupon_10`?"),
    ("P404", "use: half", "use: halv", "halv", "did you mean `half`?"),
    ("P404", "add: coupon_10", "add: coupon_20", "coupon_20", "did you mean `coupon_10`?"),
    ("P404", "[[whole, coupon_10]]", "[[wohle, coupon_10]]", "wohle", "did you mean `whole`?"),
    ("P401", "major: half, total", "total", "small:", "write `major: ...` in the line `small`"),
    ("P401", "[half, again]", "[]", "[]", "name an option"),
    ("P402", "total: ", "major or total: ", "major or total", "one of them only"),
    (
        "P405",
        "{country: NO}, options: whole",
        "{country: NO}, options: whole, wins_over: abroda",
        "abroda",
        "no other exception",
    ),
    (
        "P405",
        "{country: NO}, options: whole",
        "{country: NO}, options: whole, wins_over: abroad",
        "abroad}",
        "name another",
    ),
    (
        "P406",
        "id: vip_thanks",
        "id: vip_swap",
        "vip_swap, when: {tier: vip}, add",
        "choose another",
    ),
    (
        "P407",
        "50% of affected_value",
        "50% of afected_value",
        "50% of afected",
        "did you mean `affected_value`?",
    ),
    ("P407", "50% of affected_value", "50% of severity", "50% of severity", "affected_value"),
    ("P407", "50% of affected_value", "50%", "50%", "write `20% of affected_value`"),
    ("P407", "at_most: 15 USD", "at_most: 15", "15}", "the currency"),
    ("P407", "at_most: 15 USD", "at_most: -15 USD", "-15 USD", "from 0"),
    ("P407", "at most 150 USD", "150 USD", "150 USD", "at most 150 USD"),
    ("P407", "within: 90 days", "within: 90 business days", "within: 90", "90 days"),
    ("P408", "at_most: 15 USD}", "at_most: 15 USD, round: nicely}", "nicely", "whole units"),
    ("P409", "{refund: 100%", "{refnd: 100%", "refnd", "did you mean `refund`?"),
    ("P409", "at_most: 15 USD}", "at_most: 15 USD, counts_as: owed}", "counts_as", "goodwill"),
    ("P409", "items, costs: [item_cost]}", "items}", "resend", "costs"),
    ("P409", "items, costs", "items, at_most: 5 USD, costs", "at_most: 5", "remove"),
    ("P409", "at_most: 15 USD}", "costs: [item_cost]}", "costs", "remove"),
    ("P410", "major: half,", "major: whole + coupon_10,", "whole + coupon_10", "as a choice"),
    ("P414", "manager: at least", "manger: at least", "manger", "did you mean `manager`?"),
    ("P415", "at least 50 USD", "at least 60 USD", "approval", "each band begin"),
    ("P415", "at least 50 USD", "at least 40 USD", "approval", "each band begin"),
    ("P420", "{country: NO}", "{review_stars: 1}", "review_stars", "what went wrong"),
    ("P420", "across: severity", "across: review_stars", "review_stars", "what went wrong"),
    ("P421", "{country: NO}", "{cost: over 5 USD}", "cost: over", "in `approval`"),
    ("C203", "{country: NO}", "{contry: NO}", "contry", "did you mean `country`?"),
    (
        "C203",
        "down: affected_value",
        "down: affected_vale",
        "affected_vale",
        "did you mean `affected_value`?",
    ),
    ("C201", "{remedy: again}", "{remedy: agian}", "agian", "did you mean `again`?"),
    ("K101", "swaps:", "swops:", "swops", "did you mean `swaps`?"),
    ("K101", "at_most: 15 USD}", "at_mots: 15 USD}", "at_mots", "did you mean `at_most`?"),
    ("K102", "{id: abroad, when", "{when", "{when: {country", "add `id: ...`"),
    ("P412", "within: 14 days}", "within: soon}", "soon", "whole number"),
]


@pytest.mark.parametrize(("code", "old", "new", "word", "help"), SLIPS)
def test_a_slip_is_found_at_its_place_with_a_help(
    code: str, old: str, new: str, word: str, help: str
):
    assert old in POLICY
    source = POLICY.replace(old, new)
    found = slips(source)
    assert [problem.code for problem in found] == [code]
    problem = found[0]
    assert (problem.place.line, problem.place.column) == at(source, word)
    assert help in problem.help


def test_one_slip_is_one_problem():
    for old, new in [("major: half,", "major: hlaf,"), ("{refund: 100%", "{refnd: 100%")]:
        assert len(slips(POLICY.replace(old, new))) == 1


def test_all_slips_are_found_in_one_run():
    source = POLICY.replace("major: half,", "major: hlaf,").replace("use: half", "use: halv")
    source = source.replace("{country: NO}", "{contry: NO}")
    assert [problem.code for problem in slips(source)] == ["P404", "C203", "P404"]


def test_a_forgotten_line_names_the_cases_without_an_option():
    source = POLICY.replace("    small: {minor: coupon_10, major: half, total: whole}\n", "")
    (problem,) = slips(source)
    assert problem.code == "P401"
    assert problem.notes == ("all of: affected_value small",)
    assert problem.help == "add `small: ...`"


def test_a_column_forgotten_in_every_line_is_missed_by_the_values_of_its_fact():
    source = POLICY.replace(", total: whole}", "}").replace(", total: again + coupon_10}", "}")
    found = slips(source)
    assert [problem.notes for problem in found] == [
        ("all of: affected_value small, severity total",),
        ("all of: affected_value large, severity total",),
    ]


def test_lines_may_be_slices_of_the_policys_own_and_must_cover_the_range():
    own = POLICY.replace("    small:", "    under 30 USD:").replace(
        "    large:", "    at least 30 USD:"
    )
    assert slips(own) == []
    (problem,) = slips(own.replace("at least 30 USD:", "over 30 USD:"))
    assert problem.code == "P401"
    assert "30.00 USD" in problem.message


def test_a_policy_may_have_bands_of_its_own():
    bands = "bands:\n  affected_value: {small: under 5 USD, large: at least 5 USD}\nbase:"
    assert slips(POLICY.replace("base:", bands)) == []


def test_a_policy_that_starts_from_nothing_is_refused():
    start, end = POLICY.index("base:"), POLICY.index("exceptions:")
    (problem,) = slips(POLICY[:start] + POLICY[end:])
    assert problem.code == "P401"


@pytest.mark.parametrize(
    ("code", "old", "new", "word", "help"),
    [
        ("P412", "within: 4 hours", "within: 4 horus", "4 horus", "did you mean `4 hours`?"),
        ("P412", "due_at: close", "due_at: cloze", "cloze", "did you mean `close`?"),
        ("P411", "within: duration", "within: durration", "durration", "did you mean `duration`?"),
        ("P406", "id: slow", "id: quick", "quick, when: {tier: regular", "choose another"),
        ("K105", "choose: one", "choose: on", "on\n", "did you mean `one`?"),
        ("C203", "{tier: regular}", "{teir: regular}", "teir", "did you mean `tier`?"),
        ("K101", "due_at: close}", "due_att: close}", "due_att", "did you mean `due_at`?"),
        ("P412", "4 hours}", "4 hours, warn: {120%: alert agent}}", "{120%", "99%"),
    ],
)  # fmt: skip
def test_a_slip_in_a_rows_table_is_found_at_its_place(
    code: str, old: str, new: str, word: str, help: str
):
    source = ROWS.replace(old, new)
    found = row_slips(source)
    assert [problem.code for problem in found] == [code]
    assert (found[0].place.line, found[0].place.column) == at(source, word)
    assert help in found[0].help


def test_a_row_that_leaves_out_an_answer_without_a_default_is_refused():
    (problem,) = row_slips(ROWS.replace("within: 1 business day, ", ""))
    assert (problem.code, problem.help) == ("K102", "add `within: ...`")


def test_the_files_of_one_policy_must_agree():
    other = (
        ROWS.replace("choose: one", "choose: first")
        .replace("quick", "fast")
        .replace("slow", "lazy")
    )
    (problem,) = row_slips(ROWS, other)
    assert (problem.code, problem.place.file) == ("P413", "1.yaml")


def test_two_files_may_not_both_say_otherwise():
    more = "aftersales: policy/1\npolicy: deadlines\nrows: []\notherwise: {within: 1 day}\n"
    assert [p.code for p in row_slips(ROWS, more)] == []
    assert [p.code for p in row_slips(ROWS + "otherwise: {within: 2 days}\n", more)] == ["P413"]


def test_the_same_id_in_two_files_is_refused():
    row = "rows:\n  - {id: quick, when: {country: NO}, within: 1 day}\n"
    more = ROWS[: ROWS.index("choose")] + row
    (problem,) = row_slips(ROWS, more)
    assert (problem.code, problem.place.file) == ("P406", "1.yaml")
    assert "0.yaml:9" in problem.help


def test_a_calendar_that_is_not_declared_is_refused_where_calendars_are_known():
    column = "  calendar: {type: calendar, default: of the workflow}\nrows:"
    source = ROWS.replace("rows:", column).replace("4 hours", "4 hours, calendar: dekstop")
    assert row_slips(source) == []
    (problem,) = row_slips(source, calendars=["desk", "desktop"])
    assert (problem.code, problem.help) == ("P412", "did you mean `desktop`?")


def test_most_urgent_needs_an_answer_with_an_order():
    (problem,) = row_slips(ROWS.replace("choose: one", "choose: most_urgent"))
    assert problem.code == "P411"


def test_an_offer_may_not_hang_on_a_review_by_way_of_another_table():
    mood = """aftersales: policy/1
policy: mood
choose: first
answers: {mood: [calm, angry]}
rows:
  - {id: angry, when: {review_stars: at most 2}, mood: angry}
otherwise: {mood: calm}
"""
    notes = Notes()
    table = read_rows_table([node(mood)], SCHEMA, notes)
    policy = read_option_policy(
        node(POLICY.replace("{country: NO}", "{mood: angry}")), SCHEMA, notes
    )
    assert table is not None
    assert policy is not None
    check_reviews(Policies({"broken": policy}, {"mood": table}), SCHEMA, notes)
    (problem,) = notes.problems
    assert problem.code == "P420"
    assert "`review_stars`" in problem.message


def world_slips(source: str) -> list[tuple[str, str]]:
    """What is wrong with channels or floors: codes and helps."""
    notes = Notes()
    root = node("aftersales: policy/1\npolicy: world\n" + source)
    read = read_floors if "floors" in source else read_channels
    assert (read(root, SCHEMA, notes) is None) == notes.has_errors
    return [(problem.code, problem.help) for problem in notes.problems]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("{platform: amazon, can: []}", []),
        ("{id: a, when: {platform: amazon}, coupons: never}", []),
        ("{platfrom: amazon, can: []}", [("C203", "did you mean `platform`?")]),
        ("{platform: amazon, coupons: nevre}", [("K105", "did you mean `never`?")]),
        ("{platform: amazon, cupons: never}", [("K101", "did you mean `coupons`?")]),
    ],
)
def test_a_channel_names_its_facts_in_the_row_or_under_when(row, expected):
    found = world_slips(f"rows:\n  - {row}\n")
    assert [code for code, _ in found] == [code for code, _ in expected]
    assert all(help.startswith(part) for (_, help), (_, part) in zip(found, expected, strict=True))


def test_a_floor_of_law_may_not_ask_for_a_coupon():
    floor = "{id: x, when: {country: DE}, must_offer_one_of: [coupon]}"
    assert [code for code, _ in world_slips(f"floors:\n  - {floor}\n")] == ["P409"]


def test_a_policy_may_ask_for_a_simulation_before_it_is_armed():
    armed = POLICY.replace("remedies:", "arm: after simulate\nremedies:", 1)
    notes = Notes()
    read = [read_option_policy(node(source), SCHEMA, notes) for source in (POLICY, armed)]
    assert not notes.problems
    assert [policy and policy.is_armed_after_simulation for policy in read] == [False, True]


def test_a_policy_is_armed_after_nothing_but_a_simulation():
    misspelt = POLICY.replace("remedies:", "arm: after simulation\nremedies:", 1)
    (slip,) = slips(misspelt)
    assert (slip.code, slip.help) == ("K105", "did you mean `after simulate`?")
    assert (slip.place.line, slip.place.column) == at(misspelt, "after simulation")


PLATFORM = """aftersales: policy/1
policy: deadlines
applies_to: {platform: amazon, country: not NO}
bands:
  affected_value: {cheap: under 5 USD, dear: at least 5 USD}
rows:
  - {id: amazon_quick, when: {affected_value: dear, country: DE or NO}, within: 2 hours}
"""


def rows_of(*sources: str) -> dict[str, str]:
    """The conditions of a table without slips, in words, by id."""
    notes = Notes()
    roots = [node(source, f"{n}.yaml") for n, source in enumerate(sources)]
    table = read_rows_table(roots, SCHEMA, notes)
    assert table is not None, notes.problems
    return {row.ref.rule: str(row.when) for row in table.rows}


def test_a_file_of_a_table_may_be_for_one_platform_and_have_bands_of_its_own():
    assert rows_of(ROWS, PLATFORM) == {
        "quick": "tier vip",
        "slow": "tier regular",
        "amazon_quick": "platform amazon, country not NO, affected_value dear, country DE or NO",
    }
    (slip,) = row_slips(ROWS.replace("tier: vip", "affected_value: dear"), PLATFORM)
    assert (slip.code, slip.place.file) == ("C201", "0.yaml")


def test_a_file_for_some_cases_has_no_otherwise():
    written = PLATFORM + "otherwise: {within: 1 hour}\n"
    (slip,) = row_slips(ROWS, written)
    assert (slip.code, slip.place.line) == ("P413", 8)


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        ("a condition", "{country: NO}", "{affected_value: {under: {USD: 9, EUR: 8}}}"),
        ("a band", "none_needed: under 50 USD", "none_needed: {under: {USD: 50, EUR: 45}}"),
        ("a remedy", "50% of affected_value}", "{USD: 5, EUR: 4}, at_most: {USD: 9, EUR: 8}}"),
        ("each option", "at_most: 120% of affected_value", "at_most: {USD: 90, EUR: 80}"),
        ("goodwill", "at most 150 USD", "{USD: 150, EUR: 140}"),
        ("goodwill in words", "at most 150 USD", "{at most: {USD: 150, EUR: 140}}"),
        ("a coupon", "at_most: 15 USD", "at_least: {USD: 3, EUR: 3}, minimum_spend: {EUR: 9}"),
    ],
)
def test_money_may_be_given_by_currency_wherever_money_stands(where, old, new):
    changed = POLICY.replace(old, new)
    if where == "a band":
        dear = "manager: {at least: {USD: 50, EUR: 45}}"
        changed = changed.replace("manager: at least 50 USD", dear)
    assert changed != POLICY
    assert slips(changed) == []


def test_goodwill_by_currency_is_the_same_with_and_without_words():
    def cap(goodwill):
        notes = Notes()
        read = read_option_policy(node(POLICY.replace("at most 150 USD", goodwill)), SCHEMA, notes)
        assert read is not None, notes.problems
        return read.limits.per_customer.at_most.fixed

    assert cap("{at most: {USD: 150, EUR: 140}}") == cap("{USD: 150, EUR: 140}")


@pytest.mark.parametrize("key", ["include", "import", "extends"])
def test_nothing_is_included_and_a_file_stands_alone(key):
    (slip,) = slips(f"{POLICY}{key}: other.yaml\n")
    assert (slip.code, slip.message) == ("K101", f"`{key}` is not a key of a compensation policy")
    assert slip.help.startswith("a file stands alone: write it out here")


LABELS = [
    ("label: half of it", {"": "half of it"}),
    ("label: {en: half of it, de: die Hälfte}", {"en": "half of it", "de": "die Hälfte"}),
]


@pytest.mark.parametrize(("written", "expected"), LABELS)
def test_a_remedy_is_called_by_one_name_or_by_one_a_language(written, expected):
    notes = Notes()
    source = POLICY.replace("50% of affected_value", f"50% of affected_value, {written}")
    policy = read_option_policy(node(source), SCHEMA, notes)
    assert policy is not None, notes.problems
    details = policy.remedies["half"].details
    assert details == {f"label.{code}" if code else "label": t for code, t in expected.items()}


@pytest.mark.parametrize(
    ("written", "code"),
    [("{deutsch: x}", "R603"), ("{de: [x]}", "K104"), ("[x]", "K104")],
)
def test_a_label_is_a_text_in_a_language(written, code):
    source = POLICY.replace("50% of affected_value", f"50% of affected_value, label: {written}")
    assert [slip.code for slip in slips(source)] == [code]
