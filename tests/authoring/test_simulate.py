"""Past cases under one or two versions: sums counted by hand, and what must hold of all sums."""

import os
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.authoring.diff import compare_offers_of
from aftersales.authoring.simulate import (
    TAKES,
    Asked,
    Batch,
    PastCasesUnreadable,
    Region,
    Side,
    Simulation,
    Sum,
    simulate,
    usual_currency,
)
from aftersales.authoring.simulate.cells import read_opened
from aftersales.authoring.simulate.deciding import NOTHING_LEFT
from aftersales.authoring.simulate.sums import MOST_VALUES, OTHERS, Parts
from aftersales.cli.simulate import TAKES as TAKES_OF_THE_COMMAND
from aftersales.definitions import Catalog
from aftersales.domain.conditions import Facts
from aftersales.domain.money import Money, zero
from aftersales.domain.policy import Decider, OptionsDecision, Spent, decide_options
from past_shop import HALF_FOR_ALL, write_shop

COLUMNS = ("case", "opened_at", "affected_value", "severity", "country", "platform")
A1 = ("A1", "2026-01-02", "40 USD", "major", "US", "own_shop")  # 20 or 40 then, 20 now
A2 = ("A2", "2026-01-31 23:30", "10 USD", "minor", "DE", "market")  # a coupon of 5 USD
A3 = ("A3", "2026-02-01T04:30:00Z", "80 EUR", "major", "DE", "market")  # 160 USD: half of it
A4 = ("A4", "2026-02-02", "60 USD", "major", "US", "market")  # 30 or 60 then, 30 now
ALL = (A1, A2, A3, A4)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalog, Catalog]:
    folder = tmp_path_factory.mktemp("versions")
    old, new = write_shop(folder / "old"), write_shop(folder / "new", HALF_FOR_ALL)
    return Catalog.load(old), Catalog.load(new)


@pytest.fixture(scope="module")
def run(folders: tuple[Catalog, Catalog]) -> Callable[..., Simulation]:
    """Simulate rows under COLUMNS, or others; `old=False`: the new version alone."""
    old, new = folders

    def simulated(
        *rows: tuple[str, ...],
        columns: tuple[str, ...] = COLUMNS,
        old_too: bool = True,
        regions: tuple[Region, ...] = (),
        size: int = 1000,
        jobs: int = 1,
        start_method: str | None = None,
        **asked: object,
    ) -> Simulation:
        batches = [
            Batch(columns, rows[n : n + size], tuple(range(n + 2, n + 2 + len(rows[n : n + size]))))
            for n in range(0, len(rows), size)
        ]
        wanted = replace(Asked("USD", kind="torn"), **asked)  # type: ignore[arg-type]
        versions = ("old", old) if old_too else None
        return simulate(
            batches,
            ("new", new),
            old=versions,
            asked=wanted,
            regions=regions,
            jobs=jobs,
            start_method=start_method,
        )

    return simulated


def money(part: Sum) -> tuple[int, int]:
    return part.money_then, part.money_now


def test_cases_and_money_are_as_counted_by_hand(run: Callable[..., Simulation]) -> None:
    found = run(*ALL)
    assert (found.compared.cases_then, found.compared.cases_now) == (4, 4)
    assert money(found.compared) == (40_00 + 5_00 + 80_00 + 60_00, 20_00 + 5_00 + 80_00 + 30_00)
    changes = found.changes
    assert (changes.cases, changes.cheaper, changes.dearer, changes.lost) == (2, 2, 0, 2)
    assert (changes.gained, changes.amounts, changes.returns) == (0, 0, 0)
    options = {name: money(part) for name, part in found.parts["option"].items()}
    assert options == {
        "full_refund": (100_00, 0),
        "coupon": (5_00, 5_00),
        "half_refund": (80_00, 130_00),
    }
    countries = {name: money(part) for name, part in found.parts["country"].items()}
    assert countries == {"US": (100_00, 50_00), "DE": (85_00, 85_00)}


def test_a_month_begins_at_the_desks_midnight(run: Callable[..., Simulation]) -> None:
    found = run(*ALL)
    months = {name: part.cases_now for name, part in found.parts["month"].items()}
    assert months == {"2026-01": 3, "2026-02": 1}


