"""Whether a role can be assumed by whoever knows its name: the confused deputy."""

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from ingestion.aws.session import CALL_LIMITS, home_region
from ingestion.model import AwsAccess


def is_open_without_external_id(access: AwsAccess) -> bool:
    """Try to assume a role without its External ID; what comes of it is thrown away."""
    client = boto3.Session().client(
        "sts", region_name=home_region(access.role_arn), config=CALL_LIMITS
    )
    try:
        client.assume_role(RoleArn=access.role_arn, RoleSessionName="cloudprune-trust-test")
    except (BotoCoreError, ClientError):
        return False
    finally:
        client.close()
    return True
