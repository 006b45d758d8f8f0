"""How tests of connections are put into words: one row per question."""

from typing import Any

import pandas as pd

from apps.dashboard.components.text import escaped

VERDICTS = {
    "good": "good",
    "partial": "needs attention",
    "open": "open to others",
    "bad": "cannot be read",
}
OUTCOMES = {
    "ok": "ok",
    "denied": "denied",
    "open": "open",
    "held": "allowed, and should not be",
    "unknown": "not checked",
}
_GROUPS = {
    "identity": "Sign-in",
    "trust": "Closed to others",
    "permissions": "May read",
    "changes": "Must not be able to",
}
_NOTHING = "\N{EN DASH}"
_GOOD = {"trust": "refused", "changes": "cannot"}


def rows_of(test: dict[str, Any]) -> pd.DataFrame:
    """Return one row per question of a test, those first that need somebody."""
    rows = [
        {
            "group": label,
            "question": probe["subject"],
            "answer": _answer(group, probe["outcome"]),
            "unlocks": ", ".join(probe["purposes"]) or _NOTHING,
            "note": probe["note"] or _NOTHING,
            "is_well": probe["outcome"] == "ok",
        }
        for group, label in _GROUPS.items()
        for probe in test.get(group, ())
    ]
    columns = ["group", "question", "answer", "unlocks", "note", "is_well"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("is_well", kind="stable", ignore_index=True)


def outcome_sentence(status: str, message: str) -> str:
    """Return what came of a request, safe to show."""
    text = escaped(message.strip().rstrip("."))
    shown = f"{text[:1].upper()}{text[1:]}."
    return shown if status == "done" else f"That did not work. {shown}"


def _answer(group: str, outcome: str) -> str:
    if outcome == "ok":
        return _GOOD.get(group, "ok")
    return OUTCOMES.get(outcome, outcome)
