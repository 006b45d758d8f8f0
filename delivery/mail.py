"""E-mail over SMTP; configured by `CLOUDPRUNE_SMTP_*` variables."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Literal, Protocol

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from delivery.errors import MailError


class Sender(Protocol):
    """Whatever sends a message."""

    def send(self, message: EmailMessage) -> None:
        """Send a message to whom it names.

        Raises:
            MailError: It was not taken.
        """


class MailSettings(BaseSettings):
    """The mail server.

    Attributes:
        host: Its name; without one nothing is sent.
        port: Where it listens.
        security: `starttls`, `tls` from the first byte, or `none`, for a server on this computer.
        user: Name to log in with; empty for no login.
        password: Its password.
        sender: Address that messages are from.
        timeout_s: Longest wait for an answer, seconds.
    """

    model_config = SettingsConfigDict(env_prefix="CLOUDPRUNE_SMTP_", frozen=True)

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = ""
    timeout_s: float = 20.0


class SmtpSender:
    """Sends through one server; a connection per message.

    Args:
        settings: The server.

    Raises:
        MailError: The settings name no sender's address.
    """

    def __init__(self, settings: MailSettings) -> None:
        if "@" not in parseaddr(settings.sender)[1]:
            raise MailError("CLOUDPRUNE_SMTP_SENDER has to be the address that mail is from")
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        """Send a message; its sender, date and identity are filled in.

        Raises:
            MailError: The server was not reached, or did not take it.
        """
        message["From"] = self._settings.sender
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=parseaddr(self._settings.sender)[1].split("@")[1])
        try:
            with self._connected() as server:
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            where = f"{self._settings.host}:{self._settings.port}"
            raise MailError(
                f"the mail server {where} did not take the message ({type(error).__name__}: "
                f"{_reason(error)}); check CLOUDPRUNE_SMTP_*"
            ) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        settings, context = self._settings, ssl.create_default_context()
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout_s, context=context
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
        with server:
            if settings.security == "starttls":
                server.starttls(context=context)
            if settings.user:
                server.login(settings.user, settings.password.get_secret_value())
            yield server


def configured_sender() -> Sender | None:
    """Return what sends mail, or None where no mail server is configured.

    Raises:
        MailError: One is configured in part.
    """
    settings = MailSettings()
    return SmtpSender(settings) if settings.host else None


def text_message(to: str, subject: str, text: str) -> EmailMessage:
    """Return a message in plain text.

    Raises:
        MailError: The address or the subject has a line break in it.
    """
    message = EmailMessage()
    try:
        message["To"] = to
        message["Subject"] = subject
    except ValueError as error:
        raise MailError("an address or a subject cannot have a line break") from error
    message.set_content(text)
    return message


def _reason(error: Exception) -> str:
    """Return what a server said, without what was sent to it."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {text}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "it refused the address"
    return str(error)
