"""What partners changed about the rules: thresholds, and exemptions by tag.

An empty `tenant_id` is every tenant of the partner; what a tenant has set itself goes before it.
"""

from datetime import UTC, datetime

from sqlalchemy import Engine, delete

from control.models import Base, RuleExemptionRow, RuleThresholdRow
from control.records import RuleExemption, RuleThreshold
from control.store import put, read, table_of, writes

EVERY_TENANT = ""


class RuleSettings:
    """Thresholds and exemptions of a partner's rules."""

    _engine: Engine

    def rule_thresholds(self, partner_id: str) -> tuple[RuleThreshold, ...]:
        """Return every threshold that a partner or one of its tenants has set."""
        return read(
            self._engine,
            RuleThresholdRow,
            RuleThreshold,
            RuleThresholdRow.partner_id == partner_id,
        )

    def set_rule_threshold(
        self, partner_id: str, tenant_id: str, rule_id: str, threshold_name: str, value: float
    ) -> None:
        """Set a threshold in place of the rule's default.

        Raises:
            UnknownParentError: The partner does not exist.
        """
        threshold = RuleThreshold(
            partner_id, tenant_id, rule_id, threshold_name, value, datetime.now(UTC)
        )
        with writes(self._engine, parent=f"partner {partner_id}") as transaction:
            put(transaction, RuleThresholdRow, vars(threshold), kept=())

    def unset_rule_threshold(
        self, partner_id: str, tenant_id: str, rule_id: str, threshold_name: str
    ) -> bool:
        """Go back to the default; say whether there was something to go back from."""
        return self._delete(
            RuleThresholdRow,
            partner_id=partner_id,
            tenant_id=tenant_id,
            rule_id=rule_id,
            threshold_name=threshold_name,
        )

    def rule_exemptions(self, partner_id: str) -> tuple[RuleExemption, ...]:
        """Return every exemption of a partner and its tenants."""
        return read(
            self._engine,
            RuleExemptionRow,
            RuleExemption,
            RuleExemptionRow.partner_id == partner_id,
        )

    def add_rule_exemption(
        self,
        partner_id: str,
        tenant_id: str,
        rule_id: str,
        *,
        tag_key: str,
        tag_value: str,
        reason: str,
        created_by: str,
    ) -> None:
        """Let a rule, or with `*` every rule, leave resources with a tag alone.

        Raises:
            UnknownParentError: The partner does not exist.
        """
        exemption = RuleExemption(
            partner_id,
            tenant_id,
            rule_id,
            tag_key,
            tag_value,
            reason,
            created_by,
            datetime.now(UTC),
        )
        with writes(self._engine, parent=f"partner {partner_id}") as transaction:
            put(transaction, RuleExemptionRow, vars(exemption), kept=("created_at",))

    def remove_rule_exemption(
        self, partner_id: str, tenant_id: str, rule_id: str, *, tag_key: str, tag_value: str
    ) -> bool:
        """End an exemption; say whether there was one."""
        return self._delete(
            RuleExemptionRow,
            partner_id=partner_id,
            tenant_id=tenant_id,
            rule_id=rule_id,
            tag_key=tag_key,
            tag_value=tag_value,
        )

    def _delete(self, row: type[Base], **key: str) -> bool:
        table = table_of(row)
        query = delete(table).where(*(table.c[name] == value for name, value in key.items()))
        with writes(self._engine) as transaction:
            return transaction.execute(query).rowcount > 0
