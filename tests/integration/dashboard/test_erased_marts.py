"""A dashboard that runs while a tenant is erased shows it no more."""

from pathlib import Path

import pytest

from apps.dashboard.data import overview
from apps.dashboard.data.source import current_source, query
from control.privacy_records import Subject, SubjectKind
from pipeline.build import build_warehouse
from pipeline.privacy.erase import erase
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.errors import NotPublishedError
from tests.conftest import PARTNER, TENANT, Ingest
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

ACCOUNT = "444455556666"


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
