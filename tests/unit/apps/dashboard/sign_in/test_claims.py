"""Forged, expired, foreign and incomplete tokens are refused, each with a sentence."""

from datetime import timedelta
from typing import Any

import pytest

from apps.dashboard.sign_in.claims import actor_of, check_token, read_identity, session_id_of
from apps.dashboard.sign_in.errors import RefusedError
from tests.unit.apps.dashboard.sign_in.made import ISSUER, NOW, SETTINGS, SPACE, at, claims


def test_a_good_token_says_who_it_is() -> None:
    check_token(claims(), SETTINGS, NOW)

    identity = read_identity(claims(), SETTINGS)

    assert (identity.subject, identity.email, identity.organization_id) == (
        "idp|ada", "ada@acme.test", "org_acme",
    )  # fmt: skip
    assert identity.session.began_at == NOW - timedelta(seconds=90)
    assert identity.session.ends_at == NOW + timedelta(seconds=600)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": "https://evil.example/"}, "another issuer"),
        ({"iss": ISSUER.rstrip("/")}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"iss": [ISSUER]}, "another issuer"),
        ({"sub": None}, "another issuer"),
        ({"sub": ""}, "another issuer"),
        ({"aud": "them"}, "another audience"),
        ({"aud": ["them"]}, "another audience"),
        ({"aud": ["us", "them"]}, "another audience"),
        ({"aud": ["us", "them"], "azp": "them"}, "another audience"),
        ({"aud": "us", "azp": "them"}, "another audience"),
        ({"aud": None}, "another audience"),
        ({"aud": {"us": 1}}, "another audience"),
        ({"aud": ""}, "another audience"),
        ({"exp": at(0)}, "expired"),
        ({"exp": at(-1)}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "never"}, "expired"),
        ({"exp": True}, "expired"),
        ({"exp": float("inf")}, "expired"),
        ({"exp": float("nan")}, "expired"),
        ({"exp": 10**20}, "expired"),
        ({"iat": None}, "not valid yet"),
        ({"iat": at(3600)}, "not valid yet"),
        ({"nbf": at(3600)}, "not valid yet"),
        ({"auth_time": at(3600)}, "not valid yet"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check_token(claims(**changed), SETTINGS, NOW)

    assert caught.value.reason == reason
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "changed",
    [{"aud": ["us"]}, {"aud": ["us", "them"], "azp": "us"}, {"azp": "us"}, {"iat": at(30)}],
)
def test_what_is_allowed_is_not_refused(changed: dict[str, Any]) -> None:
    check_token(claims(**changed), SETTINGS, NOW)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"org_id": None}, "no organization"),
        ({"org_id": ""}, "no organization"),
        ({"org_id": ["org_acme"]}, "no organization"),
        ({"email_verified": False}, "address not verified"),
        ({"email_verified": None}, "address not verified"),
        ({"email_verified": "true"}, "address not verified"),
        ({"email_verified": 1}, "address not verified"),
        ({"email": None}, "address not verified"),
        ({"email": " "}, "address not verified"),
        ({"amr": None}, "no second factor"),
        ({"amr": ["pwd"]}, "no second factor"),
        ({"amr": "mfa"}, "no second factor"),
        ({"amr": {"mfa": True}}, "no second factor"),
        ({"amr": None, "acr": "urn:example:password"}, "no second factor"),
        ({"amr": None, "acr": ""}, "no second factor"),
    ],
)
def test_an_identity_that_lacks_something_is_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_identity(claims(**changed), SETTINGS)

    assert caught.value.reason == reason


@pytest.mark.parametrize("accepted", ["urn:example:mfa", "urn:example:strong"])
def test_a_context_class_is_a_second_factor_too(accepted: str) -> None:
    read_identity(claims(amr=None, acr=accepted), SETTINGS)


def test_claims_may_come_under_our_namespace_where_the_provider_has_none() -> None:
    named = {f"{SPACE}org_id": "org_acme", f"{SPACE}amr": ["mfa"]}

    identity = read_identity(claims(org_id=None, amr=None, **named), SETTINGS)

    assert identity.organization_id == "org_acme"
    with pytest.raises(RefusedError, match="second factor"):
        read_identity(claims(amr=["pwd"], **{f"{SPACE}amr": ["mfa"]}), SETTINGS)


def test_each_sign_in_is_told_from_every_other() -> None:
    assert session_id_of(claims()) == session_id_of(claims(is_logged_in=None, tokens={"id": "x"}))
    assert session_id_of(claims()) != session_id_of(claims(nonce="m"))


@pytest.mark.parametrize(
    ("changed", "actor"),
    [
        ({}, "ada@acme.test"),
        ({"email": None}, "idp|ada"),
        ({"email": None, "sub": None}, "unknown"),
        ({"email": "x" * 5000}, "x" * 300),
        ({"email": ["a"]}, "['a']"),
    ],
)
def test_a_refused_token_is_named_for_the_log(changed: dict[str, Any], actor: str) -> None:
    assert actor_of(claims(**changed)) == actor
