"""The example of a calendar alone prints what its page says, and its answers are so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples" / "calendar_alone"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_script_prints_what_its_page_says(tmp_path: Path) -> None:
    command = [sys.executable, str(FOLDER / "when_due.py")]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    printed = re.search(r"```console\n\$ python [^\n]+\n(.*?)```", PAGE, re.S)
    assert printed is not None
    assert run.stdout == printed[1]


def test_the_script_has_about_ten_lines_and_opens_no_database() -> None:
    lines = (FOLDER / "when_due.py").read_text(encoding="utf-8").splitlines()
    code = [line for line in lines if line and not line.startswith(("from ", '"""'))]
    assert len(code) <= 10
    asked = "import sys, runpy; runpy.run_path(sys.argv[1]); sys.exit('sqlalchemy' in sys.modules)"
    command = [sys.executable, "-c", asked, str(FOLDER / "when_due.py")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_each_answer_in_the_page_is_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    printed = re.search(r"```python\n(.*?)```", PAGE, re.S)
    assert printed is not None
    names: dict[str, object] = {}
    answered = 0
    for line in printed[1].splitlines():
        question, _, told = line.partition("  # ")
        if not told:
            exec(line, names)
            continue
        answer = str(eval(question.rstrip().rstrip("#"), names))
        assert re.match(rf"\s*{re.escape(answer)}($|[:,])", told), f"{question}: {answer}"
        answered += 1
    assert answered == 7
