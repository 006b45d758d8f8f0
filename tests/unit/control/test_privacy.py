"""Privacy requests with their deadlines, consents and restriction."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from control.directory import Directory
from control.errors import (
    ErasureUnderWayError,
    LastAdminError,
    PrivacyRequestError,
    RestrictedError,
    UnknownParentError,
)
from control.privacy_records import RequestKind, RequestState, Subject, SubjectKind
from control.roles import Role

PARTNER = Subject(SubjectKind.PARTNER, "acme")
TENANT = Subject(SubjectKind.TENANT, "acme", "web")


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    with Directory(control_url) as opened:
        opened.ensure_tenant("acme", "web")
        opened.ensure_tenant("globex", "web")
        yield opened


def joined(directory: Directory, email: str, role: Role = Role.ADMIN) -> str:
    token = directory.invite("acme", email, role, invited_by="operator")
    return directory.accept_invitation("acme", token, subject=email, email=email).member_id


def test_a_request_is_due_after_thirty_days_and_open_ones_come_first(directory: Directory) -> None:
    now = datetime.now(UTC)
    late = directory.request_privacy(
        PARTNER, RequestKind.ACCESS, requested_by="ann", received_at=now - timedelta(days=20)
    )
    done = directory.request_privacy(TENANT, RequestKind.OBJECTION, requested_by="ann")
    directory.close_request(done, message="answered")
    new = directory.request_privacy(TENANT, RequestKind.OBJECTION, requested_by="bob")

    found = directory.privacy_requests("acme")

    assert [each.request_id for each in found] == [late.request_id, new.request_id, done.request_id]
    assert found[0].due_at == late.received_at + timedelta(days=30)
    assert found[2].state == RequestState.DONE
    assert directory.privacy_requests("globex") == ()


def test_an_extension_gives_sixty_days_once_and_names_its_reason(directory: Directory) -> None:
    asked = directory.request_privacy(PARTNER, RequestKind.ACCESS, requested_by="ann")

    extended = directory.extend_request("acme", asked.request_id, " many archives ")

    assert extended.due_at == asked.received_at + timedelta(days=90)
    assert extended.extension_reason == "many archives"
    with pytest.raises(PrivacyRequestError, match="once"):
        directory.extend_request("acme", asked.request_id, "more")


@pytest.mark.parametrize(
    ("reason", "days", "told"), [("", 1, "needs a reason"), ("slow", 31, "first 30 days")]
)
def test_an_extension_without_reason_or_too_late_is_refused(
    reason: str, days: int, told: str, directory: Directory
) -> None:
    asked = directory.request_privacy(PARTNER, RequestKind.ACCESS, requested_by="ann")

    with pytest.raises(PrivacyRequestError, match=told):
        directory.extend_request(
            "acme", asked.request_id, reason, now=asked.received_at + timedelta(days=days)
        )


def test_the_second_of_two_admins_who_erase_the_same_is_told_of_the_first(
    directory: Directory,
) -> None:
    directory.request_privacy(TENANT, RequestKind.ERASURE, requested_by="ann@acme.example")

    with pytest.raises(ErasureUnderWayError, match=r"ann@acme\.example asked"):
        directory.request_privacy(TENANT, RequestKind.ERASURE, requested_by="bob@acme.example")


def test_an_erasure_of_another_partners_tenant_of_the_same_name_is_another(
    directory: Directory,
) -> None:
    directory.request_privacy(TENANT, RequestKind.ERASURE, requested_by="ann")

    other = Subject(SubjectKind.TENANT, "globex", "web")
    made = directory.request_privacy(other, RequestKind.ERASURE, requested_by="bob")

    assert directory.open_erasure(other) == made


def test_a_withdrawn_erasure_may_be_asked_for_again(directory: Directory) -> None:
    asked = directory.request_privacy(TENANT, RequestKind.ERASURE, requested_by="ann")
    directory.close_request(asked, state=RequestState.WITHDRAWN)

    directory.request_privacy(TENANT, RequestKind.ERASURE, requested_by="ann")


def test_a_failed_erasure_may_be_asked_for_again_and_goes_on(directory: Directory) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=20)
    first = directory.request_privacy(
        TENANT, RequestKind.ERASURE, requested_by="ann", received_at=long_ago
    )
    directory.note_progress_of(first, {"done": ["the lake"]})
    directory.close_request(first, state=RequestState.FAILED, message="ann is no admin any more")

    by_another = directory.request_privacy(TENANT, RequestKind.ERASURE, requested_by="bob")
    directory.close_request(by_another, state=RequestState.FAILED)
    by_the_same = directory.request_privacy(TENANT, RequestKind.ERASURE, requested_by="bob")

    assert directory.waiting_requests() == (by_the_same,)
    assert directory.open_erasure(TENANT) == by_the_same
    assert directory.privacy_request("acme", first.request_id).state == RequestState.WITHDRAWN
    assert by_the_same.progress == '{"done": ["the lake"]}'
    assert by_another.due_at == by_another.received_at + timedelta(days=30)
    assert by_the_same.due_at == by_another.due_at


def test_a_request_of_the_future_or_of_nobody_is_refused(directory: Directory) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(PrivacyRequestError, match="future"):
        directory.request_privacy(
            PARTNER, RequestKind.ACCESS, requested_by="ann", received_at=tomorrow
        )
    nobody = Subject(SubjectKind.PARTNER, "nobody")
    with pytest.raises(UnknownParentError):
        directory.request_privacy(nobody, RequestKind.ERASURE, requested_by="ann")
    with pytest.raises(PrivacyRequestError, match="no request"):
        directory.privacy_request("globex", "0" * 32)


def test_consent_is_none_until_given_and_gone_when_withdrawn(directory: Directory) -> None:
    assert not directory.has_consented("acme", "m1", "statistics")
    directory.decide_consent("acme", "m1", "statistics", is_given=True, notice_version="1")
    assert directory.has_consented("acme", "m1", "statistics")
    assert not directory.has_consented("acme", "m2", "statistics")
    assert not directory.has_consented("globex", "m1", "statistics")

    directory.decide_consent("acme", "m1", "statistics", is_given=False, notice_version="1")

    assert not directory.has_consented("acme", "m1", "statistics")
    assert [answer.is_given for answer in directory.consents("acme", "m1")] == [True, False]


def test_a_restricted_tenant_is_not_processed_and_others_are(directory: Directory) -> None:
    directory.restrict(TENANT)

    with pytest.raises(RestrictedError, match="cloudprune privacy lift --partner acme --tenant"):
        directory.require_processing("acme", "web")
    directory.require_processing("acme")
    directory.require_processing("acme", "shop")
    directory.require_processing("globex", "web")
    directory.lift_restriction(TENANT)
    directory.require_processing("acme", "web")


def test_a_restricted_partner_is_not_processed_at_all(directory: Directory) -> None:
    directory.restrict(PARTNER)

    with pytest.raises(RestrictedError, match="partner acme is restricted"):
        directory.require_processing("acme", "web")
    directory.require_processing("globex", "web")


def test_a_restricted_member_may_not_enter_and_the_last_admin_stays(directory: Directory) -> None:
    ann, bob = joined(directory, "ann@x.example"), joined(directory, "bob@x.example", Role.VIEWER)
    directory.restrict(Subject(SubjectKind.MEMBER, "acme", subject_id=bob))

    member = directory.member("acme", "bob@x.example")

    assert member is not None
    assert member.status == "restricted"
    with pytest.raises(LastAdminError):
        directory.restrict(Subject(SubjectKind.MEMBER, "acme", subject_id=ann))


def test_restricting_what_is_not_there_is_told(directory: Directory) -> None:
    with pytest.raises(UnknownParentError, match="tenant acme/shop does not exist"):
        directory.restrict(Subject(SubjectKind.TENANT, "acme", "shop"))
