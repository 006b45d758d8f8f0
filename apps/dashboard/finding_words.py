"""What the parts of a finding are called on a page."""

import json
import operator
from collections.abc import Callable, Mapping
from typing import Any

from apps.dashboard import format as fmt

STATISTICS = {
    "average": "average",
    "mean": "average",
    "minimum": "minimum",
    "p50": "median",
    "p95": "95th percentile",
    "p99": "99th percentile",
    "maximum": "maximum",
    "sum": "sum",
}
_COMPARISONS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "<": ("below", operator.lt),
    "<=": ("at most", operator.le),
    ">": ("above", operator.gt),
    ">=": ("at least", operator.ge),
    "=": ("exactly", operator.eq),
}
_SHORT = {"cpu": "CPU", "iops": "IOPS", "gib": "GiB", "mibps": "MiB/s", "mbps": "MB/s"}
_ID_LENGTH = 44


def resource_label(name: str | None, resource_id: str) -> str:
    """Return what a reader knows a resource by: its name, or the end of its identifier."""
    if name:
        return name
    tail = resource_id.rsplit("/", 1)[-1].rsplit(":", 1)[-1] or resource_id
    return tail if len(tail) <= _ID_LENGTH else f"…{tail[-_ID_LENGTH:]}"


def level(value: str | None) -> str:
    """Return low, medium or high as a heading writes it."""
    return value.capitalize() if value else fmt.UNKNOWN


def figure_name(name: str) -> str:
    """Return the name of a figure or threshold as a heading, as in `Max CPU p95 percent`."""
    words = [_SHORT.get(word, word) for word in name.replace("_", " ").split(" ")]
    text = " ".join(words)
    return f"{text[:1].upper()}{text[1:]}"


def evidence_name(evidence: Mapping[str, Any]) -> str:
    """Return what one figure is, as in `CPU, 95th percentile`; the statistic is named once."""
    statistic = str(evidence.get("statistic") or "")
    name = str(evidence.get("name") or "").replace("_", " ")
    if not statistic:
        return figure_name(name)
    words = [word for word in name.split(" ") if word != statistic]
    return f"{figure_name(' '.join(words))}, {STATISTICS.get(statistic, statistic)}".lstrip(", ")


def reason(text: str | None) -> str:
    """Return a reason from the data without the stop that our sentence brings."""
    return (text or "").strip().rstrip(".")


def limit(evidence: Mapping[str, Any]) -> str:
    """Return the limit of one figure, as in `below 5 %`."""
    threshold = evidence.get("threshold")
    if threshold is None:
        return fmt.NONE
    comparison = str(evidence.get("comparison") or "")
    word = _COMPARISONS[comparison][0] if comparison in _COMPARISONS else comparison
    return f"{word} {fmt.figure(threshold, evidence.get('unit'))}".strip()


def verdict(evidence: Mapping[str, Any]) -> str:
    """Return whether one figure keeps its limit: `met`, `not met`, or why that is not known."""
    value, threshold = evidence.get("value"), evidence.get("threshold")
    if value is None:
        return "not measured"
    comparison = _COMPARISONS.get(str(evidence.get("comparison") or ""))
    if threshold is None or comparison is None:
        return fmt.UNKNOWN
    return "met" if comparison[1](float(value), float(threshold)) else "not met"


def window(evidence: Mapping[str, Any]) -> str:
    """Return the days a figure is taken from and how many of them had data."""
    days, ratio = evidence.get("window_days"), evidence.get("coverage_ratio")
    if days is None:
        return fmt.NONE
    if ratio is None:
        return f"{days:,} days"
    return f"{days:,} days, {ratio:.0%} with data"


def json_list(text: str | None) -> list[dict[str, Any]]:
    """Return the objects of a JSON list; an absent one is empty."""
    return [item for item in json.loads(text or "[]") if isinstance(item, dict)]


def json_object(text: str | None) -> dict[str, Any]:
    """Return a JSON object; an absent one is empty."""
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}
