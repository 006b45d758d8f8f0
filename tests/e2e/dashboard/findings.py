"""Findings of the made marts: rules, what they found on the made resources, and scans.

Savings derive from the made lines, as those of real findings do from the bill.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.e2e.dashboard.rules import ADDRESS, IDLE, NAT, OVERSIZED, RULES, UNATTACHED, VM, Rule

HOSTILE_TAGS = (
    '{"team":"<b>x</b>","a/b~c":"$x$ :smile: [l](http://example.invalid)",'
    '"contact":"dana@example.invalid www.example.invalid"}'
)
BATCH = "arn:aws:ec2:us-east-1:111122223333:instance/i-0b7c6d5e4f3a21908"
VOLUME = "vol-0f1e2d3c4b5a69788"
UNBILLED = "eipalloc-0123456789abcdef0"
GONE = "vol-0000000000000dead"


_RANKS = {"delete": 1, "stop": 2, "rightsize": 3, "modernize": 4}


@dataclass(frozen=True)
class Found:
    """One made finding; `saved` is the share of the resource's 30 days that acting ends."""

    rule: Rule
    tenant: str
    account: str
    region: str
    resource: str
    name: str | None
    kind: str
    sentence: str
    saved: str | None
    evidence: tuple[dict[str, Any], ...]
    tags: str = "{}"
    owner: str | None = None
    confidence: str = "high"
    chart: tuple[str, str, float] | None = None
    values: tuple[str | None, str | None] = (None, None)
    first_seen_days: int = 20


def _figure(
    name: str, value: float | None, unit: str, comparison: str, threshold: float, **more: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "statistic": more.get("statistic"),
        "value": value,
        "unit": unit,
        "comparison": comparison,
        "threshold": threshold,
        "window_days": more.get("window_days"),
        "coverage_ratio": more.get("coverage_ratio"),
    }


_WINDOW = {"window_days": 14, "coverage_ratio": 0.9286}


@dataclass(frozen=True)
class Estate:
    """Which findings and scans a partner has; the strange names come from the marts' module."""

    formula: str
    emoji: str
    script: str
    saved_percent: int = 100
    left_out: tuple[str, ...] = ()
    bulk: int = 0
    is_scanned: bool = True
    has_findings: bool = True

    def findings(self) -> tuple[Found, ...]:
        """Return what the scans found."""
        if not (self.is_scanned and self.has_findings):
            return ()
        made = (*_plain(), *_hostile(self.formula, self.emoji, self.script))
        return tuple(found for found in made if found.rule.rule_id not in self.left_out)


def _plain() -> tuple[Found, ...]:
    cpu = ("CPUUtilization", "p95", 5.0)
    batch = ("acme", "111122223333", "us-east-1", BATCH, "batch", "aws_ec2_instances")
    tags = '{"env":"dev","team":"data","owner":"dana"}'
    return (
        Found(
            IDLE,
            *batch,
            "batch (m5.xlarge) used at most 9.4 % CPU and 212 bytes a second in 14 days.",
            "1",
            (
                _figure("cpu", 1.83, "%", "<", 5, statistic="p95", **_WINDOW),
                _figure("cpu", 9.4, "%", "<", 20, statistic="maximum", **_WINDOW),
                _figure("network", 212.25, "B/s", "<", 1000, statistic="average", **_WINDOW),
            ),
            tags,
            "dana",
            chart=cpu,
        ),
        Found(
            OVERSIZED,
            *batch,
            "batch is m5.xlarge; on m5.large its CPU would reach 18.8 %.",
            "0.5",
            (
                _figure("cpu on target", 18.8, "%", "<=", 80, statistic="p99", **_WINDOW),
                _figure("memory on target", None, "%", "<=", 80, statistic="p99", **_WINDOW),
            ),
            tags,
            "dana",
            "low",
            ("CPUUtilization", "p99", 80.0),
            ("m5.xlarge", "m5.large"),
        ),
        Found(
            UNATTACHED,
            "acme",
            "111122223333",
            "eu-west-1",
            VOLUME,
            None,
            "aws_ebs_volumes",
            "A gp2 volume of 500 GiB is attached to nothing for 35 days.",
            "1",
            (_figure("days unattached", 35, "days", ">=", 7),),
            '{"env":"prod"}',
            "web",
            first_seen_days=3,
        ),
        Found(
            ADDRESS,
            "acme",
            "444455556666",
            "eu-west-1",
            UNBILLED,
            None,
            "aws_elastic_ips",
            "An Elastic IP address is associated with nothing for 12 days.",
            None,
            (_figure("days unassociated", 12, "days", ">=", 7),),
            confidence="medium",
        ),
        Found(
            VM,
            "globex",
            "0f9e8d7c-1111-4222-8333-944455566677",
            "westeurope",
            "/subscriptions/0f9e8d7c-1111-4222-8333-944455566677/resourcegroups/app/"
            "providers/microsoft.compute/virtualmachines/vm-app-01",
            "vm-app-01",
            "azure_virtual_machines",
            "vm-app-01 is Standard_D4s_v5; on Standard_D2s_v5 its CPU would reach 41.2 %.",
            "0.5",
            (
                _figure("cpu on target", 41.2, "%", "<=", 80, statistic="p99", **_WINDOW),
                _figure("memory on target", 66.6, "%", "<=", 80, **_WINDOW),
            ),
            '{"env":"prod","cost-center":"4711"}',
            chart=("Percentage CPU", "p99", 80.0),
            values=("Standard_D4s_v5", "Standard_D2s_v5"),
        ),
    )


