"""The replies that are shipped hold nothing that would stop their sending."""

from pathlib import Path

import pytest

from aftersales.definitions import text
from aftersales.definitions.notes import Notes
from aftersales.definitions.replies import read_replies
from aftersales.notifiers import check_template

FILES = sorted((Path(__file__).parents[2] / "replies").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_reply_is_allowed_and_needs_what_it_uses(path: Path) -> None:
    root, problems = text.read(path.read_text(encoding="utf-8"), path.name)
    assert not problems
    assert isinstance(root, text.Mapping)
    (replies,) = read_replies([root], Notes()).values()
    assert replies
    for reply in replies.values():
        for part in (reply.subject, reply.body):
            assert check_template(part, needs=reply.needs) == [], reply.name


def test_english_is_shipped() -> None:
    assert "en" in {path.stem for path in FILES}
