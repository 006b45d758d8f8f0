"""Mail through a real SMTP server on loopback."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from pydantic import SecretStr

from apps.dashboard.invitations import invitation_link, tell_invited
from control.directory import Directory
from control.privacy_records import RequestKind, Subject, SubjectKind
from delivery.errors import MailError
from delivery.mail import MailSettings, SmtpSender, configured_sender, text_message
from delivery.privacy_mail import tell_extended
from tests.servers import free_port

pytestmark = pytest.mark.integration

PASSWORD = "of-the-tests"


class Inbox:
    """Takes every message, but those for one address."""

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], Message]] = []

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append((envelope.rcpt_tos, message_from_bytes(content)))
        return "250 OK"


def check_login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    is_known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=is_known, handled=False)


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailSettings]]:
    handler, port = Inbox(), free_port()
    server = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        authenticator=check_login,
        auth_require_tls=False,
    )
    server.start()
    settings = MailSettings(
        host="127.0.0.1", port=port, security="none", sender="CloudPrune <app@acme.test>"
    )
    try:
        yield handler, settings
    finally:
        server.stop()


def test_an_invitation_arrives_with_its_link(inbox: tuple[Inbox, MailSettings]) -> None:
    handler, settings = inbox
    link = invitation_link("https://app.acme.test", "secret-token")

    told = tell_invited(
        SmtpSender(settings),
        "ada@acme.test",
        link,
        partner_name="northwind",
        invited_by="Bob Bé",
        contact="finops@nw.test",
    )

    ((to, message),) = handler.messages
    text = message.get_payload(decode=True)
    assert told.is_sent
    assert to == ["ada@acme.test"]
    assert message["From"] == "CloudPrune <app@acme.test>"
    assert message["Date"]
    assert message["Message-ID"].endswith("@acme.test>")
    assert isinstance(text, bytes)
    assert "https://app.acme.test/?invitation=secret-token" in text.decode()
    assert "Bob Bé invites you to northwind" in text.decode()
    assert "Questions? northwind: finops@nw.test" in text.decode()


def test_a_login_is_made_where_one_is_set(inbox: tuple[Inbox, MailSettings]) -> None:
    handler, settings = inbox
    known = settings.model_copy(update={"user": "app", "password": SecretStr(PASSWORD)})
    wrong = known.model_copy(update={"password": SecretStr("wrong")})

    SmtpSender(known).send(text_message("a@b.test", "s", "t"))
    with pytest.raises(MailError, match="535"):
        SmtpSender(wrong).send(text_message("a@b.test", "s", "t"))

    assert len(handler.messages) == 1


@pytest.mark.parametrize(
    ("changed", "to", "told"),
    [
        ({}, "nobody@b.test", "refused the address"),
        ({"port": 1}, "a@b.test", "ConnectionRefusedError"),
        ({"security": "starttls"}, "a@b.test", "SMTPNotSupportedError"),
        ({"security": "tls", "timeout_s": 2.0}, "a@b.test", "127.0.0.1"),
    ],
)
def test_what_is_not_taken_is_told(
    changed: dict[str, object], to: str, told: str, inbox: tuple[Inbox, MailSettings]
) -> None:
    handler, settings = inbox

    with pytest.raises(MailError, match=told) as caught:
        SmtpSender(settings.model_copy(update=changed)).send(text_message(to, "s", "the secret"))

    assert "the secret" not in str(caught.value)
    assert handler.messages == []


def test_no_header_can_be_added_through_an_address_or_a_subject() -> None:
    with pytest.raises(MailError, match="line break"):
        text_message("a@b.test\nBcc: c@d.test", "s", "t")
    with pytest.raises(MailError, match="line break"):
        text_message("a@b.test", "s\r\nBcc: c@d.test", "t")


def test_without_a_server_there_is_no_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDPRUNE_SMTP_HOST", raising=False)
    assert configured_sender() is None

    monkeypatch.setenv("CLOUDPRUNE_SMTP_HOST", "mail.acme.test")
    with pytest.raises(MailError, match="CLOUDPRUNE_SMTP_SENDER"):
        configured_sender()


def test_without_a_sender_the_link_is_passed_on() -> None:
    told = tell_invited(None, "a@b.test", "link", partner_name="p", invited_by="b")

    assert (told.is_sent, told.link) == (False, "link")
    assert isinstance(text_message("a@b.test", "s", "t"), EmailMessage)


def test_who_asked_is_told_that_a_request_takes_longer(
    inbox: tuple[Inbox, MailSettings], tmp_path: Path
) -> None:
    handler, settings = inbox
    with Directory(f"sqlite:///{tmp_path / 'control.db'}") as directory:
        directory.ensure_partner("acme")
        subject = Subject(SubjectKind.PARTNER, "acme")
        requests = [
            directory.request_privacy(subject, RequestKind.OBJECTION, requested_by=who)
            for who in ("ada@acme.test", "Ada, by letter")
        ]
        mailed, written = (
            directory.extend_request("acme", each.request_id, "many archives") for each in requests
        )

    assert tell_extended(SmtpSender(settings), mailed)
    assert not tell_extended(SmtpSender(settings), written)
    assert not tell_extended(None, mailed)

    ((to, message),) = handler.messages
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert to == ["ada@acme.test"]
    assert "many archives" in text.decode()
    assert f"by {mailed.due_at:%d %B %Y}" in text.decode()
