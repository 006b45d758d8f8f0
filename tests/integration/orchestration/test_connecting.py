"""What pages ask of clouds, as Dagster does it."""

from pathlib import Path
from typing import cast

import dagster as dg
import pytest

from control.directory import Directory
from control.onboarding import RequestKind
from orchestration.jobs import connect_clouds_job
from orchestration.sensors import connection_requests
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT

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


def run_requests(settings: Settings) -> list[str | None]:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, resources={"settings": settings})
        found = cast(dg.SensorResult, connection_requests(context))
    return [request.run_key for request in found.run_requests or []]


def test_nothing_runs_while_nothing_waits(settings: Settings) -> None:
    assert run_requests(settings) == []


def test_each_set_of_requests_runs_once(settings: Settings) -> None:
    ask(settings)
    first = run_requests(settings)
    again = run_requests(settings)
    ask(settings)

    assert len(first) == 1
    assert first == again != run_requests(settings)


def test_a_run_does_what_waits(settings: Settings) -> None:
    request_id = ask(settings)

    assert connect_clouds_job.execute_in_process(resources={"settings": settings}).success

    with Directory(settings.control) as directory:
        found = directory.connection_request(PARTNER, request_id)
    assert found is not None
    assert found.status == "failed"
    assert "no connection aws-nobody" in found.message
    assert run_requests(settings) == []
