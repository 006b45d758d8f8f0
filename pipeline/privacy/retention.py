"""Deletes what is older than it may be: every day, whoever runs it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from control.directory import Directory
from pipeline.backup.retention import cut_backups
from pipeline.privacy.archives import cut_archives
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """How many things were too old.

    Attributes:
        access_log_entries: Older than 90 days.
        invitations: Expired, and not accepted, 30 days ago.
        backups: Older than 30 days, or never finished.
        archives: Waited for a week to be fetched.
    """

    access_log_entries: int
    invitations: int
    backups: int
    archives: int

    def counts(self) -> dict[str, int]:
        """Return them by name."""
        return asdict(self)


def keep_retention(settings: Settings, *, now: datetime | None = None) -> RetentionReport:
    """Delete what is too old; again does no harm.

    Raises:
        ControlUnavailableError: The control database cannot be written.
        SourceError: The backups do not answer.
    """
    at = now or datetime.now(UTC)
    with Directory(settings.control) as directory:
        entries = directory.cut_access_log(at)
        invitations = directory.cut_invitations(at)
        if entries or invitations:
            directory.scrub()
    return RetentionReport(
        entries, invitations, cut_backups(settings, at), cut_archives(settings, at)
    )
