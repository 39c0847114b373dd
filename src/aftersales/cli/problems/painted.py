"""The colours of a problem on a terminal: few, and never the only sign of anything."""

import click

from aftersales.definitions.render import Part

_STYLES: dict[Part, dict[str, str | bool]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "cyan", "bold": True},
    "message": {"bold": True},
    "place": {},
    "margin": {"fg": "blue"},
    "caret": {"fg": "red", "bold": True},
    "help": {"fg": "green"},
}


def paint(part: Part, text: str) -> str:
    """`text` in the colour of its part."""
    style = _STYLES[part]
    return click.style(text, **style) if style else text  # type: ignore[arg-type]
