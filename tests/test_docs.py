"""What the reference, the how-tos and the decisions print is run, or compared with the code.

A comment before a block of YAML says what it is: `file: PATH` stands in a copy of the shipped
folder, with all others of the pages; `tests: PATH` is run there; `alone: PATH` is read by itself;
`fragment` is only parsed; `before` and `after` are the edits of a tutorial. A comment before a
table says what it is compared with.
"""

import re
import shlex
import shutil
import sys
from collections.abc import Container, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click
import pytest

from aftersales.authoring import run_tests
from aftersales.authoring.check import check
from aftersales.cli.main import main, root
from aftersales.definitions import Catalog, text
from aftersales.definitions.conditions import condition
from aftersales.definitions.documents import read_document
from aftersales.definitions.facts import read_facts
from aftersales.definitions.keys import Keys
from aftersales.definitions.notes import Notes
from aftersales.definitions.policy_remedies import GOODS_SORTS, VALUE_SORTS
from aftersales.definitions.render import render as shown_as
from aftersales.definitions.shipped import FOLDERS
from aftersales.definitions.story_files import read_tests_file
from aftersales.definitions.workflow_actions import VERBS
from aftersales.domain.calendar import local, parse_instant
from aftersales.domain.case import Actor, Line, actions
from aftersales.domain.conditions import BUILT_IN, FactSchema, FactType
from aftersales.domain.duration import Duration
from aftersales.domain.money import Money
from aftersales.notifiers import allowed, render
from aftersales.notifiers.speech import FILTERS
from aftersales.testing import ShopForTests, desk_for_tests
from printed_pages import (
    PAGES,
    REFERENCE,
    ROOT,
    Block,
    Typed,
    blocks,
    firsts,
    of_sort,
    page,
    run_python,
    steps,
    table,
)

# -- files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped definitions with every file that the pages print."""
    made = tmp_path_factory.mktemp("docs") / "my-shop"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, made / name)
    for block in [*of_sort("file"), *of_sort("tests")]:
        path = made / block.path
        assert not path.exists(), f"{block.page}: {block.path} is shipped or printed twice"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.content, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def catalog(folder: Path) -> Catalog:
    catalog, problems = Catalog.check(folder)
    assert catalog is not None, "\n".join(map(str, problems))
    assert problems == []
    return catalog


def test_every_block_of_yaml_says_what_it_is() -> None:
    known = {"file", "tests", "alone", "fragment", "before", "after"}
    wrong = [(block.page, block.sort) for block in blocks() if block.sort not in known]
    assert wrong == []
    assert len(of_sort("file")) >= 7


@pytest.mark.parametrize("block", list(blocks()), ids=lambda block: f"{block.page} {block.path}")
def test_every_block_of_yaml_can_be_read(block: Block) -> None:
    root, problems = text.read(block.content, block.page)
    assert problems == []
    assert root is not None


def test_the_printed_files_stand_in_the_shipped_folder_without_a_problem(catalog: Catalog) -> None:
    assert "scratched" in catalog.kinds


@pytest.mark.parametrize("block", of_sort("tests"), ids=lambda block: block.path)
def test_the_printed_stories_and_examples_hold(
    block: Block, folder: Path, catalog: Catalog
) -> None:
    notes = Notes()
    tests = read_tests_file(folder / block.path, block.path, notes)
    assert notes.problems == []
    assert tests is not None
    results = run_tests(catalog, tests)
    assert len(results) >= 3
    assert [line for result in results for line in result.failures] == []


def printed_facts() -> FactSchema:
    [block] = of_sort("alone")
    notes = Notes()
    document = read_document(block.content, block.path, notes)
    assert document is not None
    schema = read_facts(document.root, notes)
    assert notes.problems == []
    return schema


def test_the_python_of_the_stories_runs_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder.parent)
    run_python("reference/stories.md")
    assert capsys.readouterr().out == "all as expected\n"


def test_the_shop_of_the_how_to_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = run_python("how-to/embed.md")
    assert len(names["outbox"]) >= 4


