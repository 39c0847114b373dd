"""Rules of the house that a test can hold: floors, homes, words, sizes, links."""

import ast
import configparser
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "aftersales"
FILES = sorted(PACKAGE.rglob("*.py"))
ENGINE = ("domain", "definitions", "store", "desk", "authoring")
HOMES = {  # third-party package -> the only places that may import it
    "alembic": ("store",),
    "babel": ("notifiers",),
    "click": ("cli",),
    "dateutil": ("definitions",),
    "holidays": ("definitions",),
    "icalendar": ("definitions",),
    "jinja2": ("notifiers", "reports"),
    "pendulum": ("domain/calendar",),
    "rich": ("cli", "demo"),
    "sqlalchemy": ("store",),
    "sqlmodel": ("store",),
    "transitions": ("domain/workflow",),
    "yaml": ("definitions",),
}
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def _name(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _contracts() -> dict[str, configparser.SectionProxy]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return {name.rpartition(":")[2]: parser[name] for name in parser.sections() if ":" in name}


def _children(folder: Path) -> set[str]:
    packages = {path.name for path in folder.iterdir() if any(path.glob("*.py"))}
    return packages | {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    config = ["--config", str(ROOT / ".importlinter"), "--no-cache", "--no-logo"]
    run = subprocess.run([*command, *config], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("contract", "folder"), [("floors", ""), ("domain", "domain")])
def test_every_package_has_a_floor(contract: str, folder: str) -> None:
    layers = set(re.split(r"[|:\s]+", _contracts()[contract]["layers"])) - {""}
    assert layers == _children(PACKAGE / folder)
    assert _contracts()[contract]["exhaustive"] == "true"


def test_each_home_contract_names_every_floor_but_the_home() -> None:
    floors = {f"aftersales.{name}" for name in _children(PACKAGE) - {"__main__"}}
    inner = {f"aftersales.domain.{name}" for name in _children(PACKAGE / "domain")}
    homes = {name: c for name, c in _contracts().items() if name.startswith("home-")}
    guarded = {package for c in homes.values() for package in c["forbidden_modules"].split()}
    assert guarded == set(HOMES)
    for contract in homes.values():
        sources = set(contract["source_modules"].split())
        for package in contract["forbidden_modules"].split():
            places = {f"aftersales.{home.replace('/', '.')}" for home in HOMES[package]}
            in_domain = any(place.startswith("aftersales.domain.") for place in places)
            every = (floors - {"aftersales.domain"}) | inner if in_domain else floors
            assert sources == every - places, package


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_a_file_imports_only_packages_that_have_their_home_there(file: Path) -> None:
    for module in _imported(_tree(file)):
        package = module.partition(".")[0]
        if package in ("aftersales", "__future__") or package in sys.stdlib_module_names:
            continue
        assert package in HOMES, f"{_name(file)} imports {package}, which has no home"
        homes = HOMES[package]
        assert any(_name(file).startswith(f"{home}/") for home in homes), f"{package}: {homes}"


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_no_file_is_longer_than_400_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("floor", ENGINE)
def test_the_engine_does_not_know_the_name_of_any_kind(floor: str) -> None:
    kinds = sorted(
        path.stem for path in (ROOT / "workflows").glob("*.yaml") if "." not in path.stem
    )
    assert len(kinds) >= 5
    named = re.compile(rf"\b({'|'.join(kinds)})\b")
    for file in (PACKAGE / floor).rglob("*.py"):
        found = named.search(file.read_text(encoding="utf-8"))
        assert found is None, f"{_name(file)} says `{found[0] if found else ''}`"


def _undocumented(file: Path) -> Iterator[str]:
    tree = _tree(file)
    if ast.get_docstring(tree) is None and file.read_text(encoding="utf-8").strip():
        yield _name(file)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            told = ast.get_docstring(node)
            if told is None or not told.splitlines()[0].rstrip().endswith((".", "?", ":", "`")):
                yield f"{_name(file)}: {node.name}"


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_every_public_name_has_a_docstring_that_begins_with_a_sentence(file: Path) -> None:
    assert list(_undocumented(file)) == []


def test_the_domain_asks_nobody_the_time() -> None:
    asked = re.compile(r"\b(now|today|utcnow|time|uuid4|random)\(")
    for file in (PACKAGE / "domain").rglob("*.py"):
        code = ast.unparse(_tree(file))
        found = re.search(rf"\b(datetime|date|time|pendulum|random|uuid)\.{asked.pattern}", code)
        assert found is None, f"{_name(file)}: {found[0] if found else ''}"


def _glossary() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| \*\*(.+?)\*\* \|.*\| *(.*?) *\|$", _text(ROOT / "GLOSSARY.md"), re.M)
    return [(word.strip(), banned) for words, banned in rows for word in re.split(r", | / ", words)]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def test_each_word_of_the_glossary_is_used() -> None:
    assert len(_glossary()) >= 50
    used = "\n".join(
        _text(file)
        for folder in (PACKAGE, ROOT / "workflows", ROOT / "policies", ROOT / "docs")
        for file in folder.rglob("*")
        if file.suffix in (".py", ".yaml", ".md")
    ).lower()
    unused = [word for word, _ in _glossary() if not re.search(rf"\b{word}", used)]
    assert unused == []


def test_no_class_bears_a_name_that_the_glossary_gives_up() -> None:
    given_up = {"ticket", "process", "flow", "trigger", "sla", "schedule", "proposal", "registry",
                "queue", "log", "user", "scenario", "expression"}  # fmt: skip
    banned = {
        re.sub(r"\(.*", "", word).strip().lower()
        for _, row in _glossary()
        for word in row.split(",")
    }
    assert given_up <= banned
    for file in FILES:
        classes = (node.name for node in ast.walk(_tree(file)) if isinstance(node, ast.ClassDef))
        assert not {name.lower().lstrip("_") for name in classes} & given_up, _name(file)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_relative_links_of_a_document_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", _text(document)):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_the_files_that_a_document_names_exist(document: str) -> None:
    named = re.findall(r"`((?:src|workflows|policies|replies|docs|examples|tests|requirements)"
                       r"/[\w./]*[\w/])`", _text(ROOT / document))  # fmt: skip
    assert named, document
    for path in named:
        assert "KIND" in path or (ROOT / path).exists(), path


def test_the_tools_for_development_are_the_same_in_both_lists() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        group = tomllib.load(file)["dependency-groups"]["dev"]
    lines = _text(ROOT / "requirements" / "dev.in").splitlines()
    assert [line for line in lines if line and not line.startswith(("#", "-"))] == group


@pytest.mark.parametrize("name", ["runtime", "build", "dev"])
def test_each_requirement_is_pinned_with_a_hash_and_names_no_host(name: str) -> None:
    text = _text(ROOT / "requirements" / f"{name}.txt")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    pins = [block for block in blocks if re.match(r"[a-z0-9][\w.-]*==", block)]
    assert pins
    assert all("--hash=sha256:" in block for block in pins)
    assert "://" not in text
