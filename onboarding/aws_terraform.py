"""Terraform: the role of one account as a module of one file."""

import json
from typing import Any

from onboarding.aws_policy import ROLE_NAME, SESSION_SECONDS, reading

_MODULE = """\
# Lets CloudPrune read what exists in this account and how much it is used.
# No contents, no secrets, no changes.

terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}

variable "principal" {
  type        = string
  default     = @principal@
  description = "Who may assume the role: the identity that CloudPrune's scans run as."
}

variable "external_id" {
  type        = string
  default     = @external_id@
  description = "Made by CloudPrune for this connection; leave it as it is."

  validation {
    condition     = can(regex("^[0-9a-f]{32}$", var.external_id))
    error_message = "Take the External ID that CloudPrune shows."
  }
}

variable "role_name" {
  type    = string
  default = @role_name@
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  own_role  = "arn:${local.partition}:iam::${local.account}:role/${var.role_name}"
}

resource "aws_iam_role" "cloudprune" {
  name                 = var.role_name
  description          = "Read by CloudPrune: metadata only."
  max_session_duration = @seconds@

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.principal }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "reading" {
  name = "cloudprune-reading"
  role = aws_iam_role.cloudprune.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
@statements@
    ]
  })
}

output "role_arn" {
  description = "Give this to CloudPrune."
  value       = aws_iam_role.cloudprune.arn
}
"""
_OWN = "@own_role@"


def role_module(principal: str, external_id: str) -> str:
    """Return the module of one account's role."""
    statements = ",\n".join(map(_statement, reading(_OWN)["Statement"]))
    return filled(
        _MODULE,
        principal=json.dumps(principal),
        external_id=json.dumps(external_id),
        role_name=json.dumps(ROLE_NAME),
        seconds=str(SESSION_SECONDS),
        statements=statements,
    )


def filled(text: str, **values: str) -> str:
    """Return a text with a value in the place of each `@name@`."""
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _statement(statement: dict[str, Any]) -> str:
    actions = "".join(f"          {json.dumps(action)},\n" for action in statement["Action"])
    is_own = statement["Resource"] == _OWN
    resource = "local.own_role" if is_own else json.dumps(statement["Resource"])
    return (
        "      {\n"
        f"        Sid    = {json.dumps(statement['Sid'])}\n"
        f"        Effect = {json.dumps(statement['Effect'])}\n"
        f"        Action = [\n{actions}        ]\n"
        f"        Resource = {resource}\n"
        "      }"
    )
