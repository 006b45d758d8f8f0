"""Exports made for tests, in the providers' columns: no provider wrote these rows.

Each function writes one file of a few lines; a test changes the cells that it is about.
"""

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Cells = Mapping[str, Any]

CUR: Cells = {
    "identity/LineItemId": "line",
    "bill/PayerAccountId": "000011112222",
    "bill/BillingPeriodStartDate": "2026-05-01T00:00:00Z",
    "bill/BillingPeriodEndDate": "2026-06-01T00:00:00Z",
    "bill/InvoiceId": "",
    "lineItem/UsageAccountId": "000011112222",
    "lineItem/LineItemType": "Usage",
    "lineItem/UsageStartDate": "2026-05-02T00:00:00Z",
    "lineItem/UsageEndDate": "2026-05-03T00:00:00Z",
    "lineItem/ProductCode": "AmazonEC2",
    "lineItem/UsageType": "BoxUsage:m5.large",
    "lineItem/Operation": "RunInstances",
    "lineItem/ResourceId": "i-0a1b2c3d4e5f60718",
    "lineItem/UsageAmount": "24",
    "lineItem/CurrencyCode": "USD",
    "lineItem/UnblendedCost": "2.304",
    "lineItem/LineItemDescription": "$0.096 per On Demand Linux m5.large Instance Hour",
    "product/ProductName": "Amazon Elastic Compute Cloud",
    "product/region": "us-east-1",
    "pricing/publicOnDemandCost": "2.304",
    "pricing/publicOnDemandRate": "0.096",
    "pricing/unit": "Hrs",
}
RESERVATION: Cells = {
    "reservation/ReservationARN": "",
    "reservation/EffectiveCost": "",
    "reservation/UnusedRecurringFee": "",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": "",
    "savingsPlan/SavingsPlanARN": "",
    "savingsPlan/SavingsPlanEffectiveCost": "",
    "savingsPlan/TotalCommitmentToDate": "",
    "savingsPlan/UsedCommitment": "",
}
CUR_2: Cells = {
    "bill_payer_account_id": "000011112222",
    "bill_billing_period_start_date": "2026-05-01T00:00:00Z",
    "bill_billing_period_end_date": "2026-06-01T00:00:00Z",
    "line_item_usage_account_id": "000011112222",
    "line_item_usage_account_name": "main",
    "line_item_line_item_type": "Usage",
    "line_item_usage_start_date": "2026-05-02T00:00:00Z",
    "line_item_usage_end_date": "2026-05-03T00:00:00Z",
    "line_item_product_code": "AmazonEC2",
    "line_item_resource_id": "i-0a1b2c3d4e5f60718",
    "line_item_usage_amount": "24",
    "line_item_currency_code": "USD",
    "line_item_unblended_cost": "2.304",
    "pricing_public_on_demand_cost": "2.304",
    "product": '{"product_name": "Amazon Elastic Compute Cloud", "region": "us-east-1"}',
    "resource_tags": '{"user_team": "search"}',
}
FOCUS: Cells = {
    "BilledCost": "2.5",
    "EffectiveCost": "2.5",
    "ListCost": "3",
    "ContractedCost": "2.75",
    "BillingAccountId": "000011112222",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-05-01T00:00:00Z",
    "BillingPeriodEnd": "2026-06-01T00:00:00Z",
    "ChargeCategory": "Usage",
    "ChargeClass": "",
    "ChargePeriodStart": "2026-05-02T00:00:00Z",
    "ChargePeriodEnd": "2026-05-03T00:00:00Z",
    "ProviderName": "AWS",
    "ServiceName": "Amazon Elastic Compute Cloud",
    "ServiceCategory": "Compute",
    "ResourceId": "i-0a1b2c3d4e5f60718",
    "SubAccountId": "000011112222",
    "RegionId": "us-east-1",
    "Tags": '{"team": "search"}',
}
EA: Cells = {
    "BillingAccountId": "8611537",
    "BillingAccountName": "Contoso",
    "BillingPeriodStartDate": "05/01/2026",
    "BillingPeriodEndDate": "05/31/2026",
    "SubscriptionId": "11111111-1111-1111-1111-111111111111",
    "SubscriptionName": "main",
    "Date": "05/02/2026",
    "Product": "Virtual Machines Dsv5 Series - D2s v5 - EU West",
    "MeterCategory": "Virtual Machines",
    "MeterName": "D2s v5",
    "Quantity": "24",
    "EffectivePrice": "0.1",
    "Cost": "2.4",
    "UnitPrice": "0.1",
    "PayGPrice": "0.125",
    "BillingCurrency": "EUR",
    "ResourceLocation": "westeurope",
    "ConsumedService": "Microsoft.Compute",
    "ResourceId": "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/RG-Shop/"
    "providers/Microsoft.Compute/virtualMachines/Web01",
    "ResourceName": "Web01",
    "Tags": '"team": "search"',
    "UnitOfMeasure": "1 Hour",
    "ResourceGroup": "RG-Shop",
    "ReservationId": "",
    "ReservationName": "",
    "ChargeType": "Usage",
    "Frequency": "UsageBased",
    "PricingModel": "OnDemand",
    "benefitId": "",
    "benefitName": "",
}
MCA: Cells = {
    "billingAccountId": "account:org_2019-05-31",
    "billingProfileId": "ABCD-0000-BG7-PGB",
    "billingProfileName": "Contoso",
    "billingPeriodStartDate": "05/01/2026",
    "billingPeriodEndDate": "05/31/2026",
    "date": "05/02/2026",
    "meterCategory": "Virtual Machines",
    "SubscriptionId": "11111111-1111-1111-1111-111111111111",
    "ResourceId": "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/"
    "providers/Microsoft.Compute/virtualMachines/web01",
    "effectivePrice": "0.1",
    "unitPrice": "0.1",
    "PayGPrice": "0.125",
    "quantity": "24",
    "unitOfMeasure": "1 Hour",
    "chargeType": "Usage",
    "billingCurrency": "EUR",
    "pricingCurrency": "USD",
    "costInBillingCurrency": "2.208",
    "costInPricingCurrency": "2.4",
    "costInUsd": "2.4",
    "paygCostInBillingCurrency": "2.76",
    "exchangeRatePricingToBilling": "0.92",
    "pricingModel": "OnDemand",
    "frequency": "UsageBased",
    "tags": '{"team": "search"}',
    "benefitId": "",
    "benefitName": "",
    "invoiceId": "",
}


