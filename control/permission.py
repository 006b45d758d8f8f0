"""Who acts, and the one way to ask whether that may be done; what is refused is logged."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from control.directory import Directory
from control.errors import ControlError, NotPermittedError, RestrictedError
from control.people import EVERY_TENANT
from control.records import Member
from control.roles import Action, Role, may, processes
from control.sessions import Session


@dataclass(frozen=True)
class Actor:
    """Whoever does something: a member, the operator, a job.

    Attributes:
        partner_id: Of whose data; empty for the installation as a whole.
        name: An address, `operator`, or the name of a job; stands in the access log.
        role: What it may do; of a member, what it might when it was looked up last.
        member_id: The member; empty for others.
        session: By which sign-in a member acts; None for others, and for what was asked for in
            one and is done later.
    """

    partner_id: str
    name: str
    role: Role
    member_id: str = ""
    session: Session | None = None

    def may(self, action: Action) -> bool:
        """Whether it may do something."""
        return may(self.role, action)


def operator(partner_id: str) -> Actor:
    """Return the operator, who runs the platform, as it acts on a partner."""
    return Actor(partner_id, "operator", Role.OPERATOR)


def job(partner_id: str, name: str) -> Actor:
    """Return a job of the orchestrator, which does what the operator would, on a partner."""
    return Actor(partner_id, f"job {name}", Role.OPERATOR)


def require(
    directory: Directory, actor: Actor, action: Action, target: str = "", *, tenant_id: str = ""
) -> None:
    """Check that an actor may do something at this moment.

    A member is looked up again, and its session: a page, or a request that waits, may be older
    than its role, and a page that stands open outlives a session.

    Args:
        directory: Who is a member, and what is restricted.
        actor: Who acts.
        action: What it does.
        target: To what, for the access log.
        tenant_id: Of which tenant; empty where it is of none alone.

    Raises:
        NotPermittedError: Its role does not permit it, or its session is over; that is in the
            access log.
        RestrictedError: It is processing, which is restricted; that is in the access log, too.
    """
    held = _member(directory, actor) if actor.member_id else None
    absence = _absence(directory, actor, held)
    if absence is not None:
        _refuse(directory, actor, action, target, tenant_id, detail=absence.detail)
        raise NotPermittedError(absence.sentence)
    role = Role(held.role) if held else actor.role
    if not may(role, action):
        _refuse(directory, actor, action, target, tenant_id, detail=f"role {role}")
        raise NotPermittedError(_role_sentence(actor, role, action))
    if held and tenant_id and not _sees(held, tenant_id):
        _refuse(directory, actor, action, target, tenant_id, detail="tenant may not be seen")
        raise NotPermittedError(
            "this is of a tenant that you may not see; an admin of your organization can let you"
        )
    if processes(action):
        try:
            directory.require_processing(actor.partner_id, tenant_id or None)
        except RestrictedError:
            _refuse(directory, actor, action, target, tenant_id, detail="processing is restricted")
            raise


def is_present(directory: Directory, actor: Actor) -> bool:
    """Return whether a member still is one and its session goes on; others always are."""
    held = _member(directory, actor) if actor.member_id else None
    return _absence(directory, actor, held) is None


@contextmanager
def on_record(
    url: str, actor: Actor, action: Action, target: str = "", *, tenant_id: str = ""
) -> Iterator[Actor]:
    """Let an actor do something in the block, with an entry in the access log.

    The entry that it was begun comes first, so that a killed process has one, too; one that it was
    not done follows, where the block fails. A partner that is made in the block has its entry at
    the end, and one that is gone has none.

    Args:
        url: The control database.
        actor: Who acts.
        action: What it does.
        target: To what, for the access log.
        tenant_id: Of which tenant; empty where it is of none alone.

    Raises:
        NotPermittedError: Its role does not permit it.
        RestrictedError: It is processing, which is restricted.
    """
    with Directory(url) as directory:
        require(directory, actor, action, target, tenant_id=tenant_id)
        is_noted = _note(directory, actor, action, target, tenant_id)
    failure = ""
    try:
        yield actor
    except BaseException as error:
        failure = f"not done: {error if isinstance(error, ControlError) else type(error).__name__}"
        raise
    finally:
        if failure or not is_noted:
            with Directory(url) as directory:
                _note(directory, actor, action, target, tenant_id, failure)


def log(
    directory: Directory,
    actor: Actor,
    action: str,
    target: str = "",
    *,
    tenant_id: str = "",
    is_refused: bool = False,
    detail: str = "",
) -> None:
    """Append what an actor did, saw or was refused to the access log."""
    directory.log_access(
        actor.partner_id,
        actor.name,
        str(action),
        member_id=actor.member_id,
        is_refused=is_refused,
        tenant_id=tenant_id,
        target=target,
        detail=detail,
    )


def _note(
    directory: Directory,
    actor: Actor,
    action: Action,
    target: str,
    tenant_id: str,
    failure: str = "",
) -> bool:
    is_known = actor.partner_id in {"", *(each.partner_id for each in directory.partners())}
    if is_known:
        log(
            directory,
            actor,
            action,
            target,
            tenant_id=tenant_id,
            is_refused=bool(failure),
            detail=failure or "begun",
        )
    return is_known


def _refuse(
    directory: Directory, actor: Actor, action: Action, target: str, tenant_id: str, *, detail: str
) -> None:
    log(directory, actor, action, target, tenant_id=tenant_id, is_refused=True, detail=detail)


@dataclass(frozen=True)
class _Absence:
    """Why a member does nothing any more, for the access log and for who asks."""

    detail: str
    sentence: str


def _absence(directory: Directory, actor: Actor, held: Member | None) -> _Absence | None:
    if not actor.member_id:
        return None
    if held is None or held.status != "active":
        return _Absence(
            "no member any more, or suspended",
            f"{actor.name} is no member of {actor.partner_id} any more, or is suspended; somebody "
            "who is one can ask again",
        )
    if actor.session is not None and _is_over(directory, actor.session, held):
        return _Absence("session is over", "your session is over; sign in again to go on")
    return None


def _is_over(directory: Directory, session: Session, held: Member) -> bool:
    """Return whether a token ended, or somebody signed out since: there, or everywhere."""
    if session.ends_at <= datetime.now(UTC):
        return True
    if held.signed_out_at is not None and session.began_at < held.signed_out_at:
        return True
    return directory.is_session_left(held.partner_id, session.session_id)


def _member(directory: Directory, actor: Actor) -> Member | None:
    found = directory.members(actor.partner_id)
    return next((member for member in found if member.member_id == actor.member_id), None)


def _sees(member: Member, tenant_id: str) -> bool:
    tenants = tuple(json.loads(member.tenants))
    return tenants == EVERY_TENANT or tenant_id in tenants


def _role_sentence(actor: Actor, role: Role, action: Action) -> str:
    if role is Role.OPERATOR:
        return f"{actor.name} may not {action}: control/roles.py says what it may"
    return f"the role {role} may not {action}; an admin of {actor.partner_id} can give another"
