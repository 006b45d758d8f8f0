"""The identity provider that people sign in with; read from `CLOUDPRUNE_OIDC_*` variables."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from apps.dashboard.loopback import is_loopback
from apps.dashboard.sign_in.errors import SignInSettingsError

PROVIDER = "cloudprune"
CALLBACK = "/oauth2callback"
_DISCOVERY = "/.well-known/openid-configuration"
_SHORTEST_SECRET = 32
_REQUIRED = ("metadata_url", "client_id", "client_secret", "cookie_secret", "redirect_uri")


class SignInSettings(BaseSettings):
    """How people sign in.

    Attributes:
        metadata_url: The provider's discovery document.
        issuer: What its tokens must name; by default what the discovery document's address says.
        client_id: This application, at the provider.
        client_secret: Its secret.
        cookie_secret: Signs the framework's cookies; at least 32 characters.
        redirect_uri: This dashboard's address as browsers see it, with `/oauth2callback`.
        claims_namespace: Prefix of claims that the provider adds under names of its own.
        mfa_amr: Authentication methods, separated by spaces, any of which is a second factor.
        mfa_acr: Context classes, separated by spaces, any of which is a second factor; the first
            is also asked for.
        scope: What is asked for.
    """

    model_config = SettingsConfigDict(env_prefix="CLOUDPRUNE_OIDC_", frozen=True)

    metadata_url: str = ""
    issuer: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    cookie_secret: SecretStr = SecretStr("")
    redirect_uri: str = ""
    claims_namespace: str = ""
    mfa_amr: str = "mfa"
    mfa_acr: str = ""
    scope: str = "openid email profile"

    @property
    def is_configured(self) -> bool:
        """Whether anything of an identity provider is set; then nobody enters without it."""
        return any(self._text(name) for name in (*_REQUIRED, "issuer"))

    @property
    def issuers(self) -> frozenset[str]:
        """What a token may name as its issuer; some providers end it with a slash."""
        derived = self.metadata_url.removesuffix(_DISCOVERY)
        return frozenset({self.issuer} if self.issuer else {derived, f"{derived}/"})

    @property
    def base_url(self) -> str:
        """Address of the dashboard as browsers see it, without a slash at its end."""
        return self.redirect_uri.removesuffix(CALLBACK)

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the dashboard by HTTPS."""
        return self.redirect_uri.startswith("https://")

    def check(self) -> None:
        """Check that everything is there.

        Raises:
            SignInSettingsError: It is not; the message names what is missing or wrong.
        """
        missing = [f"CLOUDPRUNE_OIDC_{name.upper()}" for name in _REQUIRED if not self._text(name)]
        if missing:
            raise SignInSettingsError(
                f"sign-in needs {', '.join(missing)}: see the README's section on sign-in"
            )
        if not self.redirect_uri.endswith(CALLBACK):
            raise SignInSettingsError(
                f"CLOUDPRUNE_OIDC_REDIRECT_URI has to end with {CALLBACK}, it is "
                f"{self.redirect_uri}"
            )
        for name in ("metadata_url", "redirect_uri"):
            if not _is_private(self._text(name)):
                raise SignInSettingsError(
                    f"CLOUDPRUNE_OIDC_{name.upper()} has to be an https:// address; http:// is "
                    "for this computer alone"
                )
        if len(self.cookie_secret.get_secret_value()) < _SHORTEST_SECRET:
            raise SignInSettingsError(
                f"CLOUDPRUNE_OIDC_COOKIE_SECRET needs {_SHORTEST_SECRET} characters or more: "
                "openssl rand -hex 32"
            )

    def secrets(self) -> dict[str, Any]:
        """Return what Streamlit takes as secrets."""
        provider: dict[str, Any] = {
            "client_id": self.client_id,
            "client_secret": self.client_secret.get_secret_value(),
            "server_metadata_url": self.metadata_url,
            "client_kwargs": {"scope": self.scope, "prompt": "login"},
        }
        if self.mfa_acr:
            provider["authorize_params"] = {"acr_values": self.mfa_acr.split()[0]}
        return {
            "auth": {
                "redirect_uri": self.redirect_uri,
                "cookie_secret": self.cookie_secret.get_secret_value(),
                PROVIDER: provider,
            }
        }

    def _text(self, name: str) -> str:
        value = getattr(self, name)
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _is_private(url: str) -> bool:
    """Return whether nobody on the way can read what is sent to an address."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and is_loopback(parts.hostname)
