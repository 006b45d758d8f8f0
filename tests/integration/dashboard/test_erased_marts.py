"""A dashboard that runs while a tenant or a connection is erased shows it no more."""

from pathlib import Path

import pytest

from apps.dashboard.data import overview
from apps.dashboard.data.source import current_source, query
from control.directory import Directory
from control.onboarding import RequestKind
from control.privacy_records import Subject, SubjectKind
from pipeline.build import build_warehouse
from pipeline.connection_worker import work
from pipeline.privacy.erase import erase
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.errors import NotPublishedError
from serving.generations import partner_folder
from tests.conftest import PARTNER, TENANT, Ingest
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

ACCOUNT, OTHER = "444455556666", "777788889999"


def test_what_was_open_and_cached_of_an_erased_tenant_is_dropped(
    settings: Settings, exports: Path, ingest: Ingest
) -> None:
    cells = {"BillingAccountId": ACCOUNT, "SubAccountId": ACCOUNT}
    made.write(exports / "may.csv", made.FOCUS, cells)
    ingest()
    build_warehouse(settings, PARTNER)
    publish_marts(settings, PARTNER)
    source, limited = current_source(settings, PARTNER), current_source(settings, PARTNER, [TENANT])
    assert source
    assert limited
    for each in (source, limited):
        assert query(each, "select sub_account_id from dim_account").num_rows == 1
        assert TENANT in str(overview.load_tenants(each))

    subject = Subject(SubjectKind.TENANT, PARTNER, TENANT)
    erase(settings, subject, confirmation=subject.name, requested_by="operator")

    assert current_source(settings, PARTNER) is None
    for each in (source, limited):
        with pytest.raises(NotPublishedError):
            query(each, "select sub_account_id from dim_account")
        with pytest.raises(NotPublishedError):
            overview.load_tenants(each)


def test_a_connection_that_goes_with_its_data_leaves_the_pages_by_itself(
    settings: Settings, exports: Path, ingest: Ingest
) -> None:
    for account in (ACCOUNT, OTHER):
        cells = {"BillingAccountId": account, "SubAccountId": account}
        made.write(exports / account / "may.csv", made.FOCUS, cells)
        ingest(exports / account)
    build_warehouse(settings, PARTNER)
    publish_marts(settings, PARTNER)
    asked = {"connection_id": f"aws-{ACCOUNT}", "deletes_data": True}
    with Directory(settings.control) as directory:
        request_id = directory.request_connection(
            PARTNER, TENANT, RequestKind.DISCONNECT, asked, requested_by="ada"
        )

    work(settings)

    source = current_source(settings, PARTNER)
    assert source
    found = query(source, "select sub_account_id from dim_account").column("sub_account_id")
    assert found.to_pylist() == [OTHER]
    assert len(list(partner_folder(settings.serving, PARTNER).glob("gen-*.duckdb"))) == 1
    with Directory(settings.control) as directory:
        request = directory.connection_request(PARTNER, request_id)
        extract = str(directory.partner_extract(PARTNER))
    assert request
    assert (request.status, "pages show it no more" in request.message) == ("done", True)
    assert ACCOUNT not in extract