@pytest.mark.parametrize(
    ("takes", "then", "now"),
    [("dearest", 40_00, 20_00), ("cheapest", 20_00, 20_00), ("first", 20_00, 20_00),
     ("mean", 30_00, 20_00)],
)  # fmt: skip
def test_which_option_is_taken_is_the_authors_choice(
    takes: str, then: int, now: int, run: Callable[..., Simulation]
) -> None:
    found = run(A1, takes=takes)
    assert money(found.compared) == (then, now)
    assert sum(part.money_then for part in found.parts["option"].values()) == then


def test_the_command_offers_all_ways_to_take_an_option() -> None:
    assert TAKES_OF_THE_COMMAND == TAKES


def test_one_version_alone_has_no_then(run: Callable[..., Simulation]) -> None:
    found = run(*ALL, old_too=False)
    assert money(found.compared) == (0, 135_00)
    assert (found.then, found.changes.cases, found.differences) == ("", 0, ())


def test_a_row_may_stand_for_several_cases(run: Callable[..., Simulation]) -> None:
    found = run((*A1, "3"), columns=(*COLUMNS, "count"))
    assert (found.compared.cases_now, found.changes.cases) == (3, 3)
    assert money(found.compared) == (120_00, 60_00)
    assert found.differences[0].cost.minor == -60_00


def test_sums_of_another_currency_are_at_the_rates_of_the_day(
    run: Callable[..., Simulation],
) -> None:
    found = run(A1, A3, currency="EUR")
    assert money(found.compared) == (20_00 + 40_00, 10_00 + 40_00)


def test_without_a_rate_a_case_is_counted_apart(run: Callable[..., Simulation]) -> None:
    found = run(A1, ("A5", "2026-01-02", "40 JPY", "major", "JP", "market"))
    assert found.compared.cases_now == 1
    [[side, part]] = found.undecided.items()
    assert (part.cases_now, "JPY" in side.now) == (1, True)


def test_what_cannot_be_decided_is_counted_apart_by_reason(
    run: Callable[..., Simulation],
) -> None:
    unknown = ("A5", "2026-01-02", "", "major", "US", "market")
    found = run(*ALL, unknown, unknown)
    why = "the fact `affected_value` is not known"
    assert {side: part.cases_now for side, part in found.undecided.items()} == {Side(why, why): 2}
    assert money(found.compared) == money(run(*ALL).compared)
    assert found.apart.cases_now == 2


def test_what_only_one_version_decides_is_in_no_sum(tmp_path: Path) -> None:
    by_platform = (
        "{id: slight, when: {severity: minor}, options: coupon}",
        "{id: slight, when: {severity: minor, platform: own_shop}, options: coupon}\n"
        "  - {id: there, when: {severity: minor, platform: market}, options: coupon}",
    )
    old = Catalog.load(write_shop(tmp_path / "old"))
    new = Catalog.load(write_shop(tmp_path / "new", by_platform))
    batch = Batch(COLUMNS, (A1, (*A2[:-1], ""), A3, A4), (2, 3, 4, 5))
    found = simulate([batch], ("new", new), old=("old", old), asked=Asked("USD", kind="torn"))
    assert {side: part.cases_now for side, part in found.undecided.items()} == {
        Side("", "the fact `platform` is not known"): 1
    }
    assert (found.changes.no_longer_decided, found.compared.cases_now) == (1, 3)


def test_what_leaves_nothing_is_counted_apart_too(run: Callable[..., Simulation]) -> None:
    paid_back = (*A1, "0 USD")
    found = run(paid_back, columns=(*COLUMNS, "paid"))
    assert list(found.undecided) == [Side(NOTHING_LEFT, NOTHING_LEFT)]


def test_no_more_is_refunded_than_was_paid(run: Callable[..., Simulation]) -> None:
    found = run((*A1, "30", "USD"), columns=(*COLUMNS, "paid", "currency"))
    assert money(found.compared) == (30_00, 20_00)


