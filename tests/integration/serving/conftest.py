"""Two partners' published marts, made once for all tests of sessions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import Settings
from serving.session import Session, open_session
from tests.e2e.dashboard.marts import publish_partner

OURS, THEIRS = "northwind", "southwind"


@pytest.fixture(scope="package")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """State in which both partners have published."""
    settings = Settings(home=tmp_path_factory.mktemp("published"))
    for partner in (OURS, THEIRS):
        publish_partner(settings, partner, months=2)
    lake = Path(settings.lake) / f"partner_id={THEIRS}/tenant_id=t/loads"
    lake.mkdir(parents=True)
    (lake / "data.parquet").write_bytes(b"secret of another partner")
    return settings


@pytest.fixture(scope="package")
def session(published: Settings) -> Iterator[Session]:
    """One partner's session, small and quick to give up."""
    with open_session(
        published.serving, published.keys, OURS, memory="200MB", timeout_s=3, result="20MB"
    ) as opened:
        yield opened
