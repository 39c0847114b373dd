"""Suggested tests as the YAML of a tests file, and put into one at the end of its tests."""

from collections.abc import Iterable, Mapping, Sequence

from aftersales.authoring.rewriting import flow
from aftersales.authoring.suggesting import Suggestion
from aftersales.definitions import text
from aftersales.definitions.text import Listing
from aftersales.definitions.text import Mapping as Node

_LISTS = ("options", "returns", "amounts")


def yaml_of(tests: Iterable[Suggestion]) -> str:
    """The tests as entries of `tests:`, three lines each."""
    return "".join(
        f"  - name: {flow((test.name,))}\n"
        f"    given: {{{_pairs({n: (t,) for n, t in test.given.items()})}}}\n"
        f"    expect: {{{_pairs(test.expect)}}}\n"
        for test in tests
    )


def new_file(tests: Sequence[Suggestion], zone: str) -> str:
    """A tests file of its own for a policy that has none."""
    head = f"aftersales: tests/1\nfor: {tests[0].policy}\nzone: {zone}\n"
    return f"{head}usual: {{kind: {tests[0].kind}}}\ntests:\n{yaml_of(tests)}"


def appended(content: str, tests: Iterable[Suggestion]) -> str | None:
    """`content` with the tests after those it has; None if they are not written as a list below."""
    root, problems = text.read(content, "")
    if problems or not isinstance(root, Node):
        return None
    entries = root.get("tests")
    lines = content.splitlines(keepends=True)
    if not isinstance(entries, Listing) or not entries.items:
        return None
    first = lines[entries.place.line - 1]
    if not first.lstrip().startswith("- "):
        return None
    after = [key.place.line for key, _ in root.items if key.place.line > entries.place.line]
    end = min(after) - 1 if after else len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    margin = first[: len(first) - len(first.lstrip())]
    made = yaml_of(tests).replace("\n  ", f"\n{margin}").replace("  ", margin, 1)
    before = "".join(lines[:end])
    before += "" if before.endswith("\n") else "\n"
    return before + made + "".join(lines[end:])


def _pairs(words: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(
        f"{name}: {flow(found, is_list=name in _LISTS)}" for name, found in words.items()
    )
