"""Requests about data: a removed member's are done, and one that cannot be done stops no other."""

import contextlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from control.directory import Directory
from control.errors import ControlUnavailableError, LastAdminError, SecretUnreadableError
from control.keyring import installation_key
from control.privacy_records import RequestKind, RequestState, Subject, SubjectKind
from control.roles import Role
from control.tombstones import partner_digest, tombstone
from ingestion.errors import SourceError
from pipeline.privacy.archive import write_archive
from pipeline.privacy.archives import has_archive
from pipeline.privacy.erase import STEPS, erase
from pipeline.privacy.found import Found
from pipeline.privacy.standstill import erasing_alone
from pipeline.privacy.subjects import member_of
from pipeline.privacy.work import work_requests
from pipeline.settings import Settings

pytestmark = pytest.mark.integration

ADA, BOB = "ada@acme.example", "bob@acme.example"


@pytest.fixture
def directory(settings: Settings) -> Iterator[Directory]:
    with Directory(settings.control) as opened:
        for partner in ("acme", "globex"):
            opened.ensure_tenant(partner, "web")
        for email in (ADA, BOB):
            token = opened.invite("acme", email, Role.ADMIN, invited_by="operator")
            opened.accept_invitation("acme", token, subject=email, email=email)
        yield opened


def test_a_removed_member_is_given_its_data_and_erased(
    settings: Settings, directory: Directory
) -> None:
    bob = member_of(directory, "acme", BOB)
    directory.log_access("acme", BOB, "see costs", member_id=bob.member_id)
    directory.remove_member("acme", bob.member_id)
    subject = Subject(SubjectKind.MEMBER, "acme", subject_id=bob.member_id)

    target = io.BytesIO()
    write_archive(settings, subject, target)
    with zipfile.ZipFile(target) as archive:
        given = b"".join(archive.read(name) for name in archive.namelist() if "csv" in name)
    erase(settings, subject, confirmation=BOB, requested_by="operator")

    assert BOB.encode() in given
    assert not directory.former_members("acme")
    extract = directory.partner_extract("acme")
    assert ADA in str(extract)
    assert BOB not in str(extract)


