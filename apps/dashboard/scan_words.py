"""How scans are put into words."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from apps.dashboard import format as fmt
from control.records import Scan
from control.scan_states import ScanState

STATUS = {
    ScanState.REQUESTED: "queued",
    ScanState.RUNNING: "running",
    ScanState.COMPLETE: "whole",
    ScanState.PARTIAL: "partial",
    ScanState.FAILED: "failed",
    ScanState.INTERRUPTED: "interrupted",
    ScanState.CANCELLED: "cancelled",
}
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("All", ()),
    "whole": ("Whole", (ScanState.COMPLETE.value,)),
    "partial": ("Partial", (ScanState.PARTIAL.value,)),
    "failed": ("Failed", (ScanState.FAILED.value,)),
    "interrupted": ("Interrupted", (ScanState.INTERRUPTED.value,)),
    "cancelled": ("Cancelled", (ScanState.CANCELLED.value,)),
}
"""What the history can be filtered by: words on the page and states, by value in the address."""


def places(scan: Scan) -> str:
    """Return `420`, or `412 of 420` where not all answered; a place is a table of one region."""
    if scan.done_count == scan.total_count:
        return fmt.count(scan.total_count)
    return f"{scan.done_count:,} of {scan.total_count:,}"


def took(scan: Scan, now: datetime) -> str:
    """Return how long a scan took, or runs already; nothing where it never began."""
    if scan.started_at is None:
        return "\N{EN DASH}"
    return fmt.duration(scan.started_at, scan.finished_at or now)


def progress(scan: Scan, now: datetime) -> str:
    """Return how far a scan is, in a line."""
    if scan.status == ScanState.REQUESTED:
        return "waits to begin"
    if scan.status == ScanState.RUNNING and not scan.total_count:
        return f"asking for its regions, {took(scan, now)}"
    parts = [
        f"{places(scan)} places asked",
        fmt.counted(scan.resource_count, "resource"),
        fmt.counted(scan.call_count, "call"),
        took(scan, now),
    ]
    word = "" if scan.status == ScanState.RUNNING else f"{STATUS[ScanState(scan.status)]}: "
    return word + ", ".join(parts)


def summary(scans: Sequence[Scan]) -> str:
    """Return what a tenant's scans are and saw, in a line."""
    counts = Counter(STATUS[ScanState(scan.status)] for scan in scans)
    parts = [f"{fmt.counted(count, 'connection')} {word}" for word, count in counts.items()]
    resource_count = sum(scan.resource_count for scan in scans)
    call_count = sum(scan.call_count for scan in scans)
    if call_count:
        parts += [fmt.counted(resource_count, "resource"), fmt.counted(call_count, "call")]
    return ", ".join(parts)


def sentence(text: str) -> str:
    """Return a fact in lower case as a sentence."""
    trimmed = text.strip().rstrip(".")
    return f"{trimmed[:1].upper()}{trimmed[1:]}."
