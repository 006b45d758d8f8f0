"""Scans as Dagster runs them: a tenant's clouds to landed tables, and what starts them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import dagster as dg
import pytest

from control.directory import Directory
from control.secrets import FileSecretStore
from estate.clouds.azure.server import AzureConnection, RunningAzure, running_azure
from estate.world import build_partners, calendar
from ingestion.names import connection_name
from ingestion.registry import RESOURCE_TYPES, resource_types_of
from orchestration.assets.inventory import SCAN_SCOPES, build_cloud_tables
from orchestration.partitions import TenantKey, partners, tenants
from orchestration.schedules import daily_scans
from orchestration.sensors import landed_tables, requested_scans
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.orchestration.running import code_location

pytestmark = pytest.mark.integration

KEY = TenantKey(PARTNER, TENANT)
THROUGH = date(2026, 5, 20)
AZURE_TABLES = {kind.name for kind in resource_types_of("azure")}


@dataclass(frozen=True)
class Cloud:
    """A tenant whose Azure can be scanned."""

    azure: RunningAzure
    connection: AzureConnection
    connection_id: str
    settings: Settings


@pytest.fixture(scope="module")
def running() -> Iterator[RunningAzure]:
    with running_azure(build_partners(11, "demo", calendar(THROUGH, 2)), THROUGH) as azure:
        yield azure


@pytest.fixture
def cloud(running: RunningAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """An installation in which one tenant has connected its Azure."""
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    running.reset()
    settings = Settings(home=tmp_path / "state")
    connection = next(c for c in running.connections if len(c.subscriptions) > 1)
    connection_id = connection_name("azure", connection.directory_id)
    whose = (PARTNER, TENANT, connection_id)
    with Directory(settings.control) as opened:
        opened.ensure_tenant(PARTNER, TENANT)
        opened.record_connection(*whose, provider="azure", scope=connection.directory_id)
        opened.set_azure_access(
            *whose, directory_id=connection.directory_id, client_id=connection.client_id
        )
    FileSecretStore(settings.secrets, settings.keys).put(*whose, connection.client_secret)
    return Cloud(running, connection, connection_id, settings)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        opened.add_dynamic_partitions(tenants.name or "", [str(KEY)])
        opened.add_dynamic_partitions(partners.name or "", [PARTNER])
        yield opened


def scan(
    cloud: Cloud, instance: dg.DagsterInstance, run_config: Mapping[str, Any] | None = None
) -> dg.ExecuteInProcessResult:
    """Run the tenant's scan, without waiting between tries."""
    retries = dg.RetryPolicy(max_retries=1)
    return dg.materialize(
        [build_cloud_tables(retry_policy=retries)],
        partition_key=str(KEY),
        run_config=run_config,
        instance=instance,
        resources={"settings": cloud.settings},
        raise_on_error=False,
    )


def materialized(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetMaterialization]:
    events = result.asset_materializations_for_node("cloud_tables")
    return {event.asset_key.path[-1]: event for event in events}


def count(event: dg.AssetMaterialization, name: str) -> int:
    value = event.metadata[name].value
    assert isinstance(value, int)
    return value


def tries(result: dg.ExecuteInProcessResult) -> int:
    return 1 + len([event for event in result.all_events if event.is_step_restarted])


def test_every_resource_type_has_an_asset_with_described_columns(tmp_path: Path) -> None:
    with dg.DagsterInstance.ephemeral():  # whatever instance was opened before is gone
        graph = code_location(Settings(home=tmp_path)).resolve_asset_graph()

    for kind in RESOURCE_TYPES:
        node = graph.get(dg.AssetKey(["lake", kind.name]))
        columns = node.metadata["dagster/column_schema"].columns
        assert [c.name for c in columns][2:] == [c.name for c in kind.columns]
        assert all(column.description for column in columns)
        assert node.parent_keys == {dg.AssetKey(["clouds", kind.provider])}
        assert node.partitions_def == tenants
    assert graph.get(SCAN_SCOPES).partitions_def == tenants