def _hostile(formula: str, emoji: str, script: str) -> tuple[Found, ...]:
    account = "777788889999"
    return (
        Found(
            NAT,
            "initech",
            account,
            "eu-central-1",
            "arn:aws:ec2:eu-central-1:777788889999:natgateway/nat-0123",
            emoji,
            "aws_nat_gateways",
            f"{emoji} sent and received 0 bytes in 14 days.",
            "1",
            (_figure("bytes", 0, "bytes", "<=", 0, statistic="sum", **_WINDOW),),
            HOSTILE_TAGS,
            script,
            chart=("BytesOutToDestination", "sum", 0.0),
        ),
        Found(
            IDLE,
            "initech",
            account,
            "eu-central-1",
            formula,
            f"{script}\n:material/delete: second line",
            "aws_ec2_instances",
            f"{script} {formula} used at most 1 % CPU.",
            "1",
            (_figure(script, 0.4, formula, "<", 5, statistic="p95", **_WINDOW),),
            HOSTILE_TAGS,
            formula,
            "medium",
        ),
    )


def build_findings(connection: duckdb.DuckDBPyConnection, estate: Estate, newest: date) -> None:
    """Make the marts of findings in the current schema, from its cost marts."""
    rows = [_row(found) for found in estate.findings()]
    connection.register("made_findings", pa.Table.from_pylist(rows, schema=_FOUND))
    connection.register("made_rules", pa.Table.from_pylist([_rule(rule) for rule in RULES]))
    for name, value in {
        "saved_percent": estate.saved_percent,
        "bulk": estate.bulk if estate.is_scanned else 0,
        "is_scanned": estate.is_scanned,
        "has_findings": estate.is_scanned and estate.has_findings,
        "observed": newest,
    }.items():
        connection.execute(f"set variable {name} = $value", {"value": value})
    script = Path(__file__).with_name("findings.sql").read_text(encoding="utf-8")
    connection.execute(script)
    for name in ("made_findings", "made_rules"):
        connection.unregister(name)


_TEXT = (
    "rule_id", "provider", "rule_title", "service_name", "category", "action", "severity", "effort",
    "risk", "tenant_id", "sub_account_id", "region_id", "resource_id", "resource_name",
    "resource_type", "sentence", "saved", "evidence", "tags", "owner", "confidence",
    "chart_metric", "chart_statistic", "current_value", "target_value",
)  # fmt: skip
_FOUND = pa.schema(
    [
        *((name, pa.string()) for name in _TEXT),
        ("chart_threshold", pa.float64()),
        ("action_rank", pa.int64()),
        ("first_seen_days", pa.int64()),
    ]
)


def _row(found: Found) -> dict[str, Any]:
    rule = found.rule
    metric, statistic, threshold = found.chart or (None, None, None)
    return {
        "rule_id": rule.rule_id,
        "provider": rule.provider,
        "rule_title": rule.title,
        "service_name": rule.service,
        "category": rule.category,
        "action": rule.action,
        "action_rank": _RANKS[rule.action],
        "severity": rule.severity,
        "effort": rule.effort,
        "risk": rule.risk,
        "tenant_id": found.tenant,
        "sub_account_id": found.account,
        "region_id": found.region,
        "resource_id": found.resource,
        "resource_name": found.name,
        "resource_type": found.kind,
        "sentence": found.sentence,
        "saved": found.saved,
        "evidence": json.dumps(found.evidence),
        "tags": found.tags,
        "owner": found.owner,
        "confidence": found.confidence,
        "chart_metric": metric,
        "chart_statistic": statistic,
        "chart_threshold": threshold,
        "current_value": found.values[0],
        "target_value": found.values[1],
        "first_seen_days": found.first_seen_days,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "rule_id": rule.rule_id,
        "provider": rule.provider,
        "service_name": rule.service,
        "category": rule.category,
        "action": rule.action,
        "title": rule.title,
        "description": f"{rule.title}, billed all the same.",
        "recommendation": "Ask its owner, keep a snapshot, then act.",
        "severity": rule.severity,
        "effort": rule.effort,
        "risk": rule.risk,
        "source": "AWS Compute Optimizer; OptScale.",
        "thresholds": json.dumps(rule.thresholds),
        "false_positives": "Licence servers, and machines kept for a failover.",
    }
