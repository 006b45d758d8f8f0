"""Whether a role can be assumed by whoever knows its name: the confused deputy."""

import secrets
from typing import Any

import boto3

from ingestion.aws.problems import DENIED, TRANSLATED, code_of, refused_role
from ingestion.aws.session import CALL_LIMITS, home_region
from ingestion.model import AwsAccess
from ingestion.probes import Outcome, Probe

WITHOUT = "assuming the role without an External ID"
WITH_ANOTHER = "assuming the role with another External ID"
_OPEN = (
    "it succeeded: whoever may use our identity could read this account. An administrator of "
    "account {} requires this connection's sts:ExternalId in the trust policy of the role"
)


def probe_trust(access: AwsAccess) -> tuple[Probe, Probe]:
    """Try to get in as others would; what comes of it is thrown away."""
    another = {"ExternalId": secrets.token_hex(16)}
    return _probe(access, WITHOUT, {}), _probe(access, WITH_ANOTHER, another)


def is_open_without_external_id(access: AwsAccess) -> bool:
    """Whether a role can be assumed without its External ID."""
    return _probe(access, WITHOUT, {}).outcome is Outcome.OPEN


def _probe(access: AwsAccess, subject: str, how: dict[str, Any]) -> Probe:
    region = home_region(access.role_arn)
    client = boto3.Session().client("sts", region_name=region, config=CALL_LIMITS)
    try:
        client.assume_role(RoleArn=access.role_arn, RoleSessionName="cloudprune-trust-test", **how)
    except TRANSLATED as error:
        if code_of(error) in DENIED:
            return Probe(subject, Outcome.OK, note="it is refused, as it should be")
        why = refused_role(error, access).message
        return Probe(subject, Outcome.UNKNOWN, note=f"not checked, because {why}")
    finally:
        client.close()
    return Probe(subject, Outcome.OPEN, note=_OPEN.format(access.account_id))
