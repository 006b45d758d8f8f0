"""Signs in as a service principal, in memory for one scan.

The SDK fetches a new token before one expires. One that Azure refuses earlier (the directory took
it back, the clocks differ) is asked for again as well, once per request, past the SDK's cache.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import BearerTokenCredentialPolicy
from azure.identity import ClientAssertionCredential, ClientSecretCredential

from ingestion.model import AzureAccess

RESOURCE_MANAGER_SCOPE = "https://management.azure.com/.default"
METRICS_SCOPE = "https://metrics.monitor.azure.com/.default"
_KNOWN_AUTHORITIES = {
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
}


class RenewableCredential:
    """Signs in with a secret, or with tokens of ours; cached tokens can be thrown away.

    Args:
        access: The principal, and what it signs in with.
    """

    def __init__(self, access: AzureAccess) -> None:
        self._access: AzureAccess | None = access
        self._credential: ClientSecretCredential | ClientAssertionCredential | None = None

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token, a cached one while it lasts."""
        if self._credential is None:
            self._credential = self._opened()
        return self._credential.get_token(*scopes, **options)

    def _opened(self) -> ClientSecretCredential | ClientAssertionCredential:
        access = self._access
        if access is None:
            raise ClientAuthenticationError("this credential is closed")
        who = (access.directory_id, access.client_id)
        options: dict[str, Any] = {"disable_instance_discovery": not _is_known_authority()}
        if access.assertion:
            return ClientAssertionCredential(*who, access.assertion, **options)
        return ClientSecretCredential(*who, access.client_secret, **options)

    def renew(self) -> None:
        """Throw cached tokens away."""
        if self._credential is not None:
            self._credential.close()
        self._credential = None

    def close(self) -> None:
        """Forget the secret and its tokens."""
        self.renew()
        self._access = None


class RenewingAuthentication(BearerTokenCredentialPolicy[Any, Any]):
    """Adds a token to each request, and a new one where Azure refuses it."""

    def __init__(self, credential: RenewableCredential, scope: str) -> None:
        super().__init__(credential, scope)
        self._renewable = credential

    def forget(self) -> None:
        """Drop the token that is at hand."""
        self._token = None

    def on_challenge(
        self,
        request: PipelineRequest[Any],
        response: PipelineResponse[Any, Any],  # noqa: ARG002 - the SDK's signature
    ) -> bool:
        """Sign in anew; the SDK repeats the request once."""
        self._renewable.renew()
        self.authorize_request(request, *self._scopes)
        return True


def _is_known_authority() -> bool:
    """Whether tokens come from one of Microsoft's clouds, which vouch for each other."""
    configured = os.environ.get("AZURE_AUTHORITY_HOST", "login.microsoftonline.com")
    return (urlsplit(configured).hostname or configured) in _KNOWN_AUTHORITIES
