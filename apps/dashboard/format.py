"""The one way figures, dates and ages are written on a page, in a tooltip and in a chart."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

UNKNOWN = "unknown"
NONE = "(none)"
_DASH = "\N{EN DASH}"
_CENT = Decimal("0.01")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AGES = ((86_400 * 2, 86_400, "days"), (3_600 * 2, 3_600, "hours"), (120, 60, "minutes"))


def amount(value: Decimal | None) -> str:
    """Return `1,234.56`; an amount that rounds to nothing but is something is `<0.01`."""
    if value is None:
        return UNKNOWN
    if value and abs(value) < _CENT / 2:
        return "<0.01" if value > 0 else ">-0.01"
    return f"{value.quantize(_CENT, ROUND_HALF_UP):,}"


def money(value: Decimal | None, currency: str) -> str:
    """Return `1,234.56 EUR`."""
    return UNKNOWN if value is None else f"{amount(value)} {currency}"


def signed_amount(value: Decimal | None) -> str:
    """Return `+1,234.56`, `-1,234.56` or `0.00`."""
    return f"+{amount(value)}" if value is not None and value > 0 else amount(value)


def change(current: Decimal | None, previous: Decimal | None, currency: str) -> str:
    """Return `+12.30 EUR (+4.1%)`."""
    if current is None or previous is None:
        return UNKNOWN
    return f"{signed_amount(current - previous)} {currency} ({change_ratio(current, previous)})"


def change_ratio(current: Decimal | None, previous: Decimal | None) -> str:
    """Return `+4.1%`; `new` where there was nothing before."""
    if current is None or previous is None:
        return UNKNOWN
    if previous == 0:
        return "new" if current else "0.0%"
    ratio = (current - previous) / abs(previous)
    text = percent(ratio)
    return f"+{text}" if ratio > 0 and text != "0.0%" else text


def percent(ratio: Decimal | None) -> str:
    """Return `12.3%` for 0.123."""
    if ratio is None:
        return UNKNOWN
    rounded = (ratio * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,}%"


def share(part: Decimal | None, whole: Decimal) -> Decimal | None:
    """Return the ratio of a part to a whole; none where it has no meaning."""
    return part / whole if part is not None and whole else None


def figure(value: float | None, unit: str | None = None) -> str:
    """Return a measured figure such as `3.25 %` or `1,200 Bytes`; amounts are not figures."""
    if value is None:
        return UNKNOWN
    if value and abs(value) < 0.01:
        text = "<0.01" if value > 0 else ">-0.01"
    else:
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{text} {unit}" if unit else text


def count(value: int | None) -> str:
    """Return `1,234`."""
    return UNKNOWN if value is None else f"{value:,}"


def counted(value: int, noun: str) -> str:
    """Return `1 line` or `1,234 lines`."""
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def day(value: date | None) -> str:
    """Return `14 Nov 2026`."""
    return UNKNOWN if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def span(first: str, last: str) -> str:
    """Return two ends of a range with a dash between them."""
    return f"{first} {_DASH} {last}"


def days(first: date, last: date) -> str:
    """Return `1-14 Nov 2026` with an en dash, both days included, repeating only what differs."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{_DASH}{day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} {_DASH} {day(last)}"
    return span(day(first), day(last))


def month(value: date | str | None) -> str:
    """Return `Nov 2026` for a date or a billing period `2026-11`."""
    if value is None:
        return UNKNOWN
    year, number = (value.year, value.month) if isinstance(value, date) else _period(value)
    return f"{_MONTHS[number - 1]} {year}"


def instant(value: datetime | None) -> str:
    """Return `14 Nov 2026 09:30 UTC`."""
    if value is None:
        return UNKNOWN
    moment = utc(value)
    return f"{day(moment.date())} {moment:%H:%M} UTC"


def age(value: datetime | None, now: datetime) -> str:
    """Return `3 hours ago`."""
    if value is None:
        return UNKNOWN
    seconds = int((now - utc(value)).total_seconds())
    for at_least, unit, noun in _AGES:
        if seconds >= at_least:
            return f"{seconds // unit:,} {noun} ago"
    return "just now"


def duration(started: datetime | None, ended: datetime | None) -> str:
    """Return `42 s` or `12 min`."""
    if started is None or ended is None:
        return UNKNOWN
    seconds = max(int((utc(ended) - utc(started)).total_seconds()), 0)
    return f"{seconds:,} s" if seconds < 120 else f"{seconds // 60:,} min"


def utc(value: datetime) -> datetime:
    """Return an instant with its zone; one without a zone is UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text(value: str | None) -> str:
    """Return a value from the data for display; what is empty is said."""
    return value or NONE


def byte_count(value: int | None) -> str:
    """Return `1.2 MB`."""
    if value is None:
        return UNKNOWN
    size = float(value)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"


def _period(value: str) -> tuple[int, int]:
    year, number = value.split("-")[:2]
    return int(year), int(number)
