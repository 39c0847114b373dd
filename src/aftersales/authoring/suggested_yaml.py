"""Suggested tests as the YAML of a tests file, and put into one at the end of its tests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aftersales.authoring.rewriting import flow
from aftersales.authoring.story_suggesting import SuggestedStory
from aftersales.authoring.suggesting import Suggestion
from aftersales.definitions import text
from aftersales.definitions.story_files import Step
from aftersales.definitions.text import Listing
from aftersales.definitions.text import Mapping as Node

_LISTS = ("options", "returns", "amounts")


Suggested = Suggestion | SuggestedStory


def yaml_of(tests: Iterable[Suggested]) -> str:
    """The tests as entries of `tests:`: three lines each, of a story a line a step."""
    return "".join(
        _story(test) if isinstance(test, SuggestedStory) else _example(test) for test in tests
    )


def _example(test: Suggestion) -> str:
    return (
        f"  - name: {flow((test.name,))}\n"
        f"    given: {{{_texts(test.given)}}}\n"
        f"    expect: {{{_pairs(test.expect)}}}\n"
    )


def _story(story: SuggestedStory) -> str:
    steps = "".join(f"      - {{{step_of(step)}}}\n" for step in story.steps)
    return f"  - name: {flow((story.name,))}\n    story:\n{steps}"


def step_of(step: Step) -> str:
    """A step as it stands between the braces of its line."""
    return ", ".join(
        f"{key}: {{{_texts(said) if key != 'expect' else _pairs(step.expect)}}}"
        if isinstance(said, Mapping)
        else f"{key}: {flow((said,))}"
        for key, said in step_as_data(step).items()
    )


def step_as_data(step: Step) -> dict[str, Any]:
    """What a step says, by its keys in the order of a line."""
    said = {
        "at": step.at,
        "wait": str(step.wait) if step.wait is not None else "",
        "open": step.opens,
        "by": step.by,
        "event": step.event,
        "with": step.given,
        "settle": step.settle,
        "expect": step.expect,
    }
    return {key: what for key, what in said.items() if what or (key == "open" and what is not None)}


def new_file(tests: Sequence[Suggested], zone: str) -> str:
    """A tests file of its own for a policy or a workflow that has none."""
    first = tests[0]
    if isinstance(first, SuggestedStory):
        about, usual = first.workflow, ""
    else:
        about, usual = first.policy, f"usual: {{kind: {first.kind}}}\n"
    head = f"aftersales: tests/1\nfor: {about}\nzone: {zone}\n"
    return f"{head}{usual}tests:\n{yaml_of(tests)}"


def appended(content: str, tests: Iterable[Suggested]) -> str | None:
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


def _texts(facts: Mapping[str, str]) -> str:
    return _pairs({name: (text,) for name, text in facts.items()})


def _pairs(words: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(
        f"{name}: {flow(found, is_list=name in _LISTS)}" for name, found in words.items()
    )