def write(
    path: Path,
    defaults: Cells,
    *lines: Cells,
    without: Sequence[str] = (),
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """Write a CSV file, gzip if its name says so, with one line per set of changed cells.

    A cell that no default names becomes a further column.
    """
    columns = [name for name in defaults if name not in without]
    columns += sorted({name for line in lines for name in line} - set(defaults))
    text = io.StringIO()
    writer = csv.DictWriter(
        text, columns, delimiter=delimiter, extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    for line in lines:
        writer.writerow({**defaults, **line})
    content = text.getvalue().encode(encoding)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def cur_manifest(path: Path, files: Sequence[str], *, assembly: str = "assembly-1") -> Path:
    """Write the manifest of a legacy report."""
    return _json(
        path,
        {
            "assemblyId": assembly,
            "account": "000011112222",
            "reportName": "cur",
            "billingPeriod": {"start": "20260501T000000.000Z", "end": "20260601T000000.000Z"},
            "reportKeys": list(files),
        },
    )


def azure_manifest(
    path: Path,
    files: Sequence[str],
    *,
    kind: str = "ActualCost",
    submitted: str = "2026-05-10T05:00:00.1234567Z",
    rows: int | None = None,
) -> Path:
    """Write the manifest of an Azure export's run."""
    scope = "/providers/Microsoft.Billing/billingAccounts/8611537"
    name = f"daily-{kind.lower()}"
    manifest: dict[str, Any] = {
        "exportConfig": {
            "exportName": name,
            "resourceId": f"{scope}/providers/Microsoft.CostManagement/exports/{name}",
            "type": kind,
        },
        "runInfo": {
            "runId": f"{kind}-{submitted}",
            "submittedTime": submitted,
            "startDate": "2026-05-01T00:00:00",
            "endDate": "2026-05-31T00:00:00",
        },
        "blobs": [{"blobName": name} for name in files],
    }
    if rows is not None:
        manifest["dataRowCount"] = rows
    return _json(path, manifest)


def _json(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
