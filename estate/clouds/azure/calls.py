"""The record of what the simulated Azure was asked, so that tests can count calls."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One call and the HTTP status that it was answered with."""

    operation: str
    directory_id: str
    status: int


@dataclass
class CallRecord:
    """All calls since the start or the last reset."""

    calls: list[Call] = field(default_factory=list)

    def add(self, operation: str, directory_id: str, status: int) -> None:
        """Record a call."""
        self.calls.append(Call(operation, directory_id, status))

    def counts(self, directory_id: str = "") -> dict[str, dict[str, int]]:
        """Return how many calls each operation got, by HTTP status.

        Args:
            directory_id: Directory to count; all if empty.
        """
        found: dict[str, Counter[str]] = {}
        for call in self.calls:
            if not directory_id or call.directory_id == directory_id:
                found.setdefault(call.operation, Counter())[str(call.status)] += 1
        return {operation: dict(counter) for operation, counter in found.items()}