def test_one_run_lands_all_tables_of_a_tenant_with_one_scan(
    cloud: Cloud, instance: dg.DagsterInstance
) -> None:
    job = code_location(cloud.settings).resolve_job_def("scan_clouds")

    result = job.execute_in_process(partition_key=str(KEY), instance=instance)

    events = materialized(result)
    assert set(events) == AZURE_TABLES | {"utilization_daily", "scan_scopes"}
    assert count(events["azure_managed_disks"], "dagster/row_count") > 0
    assert count(events["azure_managed_disks"], "calls") == 1
    assert all(count(event, "errors") == 0 for event in events.values())
    assert all(count(events[name], "bytes") > 0 for name in AZURE_TABLES)
    assert cloud.azure.calls()["resource_graph"] == {"200": len(AZURE_TABLES) + 1}
    with Directory(cloud.settings.control) as opened:
        (record,) = opened.scans(PARTNER, TENANT)
    assert (record.status, record.requested_by) == ("complete", "schedule")


def test_a_denied_subscription_is_a_warning_and_no_failure(
    cloud: Cloud, instance: dg.DagsterInstance
) -> None:
    denied = cloud.connection.subscriptions[0]
    with Directory(cloud.settings.control) as opened:
        opened.set_azure_access(
            PARTNER,
            TENANT,
            cloud.connection_id,
            directory_id=cloud.connection.directory_id,
            client_id=cloud.connection.client_id,
            subscriptions=cloud.connection.subscriptions,
        )
    cloud.azure.switch(deny=denied)

    result = scan(cloud, instance)

    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert denied in str(check.description)
    assert "assigns Reader" in str(check.description)
    assert count(materialized(result)["azure_managed_disks"], "errors") == 1


def test_an_expired_secret_fails_once_and_says_who_mends_it(
    cloud: Cloud, instance: dg.DagsterInstance
) -> None:
    cloud.azure.switch(expire_secret=cloud.connection.directory_id)

    result = scan(cloud, instance)

    assert not result.success
    assert tries(result) == 1
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    assert "the client secret has expired" in str(failure.event_specific_data)
    assert "creates a new secret" in str(failure.event_specific_data)


