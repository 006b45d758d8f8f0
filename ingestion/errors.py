"""All failures of ingestion.

IngestionError
├── SourceError           the source cannot be read at all; nothing of it landed
│   ├── UnreadableFileError   truncated, damaged, not text, not what its name says
│   └── IncompleteDeliveryError   a manifest names a file that is missing
├── UnknownFormatError    a readable file that is no cost export we know
├── RefusedDeliveryError  a good delivery that must not land (overlap, another export owns it)
├── InvalidNameError      a partner or tenant name that cannot become a path
├── InvalidAccessError    what should open a cloud cannot: no role, a key where a role belongs
├── ForbiddenOperationError   a request that our own list of operations does not hold; never sent
├── NothingToScanError    a tenant without a connection that can be opened
└── ProviderError         a cloud did not answer a call; says who must do what
    ├── TransientProviderError    timeouts, 5xx, half an answer: the next scan may succeed
    │   └── ThrottledError        it asked to wait for longer than a scan waits
    └── PermanentProviderError    nothing changes until a person acts
        ├── AccessDeniedError     the identity is refused, or lacks a permission
        └── DisabledScopeError    the account does not use the region, or no longer
"""

from typing import ClassVar


class IngestionError(Exception):
    """Something asked for did not land; the message says what and what to do."""


class SourceError(IngestionError):
    """The source cannot be read."""


class UnreadableFileError(SourceError):
    """One file is damaged or not what it seems."""


class IncompleteDeliveryError(SourceError):
    """A delivery lacks files that its manifest names."""


class UnknownFormatError(IngestionError):
    """A file that is no cost export we know."""


class RefusedDeliveryError(IngestionError):
    """A readable delivery that would count the same dollars twice."""


class InvalidNameError(IngestionError):
    """A partner, tenant or connection name that cannot become a path."""


class InvalidAccessError(IngestionError):
    """What should open a cloud cannot: no role, or a key where a role belongs."""


class NothingToScanError(IngestionError):
    """A tenant has no connection that can be opened, or not the one that was named."""


class ProviderError(IngestionError):
    """A cloud did not answer a call.

    Attributes:
        code: The provider's own code.
        message: What happened, as a fact that names account, region and permission.
        action: Who must do what.
        is_transient: Whether the next attempt may succeed without anyone acting.
    """

    is_transient: ClassVar[bool] = False

    def __init__(self, message: str, *, code: str, action: str) -> None:
        super().__init__(f"{message}; {action}")
        self.message = message
        self.code = code
        self.action = action


class TransientProviderError(ProviderError):
    """The provider could not answer now; the same call may succeed later."""

    is_transient: ClassVar[bool] = True


class ThrottledError(TransientProviderError):
    """The provider asked to wait for longer than a scan waits."""


class PermanentProviderError(ProviderError):
    """The provider refused for a reason that another attempt does not change."""


class AccessDeniedError(PermanentProviderError):
    """The identity is refused, or lacks a permission."""


class DisabledScopeError(PermanentProviderError):
    """The account does not use the region, or no longer."""


class ForbiddenOperationError(IngestionError):
    """A request that is not on the list of permitted operations; it was not sent."""
