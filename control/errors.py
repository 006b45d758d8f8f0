"""All failures of the control database.

ControlError
├── ControlUnavailableError   it cannot be opened, or stayed locked
├── SecretUnreadableError     a connection's secret is absent, damaged or another's
└── UnknownParentError        a record of a tenant or connection that does not exist
"""


class ControlError(Exception):
    """The control database did not do what was asked; the message says what and what to do."""


class ControlUnavailableError(ControlError):
    """The database cannot be opened, is damaged, or stayed locked by another process."""


class UnknownParentError(ControlError):
    """The tenant or connection that a record belongs to does not exist."""


class SecretUnreadableError(ControlError):
    """A connection's secret is absent, damaged, or was sealed for another connection."""
