"""The scans page in a browser, with the worker beside it and a cloud that answers over HTTP."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect
from werkzeug.wrappers import Response

from control.directory import Directory
from pipeline.connect import connect_aws
from pipeline.scan_worker import work_scans
from pipeline.settings import Settings
from tests.e2e.dashboard.conftest import Look, looking, served
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import _server, cloud  # noqa: F401

pytestmark = pytest.mark.e2e

A, B = "northwind", "southwind"
ACCOUNT, OTHER_ACCOUNT = "222233334444", "555566667777"
BOTH_THEMES = pytest.mark.parametrize("look", ["light", "dark"], indirect=True)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(home=tmp_path_factory.mktemp("scans"), work_memory="1GB")
    for partner in (A, B):
        for tenant, account in (("contoso", ACCOUNT), ("fabrikam", OTHER_ACCOUNT)):
            connect_aws(made, partner, tenant, f"arn:aws:iam::{account}:role/cloudprune")
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


@BOTH_THEMES
def test_the_page_fits_its_window(look: Look) -> None:
    page = look.open(f"/scans?partner={B}")

    expect(page.get_by_role("heading", name="Scans")).to_be_visible()
    expect(page.get_by_text("Nothing was scanned yet")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert look.overflow() <= 0


def test_from_scan_now_to_published_findings_without_a_reload(
    look: Look,
    settings: Settings,
    cloud: Cloud,  # noqa: F811
) -> None:
    released, regions = threading.Event(), cloud.prepared["DescribeRegions"]

    def hold(text: str) -> str | Response:
        released.wait(60)
        return regions(text)

    cloud.prepared["DescribeRegions"] = hold
    cloud.fail("DescribeVolumes", "UnauthorizedOperation", status=403)
    page = look.open(f"/scans?partner={A}&tenant=contoso")
    page.get_by_role("button", name="Scan now").click()
    expect(page.get_by_text("Asked for 1 scan of contoso.")).to_be_visible()
    expect(page.get_by_text("1 connection queued")).to_be_visible()
    page.get_by_role("button", name="Scan now").click()
    expect(page.get_by_text("A scan of contoso waits to begin already")).to_be_visible()

    worker = threading.Thread(target=work_scans, args=(settings,))
    worker.start()
    expect(page.get_by_text("asking for its regions")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    released.set()
    expect(page.get_by_role("link", name="See the findings")).to_be_visible(timeout=240_000)
    worker.join()
    look.settle()

    assert look.cell(4, 0) == "partial"
    assert look.overflow() <= 0
    look.select_row(0)
    assert re.search(r"tenant=contoso&scan=[0-9a-f]{32}", page.url)
    expect(page.get_by_text("What to do")).to_be_visible()
    expect(page.get_by_text("DescribeVolumes").first).to_be_visible()
    assert look.overflow() <= 0
    with Directory(settings.control) as directory:
        assert directory.scans(B) == ()

    look.open(f"/scans?partner={A}&status=whole")
    expect(page.get_by_text("No scan passes these filters.")).to_be_visible()
    page.go_back()
    look.settle()
    assert look.cell(4, 0) == "partial"
