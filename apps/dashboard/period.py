"""Periods of whole days, and the period that each is compared with."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

DEFAULT_PERIOD = "3-months"
CUSTOM_PERIOD = "custom"
PERIODS = {
    "this-month": "This month",
    "last-month": "Last month",
    "30-days": "Last 30 days",
    "3-months": "3 months",
    "6-months": "6 months",
    "12-months": "12 months",
    CUSTOM_PERIOD: "Other dates",
}


@dataclass(frozen=True)
class Span:
    """Whole days, both included."""

    first: date
    last: date

    @property
    def day_count(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


def span_of(period: str, newest: date) -> Span:
    """Return the days of a named period that ends with the newest day of the data."""
    month_start = newest.replace(day=1)
    if period == "30-days":
        return Span(newest - timedelta(days=29), newest)
    if period == "last-month":
        return Span(months_back(month_start, 1), month_start - timedelta(days=1))
    months = {"this-month": 1, "6-months": 6, "12-months": 12}.get(period, 3)
    return Span(months_back(month_start, months - 1), newest)


def before(span: Span) -> Span:
    """Return the period to compare with: as many months or, failing that, days before.

    A period that starts with a month is compared with the same days of the months before it.
    """
    if span.first.day != 1:
        return Span(span.first - timedelta(days=span.day_count), span.first - timedelta(days=1))
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    is_whole = span.last.day == _last_day(span.last)
    last = months_back(span.last, months)
    return Span(
        months_back(span.first, months), last.replace(day=_last_day(last)) if is_whole else last
    )


def months_back(day: date, months: int) -> date:
    """Return the same day some months earlier, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    start = date(index // 12, index % 12 + 1, 1)
    return start.replace(day=min(day.day, _last_day(start)))


def _last_day(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]
