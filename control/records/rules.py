"""What a partner changed about rules."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RuleThreshold:
    """A threshold in place of a rule's default.

    Attributes:
        partner_id: Who set it.
        tenant_id: For whom; empty for every tenant of the partner.
        rule_id: Rule it belongs to.
        threshold_name: Its name there.
        value: Value in the threshold's own unit.
        changed_at: When it was set last.
    """

    partner_id: str
    tenant_id: str
    rule_id: str
    threshold_name: str
    value: float
    changed_at: datetime


@dataclass(frozen=True)
class RuleExemption:
    """Resources that rules leave alone for a tag they bear.

    Attributes:
        partner_id: Who exempted them.
        tenant_id: Of whom; empty for every tenant of the partner.
        rule_id: Rule; `*` for every rule.
        tag_key: Tag key, in any case.
        tag_value: Tag value; `*` for every value.
        reason: Why.
        created_by: Who asked for it.
        created_at: When.
    """

    partner_id: str
    tenant_id: str
    rule_id: str
    tag_key: str
    tag_value: str
    reason: str
    created_by: str
    created_at: datetime
