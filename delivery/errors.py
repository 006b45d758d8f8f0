"""All failures of delivery.

DeliveryError
└── MailError     a message could not be sent, or nobody said by whom
"""


class DeliveryError(Exception):
    """Something did not reach whom it was for; the message says what to do."""


class MailError(DeliveryError):
    """A message could not be sent, or mail is configured in part."""
