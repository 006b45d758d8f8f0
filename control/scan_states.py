"""Where a scan is, and when its worker is taken for dead."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, func, update

from control.models import ScanRow

SILENT_AFTER = timedelta(seconds=60)
"""How long a worker may give no sign of life; it gives one every few seconds."""


class ScanState(StrEnum):
    """Where a scan is."""

    REQUESTED = "requested"
    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


def interrupt(transaction: Connection, condition: ColumnElement[bool], now: datetime) -> int:
    """Mark the running scans of which something holds as interrupted; return how many."""
    done = transaction.execute(
        update(ScanRow)
        .where(ScanRow.status == ScanState.RUNNING.value, condition)
        .values(
            status=ScanState.INTERRUPTED.value,
            finished_at=now,
            message="the scan was stopped before it ended; scan again",
        )
    )
    return done.rowcount


def interrupt_silent(transaction: Connection, partner_id: str, now: datetime) -> int:
    """Mark a partner's running scans whose worker is silent as interrupted; return how many."""
    return interrupt(transaction, is_silent(partner_id, now), now)


def is_silent(partner_id: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a partner's scan began and its worker gives no sign of life."""
    last_sign = func.coalesce(ScanRow.alive_at, ScanRow.started_at)
    return and_(ScanRow.partner_id == partner_id, last_sign < now - SILENT_AFTER)
