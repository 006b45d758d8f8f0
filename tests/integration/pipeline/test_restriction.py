"""Restriction: nothing is done with the data, all of it stays, and others go on."""

from datetime import date
from pathlib import Path

import pytest

from control.directory import Directory
from control.errors import RestrictedError
from control.privacy_records import Subject, SubjectKind
from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs, new_deliveries
from pipeline.publish import publish_marts
from pipeline.scan import scan_tenant
from pipeline.settings import Settings
from serving.session import open_session
from tests.conftest import PARTNER, Ingest
from tests.integration.ingestion import made
from tests.integration.pipeline.scans import Scans

pytestmark = pytest.mark.integration

TENANT = Subject(SubjectKind.TENANT, PARTNER, "fabrikam")


def tenants_served(settings: Settings) -> dict[str, int]:
    with open_session(settings.serving, settings.keys, PARTNER) as session:
        rows = session.query("select tenant_id, count(*) as n from fct_cost_lines group by all")
        return {row["tenant_id"]: row["n"] for row in rows.to_pylist()}


def refresh(settings: Settings) -> None:
    build_warehouse(settings, PARTNER)
    publish_marts(settings, PARTNER)


def change(settings: Settings, subject: Subject, *, is_lifted: bool = False) -> None:
    with Directory(settings.control) as directory:
        (directory.lift_restriction if is_lifted else directory.restrict)(subject)


def files(settings: Settings) -> dict[str, bytes]:
    root = Path(settings.lake)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*.parquet"))
    }


def test_a_restricted_tenant_leaves_the_marts_and_comes_back_whole(
    settings: Settings, exports: Path, ingest: Ingest, tmp_path: Path
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {}, {})
    ingest()
    ingest(tenant="fabrikam")
    Scans(settings, tmp_path, tenant="fabrikam").land(date(2026, 5, 2), {"aws_ec2_instances": []})
    refresh(settings)
    whole, landed = tenants_served(settings), files(settings)

    change(settings, TENANT)
    refresh(settings)

    assert tenants_served(settings) == {"contoso": 2}
    kept = {name for name in landed if "tenant_id=fabrikam" in name}
    assert {name: content for name, content in files(settings).items() if name in kept} == {
        name: landed[name] for name in kept
    }
    change(settings, TENANT, is_lifted=True)
    refresh(settings)
    assert tenants_served(settings) == whole


def test_nothing_lands_of_a_restricted_tenant_and_others_land(
    settings: Settings, exports: Path, ingest: Ingest
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {})
    ingest(tenant="fabrikam")
    before = files(settings)
    made.write(exports / "may.csv", made.FOCUS, {}, {})
    change(settings, TENANT)

    with pytest.raises(RestrictedError):
        ingest_costs(settings, PARTNER, "fabrikam", str(exports), makes_tenant=True)
    with pytest.raises(RestrictedError):
        new_deliveries(settings, PARTNER, "fabrikam")
    with pytest.raises(RestrictedError):
        scan_tenant(settings, PARTNER, "fabrikam")

    assert files(settings) == before
    assert ingest().exit_status == 0


def test_a_restricted_partner_is_neither_built_nor_published(
    settings: Settings, exports: Path, ingest: Ingest
) -> None:
    made.write(exports / "may.csv", made.FOCUS, {})
    ingest()
    refresh(settings)
    served = tenants_served(settings)
    change(settings, Subject(SubjectKind.PARTNER, PARTNER))

    with pytest.raises(RestrictedError, match="privacy lift"):
        build_warehouse(settings, PARTNER)
    with pytest.raises(RestrictedError):
        publish_marts(settings, PARTNER)

    assert tenants_served(settings) == served
