"""Signs of life of long work: whoever looks can tell a worker that died from one that is slow."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from control.errors import ControlError

logger = logging.getLogger(__name__)

BEAT_S = 5.0


@contextmanager
def beating(beat: Callable[[], None]) -> Iterator[None]:
    """Give a sign of life every few seconds while the block runs, from a thread of its own.

    Args:
        beat: Gives one; one that the database does not take stops neither the work nor the next.
    """
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(BEAT_S):
            try:
                beat()
            except ControlError as error:
                logger.warning("sign of life not recorded reason=%s", error)

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
