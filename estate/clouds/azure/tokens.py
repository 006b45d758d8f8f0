"""The Entra token service: issues tokens for an application's secret, and checks them again."""

import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

import jwt

from estate.clouds.azure.directories import Directory
from estate.clouds.azure.errors import RefusedError, TokenRefusedError
from estate.clouds.azure.faults import Faults
from estate.clouds.azure.federation import Federation

RESOURCE_MANAGER = ("https://management.azure.com", "https://management.core.windows.net")
METRICS = ("https://metrics.monitor.azure.com",)
_AUDIENCES = (*RESOURCE_MANAGER, *METRICS)
_ALGORITHM = "HS256"


class TokenService:
    """Issues and checks tokens for the applications of all directories."""

    def __init__(self, directories: Sequence[Directory], faults: Faults) -> None:
        self._directories = {each.directory_id: each for each in directories}
        self._faults = faults
        self.federation = Federation()
        self._key = secrets.token_bytes(32)

    def directory(self, directory_id: str) -> Directory:
        """Return a directory.

        Raises:
            TokenRefusedError: There is no such directory.
        """
        found = self._directories.get(directory_id.lower())
        if found is None:
            raise TokenRefusedError(
                400,
                "invalid_request",
                90002,
                f"Tenant '{directory_id}' not found. Check to make sure you have the correct "
                "tenant ID and are signing into the correct cloud. Check with your subscription "
                "administrator, this may happen if there are no active subscriptions for the "
                "tenant.",
            )
        return found

    def issue(self, directory_id: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Return a token for an application's secret.

        Raises:
            TokenRefusedError: Directory, application, secret or scope is not right.
        """
        directory = self.directory(directory_id)
        if form.get("grant_type") != "client_credentials":
            raise TokenRefusedError(
                400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type."
            )
        _check_application(directory, form)
        if "client_assertion" in form:
            self.federation.check(directory.directory_id, form["client_assertion"])
        else:
            is_expired = directory.directory_id in self._faults.expired_secrets
            _check_secret(directory, form, is_expired=is_expired)
        audience = form.get("scope", "").removesuffix("/.default")
        if audience.rstrip("/") not in _AUDIENCES:
            raise TokenRefusedError(
                400,
                "invalid_resource",
                500011,
                f"The resource principal named {audience} was not found in the tenant.",
            )
        lifetime = self._faults.token_seconds
        return {
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": self._signed(directory, audience, lifetime),
        }

    def _signed(self, directory: Directory, audience: str, lifetime: int) -> str:
        now = time.time()
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{directory.directory_id}/",
            "iat": now,
            "nbf": int(now),
            "exp": now + lifetime,
            "appid": directory.client_id,
            "idtyp": "app",
            "oid": directory.client_id,
            "tid": directory.directory_id,
            "ver": "1.0",
        }
        return jwt.encode(claims, self._key, _ALGORITHM)

    def check(self, authorization: str, audiences: Sequence[str]) -> Directory:
        """Return the directory whose application makes a call.

        Args:
            authorization: The header of that name.
            audiences: What the token may have been issued for.

        Raises:
            RefusedError: There is no token, or it is not right for this call.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthorized(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
            )
        try:
            claims = jwt.decode(
                token,
                self._key,
                [_ALGORITHM],
                options={"verify_aud": False, "verify_iat": False, "verify_exp": False},
            )
        except jwt.InvalidTokenError as error:
            raise _unauthorized(
                "InvalidAuthenticationToken", "The access token is invalid."
            ) from error
        if claims["aud"].rstrip("/") not in audiences:
            allowed = ",".join(f"'{audience}/'" for audience in audiences)
            raise _unauthorized(
                "InvalidAuthenticationTokenAudience",
                "The access token has been obtained for wrong audience or resource "
                f"'{claims['aud']}'. It should exactly match with one of the allowed audiences "
                f"{allowed}.",
            )
        if claims["exp"] <= time.time() or claims["iat"] < self._faults.tokens_from:
            raise _unauthorized(
                "ExpiredAuthenticationToken",
                "The access token expiry UTC time is earlier than current UTC time.",
            )
        return self._directories[claims["tid"]]


def _check_application(directory: Directory, form: Mapping[str, str]) -> None:
    client_id = form.get("client_id", "")
    if client_id.lower() != directory.client_id:
        raise TokenRefusedError(
            400,
            "unauthorized_client",
            700016,
            f"Application with identifier '{client_id}' was not found in the directory "
            f"'{directory.directory_id}'.",
        )


def _check_secret(directory: Directory, form: Mapping[str, str], *, is_expired: bool) -> None:
    client_id = directory.client_id
    offered = form.get("client_secret", "").encode()
    if not secrets.compare_digest(offered, directory.client_secret.encode()):
        raise TokenRefusedError(
            401,
            "invalid_client",
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the "
            "client secret value, not the client secret ID, for a secret added to app "
            f"'{client_id}'.",
        )
    if is_expired:
        raise TokenRefusedError(
            401,
            "invalid_client",
            7000222,
            f"The provided client secret keys for app '{client_id}' are expired. Visit the Azure "
            "portal to create new keys for your app.",
        )


def _unauthorized(code: str, message: str) -> RefusedError:
    challenge = f'Bearer error="invalid_token", error_description="{message}"'
    return RefusedError(401, code, message, {"WWW-Authenticate": challenge})
