"""Terraform: application, credential, role and assignments, and cost exports."""

import json

from onboarding.aws_terraform import filled
from onboarding.azure_role import (
    EXPORTS,
    ROLE_NAME,
    SECRET_DAYS,
    Federation,
    actions,
    listed,
)

_MODULE = """\
# Lets CloudPrune read what exists in a subscription, or in all of a management group, how much it
# is used and what it costs. No contents, no secrets, no changes.

terraform {
  required_version = ">= 1.3"
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 2.47"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
@time_provider@  }
}

variable "scope" {
  type        = string
  description = "/subscriptions/ID, or /providers/Microsoft.Management/managementGroups/ID."
}

data "azuread_client_config" "current" {}

resource "azuread_application" "cloudprune" {
  display_name     = @name@
  sign_in_audience = "AzureADMyOrg"
}

resource "azuread_service_principal" "cloudprune" {
  client_id = azuread_application.cloudprune.client_id
}

@credential@
resource "azurerm_role_definition" "inventory" {
  name        = @role_name@
  scope       = var.scope
  description = "Lists resources and their metrics; reads no content, changes nothing."

  permissions {
    actions = [
@actions@
    ]
    not_actions = []
  }

  assignable_scopes = [var.scope]
}

resource "azurerm_role_assignment" "inventory" {
  scope              = var.scope
  role_definition_id = azurerm_role_definition.inventory.role_definition_resource_id
  principal_id       = azuread_service_principal.cloudprune.object_id
  principal_type     = "ServicePrincipal"
}

resource "azurerm_role_assignment" "costs" {
  scope                = var.scope
  role_definition_name = "Cost Management Reader"
  principal_id         = azuread_service_principal.cloudprune.object_id
  principal_type       = "ServicePrincipal"
}

variable "storage_container_id" {
  type        = string
  default     = ""
  description = "Container for daily cost exports, by its resource id; empty for none."
}

variable "lets_read_exports" {
  type        = bool
  default     = false
  description = "Whether CloudPrune may read that container, and no other."
}

resource "azurerm_role_assignment" "exports" {
  count = var.storage_container_id != "" && var.lets_read_exports ? 1 : 0

  scope                = var.storage_container_id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azuread_service_principal.cloudprune.object_id
  principal_type       = "ServicePrincipal"
}

variable "exports_from" {
  type        = string
  default     = ""
  description = "First day of the exports, such as 2027-01-01T00:00:00Z."
}
@exports@
output "directory_id" {
  value = data.azuread_client_config.current.tenant_id
}

output "client_id" {
  value = azuread_application.cloudprune.client_id
}
"""
_EXPORT = """
resource "azurerm_subscription_cost_management_export" "@symbol@" {
  count = var.storage_container_id != "" && startswith(var.scope, "/subscriptions/") ? 1 : 0

  name                         = "@name@"
  subscription_id              = var.scope
  recurrence_type              = "Daily"
  recurrence_period_start_date = var.exports_from
  recurrence_period_end_date   = "2050-01-01T00:00:00Z"
  file_format                  = "Csv"

  export_data_storage_location {
    container_id     = var.storage_container_id
    root_folder_path = "/@name@"
  }

  export_data_options {
    type       = "@kind@"
    time_frame = "MonthToDate"
  }
}
"""
_TIME = """\
    time = {
      source  = "hashicorp/time"
      version = ">= 0.9"
    }
"""
_ISSUED = """\
resource "time_rotating" "secret" {
  rotation_days = @days@
}

resource "azuread_application_password" "cloudprune" {
  application_id = azuread_application.cloudprune.id
  display_name   = "cloudprune"
  end_date       = time_rotating.secret.rotation_rfc3339
}

output "client_secret" {
  value     = azuread_application_password.cloudprune.value
  sensitive = true
}

output "client_secret_ends" {
  value = azuread_application_password.cloudprune.end_date
}
"""
_FEDERATED = """\
resource "azuread_application_federated_identity_credential" "cloudprune" {
  application_id = azuread_application.cloudprune.id
  display_name   = @trusts_name@
  audiences      = @trusts_audiences@
  issuer         = @trusts_issuer@
  subject        = @trusts_subject@
}
"""


def module(name: str, federation: Federation | None = None) -> str:
    """Return the module.

    Args:
        name: What the application is called in the customer's directory.
        federation: Sign in without a secret, as this identity.
    """
    trusts = federation.credential() if federation else {}
    return filled(
        _MODULE,
        time_provider="" if federation else _TIME,
        credential=_FEDERATED if federation else _ISSUED,
        exports="".join(
            filled(_EXPORT, symbol=export.removeprefix("cloudprune-"), name=export, kind=kind)
            for export, (kind, version) in EXPORTS.items()
            if not version  # the provider has no FOCUS exports
        ),
        name=json.dumps(name),
        role_name=json.dumps(ROLE_NAME),
        actions=listed(actions(), 6, end=","),
        days=str(SECRET_DAYS),
        **{f"trusts_{name}": json.dumps(value) for name, value in trusts.items()},
    )
