"""Floor 5, the composition root: settings from flag, environment, file; a desk from settings."""

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aftersales.domain.errors import AftersalesError

if TYPE_CHECKING:
    from aftersales.desk import Desk, Publications, Simulations
    from aftersales.domain.case import Effect
    from aftersales.store import Store

FILE = "aftersales.toml"
PREFIX = "AFTERSALES_"
KEYS = ("database", "folder", "shop", "handlers", "deliver_to", "zone")
_PASSWORD = re.compile(r"(://[^/@:\s]*:)\S*(?=@)|(?<=[?&])(password=)[^&]*", re.IGNORECASE)


class ConfigInvalid(AftersalesError):
    """The configuration cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What binds an installation: its database, definitions, shop and adapters.

    `folder` None means the shipped definitions. `handlers` names a function that gets the desk:
    `module:function`. `deliver_to` is a folder into which effects are written as files. `zone`
    is the one people are spoken to in; None: that of the case's calendar. `source` is the file
    that was read, if one was.
    """

    database: str = "sqlite:///aftersales.db"
    folder: Path | None = None
    shop: str = "shop"
    handlers: str | None = None
    deliver_to: Path | None = None
    zone: str | None = None
    source: Path | None = None

    @property
    def shown_database(self) -> str:
        """The database as it may be shown: without its password."""
        return without_password(self.database)

    def __repr__(self) -> str:
        """All settings, the password left out."""
        values = {key: getattr(self, key) for key in KEYS} | {"database": self.shown_database}
        return f"Settings({', '.join(f'{key}={value!r}' for key, value in values.items())})"


def without_password(url: str) -> str:
    """A database URL, or a text with one in it, in which each password reads `***`."""
    return _PASSWORD.sub(lambda found: (found[1] or found[2]) + "***", url)


def settings(
    flags: Mapping[str, str | None] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    file: str | Path | None = None,
) -> Settings:
    """Read the settings: a flag wins over `AFTERSALES_*`, that over `aftersales.toml`.

    `file` (else `AFTERSALES_CONFIG`, else `aftersales.toml` here, if there is one) is the file.
    Paths in it are relative to it. ConfigInvalid says which key is wrong, and where.
    """
    environ = os.environ if environ is None else environ
    path = _file(file, environ.get(f"{PREFIX}CONFIG"))
    values: dict[str, str] = {} if path is None else _from_file(path)
    values |= _from_environment(environ)
    values |= {key: value for key, value in (flags or {}).items() if value is not None}
    return _checked(values, path)


def store_from(chosen: Settings) -> "Store":
    """Open the database of these settings. It may not be migrated yet."""
    from aftersales.store import Store  # here: reading settings must not load the database

    return Store(chosen.database)


def desk_from(chosen: Settings) -> "Desk":
    """A desk on these settings, its adapters attached. StoreNotReady, DefinitionsInvalid.

    Its definitions are those published in the database. While no publication has begun they are
    those of the folder, read here and now: whole, or not at all.
    """
    from aftersales.definitions import Catalog  # here: see store_from
    from aftersales.desk import Desk, Published

    store = store_from(chosen)
    store.check_ready()
    definitions = Published(otherwise=partial(Catalog.load, chosen.folder))
    desk = Desk(store=store, catalog=definitions, shop=chosen.shop)
    if desk.publications.in_force() is None:
        definitions.read_otherwise()
    if chosen.deliver_to is not None:
        _deliver_to(desk, chosen.deliver_to)
    if chosen.handlers is not None:
        _handlers(chosen)(desk)
    return desk


def simulations_from(chosen: Settings) -> "Simulations":
    """What simulations of the shop read and leave behind. StoreNotReady without a database."""
    from aftersales.desk import Simulations  # here: see store_from

    store = store_from(chosen)
    store.check_ready()
    return Simulations(store=store, shop=chosen.shop)


def publications_from(chosen: Settings) -> "Publications":
    """What is published for the shop. StoreNotReady without a database."""
    from aftersales.desk import Publications  # here: see store_from

    store = store_from(chosen)
    store.check_ready()
    return Publications(store=store, shop=chosen.shop)


