"""How far the data is behind the present."""

from datetime import UTC, date, datetime, timedelta

LATE_AFTER_DAYS = 2


def now() -> datetime:
    """Return the present, which freshness is measured against; never cached."""
    return datetime.now(UTC)


def days_behind(newest: date | None, present: datetime) -> int | None:
    """Return how many whole days of cost are missing before today."""
    if newest is None:
        return None
    return max((present.date() - timedelta(days=1) - newest).days, 0)


def is_late(newest: date | None, present: datetime) -> bool:
    """Return whether the newest day of cost is older than providers usually take."""
    behind = days_behind(newest, present)
    return behind is None or behind > LATE_AFTER_DAYS


def behind(newest: date | None, present: datetime) -> str:
    """Return `up to date` or `3 days behind`."""
    days = days_behind(newest, present)
    if days is None:
        return "unknown"
    if not is_late(newest, present):
        return "up to date"
    return f"{days:,} days behind"
