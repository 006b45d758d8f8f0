"""The link of an invitation, and the message that carries it."""

from dataclasses import dataclass

from apps.dashboard.sign_in.way import INVITATION_PARAM
from control.invitations import INVITED_FOR
from delivery.mail import Sender, text_message


@dataclass(frozen=True)
class Invited:
    """An invitation as it is told.

    Attributes:
        email: Who is invited.
        link: Where the person goes; a secret.
        is_sent: Whether a message carried it.
    """

    email: str
    link: str
    is_sent: bool


def invitation_link(base_url: str, token: str) -> str:
    """Return the address that makes its reader a member."""
    return f"{base_url}/?{INVITATION_PARAM}={token}"


def tell_invited(
    sender: Sender | None,
    email: str,
    link: str,
    *,
    partner_name: str,
    invited_by: str,
    contact: str = "",
) -> Invited:
    """Send an invitation, if there is something to send it with.

    Args:
        sender: What sends it; None for nothing.
        email: Who is invited.
        link: Where the person goes.
        partner_name: What the partner is called.
        invited_by: Who invites.
        contact: How the partner is reached, where it says so.

    Raises:
        MailError: It was not taken; the invitation holds, and its link can be passed on.
    """
    if sender is None:
        return Invited(email, link, is_sent=False)
    asking = f"\nQuestions? {partner_name}: {contact}\n" if contact else ""
    text = (
        f"{invited_by} invites you to {partner_name} on CloudPrune.\n\n"
        f"Open this link within {INVITED_FOR.days} days and sign in with this address:\n\n"
        f"{link}\n\n"
        "The link is for you alone. If you did not expect it, do nothing.\n"
        f"{asking}"
    )
    sender.send(text_message(email, f"Invitation to {partner_name} on CloudPrune", text))
    return Invited(email, link, is_sent=True)
