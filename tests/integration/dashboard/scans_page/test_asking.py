"""Who may ask for a scan, of what, and what the page says of it."""

from collections.abc import Callable

import pytest

from apps.dashboard.data.scanning import Scanning
from control.directory import Directory
from control.errors import (
    NotPermittedError,
    RestrictedError,
    UnknownParentError,
)
from control.privacy_records import Subject, SubjectKind
from control.roles import ALLOWED, Action, Role
from pipeline.scan_worker import work_scans
from pipeline.settings import Settings
from tests.integration.dashboard.scans_page.support import (
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

pytestmark = pytest.mark.integration


def logged(settings: Settings, partner: str = A) -> list[tuple[str, str, str, str]]:
    with Directory(settings.control) as directory:
        return [
            (entry.actor, entry.outcome, entry.tenant_id, entry.detail)
            for entry in directory.access_log(partner)
            if entry.action == Action.SCAN
        ]


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


def test_a_page_without_scans_says_what_to_do(connected: Settings) -> None:
    assert "Nothing was scanned yet. Choose a tenant above" in words(shown(person()))


def test_a_page_without_connections_says_who_makes_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    with Directory(settings.control) as directory:
        directory.ensure_tenant(A, "contoso")

    assert "An admin connects clouds" in words(shown(person()))
    with pytest.raises(UnknownParentError, match="page Connections"):
        Scanning(settings, person()).ask("contoso")