def test_an_erasure_is_not_over_while_a_reader_keeps_bytes_of_it(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sqlite" not in settings.control:
        pytest.skip("PostgreSQL keeps no log beside its rows that a reader holds")
    monkeypatch.setattr("control.engine._BUSY_SECONDS", 1)
    subject = Subject(SubjectKind.TENANT, "acme", "web")

    with closing(sqlite3.connect(settings.home / "control.db", isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from tenants").fetchall()
        with pytest.raises(ControlUnavailableError, match="tries again"):
            erase(settings, subject, confirmation=subject.name, requested_by="operator")

    assert [stone.finished_at for stone in directory.tombstones()] == [None]
    assert work_requests(settings).done == 1
    assert all(stone.finished_at for stone in directory.tombstones())


def test_an_erasure_that_met_a_lake_without_an_answer_is_tried_again(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject(SubjectKind.TENANT, "acme", "web")
    asked = directory.request_privacy(subject, RequestKind.ERASURE, requested_by="operator")

    def silent(_: object) -> list[Found]:
        raise SourceError("the lake does not answer")

    with monkeypatch.context() as patch:
        patch.setitem(STEPS, "the lake", silent)
        assert list(work_requests(settings).failed) == [asked.request_id]
    assert directory.restricted_since("acme")
    assert work_requests(settings).done == 1

    assert directory.restricted_since("acme") is None
    assert not directory.tenants("acme")


def test_an_erasure_that_cannot_be_done_lets_its_partner_go_on(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject(SubjectKind.TENANT, "acme", "web")
    asked = directory.request_privacy(subject, RequestKind.ERASURE, requested_by="operator")

    def impossible(_: object) -> list[Found]:
        raise LastAdminError("it is the last admin")

    monkeypatch.setitem(STEPS, "the lake", impossible)
    work_requests(settings)

    assert directory.restricted_since("acme") is None
    assert directory.privacy_request("acme", asked.request_id).state == RequestState.FAILED


@pytest.mark.parametrize("ends", ["failed", "killed"])
def test_an_erasure_takes_what_came_after_the_restriction_was_lifted(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    subject = Subject(SubjectKind.TENANT, "acme", "web")
    folder = Path(settings.lake, "partner_id=acme", "tenant_id=web", "cost_lines")
    directory.request_privacy(subject, RequestKind.ERASURE, requested_by="operator")
    land(folder / "first")

    def stopped(_: object) -> list[Found]:
        raise LastAdminError("it is the last admin") if ends == "failed" else KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(STEPS, "secrets", stopped)
        with contextlib.suppress(KeyboardInterrupt):
            work_requests(settings)
    directory.lift_restriction(Subject(SubjectKind.PARTNER, "acme"))
    assert not folder.exists()
    land(folder / "second")
    if ends == "failed":
        directory.request_privacy(subject, RequestKind.ERASURE, requested_by="operator")
    assert work_requests(settings).done == 1

    assert not folder.exists()
    assert directory.restricted_since("acme") is None
    (stone,) = directory.tombstones()
    assert json.loads(stone.receipt)["lake files"] == 2


def test_an_erasure_waits_for_a_store_of_secrets_that_does_not_answer(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject(SubjectKind.TENANT, "acme", "web")
    directory.request_privacy(subject, RequestKind.ERASURE, requested_by="operator")

    def silent(_: object) -> list[Found]:
        raise SecretUnreadableError("AWS Secrets Manager does not answer")

    with monkeypatch.context() as patch:
        patch.setitem(STEPS, "secrets", silent)
        work_requests(settings)
    assert directory.restricted_since("acme")

    assert work_requests(settings).done == 1


def land(path: Path) -> None:
    """Put a file into the lake."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a bill")


def test_a_restriction_that_somebody_sets_during_an_erasure_stays(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject(SubjectKind.TENANT, "acme", "web")
    find = STEPS["logs"]

    def restricting(job: Any) -> list[Found]:
        directory.restrict(Subject(SubjectKind.PARTNER, "acme"))
        return find(job)

    monkeypatch.setitem(STEPS, "logs", restricting)
    erase(settings, subject, confirmation=subject.name, requested_by="operator")

    assert directory.restricted_since("acme")


def test_an_erasure_that_cannot_be_finished_stops_no_other_request(
    settings: Settings, directory: Directory
) -> None:
    key = installation_key(settings.keys)
    gone = Subject(SubjectKind.TENANT, "globex", "gone")
    directory.add_tombstones([tombstone(key, gone, "e1", datetime.now(UTC))])
    member = Subject(
        SubjectKind.MEMBER, "acme", subject_id=member_of(directory, "acme", BOB).member_id
    )
    asked = directory.request_privacy(member, RequestKind.ACCESS, requested_by="operator")

    with erasing_alone(settings, partner_digest(key, "globex")):
        report = work_requests(settings)

    assert report.done == 1
    assert list(report.failed) == ["e1"]
    assert directory.privacy_request("acme", asked.request_id).state == RequestState.DONE
    assert work_requests(settings).done == 1


def test_archives_of_others_stay_where_a_member_is_erased(
    settings: Settings, directory: Directory
) -> None:
    ada, bob = (
        Subject(SubjectKind.MEMBER, "acme", subject_id=member_of(directory, "acme", each).member_id)
        for each in (ADA, BOB)
    )
    own, others, whole = (
        directory.request_privacy(each, RequestKind.ACCESS, requested_by="operator").request_id
        for each in (bob, ada, Subject(SubjectKind.PARTNER, "acme"))
    )
    assert work_requests(settings).done == 3

    erase(settings, bob, confirmation=BOB, requested_by="operator")

    kept = [each for each in (own, others, whole) if has_archive(settings, "acme", each)]
    assert kept == [others]
