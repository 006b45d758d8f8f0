"""When a secret's end is told."""

from datetime import date, timedelta

import pytest

from control.secret_expiry import reminder

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "words", "is_due", "is_over"),
    [
        (31, "in 31 days, on 2026-12-25", False, False),
        (30, "in 30 days", True, False),
        (1, "tomorrow", True, False),
        (0, "ends today", True, False),
        (-1, "ended on 2026-11-23", True, True),
    ],
)
def test_the_end_is_told_from_thirty_days_before(
    days: int, words: str, is_due: bool, is_over: bool
) -> None:
    found = reminder(TODAY + timedelta(days=days), TODAY)

    assert words in found.sentence
    assert (found.is_due, found.is_over) == (is_due, is_over)
