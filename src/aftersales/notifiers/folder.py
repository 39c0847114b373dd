"""Effects handed out to a folder: one file an effect, by its key, written whole or not at all."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from aftersales.desk import Answer, accepted, done, failed
from aftersales.domain.case import Effect
from aftersales.notifiers.render import Message, ReplyNotRenderable

Handler = Callable[[Effect], Answer]
Renderer = Callable[[Effect], Message]

# The remedies that the shipped policies know. A shop with others names its own.
REMEDY_SORTS = (
    "refund",
    "resend",
    "exchange",
    "repair",
    "coupon",
    "store_credit",
    "return_shipping",
    "replacement_part",
    "gift",
)


class Registers(Protocol):
    """Takes a handler for a sort of effect: a desk's `on`."""

    def __call__(self, sort: str, name: str | None = None) -> Callable[[Handler], Handler]: ...


def deliver_to_folder(
    on: Registers,
    folder: str | Path,
    *,
    render: Renderer,
    remedies: Sequence[str] = REMEDY_SORTS,
) -> None:
    """Have messages, alerts and remedies written into `folder`, through a desk's `on`.

    Messages, alerts, tags and calls are then done. A remedy is accepted: whoever carries it out
    reads the file, and its outcome comes by `settle`. An effect that comes twice leaves one file.
    """
    out = FolderOut(Path(folder), render)
    on("message")(out.message)
    on("alert")(out.alert)
    on("tag")(out.alert)
    on("call")(out.alert)
    for sort in remedies:
        on(sort)(out.remedy)


class FolderOut:
    """The handlers that write into one folder, a subfolder a lane."""

    def __init__(self, folder: Path, render: Renderer) -> None:
        self._folder = folder
        self._render = render

    def message(self, effect: Effect) -> Answer:
        """Write the text for whoever sends it. A reply that cannot be written fails for good."""
        try:
            message = self._render(effect)
        except ReplyNotRenderable as error:
            return failed(str(error))
        texts = {"language": message.language, "subject": message.subject, "body": message.body}
        text = f"Subject: {message.subject}\nLanguage: {message.language}\n\n{message.body}"
        return self._put(effect, "message", texts, text) or done(reference=effect.key)

    def alert(self, effect: Effect) -> Answer:
        """Write whom to alert, which tag to set or what is called for, and of which case."""
        return self._put(effect, "alert", {}) or done(reference=effect.key)

    def remedy(self, effect: Effect) -> Answer:
        """Write what is to be given. It is taken; the outcome comes by `settle`."""
        return self._put(effect, "money", {}) or accepted(reference=effect.key)

    def _put(
        self, effect: Effect, lane: str, more: dict[str, Any], text: str | None = None
    ) -> Answer | None:
        """Write the files of `effect`, unless they stand. Answers only if the key was another's."""
        base = self._folder / lane / file_name(effect.key)
        order = _order(effect)
        standing = _read(base.with_suffix(".json"))
        if standing is not None:
            same = standing.get("effect") == order
            return (
                None
                if same
                else failed(f"the key {effect.key} was used before, for something else")
            )
        if text is not None:
            write_whole(base.with_suffix(".txt"), text)
        body = json.dumps({"effect": order, **more}, indent=2, sort_keys=True, ensure_ascii=False)
        write_whole(base.with_suffix(".json"), body + "\n")
        return None


def file_name(key: str) -> str:
    """A name for the file of `key`: safe everywhere, readable, and no other key's."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    readable = quote(key, safe="").replace(".", "%2E").replace("~", "%7E")
    return f"{readable[:120]}-{digest}"


def write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all, and stays there after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found if isinstance(found, dict) else {}


def _order(effect: Effect) -> dict[str, Any]:
    """What the effect asks for; not how often it was tried."""
    asked = {
        "key": effect.key,
        "case_id": effect.case_id,
        "order_id": effect.order_id,
        "sort": effect.sort,
        "name": effect.name,
        "amount": str(effect.amount) if effect.amount else None,
        "ledger_id": effect.ledger_id,
        "offer_id": effect.offer_id,
        "details": effect.details,
    }
    plain: dict[str, Any] = json.loads(json.dumps(asked, default=str))
    return plain
