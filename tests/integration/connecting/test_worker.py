"""What pages ask for is done by the worker."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from control.directory import Directory
from control.models import ConnectionRequestRow
from control.onboarding import LONGEST, RequestKind
from control.privacy_records import Subject, SubjectKind
from control.scoping import EVERYONE, scope
from control.secrets import FileSecretStore
from control.store import writes
from ingestion.probes import ConnectionTest
from pipeline.connecting import Connected, probe
from pipeline.connection_worker import work
from pipeline.privacy.erase import erase
from pipeline.settings import Settings
from tests.integration.connecting.asked import CONNECTION, IDENTIFIER, ask, outcome
from tests.integration.connecting.conftest import ACCOUNT, ROLE, A, Begin, Enforce
from tests.integration.ingestion.aws import customers

pytestmark = pytest.mark.integration


def test_a_page_connects_a_role_through_the_worker(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    setup_id, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    asked = {"provider": "aws", "role_arn": ROLE, "setup_id": setup_id}
    request_id = ask(directory, RequestKind.CONNECT, **asked)
    enforce()

    assert work(settings) == 1
    assert work(settings) == 0

    found = directory.connection_request(A[0], request_id)
    assert found is not None
    results = json.loads(found.results)
    assert (found.status, results["test"]["verdict"]) == ("done", "good")
    assert external_id not in found.results
    assert [a.connection_id for a in directory.accesses(A[0])] == [CONNECTION]


@pytest.mark.parametrize("provider", ["aws", "azure"])
def test_a_tenant_that_is_erased_before_the_test_does_not_come_back(
    provider: str, settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"directory_id": IDENTIFIER, "client_id": IDENTIFIER, "subscriptions": []}
    given = {"role_arn": ROLE, "setup_id": ""} if provider == "aws" else own
    ask(directory, RequestKind.CONNECT, provider=provider, **given)
    tenant = Subject(SubjectKind.TENANT, *A)

    def permitted(*_: Any) -> None:
        erase(settings, tenant, confirmation=tenant.name, requested_by="op")

    monkeypatch.setattr("pipeline.connection_worker._require_asker", permitted)

    assert work(settings) == 1

    assert directory.tenants(A[0]) == ()


def test_a_partner_that_is_erased_during_the_test_does_not_come_back(
    settings: Settings,
    begun: Begin,
    enforce: Enforce,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setup_id, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    asked = {"provider": "aws", "role_arn": ROLE, "setup_id": setup_id}
    ask(directory, RequestKind.CONNECT, **asked)
    enforce()

    def erasing(*given: Any) -> ConnectionTest:
        found = probe(*given)
        erase(settings, Subject(SubjectKind.PARTNER, A[0]), confirmation=A[0], requested_by="op")
        return found

    monkeypatch.setattr("pipeline.connect_role.probe", erasing)

    assert work(settings) == 1

    assert A[0] not in [each.partner_id for each in directory.partners()]
    assert not directory.access_log(A[0])


def test_a_partner_that_is_erased_before_the_test_does_not_come_back(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.ensure_tenant(*A)
    asked = {"provider": "aws", "role_arn": ROLE, "setup_id": None}
    ask(directory, RequestKind.CONNECT, **asked)

    def permitted_and_erased(*_: object) -> None:
        erase(settings, Subject(SubjectKind.PARTNER, A[0]), confirmation=A[0], requested_by="op")

    monkeypatch.setattr("pipeline.connection_worker._require_asker", permitted_and_erased)

    assert work(settings) == 1

    assert A[0] not in [each.partner_id for each in directory.partners()]


def test_what_was_asked_of_a_tenant_that_is_gone_is_not_done(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.ensure_tenant(*A)
    asked = {"provider": "aws", "role_arn": ROLE, "setup_id": None}
    ask(directory, RequestKind.CONNECT, **asked)
    waiting = directory.connection_requests_waiting()
    subject = Subject(SubjectKind.TENANT, *A)
    erase(settings, subject, confirmation=subject.name, requested_by="op")
    monkeypatch.setattr(Directory, "connection_requests_waiting", lambda _: waiting)
    monkeypatch.setattr(Directory, "take_connection_request", lambda *_: True)

    assert work(settings) == 1

    assert not directory.tenants(A[0])


def test_a_connection_is_tested_again(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    setup_id, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    asked = {"provider": "aws", "role_arn": ROLE, "setup_id": setup_id}
    ask(directory, RequestKind.CONNECT, **asked)
    enforce()
    work(settings)
    request_id = ask(directory, RequestKind.TEST, connection_id=CONNECTION)

    work(settings)

    assert outcome(directory, request_id)[0] == "done"


def test_a_request_that_fails_says_why_and_stops_no_other(
    settings: Settings, directory: Directory
) -> None:
    directory.ensure_tenant(*A)
    bad = {"provider": "aws", "role_arn": "arn:aws:iam::1:user/x", "setup_id": None}
    wrong = ask(directory, RequestKind.CONNECT, **bad)
    unknown = ask(directory, RequestKind.TEST, connection_id="aws-nobody")

    assert work(settings) == 2

    assert outcome(directory, wrong)[0] == "failed"
    assert "never taken" in outcome(directory, wrong)[1]
    assert "no connection aws-nobody" in outcome(directory, unknown)[1]
    refused = [(e.actor, e.target) for e in directory.access_log(A[0]) if e.outcome == "refused"]
    assert sorted(refused) == [("ada", ""), ("ada", "aws-nobody")]


def test_what_nobody_foresaw_is_told_without_its_words(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.ensure_tenant(*A)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("token s3cret")

    monkeypatch.setattr("pipeline.connection_worker.retest", fail)
    request_id = ask(directory, RequestKind.TEST, connection_id=CONNECTION)
    work(settings)

    status, message = outcome(directory, request_id)
    assert status == "failed"
    assert "s3cret" not in message
    assert request_id in message


def test_a_secret_that_a_page_left_is_taken_and_gone(
    settings: Settings, directory: Directory
) -> None:
    directory.ensure_tenant(*A)
    left = FileSecretStore(settings.secrets, settings.keys)
    left.put(*A, "handed-over-1", "s3cret-value")
    request_id = ask(
        directory,
        RequestKind.CONNECT,
        provider="azure",
        directory_id="no-guid",
        client_id=IDENTIFIER,
        subscriptions=[],
        secret_name="handed-over-1",
    )

    work(settings)

    assert outcome(directory, request_id)[0] == "failed"
    assert not list(Path(settings.secrets).rglob("*.sealed"))


def test_a_worker_that_died_leaves_a_request_that_ends(
    settings: Settings, directory: Directory
) -> None:
    directory.ensure_tenant(*A)
    request_id = ask(directory, RequestKind.TEST, connection_id=CONNECTION)
    directory.take_connection_request(A[0], request_id)
    now = datetime.now(UTC)

    assert directory.stuck_connection_requests(now) == ()
    assert directory.fail_stuck_connection_requests(now) == 0
    assert directory.fail_stuck_connection_requests(now + LONGEST + timedelta(minutes=1)) == 1
    assert outcome(directory, request_id)[0] == "failed"


def test_a_worker_that_is_slow_is_not_taken_for_dead(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker looks while the first is at it, past the longest silence."""
    monkeypatch.setattr("control.onboarding.LONGEST", timedelta(seconds=1))
    monkeypatch.setattr("pipeline.heartbeat.BEAT_S", 0.1)
    directory.ensure_tenant(*A)
    request_id = ask(directory, RequestKind.TEST, connection_id=CONNECTION)

    def slow(*_: object, **__: object) -> Connected:
        time.sleep(2)
        work(settings)
        assert outcome(directory, request_id)[0] == "running"
        return Connected(CONNECTION, None, None, "tested")

    monkeypatch.setattr("pipeline.connection_worker.retest", slow)
    work(settings)

    assert outcome(directory, request_id) == ("done", "tested")


def test_a_secret_that_a_worker_died_over_is_gone(settings: Settings, directory: Directory) -> None:
    directory.ensure_tenant(*A)
    left = FileSecretStore(settings.secrets, settings.keys)
    for name in ("handed-over-1", "handed-over-2"):
        left.put(*A, name, "s3cret-value")
    died, waits = (
        ask(directory, RequestKind.CONNECT, provider="azure", secret_name=name)
        for name in ("handed-over-1", "handed-over-2")
    )
    for request_id in (died, waits):
        directory.take_connection_request(A[0], request_id)
    with scope(EVERYONE), writes(directory._engine) as transaction:
        long_ago = datetime.now(UTC) - LONGEST - timedelta(minutes=1)
        stuck = update(ConnectionRequestRow).where(ConnectionRequestRow.request_id == died)
        transaction.execute(stuck.values(started_at=long_ago))

    work(settings)

    assert (outcome(directory, died)[0], outcome(directory, waits)[0]) == ("failed", "running")
    assert [p.stem for p in Path(settings.secrets).rglob("*.sealed")] == ["handed-over-2"]
