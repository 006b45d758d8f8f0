"""The orchestrator does what was asked for, and remembers nothing of what was erased."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    SensorInstigatorData,
)

from control.directory import Directory
from control.errors import PrivacyRequestError
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.roles import Role
from orchestration.partitions import TenantKey, partners, tenants
from orchestration.sensors import directory, landed_tables, new_deliveries, privacy_requests
from pipeline.privacy.archives import read_archive
from pipeline.privacy.erase import erase
from pipeline.settings import Settings
from tests.content import served
from tests.e2e.privacy.estate import found_in
from tests.integration.ingestion import made
from tests.integration.orchestration.running import code_location, opened_instance

pytestmark = pytest.mark.e2e

GONE, KEPT, TENANT = "aurora-qx", "borealis", "zulu"
ACCOUNT = "987650001234"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two partners with tenants of one name, landed and published by runs that are on disk."""
    folder = tmp_path_factory.mktemp("template")
    settings = Settings(home=folder / "state", work_memory="1GB")
    cells = {"BillingAccountId": ACCOUNT, "SubAccountId": ACCOUNT}
    made.write(folder / "exports" / "may.csv", made.FOCUS, cells)
    location = code_location(settings)
    land, publish = (location.resolve_job_def(name) for name in ("land_costs", "publish_marts"))
    with opened_instance(settings) as instance:
        for partner in (GONE, KEPT):
            with Directory(settings.control) as directory:
                directory.ensure_tenant(partner, TENANT)
                directory.add_source(partner, TENANT, str(folder / "exports"))
            key = TenantKey(partner, TENANT)
            instance.add_dynamic_partitions(tenants.name or "", [str(key)])
            instance.add_dynamic_partitions(partners.name or "", [partner])
            month = key.period("2026-05")
            assert land.execute_in_process(partition_key=month, instance=instance).success
            assert publish.execute_in_process(partition_key=partner, instance=instance).success
    return settings.home


@pytest.fixture
def settings(template: Path, tmp_path: Path) -> Settings:
    """A copy of it for one test."""
    shutil.copytree(template, tmp_path / "state")
    return Settings(home=tmp_path / "state", work_memory="1GB")


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with opened_instance(settings) as opened:
        yield opened


def runs(instance: dg.DagsterInstance, partner: str) -> int:
    return sum(partner in str(run.tags) for run in instance.get_runs())


def test_nothing_of_an_erased_partner_stays_in_the_orchestrator(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    kept = runs(instance, KEPT)
    assert any("dagster" in place for place in found_in(settings, GONE))

    receipt = erase(
        settings, Subject(SubjectKind.PARTNER, GONE), confirmation=GONE, requested_by="operator"
    )

    assert found_in(settings, GONE) == []
    assert receipt.counts["runs of the orchestrator"] == 2
    assert runs(instance, KEPT) == kept == 2
    assert instance.get_dynamic_partitions("partners") == [KEPT]
    assert instance.get_dynamic_partitions("tenants") == [f"{KEPT}.{TENANT}"]
    assert served(settings, KEPT)["fct_cost_lines"][0] == 1


def test_nothing_of_an_erased_tenant_stays_in_the_orchestrator(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    subject = Subject(SubjectKind.TENANT, GONE, TENANT)

    erase(settings, subject, confirmation=subject.name, requested_by="operator")

    assert found_in(settings, f"{GONE}.{TENANT}") == []
    dagster = [place for place in found_in(settings, GONE) if "dagster" in place]
    assert [place for place in dagster if "index.db" not in place] == []
    assert runs(instance, KEPT) == 2


def test_what_sensors_remember_of_an_erased_partner_goes(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    for sensor, cursor in (
        (landed_tables, f'[{{"lake": 5}}, {{"{GONE}": 3, "{KEPT}": 4}}]'),
        (new_deliveries, f"{GONE}.{TENANT}"),
    ):
        instance.add_instigator_state(_state(sensor, cursor))

    erase(settings, Subject(SubjectKind.PARTNER, GONE), confirmation=GONE, requested_by="operator")

    cursors = {
        state.instigator_name: state.instigator_data.cursor
        for state in instance.all_instigator_state()
        if isinstance(state.instigator_data, SensorInstigatorData)
    }
    assert cursors == {"landed_tables": f'[{{"lake": 5}}, {{"{KEPT}": 4}}]', "new_deliveries": ""}
    assert found_in(settings, GONE) == []


def _state(sensor: dg.SensorDefinition, cursor: str) -> InstigatorState:
    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "__repository__")
    return InstigatorState(
        RemoteInstigatorOrigin(repository, sensor.name),
        InstigatorType.SENSOR,
        InstigatorStatus.RUNNING,
        SensorInstigatorData(cursor=cursor, last_run_key=f"{GONE}|1"),
    )


def test_a_request_of_the_dashboard_is_picked_up_and_done(settings: Settings) -> None:
    with Directory(settings.control) as opened:
        opened.ensure_tenant(KEPT, TENANT)
        token = opened.invite(KEPT, "ann@mail.example", Role.ADMIN, invited_by="operator")
        ann = opened.accept_invitation(KEPT, token, subject="s", email="ann@mail.example")
        subject = Subject(SubjectKind.MEMBER, KEPT, subject_id=ann.member_id)
        asked = opened.request_privacy(subject, RequestKind.ACCESS, requested_by=ann.email)

    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, resources={"settings": settings})
        ticked = privacy_requests(context)
        job = code_location(settings).resolve_job_def("privacy_work_job")
        assert job.execute_in_process(instance=instance).success
        again = privacy_requests(context)

    assert isinstance(ticked, dg.SensorResult)
    assert isinstance(again, dg.SensorResult)
    assert (len(ticked.run_requests or []), len(again.run_requests or [])) == (1, 0)
    assert read_archive(settings, KEPT, asked.request_id).startswith(b"PK")
    with Directory(settings.control) as opened:
        assert opened.privacy_request(KEPT, asked.request_id).state == "done"


def test_the_daily_job_deletes_what_is_too_old(settings: Settings) -> None:
    with Directory(settings.control) as opened:
        opened.log_access(KEPT, "ann", "see costs")
        kept = len(opened.access_log(KEPT))
        opened.invite(KEPT, "new@mail.example", Role.VIEWER, invited_by="operator")
    job = code_location(settings).resolve_job_def("retention_job")

    assert job.execute_in_process().success

    with Directory(settings.control) as opened:
        assert len(opened.access_log(KEPT)) == kept
        later = datetime.now(UTC) + timedelta(days=91)
        assert (opened.cut_access_log(later) > kept, opened.cut_invitations(later)) == (True, 1)
        with pytest.raises(PrivacyRequestError):
            opened.privacy_request(KEPT, "0")


def test_a_restricted_partner_is_no_partition(settings: Settings) -> None:
    with Directory(settings.control) as opened:
        opened.ensure_tenant(KEPT, TENANT)
        opened.restrict(Subject(SubjectKind.PARTNER, KEPT))
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, resources={"settings": settings})
        result = directory(context)

    assert isinstance(result, dg.SensorResult)
    added = [
        key for each in result.dynamic_partitions_requests or [] for key in each.partition_keys
    ]
    assert sorted(added) == [GONE, f"{GONE}.{TENANT}"]
