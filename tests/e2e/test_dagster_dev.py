"""Dagster's own page and daemon, really running: a run started there does the work."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from control.directory import Directory
from pipeline.settings import Settings
from serving.session import open_session
from tests.conftest import PARTNER, TENANT
from tests.integration.ingestion import made
from tests.servers import free_port

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
_START_S, _RUN_S = 150.0, 240.0
_LAUNCH = """
mutation($parameters: ExecutionParams!) {
  launchRun(executionParams: $parameters) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
_STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
_PARTITIONS = """
mutation($partition: String!, $set: String!, $repository: RepositorySelector!) {
  addDynamicPartition(
    partitionKey: $partition, partitionsDefName: $set, repositorySelector: $repository
  ) { __typename }
}
"""
_BACKFILL = """
mutation($parameters: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $parameters) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
_BACKFILL_STATUS = """
query($id: String!) { partitionBackfillOrError(backfillId: $id) {
  ... on PartitionBackfill { status } } }
"""
_REPOSITORIES = """
query { repositoriesOrError { ... on RepositoryConnection {
  nodes { name location { name } } } } }
"""


@dataclass(frozen=True)
class Dagster:
    """A running Dagster and the state that it works on."""

    url: str
    settings: Settings

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the answer to a GraphQL query, as the page asks them."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"{self.url}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = json.load(answer)
        assert not found.get("errors"), found["errors"]
        return found["data"]

    def repository(self) -> dict[str, str]:
        """Return the code location as the page names it, once it is loaded."""
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            nodes = self.ask(_REPOSITORIES)["repositoriesOrError"].get("nodes")
            if nodes:
                return {
                    "repositoryName": nodes[0]["name"],
                    "repositoryLocationName": nodes[0]["location"]["name"],
                }
            time.sleep(1)
        raise AssertionError("the code location did not load")

    def run(self, job: str, tags: dict[str, str]) -> str:
        """Launch a job for one partition and return the run's last status."""
        parameters = {
            "selector": {**self.repository(), "jobName": job},
            "mode": "default",
            "executionMetadata": {
                "tags": [{"key": key, "value": value} for key, value in tags.items()]
            },
        }
        launched = self.ask(_LAUNCH, parameters=parameters)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        until = time.monotonic() + _RUN_S
        status = ""
        while time.monotonic() < until:
            asked = self.ask(_STATUS, id=launched["run"]["runId"])
            status = str(asked["runOrError"]["status"])
            if status in {"SUCCESS", "FAILURE", "CANCELED"}:
                return status
            time.sleep(1)
        return status


@pytest.fixture(scope="module")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    root = tmp_path_factory.mktemp("dagster")
    settings, port = Settings(home=root / "home"), free_port()
    made.write(root / "exports/may.csv", made.FOCUS, {}, {})
    with Directory(settings.control) as opened:
        opened.ensure_tenant(PARTNER, TENANT)
        opened.add_source(PARTNER, TENANT, str(root / "exports"))
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestration", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"CLOUDPRUNE_HOME": str(settings.home)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, root / "log")
        yield Dagster(f"http://127.0.0.1:{port}", settings)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=2)
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError(log.read_text()[-2000:])


def test_runs_started_in_the_page_land_and_publish(dagster: Dagster) -> None:
    key = f"{PARTNER}.{TENANT}"
    repository = dagster.repository()
    dagster.ask(_PARTITIONS, partition=key, set="tenants", repository=repository)
    dagster.ask(_PARTITIONS, partition=PARTNER, set="partners", repository=repository)

    landed = dagster.run(
        "land_costs",
        {
            "dagster/partition": f"2026-05|{key}",
            "dagster/partition/tenant": key,
            "dagster/partition/billing_period": "2026-05",
        },
    )
    published = dagster.run("publish_marts", {"dagster/partition": PARTNER})

    assert (landed, published) == ("SUCCESS", "SUCCESS")
    with open_session(dagster.settings.serving, dagster.settings.keys, PARTNER) as session:
        assert session.query("select count(*) as n from fct_cost_lines").to_pylist() == [{"n": 2}]


def test_a_backfill_of_one_tenant_and_month_works(dagster: Dagster) -> None:
    key = f"{PARTNER}.{TENANT}"
    tables = ("cost_lines", "loads", "bill_totals", "rejected")
    dagster.ask(_PARTITIONS, partition=key, set="tenants", repository=dagster.repository())

    launched = dagster.ask(
        _BACKFILL,
        parameters={
            "assetSelection": [{"path": ["lake", table]} for table in tables],
            "partitionNames": [f"2026-05|{key}"],
        },
    )["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    until, status = time.monotonic() + _RUN_S, ""
    while time.monotonic() < until and not status.startswith(("COMPLETED", "FAILED")):
        time.sleep(2)
        asked = dagster.ask(_BACKFILL_STATUS, id=launched["backfillId"])
        status = str(asked["partitionBackfillOrError"]["status"])

    assert status == "COMPLETED_SUCCESS"
