"""Refusals of the identity provider: on record, and no flood."""

from itertools import count
from pathlib import Path

from apps.dashboard.sign_in.turned_away import PER_MINUTE, TurnedAway
from control.directory import Directory
from pipeline.settings import Settings


def test_a_refusal_of_the_provider_stands_in_the_access_log(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)

    TurnedAway(settings).note("access_denied")

    with Directory(settings.control) as directory:
        (entry,) = directory.access_log("")
    assert (entry.action, entry.outcome, entry.detail) == (
        "sign in",
        "refused",
        "turned away: access_denied",
    )


def test_a_flood_of_refusals_is_counted_and_not_written(tmp_path: Path) -> None:
    settings, seconds = Settings(home=tmp_path), count()
    turned_away = TurnedAway(settings, lambda: float(next(seconds)))

    for _ in range(PER_MINUTE + 45):
        turned_away.note("access_denied")

    with Directory(settings.control) as directory:
        details = [entry.detail for entry in directory.access_log("")]
    left_out = 60 - PER_MINUTE
    told = f"turned away: access_denied, after {left_out} more that were not written"
    assert sorted(details) == ["turned away: access_denied"] * (len(details) - 1) + [told]
    assert len(details) == PER_MINUTE + 5
