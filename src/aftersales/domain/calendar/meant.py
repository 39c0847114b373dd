"""Days and instants as people write them elsewhere, `27.11.2026 14:30`, in the words read here."""

import re
from datetime import date

_DATE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})", re.ASCII)
_DATE_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)? ([a-z]+),? (\d{4})", re.I | re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"(\d{1,2})[:.h](\d\d)(?::\d\d)?\s*([ap]m)?", re.I | re.ASCII)
_MIDNIGHT = "00:00"


def meant_date(text: str) -> str:
    """The day of `01.03.2026` or `1 March 2026` as `2026-03-01`; else `text`."""
    words = _DATE_IN_WORDS.fullmatch(text)
    if words and words[2][:3].lower() in _MONTHS:
        return f"{words[3]}-{_MONTHS.index(words[2][:3].lower()) + 1:02}-{int(words[1]):02}"
    found = _DATE.fullmatch(text)
    if not found:
        return text
    first, second, last = map(int, found.groups())
    if len(found[1]) == 4:
        return f"{first}-{second:02}-{last:02}"
    is_day_first = "." in text or first > 12
    if len(found[3]) != 4 or not (is_day_first or second > 12):
        return text
    day, month = (first, second) if is_day_first else (second, first)
    return f"{last}-{month:02}-{day:02}"


def instant_help(text: str) -> str:
    """What to write for `27.11.2026 2:30 pm`, or for `7/4/2026`, which can be two days.

    Empty if nothing is known to be meant.
    """
    words = " ".join(text.split())
    time = _TIME.fullmatch(words.rpartition(" ")[2]) or _TIME.fullmatch(
        " ".join(words.rsplit(" ", 2)[-2:])
    )
    day = words[: len(words) - len(time[0])].strip(" ,") if time else words
    at = _clock(time) if time else _MIDNIGHT
    two = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", day, re.ASCII)
    if two and int(two[1]) <= 12 and int(two[2]) <= 12 and at:
        days = (f"{two[3]}-{int(two[a]):02}-{int(two[b]):02} {at}" for a, b in ((1, 2), (2, 1)))
        return "write `" + "` or `".join(dict.fromkeys(days)) + "`, whichever is meant"
    meant = meant_date(day)
    is_other = _is_day(meant) and f"{meant} {at}" != words
    return f"did you mean `{meant} {at}`?" if is_other and at else ""


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _clock(time: re.Match[str]) -> str:
    """`2:30 pm` as `14:30`; empty if a clock never shows it."""
    hour, minute, half = int(time[1]), int(time[2]), (time[3] or "").lower()
    if minute > 59 or hour > (12 if half else 23):
        return ""
    return f"{hour % 12 + 12 * (half == 'pm') if half else hour:02}:{minute:02}"
