"""The policies of the role that is read through, as data for every kind of template."""

from typing import Any

from onboarding.grants import grants

ROLE_NAME = "CloudPruneReadOnly"
EXPORT_ROLE_NAME = "CloudPruneExportReader"
SESSION_SECONDS = 3600
VERSION = "2012-10-17"


def trust(principal: Any, external_id: Any) -> dict[str, Any]:
    """Return who may assume the role: one principal, and only with the External ID."""
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": principal},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }


def reading(own_role: Any, *, lists_accounts: bool = False) -> dict[str, Any]:
    """Return what the role may do: what collectors declare, and a Deny on all contents.

    Args:
        own_role: ARN of the role itself, about which it may ask what it may do.
        lists_accounts: Whether it lists the accounts of an organization.
    """
    known = grants()
    granted = sorted([*known.aws, known.aws_member_accounts] if lists_accounts else known.aws)
    return {
        "Version": VERSION,
        "Statement": [
            _statement("ReadWhatExistsAndHowMuchItIsUsed", "Allow", granted, "*"),
            _statement("AskWhatThisRoleMayDo", "Allow", [known.aws_own_policy], own_role),
            _statement("NeverReadContentsOrSecrets", "Deny", list(known.aws_denied), "*"),
        ],
    }


def _statement(sid: str, effect: str, actions: list[str], resource: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": effect, "Action": actions, "Resource": resource}
