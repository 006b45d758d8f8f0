"""Tokens' claims as a provider makes them, for tests to spoil."""

from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from apps.dashboard.sign_in.settings import SignInSettings

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
ISSUER = "https://login.example.com/"
SPACE = "https://cloudprune.example/"
SETTINGS = SignInSettings(
    metadata_url=f"{ISSUER}.well-known/openid-configuration",
    issuer=ISSUER,
    client_id="us",
    client_secret=SecretStr("secret"),
    cookie_secret=SecretStr("x" * 32),
    redirect_uri="https://app.example.com/oauth2callback",
    claims_namespace=SPACE,
    mfa_acr="urn:example:mfa urn:example:strong",
)
_SECONDS = int(NOW.timestamp())


def claims(**changed: Any) -> dict[str, Any]:
    """Return good claims with some changed; None leaves one out."""
    good = {
        "iss": ISSUER,
        "aud": "us",
        "sub": "idp|ada",
        "exp": _SECONDS + 600,
        "iat": _SECONDS - 60,
        "auth_time": _SECONDS - 90,
        "nonce": "n",
        "email": "Ada@Acme.test",
        "email_verified": True,
        "name": "Ada",
        "picture": "https://p.example/ada.png",
        "org_id": "org_acme",
        "amr": ["pwd", "mfa"],
        "is_logged_in": True,
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def at(seconds: int) -> int:
    """Return an instant of a token, so many seconds from now."""
    return _SECONDS + seconds
