"""`aftersales calendar ...` as it is typed, and what it prints."""

import json
import shlex

import pytest

from aftersales.cli.main import main


class Typed:
    """Runs commands as they are typed, and keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, line: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["calendar", *shlex.split(line)])
        printed = self._capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    def page(self, line: str) -> list[str]:
        code, out, err = self(line)
        assert (code, err) == (0, "")
        return out.splitlines()

    def data(self, line: str) -> dict[str, object]:
        return json.loads("\n".join(self.page(f"{line} --json")))  # type: ignore[no-any-return]
