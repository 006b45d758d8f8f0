"""What goes wrong in the simulated Azure, switched on over HTTP while it runs."""

import time
from dataclasses import dataclass, field

from estate.clouds.azure.errors import GraphRefusedError, RefusedError

TOKEN_SECONDS = 3599
OPERATIONS = ("token", "subscriptions", "resource_graph", "metrics_batch", "permissions", "exports")


@dataclass
class Throttle:
    """Refuses an operation for a number of calls, or until an instant.

    Attributes:
        calls: Calls still to be refused.
        until: Instant on the monotonic clock up to which calls are refused.
        status: 429, or 529 as Azure Monitor answers when it is overloaded.
        retry_after: Seconds told in the header `Retry-After`; no header if None.
    """

    calls: int = 0
    until: float = 0.0
    status: int = 429
    retry_after: int | None = 1

    def refuses(self) -> bool:
        """Return whether the next call is refused, and count it."""
        if self.calls > 0:
            self.calls -= 1
            return True
        return time.monotonic() < self.until


@dataclass
class Faults:
    """The faults that are switched on.

    Attributes:
        denied: Subscriptions that no application may read.
        vanished: Resource ids, in lower case, that were deleted meanwhile.
        expired_secrets: Directories whose client secret has expired.
        token_seconds: Life of tokens that are issued from now on.
        tokens_from: Tokens that were issued before this instant are refused as expired.
        skip_tokens_from: Skip tokens that were given before this instant are refused.
        withheld: Operations, in lower case, that no role grants.
        overgranted: Operations that a role grants beside reading.
        page_rows: Rows after which a page of Resource Graph is cut, whatever was asked for, as
            Azure does when rows are large.
    """

    throttles: dict[str, Throttle] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    vanished: set[str] = field(default_factory=set)
    expired_secrets: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    overgranted: set[str] = field(default_factory=set)
    token_seconds: int = TOKEN_SECONDS
    tokens_from: float = 0.0
    skip_tokens_from: float = 0.0
    page_rows: int = 1000

    def throttle(
        self, operation: str, calls: int, seconds: float, status: int, retry_after: int | None
    ) -> None:
        """Refuse an operation for a number of calls, or for seconds."""
        until = time.monotonic() + seconds
        self.throttles[operation] = Throttle(calls, until, status, retry_after)

    def check_throttle(self, operation: str) -> None:
        """Let a call pass.

        Raises:
            RefusedError: The operation is throttled.
        """
        throttle = self.throttles.get(operation)
        if throttle is None or not throttle.refuses():
            return
        wait = throttle.retry_after
        headers = {} if wait is None else {"Retry-After": str(wait)}
        if operation == "resource_graph":
            raise throttled_graph(throttle.status, headers, wait or 1)
        raise RefusedError(
            throttle.status,
            "TooManyRequests",
            "The request is being throttled as the limit has been reached for the operation.",
            headers,
        )


def throttled_graph(status: int, headers: dict[str, str], seconds: int) -> GraphRefusedError:
    """Return how Resource Graph refuses a call beyond the quota."""
    quota = {
        "x-ms-user-quota-remaining": "0",
        "x-ms-user-quota-resets-after": f"00:00:{min(seconds, 59):02d}",
    }
    detail = {
        "code": "RateLimiting",
        "message": (
            "Client application has been throttled and should not attempt to repeat the request "
            "until an amount of time has elapsed. Please see "
            "https://aka.ms/resourcegraph-throttling for help."
        ),
    }
    return GraphRefusedError(status, "RateLimiting", [detail], {**quota, **headers})
