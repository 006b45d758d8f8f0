"""Our identity at Azure, for applications that sign in without a secret: one name per tenant.

An application trusts an issuer and a subject, and tells nobody apart who signs in by them. So the
subject names partner and tenant, with a part that nobody else can know: whoever enters the ids of
somebody else's application asks by another subject, and Azure refuses that.
"""

import hmac
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from control.errors import InvalidInputError
from control.keyring import federation_key
from onboarding.azure_role import AUDIENCE, Federation
from pipeline import issuer_keys
from pipeline.settings import Settings

CONFIGURATION = ".well-known/openid-configuration"
KEYS = ".well-known/jwks.json"
_ALGORITHM = "RS256"
_LIFETIME_S = 600
_RANDOM_LENGTH = 32  # 128 bits, as an External ID of AWS has


def federation(
    settings: Settings, partner_id: str, tenant_id: str, *, is_trusted: bool = False
) -> Federation:
    """Return what an application of a tenant has to trust; asked again, it is the same.

    Args:
        settings: Where keys lie.
        partner_id: Whose tenant.
        tenant_id: Whose application.
        is_trusted: Whether an application trusts it already: then no key is made for it.

    Raises:
        InvalidInputError: This installation issues no tokens.
        SecretUnreadableError: The key that signs them is gone, or that of a trusted name.
    """
    issuer = require_issuer(settings)
    issuer_keys.key_files(settings.keys)  # nothing is to be trusted that nobody could sign
    key = federation_key(settings.keys, partner_id, make=not is_trusted)
    known = hmac.digest(key, tenant_id.encode(), "sha256").hex()[:_RANDOM_LENGTH]
    return Federation(issuer, f"cloudprune:{partner_id}:{tenant_id}:{known}")


def signs_in(
    settings: Settings, partner_id: str, tenant_id: str, *, is_trusted: bool = False
) -> Callable[[], str]:
    """Return what makes the tokens that an application of a tenant trusts, a new one each time.

    Args:
        settings: Where keys lie.
        partner_id: Whose tenant.
        tenant_id: Whose application.
        is_trusted: Whether it is one that is connected, and no key is made for it.

    Raises:
        InvalidInputError: This installation issues no tokens.
        SecretUnreadableError: The key that signs them is gone or damaged, or that of its name.
    """
    trusted = federation(settings, partner_id, tenant_id, is_trusted=is_trusted)
    issuer_keys.signing_key(settings.keys, datetime.now(UTC))  # told now, not amid a scan

    def token() -> str:
        moment = datetime.now(UTC)
        now = int(moment.timestamp())
        claims = {
            "iss": trusted.issuer,
            "sub": trusted.subject,
            "aud": AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + _LIFETIME_S,
            "jti": uuid.uuid4().hex,
        }
        key = issuer_keys.signing_key(settings.keys, moment)
        return jwt.encode(claims, key, _ALGORITHM, headers={"kid": _key_id(key)})

    return token


def documents(settings: Settings) -> dict[str, str]:
    """Return what has to be read below the issuer's address, as JSON by path; nothing is secret.

    Raises:
        InvalidInputError: This installation issues no tokens.
        SecretUnreadableError: A key that signs them is gone or damaged.
    """
    issuer = require_issuer(settings)
    configuration = {
        "issuer": issuer,
        "jwks_uri": f"{issuer.rstrip('/')}/{KEYS}",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [_ALGORITHM],
    }
    public = [_public(key) for key in issuer_keys.published_keys(settings.keys)]
    return {CONFIGURATION: json.dumps(configuration), KEYS: json.dumps({"keys": public})}


def rotate(settings: Settings) -> datetime:
    """Make another key to sign with; return from when it does, so that it is published before.

    Raises:
        InvalidInputError: This installation issues no tokens.
    """
    require_issuer(settings)
    return issuer_keys.rotate(settings.keys, datetime.now(UTC))


def require_issuer(settings: Settings) -> str:
    """Return the address where Azure reads who signs our tokens.

    Raises:
        InvalidInputError: This installation issues no tokens.
    """
    if not settings.azure_issuer:
        raise InvalidInputError(
            "this installation issues no tokens; set CLOUDPRUNE_AZURE_ISSUER to the address where "
            "the files of `cloudprune connect issuer` can be read, or give a client secret"
        )
    return settings.azure_issuer


def _public(key: rsa.RSAPrivateKey) -> dict[str, object]:
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "use": "sig", "alg": _ALGORITHM, "kid": _key_id(key)}


def _key_id(key: rsa.RSAPrivateKey) -> str:
    """Return a name of the key that changes with it."""
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hmac.digest(b"kid", public, "sha256").hex()[:16]
