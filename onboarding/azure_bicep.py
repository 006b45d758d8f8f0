"""Bicep: the custom role, its assignments and the cost exports, at the scope of a subscription.

Bicep cannot register an application without a preview extension: the script's first lines do.
"""

import json

from onboarding.aws_terraform import filled
from onboarding.azure_role import (
    BLOB_READER_ID,
    COST_READER_ID,
    EXPORT_CONTAINER,
    EXPORTS,
    ROLE_NAME,
    Federation,
    actions,
)

_HEAD = """\
// Lets CloudPrune read what exists in this @scope@, how much it is used and what it costs.
// No contents, no secrets, no changes. The application comes first; its object id is the parameter:
//
//   az ad app create --display-name CloudPrune --sign-in-audience AzureADMyOrg
//   az ad sp create --id APPLICATION_ID --query id
//   @credential@
//   @deploy@

targetScope = '@target@'

@description('Object id of the service principal, not of the application.')
param principalId string

var roleName = '@role_name@'

resource inventoryReader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(@self@.id, roleName)
  properties: {
    roleName: roleName
    description: 'Lists resources and their metrics; reads no content, changes nothing.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
@actions@
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [
      @self@.id
    ]
  }
}

resource readsInventory 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(@self@.id, principalId, 'inventory')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: inventoryReader.id
  }
}

resource readsCosts 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(@self@.id, principalId, 'costs')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/@cost_reader@'
  }
}
"""
_EXPORTS_HEAD = """
@description('Storage account for daily cost exports, by its resource id; empty for none.')
param storageAccountId string = ''

// To let CloudPrune read the container of the exports, and no other:
//
//   az role assignment create --role @blob_reader@ --assignee-object-id OBJECT_ID \\
//     --assignee-principal-type ServicePrincipal \\
//     --scope STORAGE_ACCOUNT_ID/blobServices/default/containers/@container@

var hasExports = storageAccountId != ''

param exportsFrom string = utcNow('yyyy-MM-ddT00:00:00Z')
"""
_EXPORT = """
resource @symbol@ 'Microsoft.CostManagement/exports@2023-07-01-preview' = if (hasExports) {
  name: '@name@'
  location: 'global'
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    format: 'Csv'
    partitionData: true
    dataOverwriteBehavior: 'OverwritePreviousReport'
    definition: {
      type: '@kind@'
      timeframe: 'MonthToDate'
      dataSet: {
        granularity: 'Daily'@version@
      }
    }
    schedule: {
      status: 'Active'
      recurrence: 'Daily'
      recurrencePeriod: {
        from: exportsFrom
        to: '2050-01-01T00:00:00Z'
      }
    }
    deliveryInfo: {
      destination: {
        type: 'AzureBlob'
        resourceId: storageAccountId
        container: '@container@'
        rootFolderPath: '@name@'
      }
    }
  }
}
"""
_VERSION = """
        configuration: {
          dataVersion: '@version@'
        }"""
_ISSUED = "az ad app credential reset --id APPLICATION_ID --end-date IN_180_DAYS"
_TRUSTING = """\
az ad app federated-credential create --id APPLICATION_ID --parameters \\
//     '@parameters@'
// where it has one of that name already, which may name an issuer that we had before, instead:
//   az ad app federated-credential update --id APPLICATION_ID \\
//     --federated-credential-id @name@ --parameters \\
//     '@trust@'"""
_SUBSCRIPTION = {
    "scope": "subscription",
    "target": "subscription",
    "self": "subscription()",
    "deploy": "az deployment sub create --location LOCATION --template-file connect-azure.bicep "
    "--parameters principalId=OBJECT_ID",
}
_GROUP = {
    "scope": "management group",
    "target": "managementGroup",
    "self": "managementGroup()",
    "deploy": "az deployment mg create --management-group-id GROUP --location LOCATION "
    "--template-file connect-azure.bicep --parameters principalId=OBJECT_ID",
}


def bicep(federation: Federation | None = None, *, is_group: bool = False) -> str:
    """Return the file; a management group's has no exports, which Azure makes per subscription.

    Args:
        federation: Sign in without a secret, as this identity.
        is_group: Whether the scope is a management group.
    """
    words = _GROUP if is_group else _SUBSCRIPTION
    head = filled(
        _HEAD,
        **words,
        credential=_trusting(federation) if federation else _ISSUED,
        role_name=ROLE_NAME,
        cost_reader=COST_READER_ID,
        actions="\n".join(f"          '{action}'" for action in actions()),
    )
    if is_group:
        return head
    exports_head = filled(_EXPORTS_HEAD, blob_reader=BLOB_READER_ID, container=EXPORT_CONTAINER)
    return head + exports_head + "".join(_export(*export) for export in EXPORTS.items())


def _trusting(federation: Federation) -> str:
    made = federation.credential()
    return filled(
        _TRUSTING,
        parameters=json.dumps(made),
        trust=json.dumps(federation.trust()),
        name=str(made["name"]),
    )


def _export(name: str, kind: tuple[str, str]) -> str:
    dataset, version = kind
    told = filled(_VERSION, version=version) if version else ""
    symbol = f"{name.removeprefix('cloudprune-')}Export"
    return filled(
        _EXPORT, name=name, symbol=symbol, kind=dataset, version=told, container=EXPORT_CONTAINER
    )
