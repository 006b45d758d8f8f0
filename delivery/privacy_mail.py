"""What whoever made a privacy request is told by mail."""

from control.privacy_records import PrivacyRequest
from delivery.mail import Sender, text_message


def tell_extended(sender: Sender | None, request: PrivacyRequest) -> bool:
    """Tell that a request takes longer, and why (GDPR, Article 12(3)); say whether it was told.

    Args:
        sender: What sends mail; None where nothing does.
        request: The request, extended; who asked may be a name, and has then to be told otherwise.

    Raises:
        MailError: The message was not taken; the extension holds.
    """
    if sender is None or "@" not in request.requested_by:
        return False
    text = (
        f"Your request of {request.received_at:%d %B %Y} ({request.kind}, number "
        f"{request.request_id}) takes longer than one month.\n\n"
        f"Why: {request.extension_reason}\n\n"
        f"It will be answered by {request.due_at:%d %B %Y}. You can lodge a complaint with a "
        "supervisory authority, or seek a judicial remedy.\n"
    )
    subject = "Your privacy request takes longer"
    sender.send(text_message(request.requested_by, subject, text))
    return True
