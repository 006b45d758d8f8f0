"""Where resources are made: whose they are, and what time the estate shows."""

from dataclasses import dataclass
from datetime import date, timedelta

from estate.model import Account


@dataclass(frozen=True, slots=True)
class Setting:
    """The frame of one billing scope's resources.

    Attributes:
        seed: Text that names the scope; equal ones give equal resources.
        first_day: First day of the first billing period.
        last_day: Last day with charges, not complete.
        mover: What changes near the end.
        event_date: Day of that change.
    """

    seed: str
    provider: str
    accounts: tuple[Account, ...]
    first_day: date
    last_day: date
    mover: str
    event_date: date

    @property
    def scan_day(self) -> date:
        """The day on which the clouds are scanned: the first one without charges."""
        return self.last_day + timedelta(days=1)

    def days_ago(self, days: int) -> date:
        """Return the day that lies so many days before the scan."""
        return self.scan_day - timedelta(days=days)
