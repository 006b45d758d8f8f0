"""What a refusal of Azure means: a kind, a code, a sentence, and who must do what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from ingestion.errors import (
    AccessDeniedError,
    PermanentProviderError,
    ProviderError,
    ThrottledError,
    TransientProviderError,
)

NOT_VISIBLE = "NotVisible"
"""Our code of a subscription that is not among those that Azure shows the principal."""

_NO_SUCH_DIRECTORY = "AADSTS90002"
_NO_AUTHORITY = "Unable to get authority configuration"  # how the SDK tells of that directory
_AADSTS = re.compile(r"AADSTS\d+")
_THROTTLED = {429, 529}  # Azure Monitor answers 529 when it is overloaded
_CONNECT_AGAIN = (
    "an administrator of directory {directory_id} creates a new secret for application {client_id} "
    "(Entra ID, App registrations, Certificates & secrets) and connects again with it"
)
_NO_TRUST = (
    "the application does not trust us by the name of this tenant",
    "an administrator of directory {directory_id} runs the script of this tenant, which gives "
    "application {client_id} the federated credential that belongs here, also in the place of one "
    "that it gave before",
)
_OUR_TOKEN = (
    "Azure could not check the token that this installation signed",
    "nothing is to be changed in directory {directory_id}: whoever runs this installation looks "
    "whether its clock is right, and whether what `cloudprune connect issuer` writes can be read "
    "below CLOUDPRUNE_AZURE_ISSUER; after it is published again, Azure reads it within a day",
)
_SIGN_IN = {
    "AADSTS7000215": ("the client secret is wrong", _CONNECT_AGAIN),
    "AADSTS7000222": ("the client secret has expired", _CONNECT_AGAIN),
    "AADSTS700016": (
        "the directory does not know the application",
        "check the application's id {client_id}, or let an administrator register it in "
        "directory {directory_id}",
    ),
    "AADSTS700211": _NO_TRUST,
    "AADSTS700212": _NO_TRUST,
    "AADSTS700213": _NO_TRUST,
    "AADSTS50166": _OUR_TOKEN,
    "AADSTS90061": _OUR_TOKEN,
    "AADSTS700024": _OUR_TOKEN,
    "AADSTS700027": _OUR_TOKEN,
    _NO_SUCH_DIRECTORY: (
        "there is no such directory",
        "check the directory's id {directory_id} and connect again",
    ),
}
_OTHER_SIGN_IN = (
    "Azure did not accept the application's sign-in",
    "an administrator of directory {directory_id} checks application {client_id}, its secret and "
    "its conditional access, and connects again",
)
_REACH = (
    "check that this machine reaches login.microsoftonline.com, management.azure.com and "
    "*.metrics.monitor.azure.com over HTTPS, then scan again"
)


class IncompleteAnswerError(Exception):
    """Azure answered, but not all of it."""


class MetricRefusedError(Exception):
    """Azure answered a call, but not for every metric.

    Attributes:
        codes: Azure's error, by metric.
    """

    def __init__(self, codes: Mapping[str, str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = dict(codes)


READ_ERRORS = (AzureError, IncompleteAnswerError, MetricRefusedError)
"""What reading Azure may end in."""


@dataclass(frozen=True, slots=True)
class Translator:
    """Says what a refusal means to the people of one connection.

    The SDK's own text, which may hold anything, is never passed on.

    Attributes:
        directory_id: Entra tenant of the principal.
        client_id: Application that asks.
    """

    directory_id: str
    client_id: str

    def translated(self, error: Exception, *permissions: str) -> ProviderError:
        """Return an error of a read in our words.

        Args:
            error: One of `READ_ERRORS`.
            permissions: What a role must allow for what was asked.
        """
        if isinstance(error, ClientAuthenticationError):
            return self._sign_in(error)
        if isinstance(error, HttpResponseError):
            return self._refusal(error, permissions)
        if isinstance(error, MetricRefusedError):
            return _unanswered(error)
        if isinstance(error, IncompleteAnswerError):
            return TransientProviderError(str(error), code="IncompleteAnswer", action="scan again")
        return TransientProviderError(
            "Azure could not be reached", code=type(error).__name__, action=_REACH
        )

    def denied(self, code: str, permissions: Sequence[str], *, scope: str = "") -> ProviderError:
        """Return the refusal of a principal without access."""
        place = f" on subscription {scope}" if scope else ""
        return AccessDeniedError(
            f"application {self.client_id} lacks {', '.join(permissions)}{place}",
            code=code,
            action=f"an owner of the subscription assigns Reader, or the role that `cloudprune "
            f"permissions azure` prints, to application {self.client_id}",
        )

    def lost(self, subscription: str) -> ProviderError:
        """Return the refusal of a subscription that earlier scans could see."""
        return AccessDeniedError(
            f"application {self.client_id} cannot see subscription {subscription} any more",
            code=NOT_VISIBLE,
            action=f"an owner of the subscription assigns Reader to application {self.client_id} "
            "again; if the subscription was closed, connect again and declare those that are left "
            "with --subscription",
        )

    def _sign_in(self, error: ClientAuthenticationError) -> ProviderError:
        found = _AADSTS.search(str(error))
        code = found.group() if found else _NO_SUCH_DIRECTORY
        if not found and _NO_AUTHORITY not in str(error):
            code = "Unauthorized"
        message, action = _SIGN_IN.get(code, _OTHER_SIGN_IN)
        known = {"client_id": self.client_id, "directory_id": self.directory_id}
        return AccessDeniedError(f"{message} ({code})", code=code, action=action.format(**known))

    def _refusal(self, error: HttpResponseError, permissions: Sequence[str]) -> ProviderError:
        code, status = _code(error), error.status_code or 0
        if status == 403:
            return self.denied(code, permissions)
        if status in _THROTTLED:
            return ThrottledError(
                "Azure asked to wait for longer than a scan waits",
                code=code,
                action="scan again later; if it stays so, find out what else uses up the quota of "
                f"application {self.client_id}",
            )
        kind = TransientProviderError if status >= 500 else PermanentProviderError
        return kind(
            f"Azure answered HTTP {status} ({code})",
            code=code,
            action="scan again; if it stays so, look at Azure's status page and report it to us",
        )


def _unanswered(error: MetricRefusedError) -> ProviderError:
    named = ", ".join(f"{metric} ({code})" for metric, code in error.codes.items())
    return TransientProviderError(
        f"Azure Monitor did not answer {named}",
        code=next(iter(error.codes.values())),
        action="scan again; what else was asked for has landed",
    )


def _code(error: HttpResponseError) -> str:
    """Return Azure's name of the error; Resource Graph tells the precise one in the details."""
    details = getattr(error.error, "details", None) or ()
    names = [getattr(told, "code", None) for told in (*details, error.error)]
    return next((name for name in names if name), str(error.status_code))