def test_a_tenant_without_a_connection_fails_with_a_sentence(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    settings = Settings(home=tmp_path)
    with Directory(settings.control) as opened:
        opened.ensure_tenant(PARTNER, TENANT)

    result = dg.materialize(
        [build_cloud_tables()],
        partition_key=str(KEY),
        instance=instance,
        resources={"settings": settings},
        raise_on_error=False,
    )

    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    assert "cloudprune connect" in str(failure.event_specific_data)
    assert tries(result) == 1


def test_what_is_broken_for_a_while_is_tried_again(
    cloud: Cloud, instance: dg.DagsterInstance
) -> None:
    cloud.azure.switch(page_rows=0)  # pages without rows and without an end

    result = scan(cloud, instance)

    assert not result.success
    assert tries(result) == 2


def test_a_scan_that_was_asked_for_starts_once_for_its_connection(
    cloud: Cloud, instance: dg.DagsterInstance
) -> None:
    with Directory(cloud.settings.control) as opened:
        scan_id = opened.request_scan(PARTNER, TENANT, cloud.connection_id, requested_by="ada")

    (request,) = _evaluated(requested_scans, instance, cloud.settings).run_requests or []
    done = (
        code_location(cloud.settings)
        .resolve_job_def("scan_clouds")
        .execute_in_process(
            partition_key=request.partition_key,
            run_config=request.run_config,
            instance=instance,
        )
    )
    after = _evaluated(requested_scans, instance, cloud.settings).run_requests

    assert (request.run_key, request.partition_key) == (scan_id, str(KEY))
    assert done.success
    assert not after
    with Directory(cloud.settings.control) as opened:
        (record,) = opened.scans(PARTNER, TENANT)
    assert (record.scan_id, record.requested_by, record.status) == (scan_id, "ada", "complete")


def test_a_scan_that_is_cancelled_before_its_run_begins_reads_nothing(
    cloud: Cloud, instance: dg.DagsterInstance
) -> None:
    with Directory(cloud.settings.control) as opened:
        opened.ask_for_scans(PARTNER, TENANT, requested_by="ada")
        (request,) = _evaluated(requested_scans, instance, cloud.settings).run_requests or []
        opened.cancel_scans(PARTNER, TENANT, cancelled_by="ada")
    assert "ada" not in str(request.run_config)

    done = (
        code_location(cloud.settings)
        .resolve_job_def("scan_clouds")
        .execute_in_process(
            partition_key=request.partition_key,
            run_config=request.run_config,
            instance=instance,
            raise_on_error=False,
        )
    )

    (failure,) = done.filter_events(lambda event: event.is_step_failure)
    assert "the request was cancelled" in str(failure.event_specific_data)
    assert tries(done) == 1
    assert materialized(done) == {}
    assert cloud.azure.calls() == {}
    with Directory(cloud.settings.control) as opened:
        assert [scan.status for scan in opened.scans(PARTNER)] == ["cancelled"]


def test_another_try_of_a_scan_that_was_asked_for_is_recorded_as_another(
    cloud: Cloud, instance: dg.DagsterInstance
) -> None:
    cloud.azure.switch(page_rows=0)  # pages without rows and without an end
    with Directory(cloud.settings.control) as opened:
        opened.ask_for_scans(PARTNER, TENANT, requested_by="ada")
    (request,) = _evaluated(requested_scans, instance, cloud.settings).run_requests or []

    result = scan(cloud, instance, run_config=request.run_config)

    assert tries(result) == 2
    with Directory(cloud.settings.control) as opened:
        found = [(each.requested_by, each.status) for each in opened.scans(PARTNER)]
    assert found == [("ada", "failed")] * 2


def test_tenants_with_access_are_scanned_daily(cloud: Cloud, tmp_path: Path) -> None:
    with Directory(cloud.settings.control) as opened:
        opened.ensure_tenant(PARTNER, "without-access")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        keys = [str(KEY), f"{PARTNER}.without-access"]
        instance.add_dynamic_partitions(tenants.name or "", keys)
        context = dg.build_schedule_context(
            instance=instance,
            scheduled_execution_time=datetime(2026, 5, 20, 2, tzinfo=UTC),
            resources={"settings": cloud.settings},
        )

        started = cast(Iterable[dg.RunRequest], daily_scans(context))
        requests = [(request.run_key, request.partition_key) for request in started]

    assert requests == [(f"2026-05-20|{KEY}", str(KEY))]


def test_marts_follow_a_scan(cloud: Cloud, instance: dg.DagsterInstance) -> None:
    before = _evaluated(landed_tables, instance, cloud.settings).run_requests
    scan(cloud, instance)

    (request,) = _evaluated(landed_tables, instance, cloud.settings).run_requests or []

    assert not before
    assert request.partition_key == PARTNER


def test_no_secret_and_no_token_is_in_what_dagster_keeps(cloud: Cloud, tmp_path: Path) -> None:
    kept = tmp_path / "dagster"
    kept.mkdir()
    with dg.DagsterInstance.local_temp(str(kept)) as instance:
        instance.add_dynamic_partitions(tenants.name or "", [str(KEY)])
        result = scan(cloud, instance)
    assert result.success

    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in written)
    assert any(path.suffix == ".db" for path in written)
    for path in written:
        content = path.read_bytes()
        assert cloud.connection.client_secret.encode() not in content, path
        assert b"eyJ0eXAi" not in content, path
        assert b"eyJhbGci" not in content, path


def _evaluated(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, settings: Settings
) -> dg.SensorResult:
    context = dg.build_sensor_context(instance=instance, resources={"settings": settings})
    result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    return result