def test_a_cell_that_cannot_be_read_is_told_with_its_place(
    run: Callable[..., Simulation],
) -> None:
    found = run(*ALL, ("A5", "2026-01-02", "12 USD", "mayor", "US", "market"))
    assert found.unreadable == 1
    [slip] = found.slips
    assert slip.startswith("line 6, column 4 (`severity`): `mayor` is not a choice")
    assert "did you mean `major`" in slip
    assert found.compared == run(*ALL).compared


def test_more_than_half_that_cannot_be_read_is_an_error(run: Callable[..., Simulation]) -> None:
    bad = ("A5", "yesterday", "12 USD", "major", "US", "market")
    assert run(A1, bad).unreadable == 1
    with pytest.raises(PastCasesUnreadable, match=r"2 of 3 .*\n.*line 3, column 2 \(`opened_at`\)"):
        run(A1, bad, bad)


def test_what_was_really_given_is_set_beside_what_is_reckoned_for_the_same_cases(
    run: Callable[..., Simulation],
) -> None:
    columns = (*COLUMNS, "given_option", "given_cost")
    found = run((*A1, "half_refund", "20 USD"), (*A4, "", ""), columns=columns)
    part = found.where_given
    assert (part.cases_given, part.money_given, *money(part)) == (1, 20_00, 40_00, 20_00)
    assert found.parts["option"]["half_refund"].money_given == 20_00


def test_the_dearest_differences_come_first_with_both_explanations(
    run: Callable[..., Simulation],
) -> None:
    found = run(*ALL, most=1)
    [one] = found.differences
    assert (one.case, str(one.cost), one.line) == ("A4", "-30.00 USD", 5)
    assert one.then is not None
    assert one.now is not None
    assert one.then.options == ("half_refund (30.00 USD)", "full_refund (60.00 USD)")
    assert (one.then.takes, one.now.takes) == ("full_refund", "half_refund")
    assert "half_refund: 50% of affected_value (60.00 USD): 30.00 USD" in one.now.steps
    assert one.then.rule == "heavy (policies/compensation/torn.yaml:11)"


def test_a_difference_shows_no_personal_fact(run: Callable[..., Simulation]) -> None:
    found = run((*A1, "I am Ann"), columns=(*COLUMNS, "message"))
    assert "message" not in found.differences[0].facts
    assert "Ann" not in str(found)


def test_rules_of_a_day_may_be_asked_in_place_of_those_of_each_opening(tmp_path: Path) -> None:
    folder = write_shop(tmp_path, HALF_FOR_ALL)
    policy = folder / "policies" / "compensation" / "torn.yaml"
    later = policy.read_text(encoding="utf-8").replace("50% of", "25% of")
    policy.with_name("later.yaml").write_text(f"{later}from: 2027-01-01\n", encoding="utf-8")
    policy.write_text(policy.read_text(encoding="utf-8") + "until: 2026-12-31\n", encoding="utf-8")
    catalog = Catalog.load(folder)
    batch = Batch(COLUMNS, (A1,), (2,))
    asked = Asked("USD", kind="torn")
    now = simulate([batch], ("new", catalog), asked=asked)
    then = simulate([batch], ("new", catalog), asked=replace(asked, day=date(2027, 1, 1)))
    assert (now.compared.money_now, then.compared.money_now) == (20_00, 10_00)


def test_cells_are_read_as_spreadsheets_write_them(run: Callable[..., Simulation]) -> None:
    row = ("A1", "2026-01-02", "40", "major", "US", "own_shop", "USD", "2025-12-30")
    found = run(row, columns=(*COLUMNS, "currency", "delivered_at"))
    assert money(found.compared) == (40_00, 20_00)


def test_the_currency_of_the_sums_is_the_only_one_or_that_of_the_rates(
    folders: tuple[Catalog, Catalog],
) -> None:
    one, both = Batch(COLUMNS, (A3,), (2,)), Batch(COLUMNS, ALL, (2, 3, 4, 5))
    assert usual_currency(one, folders[0]) == "EUR"
    assert usual_currency(both, folders[0]) == "USD"


@dataclass(frozen=True)
class In:
    """The cases of a country."""

    country: str

    def point_of(self, facts: Facts) -> object:
        return facts.get("country")

    def has(self, point: object) -> bool:
        return point == self.country


