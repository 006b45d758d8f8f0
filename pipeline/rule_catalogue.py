"""The rules as their models declare them: words and default thresholds, without running dbt."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from pipeline.dbt_parse import PROJECT

_FOLDER = PROJECT / "models" / "intermediate" / "findings"
_PREFIX = "int_findings__"
WINDOWS = (14, 30)
"""Days over which utilization is kept ready: what `window_days` may be."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        rule_id: Its name.
        provider: aws or azure.
        title: It in a few words.
        description: What it finds.
        category: waste, rightsizing, modernization or storage_tiering.
        action: delete, stop, rightsize or modernize.
        thresholds: Default by name.
        false_positives: When it is true and nothing should be done.
        source: Where it and its thresholds come from.
    """

    rule_id: str
    provider: str
    title: str
    description: str
    category: str
    action: str
    thresholds: dict[str, float]
    false_positives: str
    source: str


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its name."""
    found = {}
    for path in sorted(_FOLDER.glob(f"*/{_PREFIX}*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            rule_id = model["name"].removeprefix(_PREFIX)
            found[rule_id] = _rule(rule_id, model["config"]["meta"]["rule"])
    return found


def _rule(rule_id: str, meta: dict[str, Any]) -> Rule:
    return Rule(
        rule_id=rule_id,
        provider=meta["provider"],
        title=meta["title"],
        description=meta["description"],
        category=meta["category"],
        action=meta["action"],
        thresholds={name: float(value) for name, value in meta["thresholds"].items()},
        false_positives=meta["false_positives"],
        source=meta["source"],
    )
