"""CloudFormation: a daily cost export into a bucket of the customer's, and who may read it.

The reader is a second role, opt-in, on that one prefix: the role that reads the inventory is
denied all contents. Data Exports live in us-east-1, so the stack is created there.
"""

from typing import Any

from onboarding.aws_policy import EXPORT_ROLE_NAME, SESSION_SECONDS, VERSION, trust
from onboarding.aws_role import FORMAT_VERSION, parameters, template_text

PREFIX = "cloudprune"
EXPORT_NAME = "cloudprune-focus"
_COLUMNS = (
    "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency",
    "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass",
    "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart",
    "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName",
    "CommitmentDiscountStatus", "CommitmentDiscountType", "ConsumedQuantity", "ConsumedUnit",
    "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost",
    "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName",
    "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType",
    "ServiceCategory", "ServiceName", "SkuId", "SkuPriceId", "SubAccountId", "SubAccountName",
    "Tags", "x_CostCategories", "x_Discounts", "x_Operation", "x_ServiceCode", "x_UsageType",
)  # fmt: skip
"""Of table `FOCUS_1_0_AWS`; AWS takes no asterisk."""
_CLOSED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_WRITERS = ["bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com"]
_OBJECTS = {"Fn::Sub": "${ExportBucket.Arn}/*"}
_PREFIX_OBJECTS = {"Fn::Sub": f"${{ExportBucket.Arn}}/{PREFIX}/*"}
_BUCKET_ARN = {"Fn::GetAtt": "ExportBucket.Arn"}


def export_template(principal: str, external_id: str) -> str:
    """Return the template of a FOCUS 1.0 export and, if asked for, of its reader.

    Args:
        principal: ARN of the role that reads exports.
        external_id: Of this connection.
    """
    taken = parameters(principal, external_id, EXPORT_ROLE_NAME) | {
        "LetCloudPruneRead": {
            "Type": "String",
            "Default": "no",
            "AllowedValues": ["yes", "no"],
            "Description": "yes makes a role that reads this export, and nothing else.",
        }
    }
    document = {
        "AWSTemplateFormatVersion": FORMAT_VERSION,
        "Description": "A daily cost export (FOCUS 1.0) for CloudPrune. Create it in us-east-1, in "
        "the account that pays.",
        "Parameters": taken,
        "Conditions": {"IsRead": {"Fn::Equals": [{"Ref": "LetCloudPruneRead"}, "yes"]}},
        "Resources": {
            "ExportBucket": _bucket(),
            "ExportBucketPolicy": _bucket_policy(),
            "CostExport": _export(),
            "ExportReader": _reader(),
        },
        "Outputs": {
            "ExportLocation": {
                "Description": "What to ingest.",
                "Value": {"Fn::Sub": f"s3://${{ExportBucket}}/{PREFIX}/{EXPORT_NAME}"},
            },
            "ExportReaderArn": {
                "Condition": "IsRead",
                "Description": "The role that reads the export.",
                "Value": {"Fn::GetAtt": "ExportReader.Arn"},
            },
        },
    }
    return template_text(document)


def _bucket() -> dict[str, Any]:
    return {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                ]
            },
            "PublicAccessBlockConfiguration": dict.fromkeys(_CLOSED, True),
        },
    }


def _bucket_policy() -> dict[str, Any]:
    own = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    written = {
        "Sid": "LetAwsWriteTheExport",
        "Effect": "Allow",
        "Principal": {"Service": _WRITERS},
        "Action": ["s3:PutObject", "s3:GetBucketPolicy"],
        "Resource": [_BUCKET_ARN, _OBJECTS],
        "Condition": own,
    }
    encrypted = {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [_BUCKET_ARN, _OBJECTS],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "ExportBucket"},
            "PolicyDocument": {"Version": VERSION, "Statement": [written, encrypted]},
        },
    }


def _export() -> dict[str, Any]:
    output = {
        "Compression": "PARQUET",
        "Format": "PARQUET",
        "OutputType": "CUSTOM",
        "Overwrite": "OVERWRITE_REPORT",
    }
    return {
        "Type": "AWS::BCMDataExports::Export",
        "DependsOn": "ExportBucketPolicy",
        "Properties": {
            "Export": {
                "Name": EXPORT_NAME,
                "Description": "Daily costs in FOCUS 1.0",
                "DataQuery": {
                    "QueryStatement": f"SELECT {', '.join(_COLUMNS)} FROM FOCUS_1_0_AWS",
                },
                "DestinationConfigurations": {
                    "S3Destination": {
                        "S3Bucket": {"Ref": "ExportBucket"},
                        "S3Prefix": PREFIX,
                        "S3Region": {"Ref": "AWS::Region"},
                        "S3OutputConfigurations": output,
                    }
                },
                "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
            }
        },
    }


def _reader() -> dict[str, Any]:
    listing = {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": _BUCKET_ARN,
        "Condition": {"StringLike": {"s3:prefix": [f"{PREFIX}/*"]}},
    }
    getting = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": _PREFIX_OBJECTS}
    return {
        "Type": "AWS::IAM::Role",
        "Condition": "IsRead",
        "Properties": {
            "RoleName": {"Ref": "RoleName"},
            "Description": "Lets CloudPrune read one cost export.",
            "MaxSessionDuration": SESSION_SECONDS,
            "AssumeRolePolicyDocument": trust({"Ref": "Principal"}, {"Ref": "ExternalId"}),
            "Policies": [
                {
                    "PolicyName": "cloudprune-export",
                    "PolicyDocument": {"Version": VERSION, "Statement": [listing, getting]},
                }
            ],
        },
    }
