"""All failures of the control database.

ControlError
├── ChangedMeanwhileError     somebody else changed it since it was read
├── ControlUnavailableError   it cannot be opened, or stayed locked
├── InvalidInputError         something was given that is never taken
├── LastAdminError            a partner would have no admin left
├── LimitedAdminError         an admin that would see some tenants alone
├── NotInvitedError           an invitation that leads nowhere
├── NotPermittedError         a role that may not do it
├── PrivacyRequestError       a request that is unknown, over, or cannot be made so
│   └── ErasureUnderWayError      somebody else has asked to erase the same already
├── RestrictedError           data that is kept and may not be processed
├── ScanUnderWayError         somebody else's scan of the same waits or runs
├── SecretUnreadableError     a connection's secret is absent, damaged or another's
├── UnknownMemberError        no such member, address or tenant of a member
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


class ChangedMeanwhileError(ControlError):
    """Somebody else changed it since it was read; what they decided is kept."""


class InvalidInputError(ControlError):
    """Something was given that is never taken, such as an access key; it was not kept."""


class LastAdminError(ControlError):
    """A partner needs an admin; the last one hands over, or erases the partner."""


class LimitedAdminError(ControlError):
    """An admin sees every tenant: who decides what others may see cannot see less."""


class NotInvitedError(ControlError):
    """The invitation is unknown, used, revoked, expired, or somebody else's."""


class NotPermittedError(ControlError):
    """The role of whoever acts does not permit it."""


class UnknownMemberError(ControlError):
    """A partner has no such member or tenant, or an address is none or taken."""


class PrivacyRequestError(ControlError):
    """A privacy request is unknown, is over, or cannot be made in this way."""


class ErasureUnderWayError(PrivacyRequestError):
    """Somebody has asked to erase the same already; one erasure is enough."""


class RestrictedError(ControlError):
    """Processing is restricted, or was ended by an erasure; the data stays as it is."""


class ScanUnderWayError(ControlError):
    """A scan of the same tenant waits or runs; the message says who asked for it."""
