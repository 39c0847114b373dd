"""Where the shipped definitions are: in a wheel, an sdist and an editable install alike."""

from importlib.resources import files
from pathlib import Path

FOLDERS = ("workflows", "policies", "replies")


def shipped_folder() -> Path:
    """The folder that holds the shipped workflows/, policies/ and replies/.

    A wheel carries them inside the package; an editable install and an sdist read them where
    they stand, at the top of the repository. FileNotFoundError if the installation has neither.
    """
    package = Path(str(files("aftersales")))
    for folder in (package / "shipped", package.parent.parent):
        if all((folder / name).is_dir() for name in FOLDERS):
            return folder
    raise FileNotFoundError(f"no workflows, policies and replies beside {package}; reinstall")
