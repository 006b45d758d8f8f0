"""How far an erasure is; it lies in the request until the rows go, and goes with them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class ErasureProgress:
    """What an erasure knows and has done.

    Attributes:
        is_prepared: Whether what is to be known beforehand is.
        still_since: Instant of the restriction that the erasure itself set, ISO 8601; empty where
            the partner was restricted before it began.
        held_since: Instant of the restriction under which steps are done, its own or another's.
        names: What the subject is called.
        address: Address of a member.
        finding_ids: Findings of a connection.
        source_uris: Sources of a connection alone.
        before: Kinds of things to how many went before it began anew.
        found: Step to kinds of things to the most that was found of them.
        done: Steps that are over.
    """

    is_prepared: bool = False
    still_since: str = ""
    held_since: str = ""
    names: list[str] = field(default_factory=list)
    address: str = ""
    finding_ids: list[str] = field(default_factory=list)
    source_uris: list[str] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)
    found: dict[str, dict[str, int]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    @classmethod
    def loaded(cls, values: Mapping[str, Any]) -> "ErasureProgress":
        """Return what was remembered."""
        return cls(**values)

    def dumped(self) -> dict[str, object]:
        """Return what is remembered."""
        return asdict(self)

    def begin_anew(self, held_since: str, *, is_own: bool) -> None:
        """Look at every step again: what it emptied may have filled up since.

        What is known stays known, because what told it may be gone; what went stays counted.
        """
        gone = Counter(self.before)
        for step in self.done:
            gone.update(self.found.get(step, {}))
        self.before, self.found, self.done = dict(gone), {}, []
        self.is_prepared = False
        self.held_since = held_since
        self.still_since = held_since if is_own else ""

    def know(self, names: Iterable[str], finding_ids: Iterable[str], uris: Iterable[str]) -> None:
        """Remember what the subject is called and owns, beside what was known."""
        self.names = list(dict.fromkeys([*self.names, *names]))
        self.finding_ids = sorted({*self.finding_ids, *finding_ids})
        self.source_uris = sorted({*self.source_uris, *uris})
        self.is_prepared = True

    def note(self, step: str, found: Mapping[str, int]) -> None:
        """Remember what a step finds; one that was interrupted finds less the second time."""
        before = self.found.get(step, {})
        self.found[step] = {what: max(count, before.get(what, 0)) for what, count in found.items()}

    def finish(self, step: str) -> None:
        """Remember that a step is over."""
        self.done.append(step)

    def counts(self) -> Counter[str]:
        """Return how many things of each kind went."""
        counts = Counter(self.before)
        for found in self.found.values():
            counts.update(found)
        return +counts