OPEN_A_CASE = (
    "aftersales case open damaged --order-id 1001 --paid '30 EUR' --fact 'affected_value=30 EUR'"
    " --fact severity=minor --fact evidence=photo --fact country=DE --fact platform=own_shop"
)


def test_the_tick_is_set_up_as_the_how_to_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", list(sys.path))
    how_to = page("how-to/run_tick.md")
    for sort, file in (("toml", "aftersales.toml"), ("python", "shop_desk.py")):
        [printed] = re.findall(rf"```{sort}\n(.*?)```", how_to, re.S)
        Path(file).write_text(printed, encoding="utf-8")
    typed = [step for step in steps("how-to/run_tick.md") if isinstance(step, Typed)][:3]
    for words in (*(step.command for step in typed), OPEN_A_CASE, typed[-1].command):
        with pytest.raises(SystemExit, match="0"):
            main(shlex.split(words)[1:])
    said = capsys.readouterr()
    assert typed[-1].printed in said.out + said.err
    assert "to the customer: apology" in said.out
    assert Path("shop.db").is_file()


def test_a_window_is_changed_as_the_how_to_says(tmp_path: Path) -> None:
    [fragment] = [block.content for block in of_sort("fragment") if "answer:" in block.content]
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / "my-shop" / name)
    path = tmp_path / "my-shop" / "workflows" / "damaged.yaml"
    written = path.read_text(encoding="utf-8")
    indented = "".join(f"      {line}\n" for line in fragment.splitlines())
    assert indented in written
    changed = indented.replace("7 days", "10 days").replace("4 days", "7 days")
    path.write_text(written.replace(indented, changed), encoding="utf-8")
    assert ten_days_after(Catalog.load(tmp_path / "my-shop"), tmp_path) == "2026-03-13"


def test_a_window_is_changed_from_a_day_on_as_the_how_to_says(tmp_path: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name)
    path = tmp_path / "workflows" / "damaged.yaml"
    written = path.read_text(encoding="utf-8")
    changed = written.replace(
        "within: 7 days\n        at_latest", "within: 10 days\n        at_latest"
    )
    assert changed != written
    path.write_text(f"{written}until: 2026-12-31\n", encoding="utf-8")
    path.with_stem("damaged_2027").write_text(f"{changed}from: 2027-01-01\n", encoding="utf-8")
    catalog = Catalog.load(tmp_path)
    windows = [
        catalog.rulebook("damaged", datetime(year, 6, 1, tzinfo=UTC))
        .workflow.states["offered"]
        .deadlines["answer"]
        .within
        for year in (2026, 2027)
    ]
    assert [str(window) for window in windows] == ["7 days", "10 days"]


def ten_days_after(catalog: Catalog, folder: Path) -> str:
    """The local day on which an offer made on 2 March ends."""
    shop = desk_for_tests(folder, at="2026-03-02T14:00:00Z", catalog=catalog)
    case_id = proposed(shop, "damaged", {"fault": "carrier"})
    of_state = [due for due in shop.desk.explain(case_id).due if due.deadline == "answer"]
    [due] = [due for due in of_state if not due.is_warning]
    assert due.due_at is not None
    return local(due.due_at, "America/New_York").date().isoformat()


def proposed(shop: ShopForTests, kind: str, facts: dict[str, object]) -> str:
    """A case with an offer that was sent."""
    paid = Money("39.90", "EUR")
    shop.desk.record_order("1001", paid=paid)
    case = shop.desk.open_case(
        kind,
        order_id="1001",
        customer_id="c9",
        lines=[Line("MUG-BLUE", 1, paid, title="Blue mug")],
        facts={"severity": "minor", "country": "US", "platform": "own_shop", "evidence": "photo"},
    )
    shop.tick()
    shop.desk.submit(case.id, "propose", by=Actor.agent("ann"), facts=facts)
    shop.tick()
    return case.id


# -- tables


