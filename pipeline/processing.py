"""Whether a partner or tenant may be processed: asked by every step, before and under its lock.

What runs late finds nothing of an erased partner, and leaves nothing that names it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from control.directory import Directory
from control.errors import UnknownParentError
from pipeline.locking import exclusive
from pipeline.settings import Settings


def require_processing(settings: Settings, partner_id: str, tenant_id: str | None = None) -> None:
    """Check that a partner, and a tenant of it, is there and may be processed.

    Raises:
        ControlUnavailableError: The control database cannot be read.
        RestrictedError: Its processing is restricted; the data stays as it is.
        UnknownParentError: It is not there; one that was erased stays so.
    """
    with Directory(settings.control) as directory:
        directory.require_known(partner_id, tenant_id)
        directory.require_processing(partner_id, tenant_id)


@contextmanager
def processing(
    settings: Settings,
    partner_id: str,
    tenant_id: str | None = None,
    *,
    lock: Path,
    waiting: str,
    say: Callable[[str], None],
) -> Iterator[None]:
    """Hold a lock for what processes a partner or tenant, if it may be processed by then.

    Args:
        settings: Where state lies.
        partner_id: Whose data.
        tenant_id: Of which tenant alone.
        lock: The lock file.
        waiting: What another process does, for whoever has to wait for it.
        say: Told that it waits.

    Raises:
        ControlUnavailableError: The control database cannot be read.
        RestrictedError: Its processing is restricted; the data stays as it is.
        UnknownParentError: It is not there; one that was erased meanwhile stays so.
    """
    require_processing(settings, partner_id, tenant_id)
    with exclusive(lock, waiting, say):
        try:
            require_processing(settings, partner_id, tenant_id)
        except UnknownParentError:
            lock.unlink(missing_ok=True)
            with suppress(OSError):  # of a partner that is still there, others use it
                lock.parent.rmdir()
            raise
        yield


def restricted_tenants(settings: Settings, partner_id: str) -> dict[str, datetime]:
    """Return since when which tenants of a partner are left out of its marts."""
    with Directory(settings.control) as directory:
        return directory.restricted_tenants(partner_id)
