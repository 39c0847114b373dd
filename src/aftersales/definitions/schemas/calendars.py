"""The schema of `calendars/1`."""

from aftersales.definitions.calendar_hours import WEEKDAYS, WORKDAYS
from aftersales.definitions.schemas.common import common_definitions, day, format_of
from aftersales.definitions.schemas.names import Names
from aftersales.definitions.schemas.parts import (
    Schema,
    among,
    by_name,
    described,
    list_of,
    mapping,
    name,
    one_or_list,
    ref,
    snippet,
    text,
    yes_no,
)

_CLOCK = r"\d\d:\d\d"
_STRETCH = rf"{_CLOCK}\s*-\s*{_CLOCK}"
_HOURS: Schema = {
    "type": "string",
    "pattern": rf"^\s*{_STRETCH}(?:(?:\s*,\s*|\s+and\s+|\s+or\s+){_STRETCH})*\s*$",
    "patternErrorMessage": "write hours like `09:00-12:00 and 13:00-17:00`",
    "examples": ["09:00-17:00", "09:00-12:00 and 13:00-17:00", "00:00-24:00"],
}
_DAY = f"(?:{'|'.join(WEEKDAYS)})"
_DATE = r"(?:\d{4}-)?\d\d-\d\d"
_DATES = rf"^\s*{_DATE}(?:\s+to\s+{_DATE})?\s*$"


def calendars_schema(names: Names) -> Schema:
    """Calendars with hours of their own, and calendars of several."""
    calendar: Schema = {
        "if": {"required": ["together"]},
        "then": _together(names),
        "else": _calendar(),
    }
    keys = {
        "aftersales": format_of("calendars"),
        "about": text(),
        "calendars": by_name(calendar, defaultSnippets=_new_calendars()),
    }
    schema = mapping("a calendars file", keys, needs=["aftersales", "calendars"])
    return {**schema, "definitions": {**common_definitions(names), "days": _days(text())}}


def _calendar() -> Schema:
    hours = one_or_list(_HOURS)
    keys = {
        "zone": _zone(),
        "hours": _week(hours),
        "holidays": one_or_list(_holidays()),
        "known_until": {"type": ["integer", "string"]},
        "closed": ref("days"),
        "extra_days": ref("days"),
        "extra_hours": hours,
        "special_days": _days(hours),
        "frozen": ref("days"),
        "cut_off": {"type": "string", "pattern": rf"^\s*{_CLOCK}\s*$", "examples": ["15:00"]},
        "assumed": text(),
        **_reasons(),
    }
    return mapping("a calendar", keys, needs=["zone", "hours"])


def _together(names: Names) -> Schema:
    parts = {**list_of(among(names.calendars, "a calendar"))}
    keys = {"together": parts, **_reasons()}
    return mapping("a calendar of several", keys, needs=["together"])


def _reasons() -> dict[str, Schema]:
    return {"about": text(), "because": text(), "source": text(), "read_on": day()}


def _zone() -> Schema:
    offered = ["Europe/Berlin", "Europe/London", "America/New_York", "Asia/Shanghai", "UTC"]
    return {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_+\-/]*$", "examples": offered}


def _week(hours: Schema) -> Schema:
    told = {WORKDAYS: "The days that are not the weekend of the country named under `holidays`."}
    named = {day: described(hours, told.get(day, "")) for day in (*WEEKDAYS, "mon-fri", WORKDAYS)}
    return {
        "type": "object",
        "properties": named,
        "patternProperties": {f"^{_DAY}-{_DAY}$": hours},
        "additionalProperties": False,
    }


def _days(value: Schema) -> Schema:
    """A list of dates, or dates with what is so on them."""
    date = {"type": "string", "pattern": _DATES, "patternErrorMessage": "a date: `2026-12-24`"}
    dated = {"type": "object", "additionalProperties": value, "propertyNames": {"pattern": _DATES}}
    return {"anyOf": [one_or_list(date), dated]}


def _holidays() -> Schema:
    """A country as a word, or a source in pairs."""
    texts = one_or_list(text())
    keys = {
        "country": text(),
        "subdivision": text(),
        "categories": texts,
        "make_up_days": yes_no(),
        "except": texts,
        "dates": ref("days"),
        "ical": name(),
        "free_days": yes_no(),
    }
    return {"anyOf": [text(), mapping("`holidays`", keys)]}


def _new_calendars() -> list[Schema]:
    body = {
        "about": "${2:whose desk it is}",
        "zone": "${3:Europe/Berlin}",
        "hours": {"${4:mon-fri}": "${5:09:00-17:00}"},
        "holidays": {"country": "${6:DE}"},
        "known_until": "${7:2027}",
    }
    return [snippet("a new calendar", {"${1:desk}": body})]