@cache
def keys_asked() -> dict[str, set[str]]:
    """The keys that the readers ask for, by what is read, seen while they read what is shipped."""
    asked: dict[str, set[str]] = {}
    node, done = Keys.node, Keys.done

    def what(keys: Keys) -> set[str]:
        return asked.setdefault(re.sub(r" `[^`]*`$", "", keys.what), set())

    def seen_node(self: Keys, name: str, *, required: bool = False) -> text.Node | None:
        what(self).add(name)
        return node(self, name, required=required)

    def seen_done(self: Keys, *, also: Iterable[str] = (), facts: Container[str] = ()) -> None:
        others = list(also)
        what(self).update(others)
        done(self, also=others, facts=facts)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Keys, "node", seen_node)
        patched.setattr(Keys, "done", seen_done)
        check(ROOT)
        for path in ROOT.glob("*/**/*.tests.yaml"):
            read_tests_file(path, path.name, Notes())
    return asked


KEY_TABLES = [
    (path.name, what)
    for path in sorted(REFERENCE.glob("*.md"))
    for what in re.findall(r"<!-- keys: (.+?) -->", path.read_text(encoding="utf-8"))
]
_SORTS = {*VALUE_SORTS, *GOODS_SORTS}  # the key that says what sort of remedy it is


@pytest.mark.parametrize(("name", "what"), KEY_TABLES)
def test_each_table_of_keys_has_the_keys_that_the_reader_asks_for(name: str, what: str) -> None:
    documented = firsts(f"reference/{name}", f"keys: {what}")
    assert len(documented) == len(set(documented))
    asked = keys_asked()[what] - (_SORTS if what == "the remedy" else set())
    assert set(documented) == asked


def test_there_is_a_table_of_keys_for_all_that_authors_write() -> None:
    told = {what for _, what in KEY_TABLES}
    elsewhere = {
        "the line", "a row", "`otherwise`", "the limit of each option", "the limit per customer",
        "the channels", "a channel", "the floors of law", "a shift",
    }  # fmt: skip
    assert set(keys_asked()) - elsewhere == told


def test_the_verbs_are_those_of_the_code() -> None:
    rows = table("reference/workflows.md", "verbs")
    verbs = {re.sub(r" [A-Z]+$", "", row[0].split("`")[1]): row for row in rows}
    assert list(verbs) == list(VERBS)
    not_yet = {verb for verb, row in verbs.items() if row[1].startswith("not carried out yet")}
    assert not_yet == set(VERBS) - set(actions._VERBS)


def test_the_types_of_facts_are_those_of_the_code() -> None:
    types = [str(type) for type in FactType if type is not FactType.NAME]
    assert [row[0].strip("`") for row in table("reference/facts.md", "types")] == types


@pytest.mark.parametrize("row", table("reference/facts.md", "types"), ids=lambda row: row[0])
def test_the_example_of_a_type_can_be_read(row: list[str]) -> None:
    type, example = row[0].strip("`"), row[1].strip("`")
    if type == "choice":
        printed_facts().read("severity", example)
        return
    root, _ = text.read(f"aftersales: facts/1\nfacts: {{it: {{type: {type}}}}}\n", "facts.yaml")
    assert isinstance(root, text.Mapping)
    read_facts(root, Notes()).read("it", example)


@pytest.mark.parametrize("row", table("reference/facts.md", "cells"), ids=lambda row: row[0])
def test_each_printed_cell_can_be_read(row: list[str]) -> None:
    cell, fact = row[0][1:-1], row[1].strip("`")
    root, problems = text.read(f"{fact}: {cell}\n", "cells.yaml")
    assert root is not None, problems
    notes = Notes()
    condition(root, printed_facts(), notes)
    assert notes.problems == []


def test_the_built_in_facts_are_those_of_the_code() -> None:
    rows = table("reference/facts.md", "built-in facts")
    told = {row[0].strip("`"): row[1] for row in rows}
    assert told == {name: str(fact.type) for name, fact in BUILT_IN.items()}


