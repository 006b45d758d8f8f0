"""The scans page with each role, over simulated clouds: asked for, followed, ended, refused."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from werkzeug.wrappers import Response

from apps.dashboard.data.scanning import Scanning
from apps.dashboard.identity import Person
from apps.dashboard.sign_in.admission import person_of
from control.directory import Directory
from control.errors import (
    NotPermittedError,
    RestrictedError,
    ScanUnderWayError,
    UnknownParentError,
)
from control.membership import find_member
from control.people import EVERY_TENANT
from control.privacy_records import Subject, SubjectKind
from control.records import Scan
from control.roles import ALLOWED, Action, Role
from estate.clouds.azure.server import RunningAzure, running_azure
from estate.world import build_partners, calendar
from pipeline.connect import connect_aws, connect_azure
from pipeline.scan_worker import work_scans
from pipeline.settings import Settings
from serving.session import open_session
from tests.integration.ingestion.aws.cloud import Cloud
from tests.integration.ingestion.aws.conftest import _server, cloud  # noqa: F401

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "apps/dashboard/app_pages/scans.py"
A, B = "northwind", "southwind"
ROLES = {
    "contoso": "arn:aws:iam::222233334444:role/r",
    "fabrikam": "arn:aws:iam::555566667777:role/r",
}
THROUGH = date(2026, 5, 20)
_WAIT_S = 60.0


@pytest.fixture(autouse=True)
def _main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back `__main__`, which a page replaces; processes started later would run the page."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def connected(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two partners with tenants of equal names, each connected to AWS."""
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    for partner in (A, B):
        for tenant, role in ROLES.items():
            connect_aws(settings, partner, tenant, role)
        with Directory(settings.control) as directory:
            directory.ensure_tenant(partner, "unconnected")
    return settings


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningAzure]:
    with running_azure(build_partners(11, "demo", calendar(THROUGH, 2)), THROUGH) as running:
        yield running


def person(
    role: Role = Role.ANALYST, partner: str = A, tenants: frozenset[str] | None = None
) -> Person:
    """Return a member who signs in now; the operator, who is none, as if it could."""
    email = f"{role.value}@{partner}.example"
    if role is Role.OPERATOR:
        return Person(partner, email, "", role)
    seen = EVERY_TENANT if tenants is None else sorted(tenants)
    with Directory(Settings().control) as directory:
        if email not in {member.email for member in directory.members(partner)}:
            token = directory.invite(partner, email, role, invited_by="operator")
            directory.accept_invitation(partner, token, subject=email, email=email)
        held = find_member(directory, partner, email)
        directory.set_role(partner, held.member_id, role, seen)
        return person_of(find_member(directory, partner, email))