@pytest.mark.parametrize("jobs", [1, 2])
def test_regions_in_which_no_past_case_has_changed_are_told(
    jobs: int, run: Callable[..., Simulation]
) -> None:
    regions = tuple(
        Region("torn", (f"in {country}",), In(country)) for country in ("FR", "US", "DE")
    )
    found = run(*ALL, regions=regions, size=1, jobs=jobs)
    assert [one.words for one in found.unseen] == [("in FR",), ("in DE",)], (
        "those of DE are offered the same"
    )


def test_of_a_kind_only_the_policies_that_may_decide_it_are_compared(
    folders: tuple[Catalog, Catalog],
) -> None:
    on = date(2026, 3, 1)
    assert compare_offers_of(*folders, on=on, kind="torn").changed
    assert compare_offers_of(*folders, on=on, policy="torn").changed
    assert not compare_offers_of(*folders, on=on, kind="lost").changed
    assert not compare_offers_of(*folders, on=on, policy="another").changed
    assert not compare_offers_of(folders[0], folders[0], on=on).changed


def test_a_case_without_the_day_on_which_it_was_opened_is_told_by_its_column(
    run: Callable[..., Simulation],
) -> None:
    found = run(A1, (A1[0], "", *A1[2:]), A1)
    [slip] = found.slips
    assert "(`opened_at`): the day of the opening is missing; write one such as" in slip


def test_an_interruption_that_meets_the_start_of_a_process_is_not_lost(
    run: Callable[..., Simulation],
) -> None:
    comes = [signal.SIGINT]
    os.register_at_fork(after_in_parent=lambda: signal.raise_signal(comes.pop()) if comes else None)
    with pytest.raises(KeyboardInterrupt):
        run(*ALL, size=1, jobs=2, start_method="fork")
    assert comes == []


@pytest.mark.parametrize("start_method", ["fork", "spawn"])
def test_two_processes_come_to_the_same_as_one(
    start_method: str, run: Callable[..., Simulation]
) -> None:
    rows = [(*row[:1], row[1], f"{n + 1} USD", *row[3:]) for n in range(25) for row in ALL]
    rows.append(("A5", "2026-01-02", "12 USD", "mayor", "US", "market"))
    alone = run(*rows, size=7)
    shared = run(*rows, size=7, jobs=2, start_method=start_method)
    assert shared == alone


rows_drawn = st.lists(
    st.tuples(
        st.just("X"),
        st.sampled_from(["2026-01-02", "2026-02-03T10:00:00Z", "2026-03-04 12:00"]),
        st.one_of(
            st.just(""), st.integers(1, 40_000).map(lambda cents: f"{cents / 100:.2f} USD"),
            st.integers(1, 40_000).map(lambda cents: f"{cents / 100:.2f} EUR"),
        ),
        st.sampled_from(["minor", "major"]),
        st.sampled_from(["US", "DE", "FR"]),
        st.sampled_from(["own_shop", "market", ""]),
        st.sampled_from(["1", "2", "7"]),
    ),
    min_size=1,
    max_size=30,
)  # fmt: skip


def by_itself(catalogs: tuple[Catalog, Catalog], row: tuple[str, ...]) -> tuple[int, int] | None:
    """What both versions cost in cents, each asked by the public function; None: not decided."""
    _, opened_at, *texts, count = row
    known = {name: text for name, text in zip(COLUMNS[2:], texts, strict=True) if text}
    at = read_opened(opened_at, "America/New_York")
    costs = []
    for catalog in catalogs:
        rulebook, rates = catalog.rulebook("torn", at.at), catalog.rates_on(at.rates_day)
        built_in = {"kind": "torn", "state": "reported", "opened_at": at.at, "order_held": False}
        facts = rulebook.facts(known, rates=rates, builtins=built_in)
        matter = facts.get("affected_value", Money("1000000", "USD"))
        assert isinstance(matter, Money)
        before = Spent(matter, zero(matter.currency))
        decided = decide_options(rulebook.policies, "torn", facts, before)
        if not isinstance(decided, OptionsDecision) or not decided.options:
            return None
        dearest = max(option.cost(matter.currency) for option in decided.options)
        costs.append(Money.rounded(rates.convert(dearest, "USD"), "USD").minor * int(count))
    return costs[0], costs[1]


