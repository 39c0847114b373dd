"""JSON that is handed in: numbers stay as they are written, and no key stands twice."""

import json


class JsonMalformed(ValueError):
    """A text is not JSON, or gives one key twice."""


def read_json(text: str) -> object:
    """What `text` holds. JsonMalformed says what is wrong with it, in which line and column."""
    text = text.rstrip()
    try:
        return json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        at = (
            f"line {error.lineno}, column {error.colno}"
            if "\n" in text
            else f"column {error.colno}"
        )
        why = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise JsonMalformed(f"this is not JSON: {why} ({at})") from None
    except RecursionError:
        raise JsonMalformed("this is nested too deep") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise JsonMalformed(f"`{key}` is given twice; keep one")
        found[key] = value
    return found
