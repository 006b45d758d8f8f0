"""The dashboard behind a real identity provider on loopback, in headless Chromium."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from apps.dashboard.launch import serve_with_sign_in, wait_until_up
from control.directory import Directory
from control.people import EVERY_TENANT
from control.roles import Role
from pipeline.settings import Settings
from tests.e2e.dashboard.conftest import Look, browser
from tests.e2e.dashboard.marts import publish_partner
from tests.servers import ROOT, free_port, running

__all__ = ["browser"]

ACME, GLOBEX = "northwind", "southwind"
ORGANIZATIONS = {ACME: "org_northwind", GLOBEX: "org_southwind"}
BOTH = list(ORGANIZATIONS.values())
USERS: dict[str, dict[str, Any]] = {
    "ada": {"email": "ada@acme.test", "name": "Ada Admin", "organizations": BOTH},
    "ann": {"email": "ann@acme.test", "name": "Ann Analyst", "organizations": BOTH},
    "vic": {"email": "vic@acme.test", "name": "Vic Viewer", "organizations": BOTH},
    "lim": {"email": "lim@acme.test", "name": "Lim Limited", "organizations": BOTH},
    "una": {"email": "una@acme.test", "verified": False, "organizations": BOTH},
    "nia": {"email": "nia@acme.test", "name": "Nia New", "organizations": BOTH},
    "eve": {"email": "eve@else.test", "organizations": ["org_elsewhere"]},
}
MEMBERS = (
    ("ada", ACME, Role.ADMIN, EVERY_TENANT),
    ("ada", GLOBEX, Role.VIEWER, EVERY_TENANT),
    ("ann", ACME, Role.ANALYST, EVERY_TENANT),
    ("vic", ACME, Role.VIEWER, EVERY_TENANT),
    ("lim", ACME, Role.ANALYST, ("acme",)),
    ("una", ACME, Role.VIEWER, EVERY_TENANT),
)


@dataclass(frozen=True)
class Guarded:
    """A dashboard with sign-in, and the state behind it."""

    url: str
    settings: Settings

    def directory(self) -> Directory:
        """Return the control database, to look into and to change."""
        return Directory(self.settings.control)


@contextmanager
def guarded_dashboard(
    settings: Settings, log: Path, *, id_token_seconds: int = 3600, **variables: str
) -> Iterator[Guarded]:
    """Serve the state behind a provider of its own, until the block ends."""
    node = shutil.which("node")
    if not node or not (ROOT / "node_modules/oidc-provider").is_dir():
        pytest.skip("Node.js or oidc-provider is not installed: nobody to sign in with")
    idp, port = free_port(), free_port()
    url = f"http://localhost:{port}"
    options = {
        "port": idp,
        "redirectUri": f"{url}/oauth2callback",
        "idTokenSeconds": id_token_seconds,
        "users": USERS,
    }
    configured = {
        "CLOUDPRUNE_OIDC_METADATA_URL": f"http://localhost:{idp}/.well-known/openid-configuration",
        "CLOUDPRUNE_OIDC_CLIENT_ID": "cloudprune",
        "CLOUDPRUNE_OIDC_CLIENT_SECRET": "of-the-tests",
        "CLOUDPRUNE_OIDC_COOKIE_SECRET": "of-the-tests-and-of-nothing-else-at-all",
        "CLOUDPRUNE_OIDC_REDIRECT_URI": f"{url}/oauth2callback",
        **variables,
    }
    before = dict(os.environ)
    os.environ.update(configured)
    server = [node, str(ROOT / "tests/e2e/oidc/server.mjs"), json.dumps(options)]
    try:
        with running(server, idp, log):
            process = serve_with_sign_in(settings, port=port)
            try:
                wait_until_up(port, process=process)
                yield Guarded(url, settings)
            finally:
                process.terminate()
                process.wait()
    finally:
        os.environ.clear()
        os.environ.update(before)


def make_state(home: Path) -> Settings:
    """Return state in which both partners have published, with their members."""
    settings = Settings(home=home)
    with Directory(settings.control) as directory:
        for partner, organization in ORGANIZATIONS.items():
            for tenant in ("acme", "globex", "initech"):
                directory.ensure_tenant(partner, tenant)
            directory.set_organization(partner, organization)
        for login, partner, role, tenants in MEMBERS:
            join(directory, login, partner, role, tenants)
    publish_partner(settings, ACME, months=3)
    publish_partner(settings, GLOBEX, months=2, has_gap=False)
    return settings


def join(
    directory: Directory, login: str, partner: str, role: Role, tenants: Any = EVERY_TENANT
) -> str:
    """Make a user of the provider a member; return the member."""
    email = USERS[login]["email"]
    token = directory.invite(partner, email, role, invited_by="tests", tenants=tenants)
    member = directory.accept_invitation(
        partner, token, subject=f"idp|{login}", email=email, name=USERS[login].get("name", "")
    )
    return member.member_id


@pytest.fixture(scope="package")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    with guarded_dashboard(make_state(folder / "home"), folder / "provider.log") as served:
        yield served


@dataclass
class Visitor(Look):
    """Somebody in a browser of its own."""

    context: BrowserContext = field(kw_only=True)

    def sign_in(
        self,
        login: str,
        partner: str | None = ACME,
        *,
        path: str | None = "/",
        has_factor: bool = True,
    ) -> Page:
        """Sign in with the provider and wait for what the dashboard then shows."""
        if path is not None:
            self.open(path)
        self.page.get_by_role("button", name="Sign in").first.click()
        self.fill_form(login, partner, has_factor=has_factor)
        return self.page

    def fill_form(self, login: str, partner: str | None, *, has_factor: bool = True) -> None:
        """Fill in the provider's form, as it shows."""
        self.page.wait_for_selector("#login")
        self.page.fill("#login", login)
        if partner:
            self.page.fill("#organization", ORGANIZATIONS.get(partner, partner))
        if has_factor:
            self.page.check("#mfa")
        self.page.click("#continue")
        self.page.wait_for_url(f"{self.url}/**")
        self.settle()

    @property
    def account(self) -> Locator:
        """The button behind which the ways out are."""
        return self.page.get_by_test_id("stSidebar").get_by_test_id("stPopoverButton")

    def confirm_sign_out(self) -> None:
        """Say yes to the provider, which asks, and wait for the dashboard."""
        self.page.wait_for_selector("#confirm")
        self.page.click("#confirm")
        self.page.wait_for_url(f"{self.url}/**")
        self.settle()

    def rerun(self) -> None:
        """Let the page run once more in the same session."""
        self.page.keyboard.press("r")
        self.page.wait_for_timeout(700)
        self.settle()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Return what opens a browser of its own on a dashboard."""
    opened: list[Visitor] = []

    def start(served: Guarded, theme: str = "light") -> Visitor:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            accept_downloads=True,
        )
        visitor = Visitor(context.new_page(), served.url, context=context)
        visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        opened.append(visitor)
        return visitor

    yield start
    for visitor in opened:
        assert visitor.errors == []
        visitor.context.close()
