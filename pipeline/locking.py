"""Work that one process may do at a time: a second one waits, and says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.settings import Settings


def tenant_lock(settings: Settings, partner_id: str, tenant_id: str) -> Path:
    """Return the lock of whoever lands data of a tenant: two would replace each other's work."""
    return settings.work(partner_id) / f"{tenant_id}.lock"


@contextmanager
def exclusive(path: Path, waiting: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hold a lock file while the block runs.

    Args:
        path: The lock file; its folder is made.
        waiting: What another process does, for whoever has to wait for it.
        say: Told that it waits.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        say(f"another process {waiting}; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
