"""Writes what the collectors declare to where templates read it: `python -m pipeline.grants`."""

import json
from typing import Any

from ingestion.permissions import (
    AWS_MEMBER_ACCOUNTS,
    AWS_OWN_POLICY,
    DENIED_CONTENTS,
    grants_of,
)
from onboarding.grants import FILE


def declared() -> dict[str, Any]:
    """Return what collectors declare, as the file holds it."""
    by_cloud = {
        provider: {grant.permission: list(grant.purposes) for grant in grants_of(provider)}
        for provider in ("aws", "azure")
    }
    return {
        "aws": by_cloud["aws"],
        "aws_own_policy": AWS_OWN_POLICY,
        "aws_member_accounts": AWS_MEMBER_ACCOUNTS,
        "aws_denied": list(DENIED_CONTENTS),
        "azure": by_cloud["azure"],
    }


def write() -> None:
    """Replace the file."""
    FILE.write_text(f"{json.dumps(declared(), indent=2)}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
