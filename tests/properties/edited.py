"""The shipped definitions with a little changed, where a property needs it."""

import re
import shutil
from pathlib import Path

from aftersales.definitions import Catalog
from aftersales.definitions.shipped import FOLDERS, shipped_folder


def edited(folder: Path, *, where: str, pattern: str, by: str) -> Catalog:
    """A catalog in `folder`: in the files `where`, all that fits `pattern` is replaced."""
    for name in FOLDERS:
        shutil.copytree(shipped_folder() / name, folder / name)
    count = 0
    for file in folder.glob(where):
        text, found = re.subn(pattern, by, file.read_text("utf-8"))
        file.write_text(text, "utf-8")
        count += found
    assert count, f"{pattern} stands in no file {where}"
    return Catalog.load(folder)
