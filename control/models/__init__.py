"""Tables of the control database, on SQLite and PostgreSQL alike.

Every table below a partner carries `partner_id` first in its key, and every foreign key includes
it, so that no row can point across partners.
"""

from control.models.base import NAME_LENGTH, Base, UtcDateTime
from control.models.clouds import AccessRow, ScanProblemRow, ScanRow
from control.models.decisions import FindingDecisionRow, FindingNoteRow
from control.models.marts import MartsStateRow
from control.models.onboarding import (
    ConnectionRequestRow,
    ConnectionSetupRow,
    ConnectionStateRow,
)
from control.models.partner_settings import BrandingRow, BudgetRow
from control.models.people import AccessLogRow, InvitationRow, MemberRow, SignInRow
from control.models.privacy import ConsentRow, ErasureTombstoneRow, PrivacyRequestRow
from control.models.rules import RuleExemptionRow, RuleThresholdRow
from control.models.tenants import ConnectionRow, LoadRow, PartnerRow, SourceRow, TenantRow

__all__ = [
    "NAME_LENGTH",
    "AccessLogRow",
    "AccessRow",
    "Base",
    "BrandingRow",
    "BudgetRow",
    "ConnectionRequestRow",
    "ConnectionRow",
    "ConnectionSetupRow",
    "ConnectionStateRow",
    "ConsentRow",
    "ErasureTombstoneRow",
    "FindingDecisionRow",
    "FindingNoteRow",
    "InvitationRow",
    "LoadRow",
    "MartsStateRow",
    "MemberRow",
    "PartnerRow",
    "PrivacyRequestRow",
    "RuleExemptionRow",
    "RuleThresholdRow",
    "ScanProblemRow",
    "ScanRow",
    "SignInRow",
    "SourceRow",
    "TenantRow",
    "UtcDateTime",
]
