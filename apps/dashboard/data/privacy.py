"""What the privacy page asks of the control database, and what it writes there.

Whatever takes long is a request that a worker picks up. Every call asks for the person's role
again, whatever the page showed, and says in the access log what was done.
"""

from dataclasses import dataclass

from apps.dashboard.identity import Person
from control.directory import Directory
from control.errors import PrivacyRequestError
from control.permission import log, require
from control.privacy_records import PrivacyRequest, RequestKind, Subject, SubjectKind
from control.roles import Action
from pipeline.privacy.archives import has_archive, read_archive
from pipeline.privacy.notice import privacy_notice
from pipeline.privacy.subjects import (
    check_confirmation,
    check_erasable,
    confirmation_of,
    require_subject,
)
from pipeline.settings import Settings

ARCHIVES = frozenset({RequestKind.ACCESS.value, RequestKind.PORTABILITY.value})


@dataclass(frozen=True)
class Erasable:
    """Something that an admin may erase, how it is shown, and what has to be typed."""

    subject: Subject
    label: str
    confirmation: str


def own_subject(person: Person) -> Subject:
    """Return the person as what a request is about."""
    return Subject(SubjectKind.MEMBER, person.partner_id, subject_id=person.member_id)


def visible_requests(settings: Settings, person: Person) -> tuple[PrivacyRequest, ...]:
    """Return the requests that a person may see: an admin all, others their own."""
    with Directory(settings.control) as directory:
        found = directory.privacy_requests(person.partner_id)
    if person.may(Action.MANAGE_PRIVACY):
        return found
    return tuple(each for each in found if _is_own(each, person))


def member_names(settings: Settings, person: Person) -> dict[str, str]:
    """Return the addresses of those members whom the person may see, by their ids."""
    with Directory(settings.control) as directory:
        members = directory.members(person.partner_id)
    sees_all = person.may(Action.SEE_MEMBERS)
    return {m.member_id: m.email for m in members if sees_all or m.member_id == person.member_id}


def ask(
    settings: Settings, person: Person, subject: Subject, kind: RequestKind, note: str = ""
) -> PrivacyRequest:
    """Record what a person asks for, about itself or, as an admin, about its partner.

    Raises:
        NotPermittedError: The person may not any more.
        PrivacyRequestError: The person may not ask for that.
        UnknownParentError: There is no such subject.
    """
    with Directory(settings.control) as directory:
        _check(directory, person, subject)
        require_subject(directory, subject)
        made = directory.request_privacy(
            subject, kind, requested_by=person.actor, member_id=person.member_id, note=note
        )
        _log(directory, person, subject, kind)
    return made


def ask_to_erase(
    settings: Settings, person: Person, subject: Subject, typed: str
) -> PrivacyRequest:
    """Record that something is to be erased; a worker does it.

    Raises:
        ErasureUnderWayError: Somebody asked for the same already.
        LastAdminError: It is the partner's last admin.
        NotPermittedError: The person may not any more.
        PrivacyRequestError: The person may not ask for that, or did not type its name.
    """
    with Directory(settings.control) as directory:
        _check(directory, person, subject)
        require_subject(directory, subject)
        check_confirmation(directory, subject, typed)
        check_erasable(directory, subject)
        made = directory.request_privacy(
            subject,
            RequestKind.ERASURE,
            requested_by=person.actor,
            member_id=person.member_id,
        )
        _log(directory, person, subject, RequestKind.ERASURE)
    return made


