"""The connections page in a browser, with the worker beside it and a cloud that checks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import BrowserContext, Page, expect

from control.connection_states import Verdict
from control.directory import Directory
from pipeline.connect import connect_aws, connect_azure
from pipeline.connection_worker import work
from pipeline.settings import Settings
from tests.e2e.dashboard.conftest import Look, looking, served
from tests.integration.ingestion.aws import customers
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import _server, cloud  # noqa: F401

pytestmark = pytest.mark.e2e

A, B = "northwind", "southwind"
ACCOUNT, OTHER_ACCOUNT = "222233334444", "555566667777"
ROLE = customers.role_of(ACCOUNT)
IDENTIFIER = "8f7a1c2e-0000-4000-8000-000000000000"
SECRET = "s3cret-value-of-azure"
TEST = {
    "verdict": "partial",
    "identity": [{"subject": "assuming the role", "outcome": "ok", "purposes": [], "note": ""}],
    "permissions": [
        {
            "subject": "ec2:DescribeVolumes",
            "outcome": "denied",
            "purposes": ["aws_ebs_volumes"],
            "note": '<img src=x onerror="alert(1)"> [link](https://example.com)',
        }
    ],
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(
        home=tmp_path_factory.mktemp("connections"),
        aws_principal=customers.PRINCIPAL,
        aws_template_url="https://templates.s3.amazonaws.com/v1",
    )
    connect_aws(made, A, "fabrikam", customers.role_of(OTHER_ACCOUNT))
    azure = connect_azure(made, B, "contoso", IDENTIFIER, IDENTIFIER, SECRET)
    with Directory(made.control) as directory:
        directory.ensure_tenant(A, "contoso")
        directory.record_connection_test(
            A,
            "fabrikam",
            f"aws-{OTHER_ACCOUNT}",
            verdict=Verdict.PARTIAL,
            results=TEST,
            is_proved=True,
        )
        soon = datetime.now(UTC).date() + timedelta(days=12)
        directory.set_secret_expiry(B, "contoso", azure.connection_id, soon)
    return made


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with served(settings) as address:
        yield address


@pytest.fixture(params=["light"])
def look(
    request: pytest.FixtureRequest, contexts: Callable[[str], BrowserContext], url: str
) -> Iterator[Look]:
    with looking(contexts(request.param), url) as opened:
        yield opened


@pytest.fixture
def enforce(
    cloud: Cloud,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[], None]]:
    with ExitStack() as entered:
        yield lambda: entered.enter_context(customers.enforcing(cloud, monkeypatch))


ONE = f"&tenant=fabrikam&connection=aws-{OTHER_ACCOUNT}"
ONE = f"&tenant=fabrikam&connection=aws-{OTHER_ACCOUNT}"
BOTH_THEMES = pytest.mark.parametrize("look", ["light", "dark"], indirect=True)


def choose_tenant(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Tenant").click()
    page.get_by_role("option", name=name, exact=True).click()


@BOTH_THEMES
@pytest.mark.parametrize("path", ["", "&cloud=azure", ONE])
def test_the_page_fits_its_window(look: Look, path: str) -> None:
    look.open(f"/connections?partner={A}{path}")

    expect(look.page.get_by_role("heading", name="Connections")).to_be_visible()
    expect(look.page.get_by_test_id("stException")).to_have_count(0)
    assert look.overflow() <= 0


def test_from_the_wizard_to_a_connected_account_and_back(
    look: Look, settings: Settings, enforce: Callable[[], None]
) -> None:
    page = look.open(f"/connections?partner={A}")
    choose_tenant(page, "contoso")
    page.get_by_role("button", name="Begin").click()
    look.settle()
    link = page.get_by_role("link", name="Open in the AWS console").get_attribute("href") or ""
    with page.expect_download() as download:
        page.get_by_role("button", name="CloudFormation, one account").click()
    template = yaml.safe_load(Path(download.value.path()).read_text())
    external_id = template["Parameters"]["ExternalId"]["Default"]
    assert f"param_ExternalId={external_id}" in link
    customers.create_role(ACCOUNT, external_id)
    enforce()

    page.get_by_role("textbox", name="ARN of the role").fill(ROLE)
    page.get_by_role("button", name="Test and connect the account").click()
    expect(page.get_by_text("Connecting:")).to_be_visible()
    assert work(settings) == 1

    expect(page.get_by_text("permissions").first).to_be_visible(timeout=20_000)
    expect(page.get_by_text("assuming the role with another External ID")).to_be_visible()
    look.settle()
    assert look.overflow() <= 0
    with Directory(settings.control) as directory:
        assert [a.external_id for a in directory.accesses(A, "contoso")] == [external_id]

    look.open(f"/connections?partner={A}&tenant=contoso&connection=aws-{ACCOUNT}")
    page.get_by_text("Disconnect", exact=True).first.click()
    button = page.get_by_role("button", name="Disconnect", exact=True)
    expect(button).to_be_disabled()
    page.get_by_role("textbox", name="Type aws").fill(f"aws-{ACCOUNT}")
    page.keyboard.press("Enter")
    look.settle()
    button.click()
    expect(page.get_by_text("Disconnecting:")).to_be_visible()
    with Directory(settings.control) as directory:
        assert directory.accesses(A, "contoso") == ()
    work(settings)
    expect(page.get_by_text("what was collected stays")).to_be_visible(timeout=20_000)


def test_an_access_key_is_refused_at_once(look: Look, settings: Settings) -> None:
    page = look.open(f"/connections?partner={A}")
    choose_tenant(page, "fabrikam")
    page.get_by_role("button", name="Begin").click()
    look.settle()
    for given in ("AKIAIOSFODNN7EXAMPLE", "arn:aws:iam::1:role/AKIAIOSFODNN7EXAMPLE"):
        page.get_by_role("textbox", name="ARN of the role").fill(given)
        page.get_by_role("button", name="Test and connect the account").click()
        look.settle()
        expect(page.get_by_text("never taken")).to_be_visible()

    with Directory(settings.control) as directory:
        assert directory.connection_requests_waiting() == ()


def test_a_secret_is_sealed_and_shown_nowhere(look: Look, settings: Settings) -> None:
    page = look.open(f"/connections?partner={B}&cloud=azure")
    choose_tenant(page, "contoso")
    page.get_by_role("textbox", name="Directory (tenant) id").fill("no-guid")
    page.get_by_role("textbox", name="Application (client) id").fill(IDENTIFIER)
    page.get_by_role("textbox", name="Client secret").fill("entered-secret-value")
    page.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_text("Connecting:")).to_be_visible()
    files = [f for f in settings.home.rglob("*") if f.is_file()]
    assert not [f for f in files if b"entered-secret-value" in f.read_bytes()]

    work(settings)

    expect(page.get_by_text("is no identifier")).to_be_visible(timeout=20_000)
    look.open(f"/connections?partner={B}")
    text = page.locator("body").inner_text()
    assert SECRET not in text
    assert "entered-secret-value" not in text
    assert "in 12 days" in text


def test_a_partner_sees_and_asks_for_its_own_alone(look: Look, settings: Settings) -> None:
    with Directory(settings.control) as directory:
        setups = [s.setup_id for s in directory.setups(A)]

    for path in (
        f"&tenant=fabrikam&connection=aws-{OTHER_ACCOUNT}",
        *(f"&setup={setup_id}" for setup_id in setups),
    ):
        page = look.open(f"/connections?partner={B}{path}")
        text = page.locator("[data-testid='stMain']").inner_text()
        assert OTHER_ACCOUNT not in text
        assert "fabrikam" not in text
        assert "External ID of this connection" not in text


def test_what_a_cloud_says_is_shown_as_text(look: Look) -> None:
    page = look.open(f"/connections?partner={A}&tenant=fabrikam&connection=aws-{OTHER_ACCOUNT}")

    expect(page.get_by_text("<img src=x")).to_be_visible()
    assert page.locator("[data-testid='stMain'] img").count() == 0
    assert page.get_by_role("link", name="link").count() == 0
