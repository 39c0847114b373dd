"""The meanings that schemas show in an editor, taken from the tables of the reference.

`python tests/definitions/schema_meanings.py` writes them anew after a table was edited.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEANINGS = ROOT / "src" / "aftersales" / "definitions" / "schemas" / "meanings.json"
_TABLE = re.compile(r"<!-- keys: (.+?) -->\n((?:\|.*\n)+)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def meanings() -> dict[str, dict[str, str]]:
    """By what is read and key: the cells of its row, links as their text."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((ROOT / "docs" / "reference").glob("*.md")):
        for what, lines in _TABLE.findall(path.read_text(encoding="utf-8")):
            for line in lines.splitlines()[2:]:
                first, *rest = [cell.strip() for cell in line.strip("|").split(" | ")]
                meaning = _LINK.sub(r"\1", rest[-1].strip(" |"))
                for key in re.findall(r"`([^`]+)`", first):
                    found.setdefault(what, {})[key] = meaning
    return found


def written() -> str:
    """The file of meanings as it must be."""
    return json.dumps(meanings(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    MEANINGS.write_text(written(), encoding="utf-8")
