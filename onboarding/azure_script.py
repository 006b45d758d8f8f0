"""The `az` script that registers the application and grants it what a scan needs."""

import json

from onboarding.aws_terraform import filled
from onboarding.azure_role import (
    BLOB_READER_ID,
    COST_READER_ID,
    EXPORT_CONTAINER,
    EXPORTS,
    ROLE_NAME,
    SECRET_DAYS,
    Federation,
    actions,
)

_SCRIPT = """\
#!/bin/sh
# Lets CloudPrune read what exists in a subscription, or in all of a management group, how much it
# is used and what it costs. No contents, no secrets, no changes. Run it where `az login` is done:
#
#   sh connect-azure.sh /subscriptions/SUBSCRIPTION
#   sh connect-azure.sh /providers/Microsoft.Management/managementGroups/GROUP
#
# Running it again changes nothing but the secret, which is made anew. With the id of a storage
# account as second argument it also sets up daily cost exports into it; with the word `read` as the
# third it lets CloudPrune read the container of those exports, and no other.
set -eu

scope="${1:?give a scope, such as /subscriptions/SUBSCRIPTION}"
storage="${2:-}"
reads="${3:-}"
name=@name@
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

application="$(az ad app list --display-name "$name" --query '[0].appId' --output tsv)"
if [ -z "$application" ]; then
    application="$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg \\
        --query appId --output tsv)"
fi
if ! az ad sp show --id "$application" --output none 2>/dev/null; then
    az ad sp create --id "$application" --output none
fi
principal="$(az ad sp show --id "$application" --query id --output tsv)"

make_export() {
    exports="https://management.azure.com$scope/providers/Microsoft.CostManagement/exports"
    az rest --method put --output none --url "$exports/$1?api-version=2023-07-01-preview" \\
        --body "@$folder/export.json" ||
        printf 'export %s was not made; this kind of contract may not offer it\\n' "$1" >&2
}

cat > "$folder/role.json" <<ROLE
{
  "Name": @role_name@,
  "Description": "Lists resources and their metrics; reads no content, changes nothing.",
  "Actions": @actions@,
  "NotActions": [],
  "DataActions": [],
  "NotDataActions": [],
  "AssignableScopes": ["$scope"]
}
ROLE
known="$(az role definition list --name @role_name@ --scope "$scope" --query '[0].name' \\
    --output tsv)"
if [ -z "$known" ]; then
    az role definition create --role-definition "$folder/role.json" --output none
    sleep 30 # a new role is not known everywhere at once
fi
for role in @role_name@ @cost_reader@; do
    az role assignment create --assignee-object-id "$principal" \\
        --assignee-principal-type ServicePrincipal --role "$role" --scope "$scope" --output none
done

if [ -n "$storage" ]; then
    start="$(date -u +%Y-%m-%dT00:00:00Z)"
@exports@
fi
if [ -n "$storage" ] && [ "$reads" = read ]; then
    az storage container-rm create --storage-account "$storage" --name @container@ --output none
    az role assignment create --assignee-object-id "$principal" \\
        --assignee-principal-type ServicePrincipal --role @blob_reader@ \\
        --scope "$storage/blobServices/default/containers/@container@" --output none
fi

@credential@
printf 'Directory (tenant) id:   %s\\n' "$(az account show --query tenantId --output tsv)"
printf 'Application (client) id: %s\\n' "$application"
@told@
"""
_EXPORT = """\
    cat > "$folder/export.json" <<EXPORT
{
  "identity": {"type": "SystemAssigned"},
  "location": "global",
  "properties": {
    "format": "Csv",
    "partitionData": true,
    "dataOverwriteBehavior": "OverwritePreviousReport",
    "definition": {
      "type": "@kind@",
      "timeframe": "MonthToDate",
      "dataSet": {"granularity": "Daily"@version@}
    },
    "schedule": {
      "status": "Active",
      "recurrence": "Daily",
      "recurrencePeriod": {"from": "$start", "to": "2050-01-01T00:00:00Z"}
    },
    "deliveryInfo": {
      "destination": {
        "type": "AzureBlob",
        "resourceId": "$storage",
        "container": "@container@",
        "rootFolderPath": "@name@"
      }
    }
  }
}
EXPORT
    make_export @name@"""
_VERSION = ', "configuration": {"dataVersion": "@version@"}'
_ISSUED = """\
ends="$(date -u -d "+@days@ days" +%Y-%m-%d 2>/dev/null || date -u -v+@days@d +%Y-%m-%d)"
secret="$(az ad app credential reset --id "$application" --display-name cloudprune \\
    --end-date "$ends" --query password --output tsv)\""""
_TOLD = """\
printf 'Client secret:           %s\\n' "$secret"
printf 'It ends on:              %s\\n' "$ends\""""
_FEDERATED = """\
cat > "$folder/federation.json" <<FEDERATION
@federation@
FEDERATION
cat > "$folder/trust.json" <<TRUST
@trust@
TRUST
trusts="$(az ad app federated-credential list --id "$application" \\
    --query "[?subject=='@subject@'] | [0].name" --output tsv)"
if [ -z "$trusts" ]; then
    az ad app federated-credential create --id "$application" \\
        --parameters "$folder/federation.json" --output none
else # it may name an issuer that we had before
    az ad app federated-credential update --id "$application" \\
        --federated-credential-id "$trusts" --parameters "$folder/trust.json" --output none
fi"""


def script(name: str, federation: Federation | None = None) -> str:
    """Return the script.

    Args:
        name: What the application is called in the customer's directory.
        federation: Sign in without a secret, as this identity.
    """
    credential, told = _ISSUED, _TOLD
    if federation:
        credential, told = _FEDERATED, "printf 'No secret is needed.\\n'"
    return filled(
        _SCRIPT,
        credential=credential,
        told=told,
        exports="\n".join(_export(*export) for export in EXPORTS.items()),
        name=json.dumps(name),
        role_name=json.dumps(ROLE_NAME),
        cost_reader=COST_READER_ID,
        blob_reader=BLOB_READER_ID,
        container=EXPORT_CONTAINER,
        actions=json.dumps(actions(), indent=4).replace("\n]", "\n  ]"),
        days=str(SECRET_DAYS),
        federation=json.dumps(federation.credential() if federation else {}),
        trust=json.dumps(federation.trust() if federation else {}),
        subject=federation.subject if federation else "",
    )


def _export(name: str, kind: tuple[str, str]) -> str:
    dataset, version = kind
    told = filled(_VERSION, version=version) if version else ""
    return filled(_EXPORT, name=name, kind=dataset, version=told, container=EXPORT_CONTAINER)