def erasables(settings: Settings, person: Person) -> tuple[Erasable, ...]:
    """Return what an admin may erase: tenants, connections, members, and the partner, last."""
    partner_id = person.partner_id
    with Directory(settings.control) as directory:
        tenants = [
            Subject(SubjectKind.TENANT, partner_id, each.tenant_id)
            for each in directory.tenants(partner_id)
        ]
        connections = [
            Subject(SubjectKind.CONNECTION, partner_id, each.tenant_id, each.connection_id)
            for each in directory.connections(partner_id)
        ]
        members = [
            Subject(SubjectKind.MEMBER, partner_id, subject_id=each.member_id)
            for each in directory.members(partner_id)
        ]
        partner = Subject(SubjectKind.PARTNER, partner_id)
        return tuple(
            Erasable(subject, _label(subject, words), words)
            for subject in (*tenants, *connections, *members, partner)
            if (words := confirmation_of(directory, subject))
        )


def had_archive(request: PrivacyRequest) -> bool:
    """Whether an archive was made for a request."""
    return request.kind in ARCHIVES and request.state == "done"


def archive_is_kept(settings: Settings, request: PrivacyRequest) -> bool:
    """Whether a request's archive can be fetched."""
    return had_archive(request) and has_archive(settings, request.partner_id, request.request_id)


def fetch_archive(settings: Settings, person: Person, request: PrivacyRequest) -> bytes:
    """Return an archive to whoever may have it.

    Raises:
        NotPermittedError: The person may not any more.
        PrivacyRequestError: The person may not, or it is not kept any more.
    """
    if request not in visible_requests(settings, person):
        raise PrivacyRequestError("this archive is somebody else's")
    with Directory(settings.control) as directory:
        _check(directory, person, request.subject)
        content = read_archive(settings, person.partner_id, request.request_id)
        log(
            directory,
            person.as_actor,
            Action.EXPORT,
            f"archive of the {request.subject.kind}",
            tenant_id=request.subject.tenant_id,
            detail=f"{request.kind}, {len(content):,} bytes",
        )
    return content


def consents(settings: Settings, person: Person) -> dict[str, bool]:
    """Return what the person agreed to, by purpose."""
    with Directory(settings.control) as directory:
        answers = directory.consents(person.partner_id, person.member_id)
    return {answer.purpose: answer.is_given for answer in answers}


def decide_consent(settings: Settings, person: Person, purpose: str, *, is_given: bool) -> None:
    """Record the person's answer; a consent that is taken back is a request that is done."""
    with Directory(settings.control) as directory:
        require(directory, person.as_actor, Action.OWN_PRIVACY, purpose)
        if person.member_id and not is_given:
            made = directory.request_privacy(
                own_subject(person),
                RequestKind.CONSENT_WITHDRAWN,
                requested_by=person.actor,
                member_id=person.member_id,
                note=purpose,
            )
            directory.close_request(made, message=f"consent to {purpose} is withdrawn")
        directory.decide_consent(
            person.partner_id,
            person.member_id,
            purpose,
            is_given=is_given,
            notice_version=privacy_notice().version,
        )
        answer = "given" if is_given else "not given"
        log(directory, person.as_actor, Action.OWN_PRIVACY, purpose, detail=f"consent {answer}")


def _check(directory: Directory, person: Person, subject: Subject) -> None:
    is_own = bool(person.member_id) and subject == own_subject(person)
    action = Action.OWN_PRIVACY if is_own else Action.MANAGE_PRIVACY
    if subject.partner_id != person.partner_id or not person.may(action):
        raise PrivacyRequestError(
            "an admin of your organization may ask for that; you may for your own data"
        )
    require(directory, person.as_actor, action, subject.kind.value, tenant_id=subject.tenant_id)


def _is_own(request: PrivacyRequest, person: Person) -> bool:
    is_about = bool(person.member_id) and request.subject_id == person.member_id
    return is_about or request.requested_by == person.actor


def _label(subject: Subject, words: str) -> str:
    return f"{subject.kind.value.capitalize()} {words}"


def _log(directory: Directory, person: Person, subject: Subject, kind: RequestKind) -> None:
    directory.log_access(
        person.partner_id,
        person.actor,
        "ask for privacy",
        member_id=person.member_id,
        tenant_id=subject.tenant_id,
        target=subject.kind.value,
        detail=kind.value,
    )
