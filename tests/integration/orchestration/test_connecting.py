"""What pages ask of clouds, as Dagster does it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import dagster as dg
import pytest
from sqlalchemy import update

from control.directory import Directory
from control.models import ConnectionRequestRow
from control.onboarding import LONGEST, RequestKind
from control.store import writes
from orchestration.jobs import connect_clouds_job
from orchestration.sensors import connection_requests
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.orchestration.running import opened_instance

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "state")


def ask(settings: Settings) -> str:
    with Directory(settings.control) as directory:
        directory.ensure_tenant(PARTNER, TENANT)
        return directory.request_connection(
            PARTNER,
            TENANT,
            RequestKind.TEST,
            {"connection_id": "aws-nobody"},
            requested_by="ada",
        )


def run_requests(settings: Settings, *runs: dg.DagsterRun) -> list[str | None]:
    with dg.DagsterInstance.ephemeral() as instance:
        for run in runs:
            instance.add_run(run)
        context = dg.build_sensor_context(instance=instance, resources={"settings": settings})
        found = cast(dg.SensorResult, connection_requests(context))
    return [request.run_key for request in found.run_requests or []]


def test_nothing_runs_while_nothing_waits(settings: Settings) -> None:
    assert run_requests(settings) == []


@pytest.mark.parametrize(
    ("status", "begun"),
    [
        (dg.DagsterRunStatus.STARTED, []),
        (dg.DagsterRunStatus.STARTING, []),
        (dg.DagsterRunStatus.FAILURE, [None]),
        (dg.DagsterRunStatus.CANCELED, [None]),
    ],
)
def test_a_run_begins_while_something_waits_and_none_is_under_way(
    status: dg.DagsterRunStatus, begun: list[None], settings: Settings
) -> None:
    ask(settings)
    run = dg.DagsterRun(job_name=connect_clouds_job.name, status=status)

    assert run_requests(settings) == [None]
    assert run_requests(settings, run) == begun


def test_what_a_killed_run_had_taken_is_told_to_have_failed(settings: Settings) -> None:
    request_id = ask(settings)
    with Directory(settings.control) as directory:
        directory.take_connection_request(PARTNER, request_id)
        assert run_requests(settings) == []
        with writes(directory._engine) as transaction:
            long_ago = datetime.now(UTC) - LONGEST - timedelta(minutes=1)
            transaction.execute(update(ConnectionRequestRow).values(started_at=long_ago))

        assert run_requests(settings) == [None]
        assert connect_clouds_job.execute_in_process(resources={"settings": settings}).success

        found = directory.connection_request(PARTNER, request_id)
    assert found is not None
    assert found.status == "failed"
    assert run_requests(settings) == []


def test_a_run_does_what_waits(settings: Settings) -> None:
    request_id = ask(settings)

    assert connect_clouds_job.execute_in_process(resources={"settings": settings}).success

    with Directory(settings.control) as directory:
        found = directory.connection_request(PARTNER, request_id)
    assert found is not None
    assert found.status == "failed"
    assert "no connection aws-nobody" in found.message
    assert run_requests(settings) == []


def test_no_name_stays_in_the_history_of_runs(settings: Settings) -> None:
    ask(settings)

    with opened_instance(settings) as instance:
        done = connect_clouds_job.execute_in_process(
            resources={"settings": settings}, instance=instance
        )

    assert done.success
    kept = [path for path in (settings.home / "dagster").rglob("*") if path.is_file()]
    assert [path for path in kept if b"connect_clouds_job" in path.read_bytes()]
    assert [path for path in kept if PARTNER.encode() in path.read_bytes()] == []
