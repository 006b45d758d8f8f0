"""Does what was asked for in the dashboard and takes long: archives and erasures.

The dashboard writes a request; whoever runs this picks it up: the orchestrator, or an operator with
`cloudprune privacy work`. What is told here names requests, never a partner: it may be logged.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from control.directory import Directory
from control.errors import (
    ControlError,
    ControlUnavailableError,
    ErasureUnderWayError,
    PrivacyRequestError,
    SecretUnreadableError,
)
from control.permission import Actor, on_record, operator, require
from control.privacy_records import PrivacyRequest, RequestKind, RequestState, SubjectKind
from control.roles import Action, Role
from pipeline.privacy.archive import write_archive
from pipeline.privacy.archives import KEPT, new_archive
from pipeline.privacy.erase import perform_erasure
from pipeline.privacy.finishing import EXPECTED, finish_interrupted
from pipeline.privacy.standstill import move_again
from pipeline.settings import Settings

logger = logging.getLogger(__name__)

_OPERATOR = operator("")


@dataclass(frozen=True, slots=True)
class WorkReport:
    """What became of the requests that waited.

    Attributes:
        done: How many are done.
        failed: Why others are not, by request.
    """

    done: int
    failed: dict[str, str]


def work_requests(
    settings: Settings,
    *,
    worker: Actor = _OPERATOR,
    say: Callable[[str], None] = lambda _: None,
) -> WorkReport:
    """Do every request that waits, the oldest first; one that fails stops no other.

    Args:
        settings: Where everything lies.
        worker: Who does it, for the access log; of no partner.
        say: Told what is done.

    Raises:
        ControlUnavailableError: The control database cannot be read.
    """
    done, failed = finish_interrupted(settings)
    with closing(Directory(settings.control)) as directory:
        waiting = directory.waiting_requests()
    for request in waiting:
        say(f"request {request.request_id}: {request.kind}")
        try:
            _require_asker(settings, request)
            whose = replace(worker, partner_id=request.partner_id)
            with on_record(settings.control, whose, Action.MANAGE_PRIVACY, request.kind):
                _do(settings, request)
        except ErasureUnderWayError as error:  # whoever does it ends it
            failed[request.request_id] = str(error)
        except EXPECTED as error:
            _note_failure(settings, request, error)
            failed[request.request_id] = str(error)
        else:
            done += 1
            logger.info("privacy request done request_id=%s", request.request_id)
    return WorkReport(done, failed)


def _require_asker(settings: Settings, request: PrivacyRequest) -> None:
    """Check that whoever asked on a page may still have it; one's own data stays one's own.

    What began goes on: half of an erasure helps nobody.

    Raises:
        NotPermittedError: A member that is none any more, or has another role by now.
    """
    is_own = request.subject_kind == SubjectKind.MEMBER and request.subject_id == request.member_id
    if is_own or request.state != RequestState.RECEIVED:
        return
    asker = Actor(request.partner_id, request.requested_by, Role.ADMIN, request.member_id)
    with Directory(settings.control) as directory:
        require(directory, asker, Action.MANAGE_PRIVACY, request.kind)


def _do(settings: Settings, request: PrivacyRequest) -> None:
    if request.kind == RequestKind.ERASURE:
        perform_erasure(settings, request)
        return
    with Directory(settings.control) as directory:
        directory.start_request(request)
        with new_archive(settings, request.partner_id, request.request_id) as target:
            tables = write_archive(settings, request.subject, target)
        directory.close_request(
            request,
            message=f"the archive can be fetched for {KEPT.days} days",
            receipt={"tables": len(tables), "rows": sum(tables.values())},
        )


def _passes(error: Exception) -> bool:
    """Whether the same may be done later: a store of secrets answers again, or gets its key."""
    passing = (ControlUnavailableError, SecretUnreadableError)
    return isinstance(error, passing) or not isinstance(error, ControlError)


def _note_failure(settings: Settings, request: PrivacyRequest, error: Exception) -> None:
    """Say why a request failed; a person looks at it, and asks again or goes on by command.

    An erasure that began and met what passes, such as a lake that does not answer, is tried again;
    one that cannot be done lets its partner be processed again.
    """
    with Directory(settings.control) as directory:
        try:
            held = directory.privacy_request(request.partner_id, request.request_id)
        except PrivacyRequestError:  # it went with what it was about
            return
        if held.kind == RequestKind.ERASURE and held.state == RequestState.RUNNING:
            if _passes(error):
                directory.note_request(held, message=f"{error}; it is tried again")
                return
            move_again(directory, held.partner_id, held.request_id)
        directory.close_request(held, state=RequestState.FAILED, message=str(error))
