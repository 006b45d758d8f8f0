"""What an ID token says of a person, and whether it holds.

The framework checks a token's signature when somebody signs in, and then keeps its claims for 30
days in a signed cookie. So what can end, or be of another application, is checked here each time.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.dashboard.sign_in.errors import RefusedError
from apps.dashboard.sign_in.settings import SignInSettings
from control.sessions import Session

_CLOCKS_DIFFER_S = 60
_TOLD_LENGTH = 300
_NEVER_OF_A_TOKEN = ("tokens", "is_logged_in", "provider", "origin")


@dataclass(frozen=True)
class Identity:
    """Who signed in, as the identity provider says.

    Attributes:
        subject: The provider's name for the person.
        email: Verified address in lower case.
        name: Name, or empty.
        picture: Address of a picture, or empty.
        organization_id: The provider's organization that was signed in to.
        session: This sign-in.
    """

    subject: str
    email: str
    name: str
    picture: str
    organization_id: str
    session: Session


def actor_of(claims: Mapping[str, Any]) -> str:
    """Return how claims that may not hold name a person, for the access log."""
    named = claims.get("email") or claims.get("sub")
    return str(named)[:_TOLD_LENGTH].lower() if named else "unknown"


def check_token(claims: Mapping[str, Any], settings: SignInSettings, now: datetime) -> None:
    """Check that a token is of our provider, for us, and of this time.

    Raises:
        RefusedError: It is not.
    """
    issuer = claims.get("iss")
    if not claims.get("sub") or not isinstance(issuer, str) or issuer not in settings.issuers:
        raise RefusedError(
            "another issuer",
            "This sign-in is not from the identity provider of this dashboard. Sign out, and sign "
            "in again.",
            is_ours=False,
        )
    if not _is_for(claims, settings.client_id):
        raise RefusedError(
            "another audience",
            "This sign-in was made for another application. Sign out, and sign in again.",
            is_ours=False,
        )
    ends_at = _instant(claims, "exp")
    if ends_at is None or ends_at <= now:
        raise RefusedError("expired", "Your session has ended. Sign in again to go on.")
    latest = now + timedelta(seconds=_CLOCKS_DIFFER_S)
    begins = [_instant(claims, name) for name in ("iat", "nbf", "auth_time")]
    if begins[0] is None or any(begin and begin > latest for begin in begins):
        raise RefusedError(
            "not valid yet",
            "This sign-in is not valid yet. If it stays so, the clock of this server and that of "
            "the identity provider differ: tell the operator.",
        )


def organization_of(claims: Mapping[str, Any], settings: SignInSettings) -> str:
    """Return the organization that was signed in to, or nothing."""
    return _Said(claims, settings.claims_namespace).text("org_id")


def read_identity(claims: Mapping[str, Any], settings: SignInSettings) -> Identity:
    """Return who a checked token is about.

    Raises:
        RefusedError: The address is not verified, there is no second factor or no organization.
    """
    said = _Said(claims, settings.claims_namespace)
    organization_id = organization_of(claims, settings)
    if not organization_id:
        raise RefusedError(
            "no organization",
            "Your sign-in names no organization. Sign in again and choose the organization that "
            "you belong to.",
        )
    email = said.text("email").strip().lower()
    if not email or said.get("email_verified") is not True:
        raise RefusedError(
            "address not verified",
            f"Your e-mail address {email or ''} is not verified. Follow the link in the message "
            "that your identity provider sent to it, then sign in again.",
        )
    if not _has_second_factor(said, settings):
        raise RefusedError(
            "no second factor",
            "You signed in without a second factor. Set one up at your identity provider, such as "
            "an authenticator app or a passkey, then sign in again with it.",
        )
    began_at = _instant(claims, "auth_time") or _instant(claims, "iat")
    ends_at = _instant(claims, "exp")
    if began_at is None or ends_at is None:
        raise RefusedError("no times", "Your sign-in does not say when it was made. Sign in again.")
    return Identity(
        str(claims["sub"]),
        email,
        said.text("name"),
        said.text("picture"),
        organization_id,
        Session(session_id_of(claims), began_at, ends_at),
    )


def session_id_of(claims: Mapping[str, Any]) -> str:
    """Return what tells one sign-in from every other: a digest of all that its token says."""
    token = {name: value for name, value in claims.items() if name not in _NEVER_OF_A_TOKEN}
    return hashlib.sha256(json.dumps(token, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class _Said:
    """Claims by their own name or, where the provider may not set that, by ours."""

    claims: Mapping[str, Any]
    namespace: str

    def get(self, name: str) -> Any:
        if name in self.claims or not self.namespace:
            return self.claims.get(name)
        return self.claims.get(f"{self.namespace}{name}")

    def text(self, name: str) -> str:
        value = self.get(name)
        return value if isinstance(value, str) else ""


def _is_for(claims: Mapping[str, Any], client_id: str) -> bool:
    """Return whether we are meant; of several that are meant, the one it was given to."""
    audience = claims.get("aud")
    meant = [audience] if isinstance(audience, str) else audience
    if not client_id or not isinstance(meant, list) or client_id not in meant:
        return False
    given_to = claims.get("azp")
    return given_to == client_id if len(meant) > 1 or given_to is not None else True


def _has_second_factor(said: _Said, settings: SignInSettings) -> bool:
    methods = said.get("amr")
    used = set(methods) if isinstance(methods, list) else set()
    if any(method in used for method in settings.mfa_amr.split()):
        return True
    return said.get("acr") in settings.mfa_acr.split()


def _instant(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
