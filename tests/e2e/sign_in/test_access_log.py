"""The access log's page: filters that a link restores, a file, and an empty state."""

import csv
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.sign_in.conftest import ACME, GLOBEX, Guarded, Visitor

pytestmark = pytest.mark.e2e
Visit = Callable[..., Visitor]


@pytest.fixture
def admin(guarded: Guarded, visit: Visit) -> Visitor:
    with guarded.directory() as directory:
        directory.log_access(ACME, "job", "scan", target="=cmd()", detail="<script>1</script>")
        directory.log_access(ACME, "eve@else.test", "sign in", is_refused=True, detail="no member")
        directory.log_access(GLOBEX, "job", "scan", target="of another partner")
    visitor: Visitor = visit(guarded)
    visitor.sign_in("ada")
    return visitor


def test_filters_live_in_the_address(admin: Visitor) -> None:
    page = admin.open("/access-log?outcome=refused&who=eve@else.test&days=90")

    expect(page.get_by_text("1 entry, the newest first")).to_be_visible()
    assert admin.cell(0 + 1, 0) == "eve@else.test"

    page.get_by_label("Words").fill("nothing says this")
    page.keyboard.press("Enter")
    admin.settle()

    expect(page.get_by_text("No entry passes these filters")).to_be_visible()
    assert "words=nothing" in page.url


def test_its_file_holds_the_partners_entries_alone_and_runs_nothing(admin: Visitor) -> None:
    page = admin.open("/access-log?what=scan")

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()

    rows = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert {row["partner_id"] for row in rows} == {ACME}
    assert {row["target"] for row in rows} == {"'=cmd()"}


def test_opening_a_page_is_logged_once_whatever_its_reader_does_there(
    admin: Visitor, guarded: Guarded
) -> None:
    admin.open("/costs")
    with guarded.directory() as directory:
        before = len(directory.access_log(ACME))

        for _ in range(3):
            admin.rerun()

        assert len(directory.access_log(ACME)) == before
        admin.open("/findings")
        assert directory.access_log(ACME)[0].target == "Findings"
