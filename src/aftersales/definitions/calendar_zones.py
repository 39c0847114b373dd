"""What to write instead of a zone that nobody knows: a near name, or the zones of the country."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH, available_timezones

_TABLE = "zone.tab"
_MOST_TOLD = 3
_SHORTEST = 4
"""Shorter words, such as `BST`, are near to everything."""


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Every zone there is: looked up once, for it takes a walk through all files of zone data."""
    return frozenset(available_timezones())


def zone_help(text: str, countries: Sequence[str] = ()) -> str:
    """The zone that was probably meant, else those of the countries; empty if neither is known."""
    near = _near(text)
    if near:
        return f"did you mean `{near}`?"
    told = [_told(country, zones) for country in countries if (zones := _by_country().get(country))]
    return "; ".join(told)


def _told(country: str, zones: Sequence[str]) -> str:
    """`zones of GB: `Europe/London``; the zone of most people stands first in the table."""
    shown = ", ".join(f"`{zone}`" for zone in zones[:_MOST_TOLD])
    more = f" and {len(zones) - _MOST_TOLD} more" if len(zones) > _MOST_TOLD else ""
    return f"{'zone' if len(zones) == 1 else 'zones'} of {country}: {shown}{more}"


def _near(text: str) -> str | None:
    """The zone whose last part is nearly that of `text`: a city is misspelt, never another."""
    known = sorted(known_zones())
    same = next((name for name in known if name.lower() == text.strip().lower()), None)
    region, _, city = text.strip().replace(" ", "_").lower().rpartition("/")
    if same or len(city) < _SHORTEST:
        return same
    # Names of old, such as `Poland` or `GB-Eire`, are no cities.
    cities: dict[str, list[str]] = {}
    for name in known:
        if "/" in name:
            cities.setdefault(name.rpartition("/")[2].lower(), []).append(name)
    found = get_close_matches(city, cities, n=1, cutoff=0.8)
    zones = cities[found[0]] if found else []
    return min(zones, key=lambda name: (not name.lower().startswith(region), name), default=None)


@lru_cache(maxsize=1)
def _by_country() -> dict[str, list[str]]:
    """The zones of each country, by `zone.tab` of the zone data; empty if it lacks that file."""
    found: dict[str, list[str]] = {}
    for line in _table().splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, []).append(zone)
    return found


def _table() -> str:
    for folder in map(Path, TZPATH):
        if (folder / _TABLE).is_file():
            return (folder / _TABLE).read_text("utf-8")
    try:
        return resources.files("tzdata.zoneinfo").joinpath(_TABLE).read_text("utf-8")
    except (ModuleNotFoundError, OSError):
        return ""
