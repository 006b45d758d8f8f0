"""Federated credentials: whose tokens an application takes in the place of a secret."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from estate.clouds.azure.errors import TokenRefusedError

AUDIENCE = "api://AzureADTokenExchange"
_ALGORITHMS = ["RS256"]


@dataclass(frozen=True, slots=True)
class Trust:
    """One federated credential, with the keys that Entra would read at the issuer's address."""

    issuer: str
    subject: str
    keys: jwt.PyJWKSet

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Trust":
        """Return what somebody told over HTTP: issuer, subject, and keys as a JSON text."""
        return cls(
            told["issuer"], told["subject"], jwt.PyJWKSet.from_dict(json.loads(told["keys"]))
        )


@dataclass
class Federation:
    """The federated credentials of each directory's application."""

    trusts: dict[str, list[Trust]] = field(default_factory=dict)

    def add(self, directory_id: str, trust: Trust) -> None:
        """Let a directory's application trust somebody."""
        self.trusts.setdefault(directory_id.lower(), []).append(trust)

    def check(self, directory_id: str, assertion: str) -> None:
        """Let a token pass that a credential names by issuer and subject, exactly.

        Raises:
            TokenRefusedError: None does, or it is signed by another, for another, or too old.
        """
        try:
            told = jwt.decode(assertion, options={"verify_signature": False})
            key_id = jwt.get_unverified_header(assertion).get("kid", "")
        except jwt.InvalidTokenError as error:
            raise _refused(50027, "JWT token is invalid or malformed.") from error
        named = [t for t in self.trusts.get(directory_id, ()) if t.issuer == told.get("iss")]
        if not named:
            raise _refused(
                700211,
                "No matching federated identity record found for presented assertion issuer.",
            )
        trust = next((t for t in named if t.subject == told.get("sub")), None)
        if trust is None:
            raise _refused(
                700213,
                f"No matching federated identity record found for presented assertion subject "
                f"'{told.get('sub')}'.",
            )
        try:
            jwt.decode(assertion, trust.keys[key_id], _ALGORITHMS, audience=AUDIENCE)
        except jwt.InvalidAudienceError as error:
            raise _refused(
                700212,
                "No matching federated identity record found for presented assertion audience.",
            ) from error
        except (jwt.InvalidTokenError, KeyError) as error:
            raise _refused(
                700024, "Client assertion is not within its valid time range, or not signed."
            ) from error


def _refused(number: int, message: str) -> TokenRefusedError:
    return TokenRefusedError(401, "invalid_client", number, message)
