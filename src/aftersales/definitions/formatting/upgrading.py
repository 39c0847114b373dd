"""Older versions of a format, rewritten step by step to the newest."""

from collections.abc import Callable, Mapping

Step = Callable[[str], str]

STEPS: Mapping[str, Step] = {}
"""What rewrites a text of a format and version, such as `policy/1`, to the next version.

Every format is at version 1, the first, so there is nothing to rewrite yet.
"""


def upgraded(text: str, version: str, steps: Mapping[str, Step] = STEPS) -> str:
    """`text`, which is of `version`, in the newest version that the steps lead to."""
    while version in steps:
        text = steps[version](text)
        format, _, number = version.partition("/")
        version = f"{format}/{int(number) + 1}"
    return text
