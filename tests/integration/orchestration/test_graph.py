"""The code location: one graph from exports to serving file, and its assets and sensors at work."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from ingestion.permissions import PROVIDERS
from ingestion.registry import RESOURCE_TYPES
from orchestration.assets.costs import COST_LINES, EXPORTS
from orchestration.assets.inventory import SCAN_SCOPES
from orchestration.assets.serving import SERVING_FILE
from orchestration.partitions import TenantKey, partners, tenants
from orchestration.sensors import directory, landed_tables, new_deliveries
from pipeline.settings import Settings
from serving.session import open_session
from tests.conftest import PARTNER, TENANT
from tests.integration.ingestion import made
from tests.integration.orchestration.running import code_location

pytestmark = pytest.mark.integration

KEY = TenantKey(PARTNER, TENANT)


def evaluated(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, settings: Settings
) -> dg.SensorResult:
    """Return what one tick of a sensor answers."""
    context = dg.build_sensor_context(instance=instance, resources={"settings": settings})
    result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return result


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = Settings(home=tmp_path_factory.mktemp("graph"))
    with dg.DagsterInstance.ephemeral():  # whatever instance was opened before is gone
        return code_location(settings).resolve_asset_graph()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        opened.add_dynamic_partitions(tenants.name or "", [str(KEY)])
        opened.add_dynamic_partitions(partners.name or "", [PARTNER])
        yield opened


@pytest.fixture
def registered(settings: Settings, exports: Path) -> Path:
    """Exports of a month at a source that is registered for the tenant."""
    made.write(exports / "may.csv", made.FOCUS, {}, {})
    with Directory(settings.control) as opened:
        opened.ensure_tenant(PARTNER, TENANT)
        opened.add_source(PARTNER, TENANT, str(exports))
    return exports


def test_one_graph_leads_from_exports_and_clouds_to_the_serving_file(graph: Any) -> None:
    upstream = set(graph.upstream_key_iterator(SERVING_FILE))

    assert {EXPORTS, COST_LINES, SCAN_SCOPES} <= upstream
    assert {dg.AssetKey(["lake", kind.name]) for kind in RESOURCE_TYPES} <= upstream
    assert {dg.AssetKey(["clouds", provider]) for provider in PROVIDERS} <= upstream


def test_every_mart_is_an_asset_with_described_columns(graph: Any) -> None:
    marts = [key for key in graph.get_all_asset_keys() if key.path[0] == "marts"]

    assert len(marts) == 18
    for key in marts:
        schema = graph.get(key).metadata["dagster/column_schema"]
        assert schema.columns, key
        assert all(column.description for column in schema.columns), key


def test_a_tenants_month_lands_and_its_partners_marts_are_published(
    settings: Settings, registered: Path, instance: dg.DagsterInstance
) -> None:
    location = code_location(settings)
    land = location.resolve_job_def("land_costs")
    publish = location.resolve_job_def("publish_marts")

    landed = land.execute_in_process(partition_key=KEY.period("2026-05"), instance=instance)
    published = publish.execute_in_process(partition_key=PARTNER, instance=instance)
    unchanged = publish.execute_in_process(partition_key=PARTNER, instance=instance)

    assert landed.success
    assert published.success
    assert unchanged.success
    (event,) = landed.asset_materializations_for_node("cost_tables")[:1]
    assert event.metadata["dagster/row_count"].value == 2
    totals = event.metadata["provider_totals"]
    assert isinstance(totals, dg.TableMetadataValue)
    (record,) = totals.records
    assert str(record.data["provider_total"]).startswith("5.0")
    with open_session(settings.serving, settings.keys, PARTNER) as session:
        billed = session.query("select sum(billed_cost) as billed from fct_cost_daily")
    assert billed["billed"][0].as_py() == Decimal(5)


def test_a_month_without_a_source_lands_nothing_and_succeeds(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    with Directory(settings.control) as opened:
        opened.ensure_tenant(PARTNER, TENANT)

    landed = (
        code_location(settings)
        .resolve_job_def("land_costs")
        .execute_in_process(partition_key=KEY.period("2026-05"), instance=instance)
    )

    assert landed.success


def test_a_source_that_is_gone_fails_its_run_with_a_sentence(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    with Directory(settings.control) as opened:
        opened.ensure_tenant(PARTNER, TENANT)
        opened.add_source(PARTNER, TENANT, str(tmp_path / "gone"))

    landed = (
        code_location(settings)
        .resolve_job_def("land_costs")
        .execute_in_process(
            partition_key=KEY.period("2026-05"), instance=instance, raise_on_error=False
        )
    )

    assert not landed.success
    (failure,) = landed.filter_events(lambda event: event.is_step_failure)
    assert "gone" in str(failure.event_specific_data)


def test_the_sensor_keeps_partitions_equal_to_the_directory(
    settings: Settings, registered: Path
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(tenants.name or "", ["gone.gone"])
        result = evaluated(directory, instance, settings)

    requests = {
        (type(request).__name__, tuple(request.partition_keys))
        for request in result.dynamic_partitions_requests or []
    }
    assert ("AddDynamicPartitionsRequest", (str(KEY),)) in requests
    assert ("AddDynamicPartitionsRequest", (PARTNER,)) in requests
    assert ("DeleteDynamicPartitionsRequest", ("gone.gone",)) in requests


def test_a_restricted_tenant_is_no_partition_until_it_is_lifted(
    settings: Settings, registered: Path, instance: dg.DagsterInstance
) -> None:
    subject = Subject(SubjectKind.TENANT, PARTNER, TENANT)
    with Directory(settings.control) as opened:
        opened.restrict(subject)
    restricted = evaluated(directory, instance, settings)
    with Directory(settings.control) as opened:
        opened.lift_restriction(subject)
    lifted = evaluated(directory, instance, settings)

    (request,) = restricted.dynamic_partitions_requests or []
    assert isinstance(request, dg.DeleteDynamicPartitionsRequest)
    assert request.partition_keys == [str(KEY)]
    assert not lifted.dynamic_partitions_requests


def test_a_new_delivery_starts_its_own_month_once(
    settings: Settings, registered: Path, instance: dg.DagsterInstance
) -> None:
    def requests() -> list[dg.RunRequest]:
        return list(evaluated(new_deliveries, instance, settings).run_requests or [])

    (first,) = requests()
    code_location(settings).resolve_job_def("land_costs").execute_in_process(
        partition_key=KEY.period("2026-05"), instance=instance
    )
    after = requests()
    made.write(
        registered / "june.csv",
        made.FOCUS,
        {
            "BillingPeriodStart": "2026-06-01T00:00:00Z",
            "BillingPeriodEnd": "2026-07-01T00:00:00Z",
            "ChargePeriodStart": "2026-06-02T00:00:00Z",
        },
    )
    (later,) = requests()

    assert first.partition_key == KEY.period("2026-05")
    assert after == []
    assert later.partition_key == KEY.period("2026-06")
    assert first.run_key != later.run_key


def test_marts_follow_what_landed(
    settings: Settings, registered: Path, instance: dg.DagsterInstance
) -> None:
    location = code_location(settings)
    before = evaluated(landed_tables, instance, settings).run_requests
    location.resolve_job_def("land_costs").execute_in_process(
        partition_key=KEY.period("2026-05"), instance=instance
    )

    (request,) = evaluated(landed_tables, instance, settings).run_requests or []

    assert not before
    assert request.partition_key == PARTNER
