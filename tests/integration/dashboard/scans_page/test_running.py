"""From a request to its end: seen through, cancelled, or killed."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from werkzeug.wrappers import Response

from apps.dashboard.data.scanning import Scanning
from control.errors import (
    ScanUnderWayError,
)
from control.roles import Role
from estate.clouds.azure.server import RunningAzure, running_azure
from estate.world import build_partners, calendar
from pipeline.connect import connect_azure
from pipeline.scan_worker import work_scans
from pipeline.settings import Settings
from serving.session import open_session
from tests.integration.dashboard.scans_page.support import (
    ROOT,
    A,
    B,
    history,
    person,
    press,
    records_of,
    scans,
    shown,
    words,
)
from tests.integration.ingestion.aws.cloud import Cloud

pytestmark = pytest.mark.integration

THROUGH = date(2026, 5, 20)
_WAIT_S = 60.0


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningAzure]:
    with running_azure(build_partners(11, "demo", calendar(THROUGH, 2)), THROUGH) as running:
        yield running


def test_from_the_request_to_findings_that_are_served(
    settings: Settings, azure: RunningAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    for name, value in azure.environment.items():
        monkeypatch.setenv(name, value)
    azure.reset()
    found = next(each for each in azure.connections if len(each.subscriptions) > 1)
    opened = (found.directory_id, found.client_id, found.client_secret)
    for partner in (A, B):
        connect_azure(settings, partner, "contoso", *opened, found.subscriptions)
    azure.switch(deny=found.subscriptions[0])
    app = shown(person())
    press(app, "Scan now")
    reached = Settings()

    assert work_scans(reached) == 1
    assert work_scans(reached) == 0

    app = shown(person())
    assert ":green-badge[:material/check: Published]" in words(app)
    (row,) = history(app)
    assert (row["status"], row["who"]) == ("partial", "analyst@northwind.example")
    assert row["resources"] > 0
    assert row["calls"] > 0
    assert row["unread"] > 0
    assert scans(settings, B) == []
    (scan,) = records_of(settings)
    app = shown(person(Role.VIEWER), scan=scan.scan_id, status="partial")
    (problems,) = [table.value for table in app.table]
    assert problems["What to do"].str.contains("assigns Reader").any()
    assert found.subscriptions[0] in problems["Where"].iloc[0].replace("\\", "")
    assert len(problems) < row["unread"]
    assert history(shown(person(), status="whole")) == []
    with open_session(settings.serving, settings.keys, A) as session:
        sql = "select distinct scan_id from fct_scan_coverage"
        assert [each["scan_id"] for each in session.query(sql).to_pylist()] == [scan.scan_id]


def test_a_scan_that_runs_tells_how_far_it_is_and_lets_nobody_start_another(
    connected: Settings, blocked: Callable[[], None]
) -> None:
    Scanning(connected, person(Role.ADMIN)).ask("contoso")
    worker = threading.Thread(target=work_scans, args=(Settings(),))
    worker.start()
    wait_for(lambda: "running" in [status for _, status, _ in scans(connected)])

    app = shown(person(), tenant="contoso")
    told = words(app)
    press(app, "Scan now")
    refused = words(app)
    blocked()
    worker.join()

    assert "Scanning]" in told
    assert "asking for its regions" in told
    assert "A scan of contoso runs already: admin@northwind.example" in refused
    assert "Cancel" not in [button.label for button in app.button]
    assert [status for _, status, _ in scans(connected)] == ["complete"]


def test_a_worker_that_is_killed_leaves_an_interrupted_scan_that_can_be_asked_for_again(
    connected: Settings, blocked: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    Scanning(connected, person()).ask("contoso")
    command = [sys.executable, "-m", "apps.cli.main", "work", "--watch"]
    worker = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: "running" in [status for _, status, _ in scans(connected)])
    finally:
        worker.kill()
        worker.wait()
    assert [row["status"] for row in history(shown(person()))] == ["running"]
    with monkeypatch.context() as patch:
        patch.setattr("control.scan_states.SILENT_AFTER", timedelta(0))
        app = shown(person(), tenant="contoso", status="interrupted")

    assert [row["status"] for row in history(app)] == ["interrupted"]
    assert not app.get("progress")
    blocked()
    press(app, "Scan now")
    assert "Asked for 1 scan of contoso." in words(app)
    with pytest.raises(ScanUnderWayError):
        Scanning(connected, person()).ask("contoso")


@pytest.fixture
def blocked(cloud: Cloud) -> Iterator[Callable[[], None]]:
    """Let the cloud not answer which regions there are until the function is called."""
    released, answer = threading.Event(), cloud.prepared["DescribeRegions"]

    def wait(text: str) -> str | Response:
        released.wait(_WAIT_S)
        return answer(text)

    cloud.prepared["DescribeRegions"] = wait
    yield released.set
    released.set()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _WAIT_S
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
