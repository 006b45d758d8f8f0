"""What sqlfluff takes for macros that ask the engine or dbt: plausible SQL of the same shape."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_MACROS = Path(__file__).parents[1] / "macros"
_RULE_IDS = re.findall(r"'([a-z0-9_]+)'", (_MACROS / "values" / "rule_ids.sql").read_text())


globals()["return"] = lambda value: value


def _dispatch(name: str) -> Any:
    def called(*arguments: object, **named: object) -> str:
        given = [str(argument) for argument in (*arguments, *named.values())]
        if name == "x_regex":
            return f"x_regex({given[0]}, '')"
        if name == "x_listagg":
            return f"x_listagg({given[0]})"
        if name.startswith("x_explode"):
            return f"select * from {given[0]}"
        return f"{name}({', '.join(given)})"

    return called


adapter = SimpleNamespace(dispatch=_dispatch)


def rule_ids() -> list[str]:
    """Return two rules: more of the same would only be read again."""
    return _RULE_IDS[:2]


def rules() -> dict[str, dict[str, Any]]:
    """Return one rule without words."""
    return {"example": {"thresholds": {}}}


def threshold_names() -> list[str]:
    """Return one threshold."""
    return ["min_age_days"]


def action_order() -> list[str]:
    """Return two actions."""
    return ["delete", "stop"]


def condition(
    name: str,
    value: str,
    comparison: str,
    threshold: str,
    unit: str,
    metrics: Sequence[str] = (),
    statistic: str = "",
    *,
    is_covered: bool = True,
    is_optional: bool = False,
) -> dict[str, Any]:
    """Return a condition as the macro does."""
    return {**locals(), "metrics": list(metrics)}


def percentage(
    name: str, part: str, whole: str, threshold: str, metrics: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the condition on a percentage as the macro does."""
    value = f"100 * {part} / {whole}"
    return condition(f"{name}_percent", value, "<=", threshold, "%", metrics)


def price_condition() -> dict[str, Any]:
    """Return the condition on prices as the macro does."""
    prices = ("target_list_price", "current_list_price")
    return percentage("price_ratio", *prices, "max_price_ratio_percent")


def metric_names(resources: str) -> dict[str, str]:
    """Return a name for any metric."""
    return defaultdict(lambda: f"a metric of {resources}")


def machine_words(rule_id: str) -> dict[str, str]:
    """Return words of the same shape as those of either cloud."""
    return {
        "machines": "aws_ec2_instances",
        "sizes": "aws_instance_types",
        "size": "instance_type",
        "successor": "successor_type",
        "is_running": f"state = '{rule_id}'",
        "is_named_accelerated": "candidates.instance_type is null",
        "has_local_disks": "sizes.family is null",
        "is_peak_held": "cpu_maximum_on_target <= 100",
        "is_linux_priced": "platform is null",
    }
