"""Waits as Azure asks, counts calls, and gives up when it has asked for too long.

The SDK retries a POST only where the answer has `Retry-After`, three times, and knows neither
Resource Graph's quota headers nor the `x-ms-ratelimit-…-retry-after` of other services.
"""

import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import RetryPolicy

PATIENCE_S = 300.0
"""How long one scan waits while every answer is a refusal for the time being."""
_RETRIED = {408, 429, 500, 502, 503, 504, 529}
_LONGEST_BACKOFF_S = 60.0
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)")


class Patience:
    """How long a scan has been refused, and how many requests it has sent.

    All clients and threads of a scan share it, as they share the principal's quota. It is used up
    after `patience_s` without any answer; the next answer restores it.

    Args:
        patience_s: Seconds of refusals to endure.
        sleep: Waits so many seconds.
        clock: Tells seconds that never go back.
    """

    def __init__(
        self,
        *,
        patience_s: float = PATIENCE_S,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._patience_s = patience_s
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._thread = threading.local()
        self._refused_since: float | None = None
        self._not_before = 0.0

    @contextmanager
    def counted(self) -> Iterator[Callable[[], int]]:
        """Give a counter of the requests that this thread sends, repeated ones included."""
        before = self._sent_here()
        yield lambda: self._sent_here() - before

    def before_sending(self) -> None:
        """Wait until the quota lasts for one more request, and count it."""
        pause = self._not_before - self._clock()
        if pause > 0:
            self._sleep(pause)
        self._thread.sent = self._sent_here() + 1

    def answered(self, headers: Mapping[str, str]) -> None:
        """Take note of an answer and of the quota that it tells."""
        with self._lock:
            self._refused_since = None
            if headers.get("x-ms-user-quota-remaining") == "0":
                resets_after = _seconds(headers.get("x-ms-user-quota-resets-after", ""))
                self._not_before = self._clock() + resets_after

    def endures(self, pause: float) -> bool:
        """Wait after a refusal, or return False where that would take too long in all."""
        with self._lock:
            now = self._clock()
            if self._refused_since is None:
                self._refused_since = now
            if now + pause - self._refused_since > self._patience_s:
                return False
        self._sleep(pause)
        return True

    def _sent_here(self) -> int:
        return getattr(self._thread, "sent", 0)


class PatientRetries(RetryPolicy[Any, Any]):
    """Sends a request until it is answered, as long as the scan's patience lasts."""

    def __init__(self, patience: Patience) -> None:
        super().__init__()
        self._patience = patience

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send a request, again if need be; the last refusal is returned as it is.

        Raises:
            ServiceRequestError: The address cannot be reached.
            ServiceResponseError: It ended before it had answered.
        """
        attempt = 0
        while True:
            attempt += 1
            self._patience.before_sending()
            try:
                response: PipelineResponse[Any, Any] = self.next.send(request)
            except (ServiceRequestError, ServiceResponseError):
                if not self._patience.endures(_backoff(attempt)):
                    raise
                continue
            headers = response.http_response.headers
            if response.http_response.status_code not in _RETRIED:
                self._patience.answered(headers)
                return response
            if not self._patience.endures(_asked(headers) or _backoff(attempt)):
                return response


def _backoff(attempt: int) -> float:
    """Return a random while that grows."""
    return random.uniform(0.5, 1.0) * min(_LONGEST_BACKOFF_S, 2.0**attempt)  # noqa: S311


def _asked(headers: Mapping[str, str]) -> float:
    """Return the longest wait that the headers of a refusal ask for; 0 if none does."""
    return max((_seconds(headers[name]) for name in headers if _asks(name.lower())), default=0.0)


def _asks(header: str) -> bool:
    is_plain = header in {"retry-after", "x-ms-user-quota-resets-after"}
    return is_plain or bool(re.fullmatch(r"x-ms-ratelimit-.*retry-after", header))


def _seconds(text: str) -> float:
    """Read a number of seconds, or `hh:mm:ss`; 0 for anything else."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        hours, minutes, seconds = (int(part) for part in clock.groups())
        return 3600.0 * hours + 60.0 * minutes + seconds
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
