"""What this installation wrote itself is no export, wherever it lies."""

from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from ingestion.errors import SourceError
from pipeline.ingest import ingest_costs, new_deliveries
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT, Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration


def test_state_below_a_source_is_left_out_and_told(
    settings: Settings, tmp_path: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(tmp_path / "exports/may.csv", made.FOCUS, {})
    ingest(tmp_path)

    again = ingest(tmp_path)

    assert len(again.of(Kind.UNCHANGED)) == 1
    (told,) = [o.message for o in again.of(Kind.SKIPPED) if "is state of this" in o.message]
    assert settings.lake in told
    assert again.exit_status == 0
    assert lake.one("select count(*) from loads") == 1
    assert new_deliveries(settings, PARTNER, TENANT) == ()


def test_another_tenants_state_is_no_source(
    settings: Settings, exports: Path, ingest: Ingest
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {})
    ingest()

    with pytest.raises(SourceError, match="holds state of this installation"):
        ingest(f"{settings.lake}/partner_id={PARTNER}", tenant="other")


@pytest.mark.parametrize("source", ["s3://bills", "s3://bills/", "s3://bills/state/lake/more"])
def test_a_bucket_that_holds_the_lake_is_no_source(source: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, lake_url="s3://bills/state/lake")

    with pytest.raises(SourceError, match="holds state of this installation"):
        ingest_costs(settings, PARTNER, TENANT, source)


@pytest.mark.parametrize("linked", ["", "cost_lines", "cost_lines/*/*/data.parquet"])
def test_a_link_to_another_tenants_state_is_left_out_and_told(
    linked: str, settings: Settings, exports: Path, tmp_path: Path, ingest: Ingest
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {})
    ingest()
    theirs = Path(settings.lake) / f"partner_id={PARTNER}/tenant_id={TENANT}"
    (target,) = theirs.glob(linked) if linked else [theirs]
    (tmp_path / "other").mkdir()
    (tmp_path / "other/link").symlink_to(target)

    (told,) = ingest(tmp_path / "other", tenant="other").outcomes

    assert told.kind is Kind.SKIPPED
    assert "link is state of this installation" in told.message
