"""When to renew a connection's secret: told before it ends, on the page and by the doctor alike."""

from dataclasses import dataclass
from datetime import date, timedelta

REMINDED = timedelta(days=30)
"""How long before a secret ends its renewal is asked for."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is to be said about a secret.

    Attributes:
        sentence: When it ends, or ended.
        is_over: Whether it has ended.
        is_due: Whether it should be renewed now.
    """

    sentence: str
    is_over: bool
    is_due: bool


def reminder(expires_on: date, today: date) -> Reminder:
    """Return what to say today of a secret whose last day is known."""
    left = (expires_on - today).days
    if left < 0:
        return Reminder(f"its secret ended on {expires_on}", is_over=True, is_due=True)
    when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left:,} days"
    is_due = expires_on - today <= REMINDED
    return Reminder(f"its secret ends {when}, on {expires_on}", is_over=False, is_due=is_due)
