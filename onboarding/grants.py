"""What templates grant: a copy of what the collectors declare, written by `pipeline.grants`.

A file, so that whoever shows templates needs no collector; a test holds it to the declarations,
and a change of it shows in review what customers are asked for anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("grants.json")


@dataclass(frozen=True, slots=True)
class Grants:
    """Permissions by cloud.

    Attributes:
        aws: IAM actions of a scan, each with what it is for.
        aws_own_policy: Action with which the role may ask what it may do itself.
        aws_member_accounts: Action that lists the accounts of an organization.
        aws_denied: IAM actions that are denied whatever else is granted.
        azure: Operations of a scan, each with what it is for.
    """

    aws: Mapping[str, tuple[str, ...]]
    aws_own_policy: str
    aws_member_accounts: str
    aws_denied: tuple[str, ...]
    azure: Mapping[str, tuple[str, ...]]


@cache
def grants() -> Grants:
    """Return what is granted."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return Grants(
        {name: tuple(purposes) for name, purposes in found["aws"].items()},
        found["aws_own_policy"],
        found["aws_member_accounts"],
        tuple(found["aws_denied"]),
        {name: tuple(purposes) for name, purposes in found["azure"].items()},
    )
