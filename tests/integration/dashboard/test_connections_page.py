"""The connections page: an application that trusts this installation needs no secret."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from apps.dashboard.identity import Person
from control.directory import Directory
from control.roles import Role
from pipeline.federation import federation
from pipeline.settings import Settings

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[3] / "apps/dashboard/app_pages/connections.py"
ISSUER = "https://issuer.example"
DIRECTORY_ID, CLIENT_ID = (f"{n:08d}-0000-4000-8000-000000000000" for n in (1, 2))


def shown(partner: str = "northwind") -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["partner"] = partner
    app.session_state["person"] = Person(partner, "ada@nw.test", "", Role.ADMIN)
    app.query_params["cloud"] = "azure"
    app.run()
    assert not app.exception
    return app


@pytest.fixture(autouse=True)
def _state(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    with Directory(settings.control) as directory:
        directory.ensure_tenant("northwind", "contoso")


def test_without_an_identity_of_ours_there_is_a_secret_to_enter() -> None:
    app = shown()

    assert "Client secret" in {field.label for field in app.text_input}
    assert not [each for each in app.button_group if each.label == "It signs in with"]


def test_a_new_partner_is_asked_for_a_name_before_there_is_anything_to_trust(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_AZURE_ISSUER", ISSUER)
    with Directory(settings.control) as directory:
        directory.ensure_partner("southwind")

    app = shown("southwind")
    assert [each.value for each in app.info if "name of the new tenant" in each.value]
    assert not app.error

    app.text_input(key="connect-new-tenant").set_value("No Name").run()
    assert [each.value for each in app.error if "1 to 63 characters" in each.value]

    app.text_input(key="connect-new-tenant").set_value("fabrikam").run()
    assert not app.error
    assert "Directory (tenant) id" in {field.label for field in app.text_input}


def test_an_application_that_trusts_us_is_asked_for_without_a_secret(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_AZURE_ISSUER", ISSUER)
    app = shown()
    fields = {field.label: field for field in app.text_input}
    assert "Client secret" not in fields
    subject = federation(Settings(azure_issuer=ISSUER), "northwind", "contoso").subject
    assert any(ISSUER in each.value and subject in each.value for each in app.code)

    fields["Directory (tenant) id"].set_value(DIRECTORY_ID)
    fields["Application (client) id"].set_value(CLIENT_ID)
    next(each for each in app.button if each.label == "Test and connect").click()
    app.run()

    with Directory(settings.control) as directory:
        (asked,) = directory.connection_requests_waiting()
    inputs = json.loads(asked.inputs)
    assert (inputs["directory_id"], inputs["client_id"]) == (DIRECTORY_ID, CLIENT_ID)
    assert "secret_name" not in inputs
    assert inputs["expires_on"] is None
