import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from aftersales.definitions import shipped
from aftersales.definitions.shipped import FOLDERS, shipped_folder

REPOSITORY = Path(__file__).resolve().parents[2]
KINDS = """
from aftersales.definitions import Catalog
from aftersales.definitions.problem_pages import codes, page_of
print(*Catalog.load().kinds, *codes(), page_of("c203").split()[1])
"""


def built(target: str, folder: Path) -> Path:
    """The wheel or sdist of this repository."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    (made,) = folder.iterdir()
    return made


def kinds_found(source: Path, working_in: Path) -> list[str]:
    """The kinds that a fresh interpreter finds when it imports the package from `source`."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(
        [sys.executable, "-c", KINDS],
        cwd=working_in,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_an_editable_install_reads_the_definitions_where_they_stand() -> None:
    assert shipped_folder() == REPOSITORY


def test_a_wheel_carries_the_definitions_and_the_pages_of_problems(tmp_path: Path) -> None:
    zipfile.ZipFile(built("wheel", tmp_path / "dist")).extractall(tmp_path / "wheel")
    assert {"damaged", "C203", "C203:"} <= set(kinds_found(tmp_path / "wheel", tmp_path))


def test_an_sdist_carries_the_definitions_and_the_pages_of_problems(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path / "dist")) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("aftersales-*")
    assert {"damaged", "C203", "C203:"} <= set(kinds_found(unpacked / "src", tmp_path))


def test_an_installation_without_definitions_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "aftersales"
    monkeypatch.setattr(shipped, "files", lambda _: package)
    with pytest.raises(FileNotFoundError, match="reinstall"):
        shipped_folder()
    for name in FOLDERS:
        (package / "shipped" / name).mkdir(parents=True)
    assert shipped_folder() == package / "shipped"
