"""The identity provider is configured whole, or nobody enters; and never beside the demo."""

import pytest
from pydantic import SecretStr

from apps.dashboard.launch import DashboardError, serve, serve_with_sign_in
from apps.dashboard.sign_in.errors import SignInSettingsError
from apps.dashboard.sign_in.settings import SignInSettings
from pipeline.settings import Settings
from tests.unit.apps.dashboard.sign_in.made import SETTINGS


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SignInSettings.model_fields:
        monkeypatch.delenv(f"CLOUDPRUNE_OIDC_{name.upper()}", raising=False)


def test_nothing_set_is_no_provider() -> None:
    assert not SignInSettings().is_configured


@pytest.mark.parametrize(
    "name", ["metadata_url", "client_id", "client_secret", "cookie_secret", "redirect_uri"]
)
def test_anything_set_asks_for_the_rest(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CLOUDPRUNE_OIDC_{name.upper()}", "x")

    assert SignInSettings().is_configured
    with pytest.raises(SignInSettingsError, match="sign-in needs CLOUDPRUNE_OIDC_"):
        SignInSettings().check()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"redirect_uri": "https://app.example.com/"}, "end with /oauth2callback"),
        ({"redirect_uri": "http://app.example.com/oauth2callback"}, "https://"),
        ({"metadata_url": "http://login.example.com/.well-known/openid-configuration"}, "https://"),
        ({"metadata_url": "ftp://127.0.0.1/x"}, "https://"),
        ({"cookie_secret": SecretStr("short")}, "32 characters"),
    ],
)
def test_what_would_not_be_safe_is_refused(changed: dict[str, object], told: str) -> None:
    with pytest.raises(SignInSettingsError, match=told):
        SETTINGS.model_copy(update=changed).check()


def test_this_computer_alone_may_do_without_https() -> None:
    local = {
        "metadata_url": "http://localhost:9500/.well-known/openid-configuration",
        "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    }
    SETTINGS.model_copy(update=local).check()


def test_the_framework_gets_what_it_needs_and_no_page_shows_a_secret() -> None:
    auth = SETTINGS.secrets()["auth"]

    assert auth["cloudprune"]["client_kwargs"]["prompt"] == "login"
    assert auth["cloudprune"]["authorize_params"] == {"acr_values": "urn:example:mfa"}
    assert "x" * 32 not in repr(SETTINGS)


def test_the_issuer_is_that_of_the_discovery_document() -> None:
    derived = SETTINGS.model_copy(
        update={"issuer": "", "metadata_url": "https://a.example/.well-known/openid-configuration"}
    )
    assert derived.issuers == {"https://a.example", "https://a.example/"}
    assert SETTINGS.issuers == {SETTINGS.issuer}


def test_the_demo_does_not_run_beside_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDPRUNE_OIDC_CLIENT_ID", "x")

    with pytest.raises(DashboardError, match="unset the variables CLOUDPRUNE_OIDC"):
        serve(Settings())


def test_nothing_is_served_for_sign_in_without_a_provider() -> None:
    with pytest.raises(DashboardError, match="sign-in needs"):
        serve_with_sign_in(Settings())