def test_the_filters_and_limits_of_replies_are_those_of_the_code() -> None:
    filters = [name.partition("(")[0] for name in firsts("reference/replies.md", "filters")]
    assert sorted(filters) == sorted(FILTERS)
    numbers = [re.sub(r"\D", "", row[1]) for row in table("reference/replies.md", "limits")]
    limits = [
        allowed.MAX_TEMPLATE_LENGTH,
        render.__globals__["MAX_RENDERED_LENGTH"],
        render.__globals__["MAX_TEXT_LENGTH"],
        render.__globals__["MAX_ITEMS"],
        render.__globals__["MAX_SUBJECT_LENGTH"],
        allowed.MAX_LOOP_DEPTH,
    ]
    assert numbers == [str(limit) for limit in limits]


def test_the_values_of_a_reply_are_those_the_desk_gives(tmp_path: Path, catalog: Catalog) -> None:
    shop = desk_for_tests(tmp_path, at="2026-03-02T14:00:00Z", catalog=catalog)
    given: set[str] = set()

    def taken(effect: object) -> object:
        given.update(shop.desk.content(effect).values)
        return shop.recorder.answer(effect)

    shop.desk.on("message")(taken)
    case_id = proposed(shop, "scratched", {})
    chosen = {"option": "part_refund"}
    shop.desk.submit(case_id, "accept", by=Actor.customer("c9"), facts=chosen)
    shop.tick()
    facts = shop.desk.rulebook(case_id).schema.declarations.keys()
    assert given - facts == set(firsts("reference/replies.md", "values"))


@pytest.mark.parametrize(
    "row", table("reference/calendars.md", "due on desk_munich"), ids=lambda row: " + ".join(row)
)
def test_the_due_times_of_the_example_are_so(row: list[str], catalog: Catalog) -> None:
    start, duration, due = row
    calendar = catalog._whole.calendars["desk_munich"]
    found = calendar.due(parse_instant(start, calendar.zone), Duration.parse(duration)).at
    assert local(found, calendar.zone).strftime("%Y-%m-%d %H:%M") == due


def test_every_code_of_a_problem_is_in_its_page_and_the_other_way_round() -> None:
    codes = re.compile(r'"([A-Z]\d{3})"')
    files = (ROOT / "src" / "aftersales").rglob("*.py")
    used = {code for file in files for code in codes.findall(file.read_text(encoding="utf-8"))}
    told = re.findall(r"^\| \[([A-Z]\d{3})\]", page("reference/problems.md"), re.M)
    assert len(used) > 80
    assert sorted(told) == sorted(used)


def test_the_problem_that_is_printed_reads_so(folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "my-shop"
    shutil.copytree(folder, wrong)
    file = wrong / "policies" / "compensation" / "scratched.yaml"
    written = file.read_text(encoding="utf-8").replace("country: not home", "contry: not home")
    file.write_text(written, encoding="utf-8")
    _, problems = Catalog.check(wrong)
    printed = re.search(r"```\n(.*?)\n```", page("reference/problems.md"), re.S)
    assert printed is not None
    numbers = re.compile(r":\d+|^\d+ |^ +", re.M)  # lines move when something else is edited
    shown = [numbers.sub("", shown_as(problem, written)) for problem in problems]
    assert shown == [numbers.sub("", printed[1])]


# -- commands


def _typed() -> list[tuple[str, str]]:
    found = []
    for path in [*PAGES, ROOT / "README.md"]:
        for line in re.findall(r"^\$ (aftersales .*)$", path.read_text(encoding="utf-8"), re.M):
            found += [(path.name, part.strip()) for part in re.split(r"&&|\|", line)]
    return [(name, command) for name, command in found if command.startswith("aftersales ")]


@pytest.mark.parametrize(("name", "typed"), _typed())
def test_every_command_that_is_printed_exists_with_its_options(name: str, typed: str) -> None:
    words = typed.partition("#")[0].split()[1:]
    command: click.Command = root
    while isinstance(command, click.Group) and words:
        context = click.Context(command)
        found = command.get_command(context, words.pop(0))
        assert found is not None, typed
        command = found
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


# -- links


def _anchors(path: Path) -> set[str]:
    """The anchors of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_each_link_into_a_page_finds_its_heading(path: Path) -> None:
    for file, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in file:
            target = path.parent / file if file else path
            assert anchor in _anchors(target), f"{file}#{anchor}"
