"""Does what pages ask of clouds: takes requests from the control database, one after the other.

Called by an orchestrator's sensor, by `cloudprune work`, and by the demo.
"""

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from control import records
from control.directory import Directory
from control.errors import (
    ControlError,
    ControlUnavailableError,
    ErasureUnderWayError,
    NotPermittedError,
    RestrictedError,
    SecretUnreadableError,
    UnknownParentError,
)
from control.onboarding import RequestKind, action_of
from control.permission import Actor, log, require
from control.roles import Role
from ingestion.errors import IngestionError, SourceError
from pipeline.backup.errors import BackupError
from pipeline.connect_application import connect_application
from pipeline.connect_organization import connect_organization
from pipeline.connect_role import connect_role
from pipeline.disconnect import disconnect, retest
from pipeline.heartbeat import beating
from pipeline.secret_stores import handed_over
from pipeline.settings import Settings

logger = logging.getLogger(__name__)

Request = records.ConnectionRequest
_PASSING = (
    BackupError,
    ControlUnavailableError,
    ErasureUnderWayError,
    SecretUnreadableError,
    SourceError,
)
"""What keeps something from being removed for now."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a request.

    Attributes:
        message: In a sentence.
        results: What pages show of it.
        is_done: Whether it was done.
        is_postponed: Whether it is tried again, until it is done.
        is_erased: Whether what it was about was erased, so that it names that no more.
    """

    message: str
    results: Mapping[str, Any]
    is_done: bool = True
    is_postponed: bool = False
    is_erased: bool = False


def work(settings: Settings, say: Callable[[str], None] = lambda _: None) -> int:
    """Do everything that waits; one that fails stops no other.

    Returns:
        How many requests were taken.
    """
    count = 0
    with closing(Directory(settings.control)) as directory:
        _give_up_stuck(settings, directory, datetime.now(UTC))
        for request in directory.connection_requests_waiting():
            if not directory.take_connection_request(request.partner_id, request.request_id):
                continue
            count += 1
            say(f"{request.kind} for {request.partner_id}/{request.tenant_id}")
            whose = (request.partner_id, request.request_id)
            with beating(partial(directory.keep_connection_request_alive, *whose)):
                done = _do(settings, request)
            if done.is_postponed:
                directory.postpone_connection_request(*whose, done.message)
                continue
            directory.finish_connection_request(
                *whose,
                is_done=done.is_done,
                message=done.message,
                results=done.results,
                keeps_inputs=not done.is_erased,
            )
            logger.info("request ended request_id=%s kind=%s", request.request_id, request.kind)
    return count


def _give_up_stuck(settings: Settings, directory: Directory, now: datetime) -> None:
    """Fail what a killed worker left; a secret that was handed over for it goes."""
    left = handed_over(settings)
    for request in directory.stuck_connection_requests(now):
        if secret_name := json.loads(request.inputs).get("secret_name"):
            left.remove(request.partner_id, request.tenant_id, secret_name)
    directory.fail_stuck_connection_requests(now)


def _do(settings: Settings, request: Request) -> Done:
    handle, inputs = _HANDLERS[RequestKind(request.kind)], json.loads(request.inputs)
    try:
        _require_tenant(settings, request)
        _require_asker(settings, request, inputs)
    except ControlError as error:
        return Done(str(error), {}, is_done=False)
    try:
        return handle(settings, request, inputs)
    except (ControlError, IngestionError) as error:
        return _failed(settings, request, str(error))
    except Exception:
        logger.exception("request failed request_id=%s", request.request_id)
        told = "something unforeseen went wrong; the log of the worker has the details"
        return _failed(settings, request, f"{told} (request {request.request_id})")


def _failed(settings: Settings, request: Request, message: str) -> Done:
    """Return a failure, with an entry in the access log."""
    with Directory(settings.control) as directory:
        log(
            directory,
            _asker(request),
            action_of(request.kind),
            json.loads(request.inputs).get("connection_id", ""),
            tenant_id=request.tenant_id,
            is_refused=True,
            detail=f"{request.kind} failed: {message}",
        )
    return Done(message, {}, is_done=False)


