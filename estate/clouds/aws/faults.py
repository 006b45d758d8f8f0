"""Faults that tests switch on while the simulated AWS runs: calls that fail, and how."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it arrives.

    Attributes:
        operation: `ec2:DescribeVolumes`; empty service if unknown.
        body: Its parameters as sent.
        has_token: Whether it asks for a further page.
    """

    account_id: str
    region: str
    operation: str
    body: str
    has_token: bool


@dataclass(slots=True)
class Fault:
    """Calls that fail; a field left empty matches every call.

    Attributes:
        operation: `ec2:DescribeVolumes`, or `ec2:*` for a service.
        contains: Text in the call's parameters, such as a resource's id.
        only_further_pages: Whether first pages succeed.
        code: Error code as AWS writes it.
        status: HTTP status.
        calls: Calls that fail until it is over; 0 for no limit.
        seconds: How long it lasts from now; 0 for no limit.
    """

    account_id: str = ""
    region: str = ""
    operation: str = ""
    contains: str = ""
    only_further_pages: bool = False
    code: str = "UnauthorizedOperation"
    message: str = "You are not authorized to perform this operation."
    status: int = 403
    calls: int = 0
    seconds: float = 0
    _failed: int = 0
    _since: float = field(default_factory=time.monotonic)

    def matches(self, call: Call) -> bool:
        """Return whether a call fails."""
        service = call.operation.partition(":")[0]
        return (
            self.account_id in {"", call.account_id}
            and self.region in {"", call.region}
            and self.operation in {"", call.operation, f"{service}:*"}
            and self.contains in call.body
            and (call.has_token or not self.only_further_pages)
            and not (self.calls and self._failed >= self.calls)
            and not (self.seconds and time.monotonic() - self._since > self.seconds)
        )

    def count(self) -> None:
        """Remember that a call failed."""
        self._failed += 1


_SETTABLE = {found.name for found in fields(Fault) if not found.name.startswith("_")}


class Faults:
    """All faults that are on, and how often each operation was called."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._calls: dict[tuple[str, str, str], int] = {}
        self._lock = threading.Lock()

    def switch(self, settings: Iterable[dict[str, Any]]) -> None:
        """Switch faults on.

        Raises:
            ValueError: A setting has an unknown name.
        """
        for found in settings:
            if unknown := set(found) - _SETTABLE:
                raise ValueError(f"no such field of a fault: {', '.join(sorted(unknown))}")
            self._on.append(Fault(**found))

    def reset(self) -> None:
        """Switch all faults off and forget all calls."""
        with self._lock:
            self._on.clear()
            self._calls.clear()

    def meet(self, call: Call) -> Fault | None:
        """Record a call, and return the fault that it meets."""
        with self._lock:
            key = (call.account_id, call.region, call.operation)
            self._calls[key] = self._calls.get(key, 0) + 1
            for fault in self._on:
                if fault.matches(call):
                    fault.count()
                    return fault
        return None

    def counts(self) -> list[dict[str, Any]]:
        """Return the number of calls of each operation, by account and region."""
        with self._lock:
            return [
                {"account_id": account, "region": region, "operation": operation, "calls": count}
                for (account, region, operation), count in sorted(self._calls.items())
            ]