@settings(max_examples=40)
@given(rows=rows_drawn, size=st.integers(1, 9))
def test_the_sums_are_those_of_deciding_each_case_by_itself(
    rows: list[tuple[str, ...]],
    size: int,
    run: Callable[..., Simulation],
    folders: tuple[Catalog, Catalog],
) -> None:
    found = run(*rows, columns=(*COLUMNS, "count"), size=size)
    alone = [(int(row[-1]), costs) for row in rows if (costs := by_itself(folders, row))]
    assert found.compared.cases_now == sum(count for count, _ in alone)
    assert money(found.compared) == (sum(c[0] for _, c in alone), sum(c[1] for _, c in alone))
    assert found.changes.cases >= sum(count for count, costs in alone if costs[0] != costs[1])


def test_columns_may_come_in_another_order_from_one_batch_to_the_next(
    folders: tuple[Catalog, Catalog], run: Callable[..., Simulation]
) -> None:
    asked = Asked("USD", kind="torn")
    turned = [
        Batch(COLUMNS, (A1,), (2,)),
        Batch(COLUMNS[::-1], (A2[::-1], A3[::-1]), (3, 4)),
        Batch(COLUMNS, (A4,), (5,)),
    ]
    found = simulate(turned, ("new", folders[1]), old=("old", folders[0]), asked=asked)
    straight = run(*ALL)
    assert replace(found, differences=()) == replace(straight, differences=())
    told = [(one.line, one.facts, one.now) for one in found.differences]
    assert told == [(one.line, one.facts, one.now) for one in straight.differences]


def test_a_policy_that_both_versions_have_alike_is_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counting(self: Decider, facts: Facts, spent: Spent) -> object:
        asked.append(self.name)
        return decide(self, facts, spent)

    decide = Decider.decide_in_brief
    monkeypatch.setattr(Decider, "decide_in_brief", counting)
    catalogs = []
    for name, part in (("old", "10%"), ("new", "20%")):
        folder = write_shop(tmp_path / name)
        torn = (folder / "policies/compensation/torn.yaml").read_text(encoding="utf-8")
        other = torn.replace("policy: torn", "policy: lost").replace("{kind: torn}", "{kind: lost}")
        other = other.replace("50% of", f"{part} of")
        (folder / "policies/compensation/lost.yaml").write_text(other, encoding="utf-8")
        flow = (folder / "workflows/torn.yaml").read_text(encoding="utf-8")
        flow = flow.replace("workflow: torn", "workflow: lost")
        (folder / "workflows/lost.yaml").write_text(flow, encoding="utf-8")
        catalogs.append(Catalog.load(folder))
    batch = Batch(("kind", *COLUMNS), (("torn", *A1), ("lost", *A1)), (2, 3))
    new, old = ("new", catalogs[1]), ("old", catalogs[0])
    found = simulate([batch], new, old=old, asked=Asked("USD"))
    assert asked == ["torn", "lost", "lost"]
    assert found.compared.cases_now == 2


def test_values_beyond_the_most_of_a_breakdown_are_counted_together() -> None:
    parts = Parts()
    for number in range(MOST_VALUES + 5):
        parts[str(number)].cases_now += 1
    assert (len(parts), parts[OTHERS].cases_now) == (MOST_VALUES + 1, 5)


@settings(max_examples=40)
@given(rows=rows_drawn, takes=st.sampled_from(TAKES), size=st.integers(1, 9))
def test_each_breakdown_sums_to_the_whole(
    rows: list[tuple[str, ...]], takes: str, size: int, run: Callable[..., Simulation]
) -> None:
    found = run(*rows, columns=(*COLUMNS, "count"), takes=takes, size=size)
    assert set(found.parts) in ({"option", "kind", "month", "platform", "country"}, set())
    for name, values in found.parts.items():
        whole = Sum()
        for part in values.values():
            whole.add(part)
        if name == "option":
            whole.changed = found.compared.changed
        assert asdict(whole) == asdict(found.compared), name
    assert found.compared.changed == found.changes.cases
    counted = found.compared.cases_now + found.apart.cases_now
    assert counted == sum(int(row[-1]) for row in rows)
