"""What `aftersales calendar` says of clocks that skip a time, and of days nobody announced yet."""

import pytest
from typed_calendar import Typed


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typed(capsys)


@pytest.mark.parametrize(
    ("line", "due", "told"),
    [
        ("'2027-03-27 01:30'", "02:30", "the clocks skip 01:30 that day: it is due at 02:30"),
        (
            "'2027-10-30 01:30'",
            "01:30",
            "the clocks show 01:30 twice that day: the second is meant",
        ),
        ("'2027-03-26 01:30'", "01:30", ""),
    ],
)
def test_the_same_time_that_is_skipped_or_there_twice_is_told(
    line: str, due: str, told: str, typed: Typed
) -> None:
    page = typed.page(f"add 1 day --from {line} --due-at same_time --calendar desk_gb --explain")
    assert f", {due} (" in page[0]
    assert (told in page) if told else not any("the clocks" in row for row in page)


def test_a_platform_whose_frozen_days_are_not_announced_says_so(typed: Typed) -> None:
    note = "provisional: the frozen days of 2027 are not known yet"
    assert note in typed.page('add 7 days --from "2027-01-04 10:00" --calendar platform_jd')
    shown = typed.page("show platform_jd --month 2027-02")
    assert "the frozen days of 2027 are not known yet: due dates in it are provisional" in shown
    assert "the frozen days of 2019 are announced" in typed.page("show platform_jd --year 2019")
