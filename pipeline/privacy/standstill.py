"""While something of a partner is erased, nothing of that partner is processed."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from control.directory import Directory
from control.errors import ErasureUnderWayError
from control.privacy_records import PrivacyRequest, Subject, SubjectKind
from pipeline.locking import exclusive, tenant_lock
from pipeline.privacy.progress import ErasureProgress
from pipeline.settings import Settings

Say = Callable[[str], None]


@contextmanager
def erasing_alone(settings: Settings, partner_digest: str) -> Iterator[None]:
    """Be the only process that erases anything of a partner; the lock's name names nobody.

    Raises:
        ErasureUnderWayError: Another process does at this moment.
    """
    path = settings.home.resolve() / "privacy" / f"{partner_digest}.lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise ErasureUnderWayError(
            "another process erases something of this partner at this moment; look at the requests "
            "when it is done: cloudprune privacy list"
        ) from error
    try:
        yield
    finally:
        lock.release()


def stand_still(
    settings: Settings, directory: Directory, request: PrivacyRequest, say: Say
) -> None:
    """Let nothing of the partner begin, and wait for what runs: steps ask under their locks.

    An erasure goes on where it was only under the restriction that it worked under: once that was
    lifted, data came again, and it begins anew.
    """
    partner_id = request.partner_id
    held = directory.privacy_request(partner_id, request.request_id)
    progress = ErasureProgress.loaded(json.loads(held.progress))
    since = directory.restricted_since(partner_id)
    if since is None or since.isoformat() != progress.held_since:
        held_since = since or datetime.now(UTC)
        progress.begin_anew(held_since.isoformat(), is_own=since is None)
        directory.note_progress_of(request, progress.dumped())
        if since is None:
            directory.restrict(Subject(SubjectKind.PARTNER, partner_id), since=held_since)
    with held_still(settings, directory, partner_id, say):
        pass


@contextmanager
def held_still(
    settings: Settings, directory: Directory, partner_id: str, say: Say
) -> Iterator[None]:
    """Wait for what lands or builds data of a partner, and let nothing begin in the block."""
    build = settings.work(partner_id) / "build.lock"
    with ExitStack() as held:  # a build waits for landings, so its lock comes first
        held.enter_context(exclusive(build, "builds the partner's marts", say))
        for tenant in directory.tenants(partner_id):
            lock = tenant_lock(settings, partner_id, tenant.tenant_id)
            held.enter_context(exclusive(lock, "lands data of the partner", say))
        yield


def move_again(directory: Directory, partner_id: str, request_id: str) -> None:
    """Let the partner be processed again, unless somebody else restricted it, before or since."""
    requests = {each.request_id: each for each in directory.privacy_requests(partner_id)}
    request = requests.get(request_id)
    own = json.loads(request.progress).get("still_since") if request else ""
    since = directory.restricted_since(partner_id)
    if own and since == datetime.fromisoformat(own):
        directory.lift_restriction(Subject(SubjectKind.PARTNER, partner_id))