def _deliver_to(desk: "Desk", folder: Path) -> None:
    from aftersales.notifiers import Message, compose, deliver_to_folder  # here: see store_from

    def render(effect: "Effect") -> Message:
        """The words of a message, in its customer's language."""
        told = desk.content(effect)
        return compose(effect, told.reply, told.values, language=told.language, zone=told.zone)

    deliver_to_folder(desk.on, folder, render=render)


def _file(flag: str | Path | None, variable: str | None) -> Path | None:
    named = flag or variable
    if named is None:
        return Path(FILE) if Path(FILE).is_file() else None
    path = Path(named)
    if not path.is_file():
        who = "" if flag else f", which `{PREFIX}CONFIG` names; `unset {PREFIX}CONFIG` forgets it"
        raise ConfigInvalid(f"there is no configuration file `{path}`{who}")
    return path


def _from_file(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigInvalid(f"{path} is not TOML: {error}") from None
    for key, value in content.items():
        _known(key, KEYS, f"{path}: ")
        if not isinstance(value, str) or not value:
            raise ConfigInvalid(f"{path}: `{key}` must be a text in quotes")
    return {key: _from_there(key, value, path.parent) for key, value in content.items()}


def _from_there(key: str, value: str, folder: Path) -> str:
    if key in ("folder", "deliver_to"):
        return str(folder / value)
    relative = value.removeprefix("sqlite:///")
    if key != "database" or relative == value or relative[:1] in ("", "/", ":"):
        return value
    return f"sqlite:///{folder / relative}"


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    ours = {name.removeprefix(PREFIX): name for name in environ if name.startswith(PREFIX)}
    for key, name in ours.items():
        _known(key, tuple(known.upper() for known in (*KEYS, "config")), "", shown=name)
    return {key: environ[PREFIX + key.upper()] for key in KEYS if environ.get(PREFIX + key.upper())}


def _known(key: str, known: tuple[str, ...], where: str, *, shown: str | None = None) -> None:
    if key in known:
        return
    near = difflib.get_close_matches(key, known, n=1)
    prefix = "" if shown is None else PREFIX
    hint = f"did you mean `{prefix}{near[0]}`?" if near else f"known are: {', '.join(known)}"
    raise ConfigInvalid(f"{where}`{shown or key}` is not a setting; {hint}")


def _checked(values: dict[str, str], path: Path | None) -> Settings:
    for key in values:
        _known(key, KEYS, "")
    if "zone" in values:
        _check_zone(values["zone"])
    if ":" not in values.get("database", ":"):
        raise ConfigInvalid(
            f"`{values['database']}` is not a database URL; "
            f"for a file write `sqlite:///{values['database']}`"
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", values.get("shop", "shop"), re.IGNORECASE):
        raise ConfigInvalid(
            f"`{values['shop']}` cannot name a shop; letters, digits, `-`, `_` and `.` can"
        )
    folders = {key: Path(values.pop(key)) for key in ("folder", "deliver_to") if key in values}
    if "folder" in folders and not folders["folder"].is_dir():
        raise ConfigInvalid(f"there is no folder of definitions `{folders['folder']}`")
    return Settings(**values, **folders, source=path)  # type: ignore[arg-type]


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ConfigInvalid(f"`{zone}` is not a time zone; write it like `Europe/Berlin`") from None


def _handlers(chosen: Settings) -> "Callable[[Desk], Any]":
    named = chosen.handlers or ""
    module, _, function = named.partition(":")
    if not module or not function:
        raise ConfigInvalid(f"handlers `{named}` must be `module:function`")
    beside = str((chosen.source or Path(FILE)).resolve().parent)
    if beside not in sys.path:  # the shop's own module stands beside its aftersales.toml
        sys.path.insert(0, beside)
    try:
        found = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise ConfigInvalid(f"handlers: there is no module `{module}`") from None
    except AttributeError:
        raise ConfigInvalid(f"handlers: `{module}` has no `{function}`") from None
    if not callable(found):
        raise ConfigInvalid(f"handlers: `{named}` is not a function")
    return found  # type: ignore[no-any-return]
