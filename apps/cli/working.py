"""Does what pages ask for while something else runs: connections beside scans, neither waiting."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)

Work = Callable[[], object]
_PATIENCE_S = 10.0


@contextmanager
def working(*works: Work, every_s: float) -> Iterator[None]:
    """Do each work again and again while the block lasts, in a thread of its own.

    Args:
        works: Look for something to do and do it; one that fails is logged, and tried again.
        every_s: Seconds between looking.
    """
    stopping = threading.Event()
    threads = [
        threading.Thread(
            target=_go_on, args=(work, stopping, every_s), name=f"work-{number}", daemon=True
        )
        for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(timeout=_PATIENCE_S)


def _go_on(work: Work, stopping: threading.Event, every_s: float) -> None:
    while not stopping.wait(every_s):
        try:
            work()
        except Exception:
            logger.exception("work failed")