def _asker(request: Request) -> Actor:
    return Actor(request.partner_id, request.requested_by, Role.ADMIN, request.member_id)


def _require_tenant(settings: Settings, request: Request) -> None:
    """Check that a tenant is still there: what is asked for does not bring it back.

    Raises:
        UnknownParentError: It was erased meanwhile.
    """
    with Directory(settings.control) as directory:
        known = {tenant.tenant_id for tenant in directory.tenants(request.partner_id)}
    if request.tenant_id not in known:
        raise UnknownParentError("the tenant of this request was erased meanwhile")


def _require_asker(settings: Settings, request: Request, inputs: Mapping[str, Any]) -> None:
    """Check that whoever asked may still have it; a secret that was left for it goes otherwise.

    Disconnecting goes on: it was permitted when the page took access away, and half of it would
    leave a secret that no page lists.

    Raises:
        NotPermittedError: A member that is none any more, or has another role by now.
        RestrictedError: The partner or the tenant may not be processed.
    """
    if request.kind == RequestKind.DISCONNECT:
        return
    try:
        with Directory(settings.control) as directory:
            require(
                directory,
                _asker(request),
                action_of(request.kind),
                request.kind,
                tenant_id=request.tenant_id,
            )
    except (NotPermittedError, RestrictedError):
        _taken_over(settings, request, inputs.get("secret_name", ""))
        raise


def _connect(settings: Settings, request: Request, inputs: Mapping[str, Any]) -> Done:
    whose = (request.partner_id, request.tenant_id)
    actor = request.requested_by
    if inputs["provider"] == "aws":
        done = connect_role(
            settings, *whose, inputs["role_arn"], actor=actor, setup_id=inputs["setup_id"]
        )
    else:
        expires_on = inputs.get("expires_on")
        done = connect_application(
            settings,
            *whose,
            inputs["directory_id"],
            inputs["client_id"],
            _taken_over(settings, request, inputs.get("secret_name", "")),
            inputs["subscriptions"],
            actor=actor,
            expires_on=date.fromisoformat(expires_on) if expires_on else None,
            is_federated=not inputs.get("secret_name"),
        )
    return Done(done.message, done.as_values())


def _taken_over(settings: Settings, request: Request, secret_name: str) -> str:
    """Return a secret that a page left, and remove it from there."""
    if not secret_name:
        return ""
    whose = (request.partner_id, request.tenant_id, secret_name)
    left = handed_over(settings)
    secret = left.get(*whose)
    left.remove(*whose)
    return secret


def _organization(settings: Settings, request: Request, inputs: Mapping[str, Any]) -> Done:
    done = connect_organization(
        settings,
        request.partner_id,
        request.tenant_id,
        inputs["role_arn"],
        actor=request.requested_by,
        setup_id=inputs["setup_id"],
    )
    return Done(done.message, done.as_values())


def _test(settings: Settings, request: Request, inputs: Mapping[str, Any]) -> Done:
    done = retest(
        settings,
        request.partner_id,
        request.tenant_id,
        inputs["connection_id"],
        actor=request.requested_by,
    )
    return Done(done.message, done.as_values())


def _disconnect(settings: Settings, request: Request, inputs: Mapping[str, Any]) -> Done:
    """Disconnect; where a store is down it is tried again, as no page shows the connection now."""
    deletes_data = bool(inputs["deletes_data"])
    try:
        done = disconnect(
            settings,
            request.partner_id,
            request.tenant_id,
            inputs["connection_id"],
            actor=request.requested_by,
            deletes_data=deletes_data,
        )
    except _PASSING as error:
        told = f"not all is removed yet, and it is tried again: {error}"
        if request.message != told:
            _failed(settings, request, told)
        return Done(told, {}, is_done=False, is_postponed=True)
    return Done(done.message, {}, is_erased=deletes_data)


_HANDLERS: dict[RequestKind, Callable[[Settings, Request, Mapping[str, Any]], Done]] = {
    RequestKind.CONNECT: _connect,
    RequestKind.ORGANIZATION: _organization,
    RequestKind.TEST: _test,
    RequestKind.DISCONNECT: _disconnect,
}
