"""What a test of a connection found: one probe per question, and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one question.

    `open` is a role that lets in whoever knows its name; `held` a permission that nobody needs.
    """

    OK = "ok"
    DENIED = "denied"
    OPEN = "open"
    HELD = "held"
    UNKNOWN = "unknown"


_WORST_FIRST = (Outcome.OPEN, Outcome.HELD, Outcome.DENIED, Outcome.UNKNOWN, Outcome.OK)


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to a cloud, and its answer.

    Attributes:
        subject: What was asked: a permission, or a sentence's subject.
        outcome: The answer.
        purposes: Tables that a permission unlocks, or what else needs it.
        note: What happened and who must do what; empty where all is well.
    """

    subject: str
    outcome: Outcome
    purposes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """All that a test asked.

    Attributes:
        identity: Whether the connection opens, and is what it says it is.
        trust: Whether it stays closed to others; empty where that cannot be asked.
        permissions: One probe per declared permission.
        changes: Whether it could change or read what nobody needs.
        places: Subscriptions that it sees; empty in AWS.
    """

    identity: Probe
    trust: tuple[Probe, ...] = ()
    permissions: tuple[Probe, ...] = ()
    changes: tuple[Probe, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether it opens for this connection, and for nobody who merely knows its name."""
        asked = (self.identity, *self.trust)
        return all(probe.outcome is Outcome.OK for probe in asked)

    @property
    def verdict(self) -> str:
        """`bad` it does not open, `open` to others, `partial` not as it should be, or `good`.

        What could not be asked is told, and takes nothing away; but trust has to be proved.
        """
        if self.identity.outcome is not Outcome.OK:
            return "bad"
        if any(probe.outcome is Outcome.OPEN for probe in self.trust):
            return "open"
        lacks = any(probe.outcome is Outcome.DENIED for probe in self.permissions)
        holds = any(probe.outcome is Outcome.HELD for probe in self.changes)
        if not any(probe.outcome is Outcome.OK for probe in self.permissions):
            return "bad"
        return "partial" if lacks or holds or not self.is_proved else "good"

    def as_values(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        groups: Mapping[str, Sequence[Probe]] = {
            "identity": [self.identity],
            "trust": self.trust,
            "permissions": self.permissions,
            "changes": self.changes,
        }
        return {
            "verdict": self.verdict,
            "places": list(self.places),
            **{name: [_values(probe) for probe in probes] for name, probes in groups.items()},
        }


def worst(probes: Sequence[Probe]) -> Probe:
    """Return the probe that a reader has to know about first."""
    return min(probes, key=lambda probe: _WORST_FIRST.index(probe.outcome))


def _values(probe: Probe) -> dict[str, Any]:
    return {
        "subject": probe.subject,
        "outcome": probe.outcome.value,
        "purposes": list(probe.purposes),
        "note": probe.note,
    }
