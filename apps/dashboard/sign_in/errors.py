"""Why somebody may not enter.

RefusedError             the sign-in lacks something; the message says what and what to do
SignInSettingsError      the identity provider is configured in part, or wrongly
"""


class RefusedError(Exception):
    """Somebody signed in and may not enter.

    Attributes:
        reason: A few words for the access log.
        partner_id: The partner that was meant; empty where none is known.
        can_retry: Whether signing in again can help.
        is_ours: Whether the token is of our provider and for us, whatever else is wrong.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        partner_id: str = "",
        can_retry: bool = True,
        is_ours: bool = True,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.partner_id = partner_id
        self.can_retry = can_retry
        self.is_ours = is_ours


class SignInSettingsError(Exception):
    """The identity provider is configured in part, or wrongly; the message says what is missing."""
