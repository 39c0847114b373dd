"""What is fuzzed: files, cells, values, templates. Problems are told; no exception may escape."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from grammar import cell, template
from mutations import mutated
from problem_examples import found_in
from small_definitions import FILES, schema_of, write_folder

from aftersales.definitions.render import render_all, to_json
from aftersales.domain.calendar import parse_instant
from aftersales.domain.conditions import FactSchema, parse_cell
from aftersales.domain.duration import Duration, parse_percent
from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money
from aftersales.notifiers import ReplyNotRenderable, check_template
from aftersales.notifiers.render import MAX_RENDERED_LENGTH
from aftersales.notifiers.render import render as render_reply

WRONG = Path(__file__).resolve().parents[1] / "definitions" / "wrong"
_SHIPPED = WRONG.parents[2]
_VALUES = {
    "order_id": "A-1",
    "name": "Ann" * 400,
    "options": [{"text": "b" * 300, "amount": Money("5", "EUR")}] * 100,
}


@dataclass(frozen=True)
class Input:
    """One input: for which target, and the text or bytes, with the file it stands for."""

    target: str
    content: bytes
    file: str = ""


@dataclass(frozen=True)
class Reply:
    """A reply whose texts are made up."""

    subject: str
    body: str
    needs: tuple[str, ...] = ()


def made(random: Random) -> Input:
    """The next input."""
    target = random.choices(tuple(_TRY), weights=(4, 8, 8, 6))[0]
    if target == "file":
        seeds = _seeds()
        file, content = random.choice(seeds)
        other = random.choice(seeds)[1]
        return Input(target, mutated(content, [other], random), file)
    text = template(random) if target == "template" else cell(random)
    return Input(target, text.encode("utf-8", "surrogatepass"))


def run(one: Input) -> None:
    """Try one input; whatever is raised here is a defect."""
    _TRY[one.target](one)


def _file(one: Input) -> None:
    folder = _folder()
    path = folder / one.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(one.content)
    try:
        problems = found_in(folder)
    finally:
        path.unlink()
        if one.file in FILES:
            path.write_text(FILES[one.file], encoding="utf-8")
    written = one.content.decode("utf-8", errors="replace")
    shown = render_all(problems, {one.file: written})
    assert all(to_json(problem) and problem.message for problem in problems)
    assert not any(sign in shown for sign in "\x1b\x07\x00")
    assert len(problems) < 20_000


def _cell(one: Input) -> None:
    text = one.content.decode("utf-8", "surrogatepass")
    for name in _schema().declarations:
        declaration = _schema().declaration(name)
        try:
            read = parse_cell(text, declaration, _schema())
        except ValueUnreadable as slip:
            _check(slip.help, f"{name}: {slip}")
            continue
        again = parse_cell(str(read), declaration, _schema())
        assert again == read, f"{name}: {read} is read again as {again}"


def _value(one: Input) -> None:
    text = one.content.decode("utf-8", "surrogatepass")
    for read in (Money.parse, Duration.parse, parse_percent, parse_instant):
        try:
            assert read(text) is not None
        except ValueUnreadable as slip:
            _check(str(slip), text)


def _check(is_so: object, told: str) -> None:
    assert is_so, told


def _template(one: Input) -> None:
    text = one.content.decode("utf-8", "surrogatepass")
    for needs in (None, ("order_id", "options")):
        assert all(message and line > 0 for message, line in check_template(text, needs=needs))
    try:
        rendered = render_reply(Reply("Your order", text), _VALUES, language="en")
    except ReplyNotRenderable:
        return
    assert check_template(text) == []
    assert len(rendered.body) <= MAX_RENDERED_LENGTH + 1


_TRY: dict[str, Callable[[Input], None]] = {
    "file": _file,
    "cell": _cell,
    "value": _value,
    "template": _template,
}


@cache
def _schema() -> FactSchema:
    return schema_of()


@cache
def _folder() -> Path:
    return write_folder(Path(tempfile.mkdtemp(prefix="aftersales-fuzz-")))


@cache
def _seeds() -> list[tuple[str, bytes]]:
    """The wrong files, the right ones, and the shipped ones of formats that have no small one."""
    found = [(file, content.encode()) for file, content in FILES.items() for _ in range(20)]
    for path in sorted(WRONG.glob("*.yaml")):
        content = path.read_bytes()
        lines = content.decode("utf-8", "replace").splitlines()
        file = next(line.removeprefix("# as: ") for line in lines if line.startswith("# as: "))
        found.append((file, content))
    for name in ("policies/team.yaml", "policies/channels.yaml", "workflows/damaged.tests.yaml"):
        if (_SHIPPED / name).is_file():
            found += [(name, (_SHIPPED / name).read_bytes())] * 3
    return found
