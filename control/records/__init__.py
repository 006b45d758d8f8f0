"""What the directory answers with: plain values, detached from the database."""

from control.records.clouds import Access, Scan, ScanProblem
from control.records.decisions import FindingDecision, FindingNote
from control.records.marts import MartsState
from control.records.onboarding import ConnectionRequest, ConnectionSetup, ConnectionState
from control.records.people import AccessEntry, Invitation, Member
from control.records.rules import RuleExemption, RuleThreshold
from control.records.tenants import Connection, Load, Partner, Source, Tenant

__all__ = [
    "Access",
    "AccessEntry",
    "Connection",
    "ConnectionRequest",
    "ConnectionSetup",
    "ConnectionState",
    "FindingDecision",
    "FindingNote",
    "Invitation",
    "Load",
    "MartsState",
    "Member",
    "Partner",
    "RuleExemption",
    "RuleThreshold",
    "Scan",
    "ScanProblem",
    "Source",
    "Tenant",
]
