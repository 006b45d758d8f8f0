"""Partners whose clouds are simulated."""

import pytest

from control.directory import Directory
from pipeline.connect import connect_aws
from pipeline.settings import Settings
from tests.integration.dashboard.scans_page.support import ROLES, A, B
from tests.integration.ingestion.aws.conftest import _server, cloud  # noqa: F401


@pytest.fixture
def connected(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two partners with tenants of equal names, each connected to AWS."""
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    for partner in (A, B):
        for tenant, role in ROLES.items():
            connect_aws(settings, partner, tenant, role)
        with Directory(settings.control) as directory:
            directory.ensure_tenant(partner, "unconnected")
    return settings
