"""A file written whole or not at all: another is written beside it and takes its place."""

import os
import stat
import tempfile
from pathlib import Path

_NEW = 0o644


def write_whole(path: Path, content: str) -> None:
    """Replace the text of `path`, or make it; its mode is kept, line ends are as given."""
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else _NEW
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(content)
        os.chmod(made, mode)
        os.replace(made, path)
    except BaseException:
        os.unlink(made)
        raise
