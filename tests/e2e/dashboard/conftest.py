"""The dashboard as it is served, with made marts of three partners, in headless Chromium."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from apps.dashboard.launch import address, serve, wait_until_up
from control.directory import Directory
from pipeline.settings import Settings
from serving.session import open_session
from tests.e2e.dashboard.marts import DEFAULT_ESTATE, publish_partner
from tests.servers import free_port

LARGE, OTHER, SMALL = "large", "southwind", "northwind"
UNSCANNED, CLEAN, OLDER = "unscanned", "clean", "older"
_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
_WIDTH, _HEIGHT = 1280, 900
_LOADING = "[data-testid='stStatusWidget'], [data-testid='stSkeleton']"


@dataclass(frozen=True)
class Served:
    """A running dashboard and the state behind it."""

    url: str
    settings: Settings

    def ask(self, partner: str, sql: str) -> list[dict[str, Any]]:
        """Return what the partner's marts say."""
        with open_session(self.settings.serving, self.settings.keys, partner) as session:
            rows: list[dict[str, Any]] = session.query(sql).to_pylist()
            return rows


@pytest.fixture(scope="package")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(home=tmp_path_factory.mktemp("dashboard"))
    with Directory(settings.control) as directory:
        for partner in (SMALL, OTHER, LARGE, UNSCANNED, CLEAN, OLDER, "unpublished"):
            directory.ensure_tenant(partner, "acme")
    publish_partner(settings, SMALL)
    half = replace(DEFAULT_ESTATE, saved_percent=50, left_out=("aws_nat_gateway_idle",))
    publish_partner(settings, OTHER, months=3, has_gap=False, estate=half)
    publish_partner(settings, LARGE, tenant_copies=17, estate=replace(DEFAULT_ESTATE, bulk=98))
    unscanned = replace(DEFAULT_ESTATE, is_scanned=False)
    publish_partner(settings, UNSCANNED, months=1, estate=unscanned)
    clean = replace(DEFAULT_ESTATE, has_findings=False)
    publish_partner(settings, CLEAN, months=1, estate=clean)
    publish_partner(settings, OLDER, months=1, estate=None)
    with served(settings) as url:
        yield Served(url, settings)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve the demo's dashboard of some state; yield its address."""
    port = free_port()
    process = serve(settings, port=port)
    try:
        wait_until_up(port, process=process)
        yield address(port)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is not installed: no browser to look with")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield launched
        launched.close()


@dataclass
class Look:
    """One browser page on the dashboard.

    Attributes:
        strangers: Addresses outside the dashboard that the page asked for.
        errors: What the page wrote as errors.
    """

    page: Page
    url: str
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to an address and wait until the page is whole."""
        self.page.goto(self.url + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until nothing runs or loads any more."""
        running = "[data-testid='stApp'][data-test-script-state='notRunning']"
        self.page.wait_for_selector(running, timeout=60_000)
        self.page.wait_for_function(f'document.querySelectorAll("{_LOADING}").length === 0')
        self.page.wait_for_timeout(300)
        self.page.wait_for_selector(running, timeout=60_000)

    def cell(self, column: int, row: int, table: int = 0) -> str:
        """Return a cell of a table as it is read aloud."""
        found = self.page.get_by_test_id("stDataFrame").nth(table)
        text = found.get_by_test_id(f"glide-cell-{column}-{row}").text_content()
        return (text or "").strip()

    def select_row(self, row: int, table: int = 0) -> None:
        """Tick the box of a row."""
        self._click(18, row, table)

    def press(self, row: int, table: int = 0) -> None:
        """Click the button in the first column of a row."""
        self._click(90, row, table)

    def _click(self, x: int, row: int, table: int) -> None:
        canvas = self.page.get_by_test_id("stDataFrame").nth(table)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        self.page.mouse.click(box["x"] + x, box["y"] + 36 + 35 * row + 17)
        self.page.wait_for_timeout(500)
        self.settle()

    def metric(self, label: str) -> str:
        """Return the value under a heading such as `Billed cost`."""
        found = self.page.get_by_test_id("stMetric").filter(has_text=label).first
        return (found.get_by_test_id("stMetricValue").text_content() or "").strip()

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                """() => Math.max(
                    document.documentElement.scrollWidth - window.innerWidth,
                    ...[...document.querySelectorAll("[data-testid='stMain']")]
                        .map(part => part.scrollWidth - part.clientWidth)
                )"""
            )
        )


@pytest.fixture(scope="package")
def contexts(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """One browser profile per theme: with a new one every test would load all scripts again."""
    opened: dict[str, BrowserContext] = {}

    def of(theme: str) -> BrowserContext:
        if theme not in opened:
            opened[theme] = browser.new_context(
                viewport={"width": _WIDTH, "height": _HEIGHT},
                color_scheme="dark" if theme == "dark" else "light",
                accept_downloads=True,
            )
        return opened[theme]

    yield of
    for context in opened.values():
        context.close()


@pytest.fixture(params=["light"])
def look(
    request: pytest.FixtureRequest,
    contexts: Callable[[str], BrowserContext],
    dashboard: Served,
) -> Iterator[Look]:
    with looking(contexts(request.param), dashboard.url) as opened:
        yield opened
        opened.page.evaluate("localStorage.clear()")


@contextmanager
def looking(context: BrowserContext, url: str) -> Iterator[Look]:
    """Open a page of one's own; at the end nothing was wrong, and no stranger was asked."""
    context.clear_cookies()
    opened = Look(context.new_page(), url)
    opened.page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((url, "data:", "blob:"))
            else opened.strangers.append(asked.url)
        ),
    )
    opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
    yield opened
    assert opened.strangers == []
    assert opened.errors == []
    opened.page.close()
