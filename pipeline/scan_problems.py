"""Why places were not read and who must do what: each reason once, for command line and pages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

_EVERYWHERE = "*"
_SHOWN = 4


class Problem(Protocol):
    """What one place did not answer: an outcome of a scan, or its record."""

    @property
    def sub_account_id(self) -> str:
        """AWS account or Azure subscription."""

    @property
    def region_id(self) -> str:
        """Region; `*` for all."""

    @property
    def table_name(self) -> str:
        """Table that is not known there."""

    @property
    def status(self) -> str:
        """Denied, throttled, disabled or failed."""

    @property
    def message(self) -> str:
        """What happened."""

    @property
    def action(self) -> str:
        """Who must do what."""


@dataclass(frozen=True)
class Reason:
    """Why some places were not read.

    Attributes:
        status: denied, throttled, disabled or failed.
        message: What happened, without the region that it happened in.
        action: Who must do what.
        places: Where: sub accounts and their regions, by name.
        tables: What is not known there, by name.
    """

    status: str
    message: str
    action: str
    places: tuple[str, ...]
    tables: tuple[str, ...]


def reasons_of(problems: Iterable[Problem]) -> list[Reason]:
    """Return each reason once, with everything that was not read for it."""
    found: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        found[str(problem.status), _placeless(problem), problem.action].append(problem)
    return [
        Reason(
            *words,
            tuple(sorted({_place(problem) for problem in of_reason})),
            tuple(sorted({problem.table_name for problem in of_reason})),
        )
        for words, of_reason in found.items()
    ]


def few(names: Sequence[str]) -> str:
    """Return some names, and how many more there are."""
    more = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {more:,} more" if more > 0 else shown


def _placeless(problem: Problem) -> str:
    """Return what happened without its region, so that regions can be listed together."""
    message = problem.message
    if problem.region_id != _EVERYWHERE:
        message = message.replace(f" in {problem.sub_account_id} {problem.region_id}", "")
        message = message.replace(f"region {problem.region_id}", "the region")
    return message


def _place(problem: Problem) -> str:
    return f"{problem.sub_account_id} {problem.region_id}".removesuffix(f" {_EVERYWHERE}")
