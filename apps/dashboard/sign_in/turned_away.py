"""Notes in the access log whom the identity provider turned away, as far as that can be kept.

Anybody may open the address that the provider answers to, as often as he likes. So no more than a
few refusals are written each minute, and the next one says how many were not.
"""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from control.directory import Directory
from pipeline.settings import Settings

PER_MINUTE = 20
_MINUTE_S = 60


class TurnedAway:
    """Writes such refusals for one process.

    Args:
        settings: Where state lies.
        clock: Tells seconds that only go on.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = Lock()
        self._written: deque[float] = deque(maxlen=PER_MINUTE)
        self._left_out = 0

    def note(self, reason: str) -> None:
        """Log that somebody was let in no further; the provider does not say whom.

        Args:
            reason: Why, in a word.
        """
        with self._lock:
            now = self._clock()
            if len(self._written) == PER_MINUTE and now - self._written[0] < _MINUTE_S:
                self._left_out += 1
                return
            self._written.append(now)
            left_out, self._left_out = self._left_out, 0
        more = f", after {left_out:,} more that were not written" if left_out else ""
        with Directory(self._settings.control) as directory:
            directory.log_access(
                "", "unknown", "sign in", is_refused=True, detail=f"turned away: {reason}{more}"
            )