def shown(who: Person, **params: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["partner"] = who.partner_id
    app.session_state["person"] = who
    for name, value in {"partner": who.partner_id, **params}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def words(app: AppTest) -> str:
    """Return every sentence of the page, without the marks that keep strangers' text plain."""
    parts = [*app.markdown, *app.caption, *app.success, *app.info, *app.warning, *app.error]
    text = "\n".join(str(part.value) for part in parts)
    text += "\n".join(str(part.proto.text) for part in app.get("progress"))
    return text.replace("\\", "").replace("\u2060", "")


def history(app: AppTest) -> list[dict[Any, Any]]:
    if not app.dataframe:
        return []
    rows: list[dict[Any, Any]] = app.dataframe[0].value.to_dict("records")
    return rows


def logged(settings: Settings, partner: str = A) -> list[tuple[str, str, str, str]]:
    with Directory(settings.control) as directory:
        return [
            (entry.actor, entry.outcome, entry.tenant_id, entry.detail)
            for entry in directory.access_log(partner)
            if entry.action == Action.SCAN
        ]


def records_of(settings: Settings, partner: str = A) -> tuple[Scan, ...]:
    with Directory(settings.control) as directory:
        return directory.scans(partner)


def scans(settings: Settings, partner: str = A) -> list[tuple[str, str, str]]:
    found = records_of(settings, partner)
    return sorted((scan.tenant_id, scan.status, scan.requested_by) for scan in found)


@pytest.mark.parametrize("role", [role for role in Role if Action.SEE_HEALTH in ALLOWED[role]])
def test_only_roles_that_may_scan_are_offered_it_and_others_are_refused(
    role: Role, connected: Settings
) -> None:
    who = person(role)
    may_scan = Action.SCAN in ALLOWED[role]

    labels = [button.label for button in shown(who).button]
    scanning = Scanning(connected, who)

    assert ("Scan now" in labels) is may_scan
    if may_scan:
        assert scanning.ask("contoso") == 1
        assert logged(connected) == [(who.actor, "done", "contoso", "asked for")]
        return
    calls: list[Callable[[], object]] = [
        lambda: scanning.ask("contoso"),
        scanning.ask_all,
        lambda: scanning.cancel("contoso"),
    ]
    for call in calls:
        with pytest.raises(NotPermittedError, match="may not ask for a scan"):
            call()
    assert scans(connected) == []
    assert {entry[:2] for entry in logged(connected)} == {(who.actor, "refused")}
    assert len(logged(connected)) == 3


def test_there_is_a_role_that_may_not_scan() -> None:
    assert Action.SCAN not in ALLOWED[Role.VIEWER]
    assert Action.SEE_HEALTH in ALLOWED[Role.VIEWER]


def test_a_limited_member_sees_and_starts_its_tenants_alone(connected: Settings) -> None:
    Scanning(connected, person()).ask("fabrikam")
    limited = person(Role.ANALYST, tenants=frozenset({"contoso"}))

    app = shown(limited)
    scanning = Scanning(connected, limited)

    assert "fabrikam" not in words(app)
    assert history(app) == []
    assert [list(box.options) for box in app.selectbox] == [["contoso"], ["All tenants", "contoso"]]
    assert scanning.ask_all().tenants == ("contoso",)
    for refused in (scanning.ask, scanning.cancel):
        with pytest.raises(NotPermittedError, match="tenant that you may not see"):
            refused("fabrikam")
    assert (limited.actor, "refused", "fabrikam") in {e[:3] for e in logged(connected)}
    assert [row[:2] for row in scans(connected)] == [
        ("contoso", "requested"),
        ("fabrikam", "requested"),
    ]
    (hidden,) = [scan for scan in records_of(connected) if scan.tenant_id == "fabrikam"]
    assert scanning.scan(hidden.scan_id) is None
    assert scanning.history("fabrikam", (), 9) == ((), 0)
    assert "fabrikam" not in words(shown(limited, scan=hidden.scan_id, tenant="fabrikam"))


def test_partners_with_equal_tenants_see_nothing_of_each_others_scans(connected: Settings) -> None:
    Scanning(connected, person(partner=B)).ask("contoso")
    (theirs,) = records_of(connected, B)
    ours = Scanning(connected, person())

    app = shown(person(), scan=theirs.scan_id)

    assert B not in words(app)
    assert history(app) == []
    assert ours.scan(theirs.scan_id) is None
    assert ours.courses() == []
    assert ours.cancel("contoso") == 0
    assert ours.ask("contoso") == 1
    assert scans(connected, B) == [("contoso", "requested", "analyst@southwind.example")]


def test_a_second_request_says_that_one_runs_and_who_asked(connected: Settings) -> None:
    Scanning(connected, person(Role.ADMIN)).ask("contoso")
    app = shown(person(), tenant="contoso")

    press(app, "Scan now")

    assert "A scan of contoso waits to begin already: admin@northwind.example" in words(app)
    assert len(scans(connected)) == 1


def test_all_tenants_are_asked_for_but_those_under_way(connected: Settings) -> None:
    Scanning(connected, person(Role.ADMIN)).ask("contoso")
    app = shown(person())

    press(app, "Scan now")

    assert "Asked for scans of 1 tenant." in words(app)
    assert "A scan of contoso waits to begin already" in words(app)
    assert scans(connected) == [
        ("contoso", "requested", "admin@northwind.example"),
        ("fabrikam", "requested", "analyst@northwind.example"),
    ]


def test_what_nobody_takes_says_who_starts_a_worker(
    connected: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Scanning(connected, person()).ask("contoso")
    hint = "cloudprune work --watch"
    assert hint not in words(shown(person()))
    monkeypatch.setattr("apps.dashboard.components.scan_progress._PATIENT_S", 0)

    assert hint in words(shown(person()))


def test_what_waits_is_cancelled_on_the_page(connected: Settings) -> None:
    app = shown(person(), tenant="contoso")
    press(app, "Scan now")
    assert "Queued" in words(app)

    press(app, "Cancel")

    assert "Cancelled 1 scan of contoso." in words(app)
    assert [status for _, status, _ in scans(connected)] == ["cancelled"]
    assert [row["status"] for row in history(app)] == ["cancelled"]
    assert work_scans(connected) == 0
    assert [entry[3] for entry in logged(connected)] == ["cancelled", "asked for"]


@pytest.mark.parametrize("tenant", [None, "contoso"])
def test_a_restriction_is_told_and_nothing_is_asked_for(
    tenant: str | None, connected: Settings
) -> None:
    kind = SubjectKind.TENANT if tenant else SubjectKind.PARTNER
    with Directory(connected.control) as directory:
        directory.restrict(Subject(kind, A, tenant or ""))

    if tenant:  # of a whole partner no page is shown at all
        app = shown(person(), tenant="contoso")
        press(app, "Scan now")
        assert "is restricted since" in words(app)

    with pytest.raises(RestrictedError):
        Scanning(connected, person()).ask("contoso")
    assert scans(connected) == []


def test_a_tenant_restricted_while_its_scan_waits_ends_with_the_reason(connected: Settings) -> None:
    Scanning(connected, person()).ask("contoso")
    with Directory(connected.control) as directory:
        directory.restrict(Subject(SubjectKind.TENANT, A, "contoso"))

    assert work_scans(connected) == 1
    assert work_scans(connected) == 0

    assert [status for _, status, _ in scans(connected)] == ["failed"]
    (scan,) = records_of(connected)
    assert "is restricted since" in words(shown(person(), scan=scan.scan_id))


def test_an_empty_page_says_what_to_do(
    settings: Settings, connected: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "Nothing was scanned yet. Choose a tenant above" in words(shown(person()))
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(tmp_path / "empty"))
    with Directory(Settings().control) as directory:
        directory.ensure_tenant(A, "contoso")

    assert "An admin connects clouds" in words(shown(person()))
    with pytest.raises(UnknownParentError, match="page Connections"):
        Scanning(Settings(), person()).ask("contoso")


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
def blocked(cloud: Cloud) -> Iterator[Callable[[], None]]:  # noqa: F811
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
