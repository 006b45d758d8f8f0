"""The rules of the made marts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What the made `dim_rule` says of a rule."""

    rule_id: str
    title: str
    service: str
    category: str
    action: str
    thresholds: dict[str, float]
    risk: str = "low"
    effort: str = "low"
    severity: str = "medium"

    @property
    def provider(self) -> str:
        return self.rule_id.split("_")[0]


IDLE = Rule(
    "aws_ec2_instance_idle",
    "EC2 instance without load",
    "Amazon EC2",
    "waste",
    "stop",
    {"window_days": 14, "min_coverage_ratio": 0.9, "max_cpu_p95_percent": 5, "max_cpu_percent": 20},
    risk="medium",
    severity="high",
)


OVERSIZED = Rule(
    "aws_ec2_instance_overprovisioned",
    "EC2 instance larger than its load",
    "Amazon EC2",
    "rightsizing",
    "rightsize",
    {"window_days": 14, "max_target_percent": 80},
    risk="medium",
    effort="medium",
)


UNATTACHED = Rule(
    "aws_ebs_volume_unattached",
    "Unattached EBS volume",
    "Amazon EBS",
    "waste",
    "delete",
    {"min_days_unattached": 7, "high_confidence_days": 30},
)


NAT = Rule(
    "aws_nat_gateway_idle",
    "NAT gateway without traffic",
    "Amazon VPC",
    "waste",
    "delete",
    {"window_days": 14, "max_bytes": 0},
    risk="high",
)


ADDRESS = Rule(
    "aws_eip_unassociated",
    "Elastic IP address of nothing",
    "Amazon VPC",
    "waste",
    "delete",
    {"min_days_unassociated": 7},
    severity="low",
)


VM = Rule(
    "azure_vm_overprovisioned",
    "Virtual machine larger than its load",
    "Virtual Machines",
    "rightsizing",
    "rightsize",
    {"window_days": 14, "max_target_percent": 80},
    risk="medium",
    effort="medium",
)


RULES = (IDLE, OVERSIZED, UNATTACHED, NAT, ADDRESS, VM)
