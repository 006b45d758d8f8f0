"""Scans that are asked for: once at a time, cancelled, silent; and the marts that follow them."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from control.directory import Directory
from control.errors import ScanUnderWayError, UnknownParentError
from control.privacy_records import Subject, SubjectKind
from control.scan_states import SILENT_AFTER, ScanState
from control.scans import ScanFilter

DAY = date(2026, 11, 24)
PARTNERS = ("acme", "globex")


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    """Two partners of equal tenants, each with two clouds of one tenant and one of another."""
    with Directory(control_url) as opened:
        for partner in PARTNERS:
            for tenant, account in (("retail", "1"), ("retail", "2"), ("web", "3"), ("bare", "")):
                opened.ensure_tenant(partner, tenant)
                if account:
                    connect(opened, partner, tenant, account)
        yield opened


def connect(directory: Directory, partner: str, tenant: str, account: str) -> None:
    name = f"aws-{account}"
    directory.record_connection(partner, tenant, name, provider="aws", scope=account)
    role = f"arn:aws:iam::{account}:role/r"
    given = f"{partner}-{account}"
    directory.set_aws_access(partner, tenant, name, role_arn=role, external_id=given)


def statuses(directory: Directory, partner: str = "acme") -> list[str]:
    return sorted(scan.status for scan in directory.scans(partner))


def start(directory: Directory, scan_id: str, partner: str = "acme") -> bool:
    return directory.start_scan(partner, scan_id, snapshot_date=DAY)


def finish(directory: Directory, scan_id: str, partner: str = "acme") -> None:
    directory.finish_scan(partner, scan_id, status=ScanState.COMPLETE, message="")


def scanned(directory: Directory, partner: str = "acme") -> None:
    for scan_id in directory.ask_for_scans(partner, "web", requested_by="ada"):
        start(directory, scan_id, partner)
        finish(directory, scan_id, partner)


def later(**span: float) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


def test_a_scan_of_each_connection_of_one_tenant_waits(directory: Directory) -> None:
    scan_ids = directory.ask_for_scans("acme", "retail", requested_by="ada")

    waiting = directory.requested_scans()
    assert [scan.scan_id for scan in waiting] == list(scan_ids)
    assert {(s.partner_id, s.tenant_id, s.connection_id) for s in waiting} == {
        ("acme", "retail", "aws-1"),
        ("acme", "retail", "aws-2"),
    }


@pytest.mark.parametrize("is_begun", [False, True])
def test_the_second_is_told_that_one_is_under_way_and_by_whom(
    is_begun: bool, directory: Directory
) -> None:
    (scan_id,) = directory.ask_for_scans("acme", "web", requested_by="ada")
    if is_begun:
        start(directory, scan_id)
    word = "runs" if is_begun else "waits to begin"

    with pytest.raises(ScanUnderWayError, match=rf"a scan of web {word} already: ada asked"):
        directory.ask_for_scans("acme", "web", requested_by="bob")

    assert len(directory.scans("acme")) == 1
    directory.ask_for_scans("globex", "web", requested_by="eve")


def test_of_two_who_ask_at_once_one_is_refused(control_url: str, directory: Directory) -> None:
    ready = threading.Barrier(8)
    told: list[str] = []

    def ask(who: str) -> None:
        with Directory(control_url) as own:
            ready.wait()
            try:
                own.ask_for_scans("acme", "retail", requested_by=who)
            except ScanUnderWayError as error:
                told.append(str(error))

    threads = [threading.Thread(target=ask, args=(f"member-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 7
    (who,) = {scan.requested_by for scan in directory.scans("acme")}
    assert all(f"{who} asked for it" in sentence for sentence in told)
    assert len(directory.scans("acme")) == 2


@pytest.mark.parametrize("tenant", ["bare", "unknown"])
def test_a_tenant_without_a_cloud_is_refused(tenant: str, directory: Directory) -> None:
    with pytest.raises(UnknownParentError, match=tenant):
        directory.ask_for_scans("acme", tenant, requested_by="ada")

    assert directory.scans("acme") == ()


def test_what_waits_is_cancelled_and_what_runs_goes_on(directory: Directory) -> None:
    first, second = directory.ask_for_scans("acme", "retail", requested_by="ada")
    start(directory, first)
    directory.ask_for_scans("globex", "retail", requested_by="eve")

    assert directory.cancel_scans("acme", "retail", cancelled_by="bob") == 1

    assert statuses(directory) == ["cancelled", "running"]
    assert statuses(directory, "globex") == ["requested", "requested"]
    cancelled = directory.scan("acme", second)
    assert cancelled is not None
    assert cancelled.message == "bob cancelled it before it began"


def test_a_cancelled_scan_does_not_begin_and_none_begins_twice(directory: Directory) -> None:
    first, second = directory.ask_for_scans("acme", "retail", requested_by="ada")
    assert start(directory, first)
    directory.cancel_scans("acme", "retail", cancelled_by="ada")

    assert not start(directory, first)
    assert not start(directory, second)

    assert statuses(directory) == ["cancelled", "running"]


def test_a_silent_worker_is_taken_for_dead_and_the_scan_can_be_asked_for_again(
    directory: Directory,
) -> None:
    (scan_id,) = directory.ask_for_scans("acme", "web", requested_by="ada")
    (other,) = directory.ask_for_scans("globex", "web", requested_by="eve")
    start(directory, scan_id)
    start(directory, other, "globex")

    assert directory.interrupt_silent_scans("acme", later()) == 0
    assert directory.interrupt_silent_scans("acme", later() + SILENT_AFTER) == 1

    assert (statuses(directory), statuses(directory, "globex")) == (["interrupted"], ["running"])
    directory.ask_for_scans("acme", "web", requested_by="bob")
    assert statuses(directory) == ["interrupted", "requested"]


def test_asking_again_needs_nobody_to_have_looked(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scan_id,) = directory.ask_for_scans("acme", "web", requested_by="ada")
    start(directory, scan_id)
    monkeypatch.setattr("control.scan_states.SILENT_AFTER", timedelta(0))

    directory.ask_for_scans("acme", "web", requested_by="bob")

    assert statuses(directory) == ["interrupted", "requested"]


def test_a_sign_of_life_keeps_a_scan_running(directory: Directory) -> None:
    (scan_id,) = directory.ask_for_scans("acme", "web", requested_by="ada")
    start(directory, scan_id)
    begun = directory.scan("acme", scan_id)

    directory.keep_scan_alive("acme", scan_id)

    alive = directory.scan("acme", scan_id)
    assert begun is not None
    assert alive is not None
    assert begun.alive_at is not None
    assert alive.alive_at is not None
    assert alive.alive_at > begun.alive_at
    moment = begun.alive_at + SILENT_AFTER + (alive.alive_at - begun.alive_at) / 2
    assert directory.interrupt_silent_scans("acme", moment) == 0


def test_a_request_that_cannot_begin_ends_with_the_reason(directory: Directory) -> None:
    first, second = directory.ask_for_scans("acme", "retail", requested_by="ada")
    start(directory, second)

    for scan_id in (first, second):
        directory.fail_request("acme", scan_id, "restricted")

    assert statuses(directory) == ["failed", "running"]


def test_history_is_filtered_counted_and_cut(directory: Directory) -> None:
    scanned(directory)
    scanned(directory, "globex")
    directory.ask_for_scans("acme", "retail", requested_by="ada")
    everything = ScanFilter()

    assert directory.count_scans("acme", everything) == 3
    assert len(directory.search_scans("acme", everything, limit=2)) == 2
    of_web = directory.search_scans("acme", ScanFilter(tenants=["web"]), limit=9)
    assert [(scan.partner_id, scan.status) for scan in of_web] == [("acme", "complete")]
    assert directory.count_scans("acme", ScanFilter(statuses=["requested"])) == 2
    assert directory.count_scans("acme", ScanFilter(tenants=[])) == 0
    recent = directory.recent_scans("acme", later(minutes=1))
    assert {scan.status for scan in recent} == {"requested"}
    assert len(directory.recent_scans("acme", later(minutes=-1))) == 3


def test_marts_follow_a_scan_until_a_build_has_seen_it(directory: Directory) -> None:
    assert directory.partners_to_publish(later()) == []
    scanned(directory)
    scanned(directory, "globex")
    assert directory.partners_to_publish(later()) == ["acme", "globex"]

    directory.begin_build("acme")
    assert directory.partners_to_publish(later()) == ["globex"]
    directory.end_build("acme")
    directory.begin_publication("acme")
    directory.end_publication("acme")

    state = directory.marts_state("acme")
    assert state is not None
    assert (state.stage, state.published_from) == ("published", state.started_at)
    assert directory.partners_to_publish(later()) == ["globex"]
    assert directory.marts_state("globex") is None


def test_a_build_that_failed_waits_for_the_next_scan(directory: Directory) -> None:
    scanned(directory)
    directory.begin_build("acme")
    directory.fail_marts("acme", "a model failed")

    assert directory.partners_to_publish(later()) == []
    scanned(directory)

    assert directory.partners_to_publish(later()) == ["acme"]
    state = directory.marts_state("acme")
    assert state is not None
    assert (state.stage, state.message) == ("failed", "a model failed")


@pytest.mark.parametrize("is_built", [False, True])
def test_a_build_whose_worker_died_is_done_by_another(is_built: bool, directory: Directory) -> None:
    scanned(directory)
    directory.begin_build("acme")
    if is_built:
        directory.end_build("acme")
        directory.begin_publication("acme")

    assert directory.partners_to_publish(later()) == []
    assert directory.partners_to_publish(later() + SILENT_AFTER) == ["acme"]


def test_what_an_earlier_build_made_is_not_taken_for_the_failed_ones(directory: Directory) -> None:
    directory.begin_build("acme")
    directory.end_build("acme")
    earlier = directory.marts_state("acme")
    directory.begin_build("acme")
    directory.fail_marts("acme", "a model failed")

    directory.begin_publication("acme")
    directory.end_publication("acme")

    state = directory.marts_state("acme")
    assert earlier is not None
    assert state is not None
    assert (state.stage, state.published_from) == ("failed", None)
    assert state.built_from == earlier.started_at < state.started_at


def test_a_restricted_or_unknown_partner_has_nothing_built(directory: Directory) -> None:
    scanned(directory)
    directory.restrict(Subject(SubjectKind.PARTNER, "acme"))
    directory.begin_build("nobody")

    assert directory.partners_to_publish(later()) == []
    assert directory.marts_state("nobody") is None


def test_problems_are_counted_per_scan(directory: Directory) -> None:
    scanned(directory)
    (scan,) = directory.scans("acme")

    assert directory.count_problems("acme", [scan.scan_id]) == {}
    assert directory.count_problems("acme", []) == {}
